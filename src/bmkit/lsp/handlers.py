"""Answers to what an editor asks about a document, in the words of the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from bmkit.canonical import format_canonical_json
from bmkit.fix import find_repairs
from bmkit.jsontext import JsonError, parse_json
from bmkit.lsp.cursor import find_cursor
from bmkit.lsp.hover import format_hover
from bmkit.lsp.offers import Completion, list_completions

if TYPE_CHECKING:
    from bmkit.lsp.places import PositionConverter
    from bmkit.lsp.document import Project


class Document(NamedTuple):
    """The document that a question is about.

    `path` is relative to the root of `project`; `snippets` says that the editor knows where the cursor goes
    in what it inserts.
    """

    uri: str
    path: str
    text: str
    positions: PositionConverter
    project: Project
    supports_snippets: bool

    def to_offset(self, position: types.Position) -> int:
        """Give the offset of a position."""
        return self.positions.to_offset(position.line, position.character)


def make_range(positions: PositionConverter, start: int, end: int) -> types.Range:
    """Give the range between two offsets."""
    return types.Range(
        types.Position(*positions.to_position(start)), types.Position(*positions.to_position(end))
    )


def answer_completion(document: Document, position: types.Position) -> types.CompletionList | None:
    """Give what may be typed at a position."""
    cursor = find_cursor(document.text, document.to_offset(position))
    kind = document.project.find_kind(document.path)
    if kind is None:
        return None
    completions = list_completions(cursor, kind, document.project.content, document.path.split("/")[1])
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
    """Say what stands at a position."""
    cursor = find_cursor(document.text, document.to_offset(position))
    kind = document.project.find_kind(document.path)
    if not cursor.token or kind is None:
        return None
    document.project.find_issues()  # a sentence is made only of a record that was found to fit its schema
    hover_text = format_hover(cursor, kind, document.project.content, document.path)
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
            f"write {repair.new}",
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
    completion: Completion,
    token_range: types.Range,
    item_kind: types.CompletionItemKind,
    rank: int,
    *,
    supports_snippets: bool,
) -> types.CompletionItem:
    uses_snippet = supports_snippets and bool(completion.snippet)
    return types.CompletionItem(
        completion.label,
        kind=item_kind,
        detail=completion.detail or None,
        documentation=completion.documentation or None,
        # The token with its quotes is replaced, so that is what editors compare with.
        filter_text=completion.text,
        sort_text=f"{rank:06}",
        insert_text_format=types.InsertTextFormat.Snippet
        if uses_snippet
        else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(token_range, completion.snippet if uses_snippet else completion.text),
    )
