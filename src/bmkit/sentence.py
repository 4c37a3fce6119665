"""The sentence that says a record in English, made from its fields by the template of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.wording import human

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

__all__ = ["Slot", "TemplateError", "human", "sentence", "slots"]


class TemplateError(ValueError):
    """A template that cannot be read; `at` is the offset of the fault in code points."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


class Slot(NamedTuple):
    """A {field} in a template; `path` are the names from the record down, `at` its offset."""

    path: tuple[str, ...]
    at: int


class _Part(NamedTuple):
    """A stretch of a template; one in brackets is left out where a field named in it is absent."""

    nodes: tuple[str | Slot | _Part, ...]


# A reader of the schema would be lost long before.
_DEEPEST = 8
_READ: dict[str, _Part] = {}


def sentence(record: Record, content: Content) -> str:
    """Give the sentence of a well-shaped record, without a full stop; "" if its kind has no template."""
    template = record.kind.sentence_template
    if not template:
        return ""
    said = _say(_parsed(template), record, content) or ""
    return said[:1].upper() + said[1:]


def slots(template: str) -> Iterator[tuple[Slot, bool]]:
    """Give every {field} of a template, and whether it stands in brackets; TemplateError if it is broken."""
    return _slots(_parsed(template), optional=False)


def _slots(part: _Part, *, optional: bool) -> Iterator[tuple[Slot, bool]]:
    for node in part.nodes:
        if isinstance(node, Slot):
            yield node, optional
        elif isinstance(node, _Part):
            yield from _slots(node, optional=True)


def _say(part: _Part, record: Record, content: Content) -> str | None:
    """Give the text of a stretch, None if a field that it names is absent."""
    said: list[str] = []
    for node in part.nodes:
        if isinstance(node, str):
            said.append(node)
        elif isinstance(node, Slot):
            value: Any = record.value
            for name in node.path:
                value = value.get(name) if isinstance(value, dict) else None
            if value is None:
                return None
            said.append(human(value, record.kind.get_field(".".join(node.path)), content, record))
        else:
            said.append(_say(node, record, content) or "")
    return "".join(said)


def _parsed(template: str) -> _Part:
    if template not in _READ:
        part, end = _parse(template, 0, depth=0)
        if end < len(template):
            raise TemplateError("] closes nothing", end)
        _READ[template] = part
    return _READ[template]


def _parse(template: str, at: int, depth: int) -> tuple[_Part, int]:
    """Read from `at` to the end of the stretch; give it and where it ends."""
    if depth > _DEEPEST:
        raise TemplateError(f"[ ] may stand at most {_DEEPEST} deep", at - 1)
    nodes: list[str | Slot | _Part] = []
    opened = at - 1
    while at < len(template) and template[at] != "]":
        sign = template[at]
        if sign == "{":
            end = template.find("}", at)
            if end < 0:
                raise TemplateError("{ is not closed", at)
            name = template[at + 1 : end]
            if not all(part.isidentifier() for part in name.split(".")):
                raise TemplateError(f"{{{name}}} is not the name of a field", at)
            nodes.append(Slot(tuple(name.split(".")), at))
            at = end + 1
        elif sign == "[":
            part, at = _parse(template, at + 1, depth + 1)
            nodes.append(part)
            at += 1
        elif sign == "}":
            raise TemplateError("} closes nothing", at)
        else:
            end = min(
                (found for mark in "{}[]" if (found := template.find(mark, at)) >= 0), default=len(template)
            )
            nodes.append(template[at:end])
            at = end
    if depth and at >= len(template):
        raise TemplateError("[ is not closed", opened)
    return _Part(tuple(nodes)), at
