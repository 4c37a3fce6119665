"""The sentence that says a record in English, made from its fields by the template of its kind."""

from __future__ import annotations

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
    """A stretch of a template; one in brackets is left out where a field named in it is absent."""

    nodes: tuple[str | Slot | _Stretch, ...]


# A reader of the schema would be lost long before.
_MAX_BRACKET_DEPTH = 8
_PARSED_TEMPLATES: dict[str, _Stretch] = {}


def format_sentence(record: Record, content: Content) -> str:
    """Return the sentence of a valid record, without a full stop; "" if its kind has no template."""
    template = record.kind.sentence_template
    if not template:
        return ""
    text = _format_stretch(_parse_template(template), record, content) or ""
    return text[:1].upper() + text[1:]


def iter_slots(template: str) -> Iterator[tuple[Slot, bool]]:
    """Yield every {field} of a template, and whether it stands in brackets; TemplateError if it is broken."""
    return _walk_slots(_parse_template(template), is_optional=False)


def _walk_slots(stretch: _Stretch, *, is_optional: bool) -> Iterator[tuple[Slot, bool]]:
    for node in stretch.nodes:
        if isinstance(node, Slot):
            yield node, is_optional
        elif isinstance(node, _Stretch):
            yield from _walk_slots(node, is_optional=True)


def _format_stretch(stretch: _Stretch, record: Record, content: Content) -> str | None:
    """Return the text of a stretch, None if a field that it names is absent."""
    texts: list[str] = []
    for node in stretch.nodes:
        if isinstance(node, str):
            texts.append(node)
        elif isinstance(node, Slot):
            value: Any = record.value
            for field_name in node.path:
                value = value.get(field_name) if isinstance(value, dict) else None
            if value is None:
                return None
            texts.append(format_value(value, record.kind.get_field(".".join(node.path)), content, record))
        else:
            texts.append(_format_stretch(node, record, content) or "")
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
        else:
            end = min(
                (mark_offset for mark in "{}[]" if (mark_offset := template.find(mark, offset)) >= 0),
                default=len(template),
            )
            nodes.append(template[offset:end])
            offset = end
    if depth and offset >= len(template):
        raise TemplateError("[ is not closed", bracket_offset)
    return _Stretch(tuple(nodes)), offset
