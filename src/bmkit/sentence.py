"""The sentence that says a record in English, made from its fields by the template of its kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.wording import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

__all__ = ["Slot", "TemplateError", "format_sentence", "format_value", "iter_slots"]


class TemplateError(ValueError):
    """A template that cannot be read; `offset` is the place of the fault in code points."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class Slot(NamedTuple):
    """A {field} in a template; `path` has the names from the record down, `offset` is its place."""

    path: tuple[str, ...]
    offset: int


class _Stretch(NamedTuple):
    """A stretch of a template; one in brackets is left out where a field named in it is absent.

    Of several `choices`, parted by "|", the first counts that names no absent field.
    """

    choices: tuple[tuple[str | Slot | _Stretch, ...], ...]


# A reader of the schema would be lost long before.
_MAX_BRACKET_DEPTH = 8
# What only a template that knew the numbers and which brackets are left out could word well.
_SMOOTHINGS = (
    (r"\b(every|per) 1 (?=[a-z])", r"\1 "),
    (r"(?<![\d.,–])1 times\b", "once"),
    (r"(?<![\d.,–])1 (dose|administration)s\b", r"1 \1"),
    (r":[,;]? *$", ""),
    (r":[,;]", ":"),
)
_PARSED_TEMPLATES: dict[str, _Stretch] = {}


def format_sentence(record: Record, content: Content) -> str:
    """Return the sentence of a valid record, without a full stop; "" if its kind has no template."""
    template = record.kind.sentence_template
    if not template:
        return ""
    text = _format_stretch(_parse_template(template), record, content) or ""
    for pattern, replacement in _SMOOTHINGS:
        text = re.sub(pattern, replacement, text)
    return text[:1].upper() + text[1:]


def iter_slots(template: str) -> Iterator[tuple[Slot, bool]]:
    """Yield every {field} of a template, and whether it stands in brackets; TemplateError if it is broken."""
    return _walk_slots(_parse_template(template), is_optional=False)


def _walk_slots(stretch: _Stretch, *, is_optional: bool) -> Iterator[tuple[Slot, bool]]:
    for node in (node for nodes in stretch.choices for node in nodes):
        if isinstance(node, Slot):
            yield node, is_optional
        elif isinstance(node, _Stretch):
            yield from _walk_slots(node, is_optional=True)


def _format_stretch(
    stretch: _Stretch, record: Record, content: Content, *, is_optional: bool = False
) -> str | None:
    """Return the text of a stretch, None if each of its choices names a field that is absent."""
    texts = (_format_choice(nodes, record, content, is_optional=is_optional) for nodes in stretch.choices)
    return next((text for text in texts if text is not None), None)


def _format_choice(
    nodes: tuple[str | Slot | _Stretch, ...], record: Record, content: Content, *, is_optional: bool
) -> str | None:
    texts: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            texts.append(node)
        elif isinstance(node, Slot):
            value: Any = record.value
            for field_name in node.path:
                value = value.get(field_name) if isinstance(value, dict) else None
            field = record.kind.get_field(".".join(node.path))
            # In brackets, what is not so is as good as not said: "as needed", or nothing.
            if value is None or (value is False and is_optional):
                return None
            is_said_by_title = value is True and is_optional
            texts.append(
                field.title.lower() if is_said_by_title else format_value(value, field, content, record)
            )
        else:
            texts.append(_format_stretch(node, record, content, is_optional=True) or "")
    return "".join(texts)


def _parse_template(template: str) -> _Stretch:
    if template not in _PARSED_TEMPLATES:
        stretch, end = _parse_stretch(template, 0, depth=0)
        if end < len(template):
            raise TemplateError("] closes nothing", end)
        _PARSED_TEMPLATES[template] = stretch
    return _PARSED_TEMPLATES[template]


def _parse_stretch(template: str, offset: int, depth: int) -> tuple[_Stretch, int]:
    """Return the stretch that starts at `offset`, and where it ends."""
    if depth > _MAX_BRACKET_DEPTH:
        raise TemplateError(f"[ ] may stand at most {_MAX_BRACKET_DEPTH} deep", offset - 1)
    choices: list[tuple[str | Slot | _Stretch, ...]] = []
    nodes: list[str | Slot | _Stretch] = []
    bracket_offset = offset - 1
    while offset < len(template) and template[offset] != "]":
        character = template[offset]
        if character == "{":
            end = template.find("}", offset)
            if end < 0:
                raise TemplateError("{ is not closed", offset)
            field_path = template[offset + 1 : end]
            if not all(field_name.isidentifier() for field_name in field_path.split(".")):
                raise TemplateError(f"{{{field_path}}} is not the name of a field", offset)
            nodes.append(Slot(tuple(field_path.split(".")), offset))
            offset = end + 1
        elif character == "[":
            stretch, offset = _parse_stretch(template, offset + 1, depth + 1)
            nodes.append(stretch)
            offset += 1
        elif character == "}":
            raise TemplateError("} closes nothing", offset)
        elif character == "|":
            if not depth:
                raise TemplateError("| parts choices, and stands in brackets", offset)
            choices.append(tuple(nodes))
            nodes = []
            offset += 1
        else:
            end = min(
                (mark_offset for mark in "{}[]|" if (mark_offset := template.find(mark, offset)) >= 0),
                default=len(template),
            )
            nodes.append(template[offset:end])
            offset = end
    if depth and offset >= len(template):
        raise TemplateError("[ is not closed", bracket_offset)
    return _Stretch((*choices, tuple(nodes))), offset
