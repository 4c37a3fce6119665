"""What the language server answers to an editor's questions about a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from bmkit.canonical import format_canonical_json, format_json_string
from bmkit.content import TERMS_FOLDER
from bmkit.content.terminologies import TERMINOLOGY_URLS
from bmkit.escape import escape_markdown, escape_markdown_code, escape_text
from bmkit.fix import find_repairs
from bmkit.handbook import describe_field_type
from bmkit.jsontext import JsonError, parse_json
from bmkit.lsp.cursor import find_cursor
from bmkit.lsp.document import make_range
from bmkit.schema import SCHEMA_SUFFIX
from bmkit.sentence import format_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart
    from bmkit.lsp.cursor import Cursor
    from bmkit.lsp.document import Document
    from bmkit.schema import Field, Kind

# The field of a code that names its terminology.
_SYSTEM_FIELD = "system"


def answer_completion(document: Document, position: types.Position) -> types.CompletionList | None:
    """Return what may be typed at a position."""
    cursor = find_cursor(document.text, document.to_offset(position))
    kind = document.project.find_kind(document.path)
    if kind is None:
        return None
    completions = _list_completions(cursor, kind, document.project.content, document.path.split("/")[1])
    token_range = make_range(document.positions, cursor.start, cursor.end)
    item_kind = types.CompletionItemKind.Field if cursor.is_key else types.CompletionItemKind.Value
    items = [
        _to_completion_item(
            completion, token_range, item_kind, rank, supports_snippets=document.supports_snippets
        )
        for rank, completion in enumerate(completions)
    ]
    return types.CompletionList(is_incomplete=False, items=items)


def answer_hover(document: Document, position: types.Position) -> types.Hover | None:
    """Describe what stands at a position."""
    cursor = find_cursor(document.text, document.to_offset(position))
    kind = document.project.find_kind(document.path)
    if not cursor.token or kind is None:
        return None
    document.project.find_issues()  # a sentence is made only of a record that was found to fit its schema
    hover_text = _format_hover(cursor, kind, document.project.content, document.path)
    if not hover_text:
        return None
    markup = types.MarkupContent(types.MarkupKind.Markdown, hover_text)
    return types.Hover(markup, make_range(document.positions, cursor.start, cursor.end))


def answer_formatting(document: Document) -> list[types.TextEdit] | None:
    """Write the document canonically; None if it is no JSON yet."""
    text = document.text
    try:
        parse_json(text.encode("utf-8", "surrogatepass"))
    except JsonError:
        return None
    canonical_text = format_canonical_json(text, document.project.find_kind(document.path))
    return (
        [types.TextEdit(make_range(document.positions, 0, len(text)), canonical_text)]
        if canonical_text != text
        else []
    )


def answer_code_actions(document: Document, requested_range: types.Range) -> list[types.CodeAction]:
    """Offer the repairs of what stands in a range."""
    range_start, range_end = (
        document.to_offset(requested_range.start),
        document.to_offset(requested_range.end),
    )
    document_repairs = find_repairs(document.project.content, {document.path})
    return [
        types.CodeAction(
            f"write {escape_text(repair.new)}",
            kind=types.CodeActionKind.QuickFix,
            edit=types.WorkspaceEdit(
                changes={
                    document.uri: [
                        types.TextEdit(make_range(document.positions, repair.start, repair.end), repair.new)
                    ]
                }
            ),
        )
        for repair in document_repairs
        if repair.start <= range_end and range_start <= repair.end
    ]


def _to_completion_item(
    completion: _Completion,
    token_range: types.Range,
    item_kind: types.CompletionItemKind,
    rank: int,
    *,
    supports_snippets: bool,
) -> types.CompletionItem:
    uses_snippet = supports_snippets and bool(completion.snippet)
    return types.CompletionItem(
        escape_text(completion.label),
        kind=item_kind,
        detail=escape_text(completion.detail) or None,
        documentation=escape_text(completion.documentation) or None,
        # The token with its quotes is replaced, so that is what editors compare with.
        filter_text=completion.text,
        sort_text=f"{rank:06}",
        insert_text_format=types.InsertTextFormat.Snippet
        if uses_snippet
        else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(token_range, completion.snippet if uses_snippet else completion.text),
    )


class _Completion(NamedTuple):
    """A text that may stand at the cursor.

    `text` is to be written as it is; `snippet`, unless "", is the same with `$1`, `$2` where the cursor goes.
    """

    label: str
    text: str
    detail: str = ""
    documentation: str = ""
    snippet: str = ""


def _list_completions(cursor: Cursor, kind: Kind, content: Content, folder: str) -> list[_Completion]:
    """Return what may be typed at the cursor, in a file of that kind in that folder of content/."""
    if cursor.is_key:
        return list(_iter_field_names(cursor, kind))
    if cursor.path == ("$schema",):
        return [_Completion("$schema", format_json_string(f"../../schema/{kind.name}{SCHEMA_SUFFIX}"))]
    field = _find_field(kind, cursor.path)
    if field is None:
        return []
    if field.is_list and isinstance(cursor.path[-1], str):
        return []  # inside the brackets, not before them
    if field.name == _SYSTEM_FIELD and len(field.path) > 1:
        systems = kind.get_field(".".join(field.path[:-1])).systems
        names = dict.fromkeys((*(systems or TERMINOLOGY_URLS), *content.settings.terminologies))
        return [_Completion(name, format_json_string(name)) for name in names]
    return list(_iter_value_completions(field, content, folder))


def _iter_field_names(cursor: Cursor, kind: Kind) -> Iterator[_Completion]:
    if not cursor.path:
        for name in ("$schema", "records"):
            if name not in cursor.other_names:
                yield _Completion(
                    name, format_json_string(name) if cursor.has_colon else f"{format_json_string(name)}: "
                )
        return
    for field in _find_member_fields(kind, cursor.path):
        if field.name in cursor.other_names:
            continue
        text, snippet = format_json_string(field.name), ""
        if not cursor.has_colon:
            text += ": "
            snippet = _escape_snippet(text) + _make_value_snippet(field)
        detail = (
            describe_field_type(field)
            if field.required
            else f"{describe_field_type(field)} (may be left out)"
        )
        yield _Completion(field.name, text, detail, f"{field.title}: {field.description}", snippet)


def _escape_snippet(text: str) -> str:
    """Return text that stands in a snippet as it is: `$CLIPBOARD` is no variable in it."""
    return re.sub(r"[$}\\]", r"\\\g<0>", text)


def _make_value_snippet(field: Field) -> str:
    if field.type == "quantity":
        value_snippet = next(iter(_iter_quantity_completions(field))).snippet
    elif field.type == "object":
        value_snippet = "{$1}"
    else:
        value_snippet = '"$1"' if field.type in {"text", "reference"} else "$1"
    return f"[{value_snippet}]" if field.is_list else value_snippet


def _iter_value_completions(field: Field, content: Content, folder: str) -> Iterator[_Completion]:
    if field.type == "reference":
        for record in content.iter_reachable_records(field.target_kind):
            is_reachable = record.folder in {folder, TERMS_FOLDER}
            if record.id and is_reachable and not record.value.get("retired"):
                label = record.value.get("label")
                yield _Completion(
                    record.id, format_json_string(record.id), label if isinstance(label, str) else ""
                )
    elif field.type == "quantity":
        yield from _iter_quantity_completions(field)
    elif field.type == "boolean":
        yield from (_Completion(word, word) for word in ("true", "false"))
    for value in field.values:
        if isinstance(value, str):
            yield _Completion(value, format_json_string(value))


def _iter_quantity_completions(field: Field) -> Iterator[_Completion]:
    for unit in field.units:
        unit_part = f'"unit": {format_json_string(unit)}}}'
        escaped_unit_part = _escape_snippet(unit_part)
        yield _Completion(
            f"value in {unit}",
            f'{{"value": 0, {unit_part}',
            "one number",
            snippet=f'{{"value": $1, {escaped_unit_part}',
        )
        yield _Completion(
            f"range in {unit}",
            f'{{"low": 0, "high": 0, {unit_part}',
            "from low to high",
            snippet=f'{{"low": $1, "high": $2, {escaped_unit_part}',
        )


def _format_hover(cursor: Cursor, kind: Kind, content: Content, path: str) -> str:
    """Return Markdown about what stands at the cursor, "" if there is nothing."""
    field = (
        _find_field(kind, (*cursor.path, cursor.token.strip('"')))
        if cursor.is_key
        else _find_field(kind, cursor.path)
    )
    if field is None:
        return ""
    paragraphs = [
        f"**{escape_markdown(field.title)}**: {escape_markdown(field.description)}",
        f"{escape_markdown_code('.'.join(field.path))}: {escape_markdown(describe_field_type(field))}",
    ]
    if not cursor.is_key and field.path == ("id",):
        paragraphs += _quote_record_sentence(_find_record_at_cursor(cursor, content, path), content)
    elif not cursor.is_key and field.type == "reference":
        referring_record = _find_record_at_cursor(cursor, content, path)
        target = content.get(field.target_kind, cursor.token.strip('"'), referring_record)
        if target is not None:
            paragraphs.append(f"**{escape_markdown(str(target.value.get('label', target.id)))}**")
        paragraphs += _quote_record_sentence(target, content)
    return "\n\n".join(paragraphs)


def _find_record_at_cursor(cursor: Cursor, content: Content, path: str) -> Record | None:
    pointer = f"/records/{cursor.path[1]}"
    for content_file in content.files:
        if content_file.path == path:
            return next((record for record in content_file.records if record.pointer == pointer), None)
    return None


def _quote_record_sentence(record: Record | None, content: Content) -> list[str]:
    """Return the sentence of a record that fits its schema."""
    if record is None or not record.is_valid or not record.kind.sentence_template:
        return []
    return [f"> {escape_markdown(format_sentence(record, content))}"]


def _find_field(kind: Kind, path: Sequence[PathPart]) -> Field | None:
    """Return the field whose value, or an item of whose list, stands at a path; None if there is none."""
    names = _list_field_names(path)
    field = None
    fields: Sequence[Field] = kind.fields
    for name in names or ():
        field = next((candidate for candidate in fields if candidate.name == name), None)
        if field is None:
            return None
        fields = field.fields
    return field


def _find_member_fields(kind: Kind, path: Sequence[PathPart]) -> Sequence[Field]:
    """Return the fields of the object at a path; none if no object belongs there."""
    names = _list_field_names(path)
    if names is None:
        return ()
    if not names:
        return kind.fields
    field = _find_field(kind, path)
    return field.fields if field is not None else ()


def _list_field_names(path: Sequence[PathPart]) -> list[str] | None:
    """Return the names from the record down; None if the path does not lead into a record."""
    if len(path) < 2 or path[0] != "records" or not isinstance(path[1], int):  # noqa: PLR2004
        return None
    return [part for part in path[2:] if isinstance(part, str)]
