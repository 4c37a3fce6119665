"""The sentence that says a record in English, made from its fields by the template of its kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.schema.roles import FRAME_FIELDS
from bmkit.wording import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.schema import Field

__all__ = ["Slot", "TemplateError", "format_sentence", "format_value", "iter_slots"]


class TemplateError(ValueError):
    """A template that cannot be read; `offset` is the place of the fault in code points."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class Slot(NamedTuple):
    """A {field} in a template; `path` has the names from the record down, `offset` is its place.

    With `is_condition`, {field?} or {field=word?}, it writes nothing, and holds where the field is present
    and not false, or has the value `word`.  With `is_base_form`, {field:base}, it writes a verb
    without its s.
    """

    path: tuple[str, ...]
    offset: int
    is_condition: bool = False
    word: str = ""
    is_base_form: bool = False


class _Stretch(NamedTuple):
    """A stretch of a template; one in brackets is left out where a field named in it is absent."""

    nodes: tuple[str | Slot | _Choice, ...]


class _Choice(NamedTuple):
    """The alternatives of a stretch in brackets, [a|b]; the first that is not left out is written."""

    stretches: tuple[_Stretch, ...]


# A text, and the names of the fields that it says.
_Saying = tuple[str, frozenset[str]]
_BASE_FORM_MARK = ":base"
# A reader of the schema would be lost long before.
_MAX_BRACKET_DEPTH = 8
# What only a template that knew the numbers and which brackets are left out could word well.
_SMOOTHINGS = (
    (r"\b(every|per|the first) 1 (?=[a-z])", r"\1 "),
    (r"(?<![\d.,–])1 times\b", "once"),
    (r"(?<![\d.,–])1 (dose|administration)s\b", r"1 \1"),
    (r"\bdays (\d+)(?= of |$|[,;] \D)", r"day \1"),
    (r":[,;]? *$", ""),
    (r":[,;]", ":"),
)
_PARSED_TEMPLATES: dict[str, _Stretch] = {}


def format_sentence(record: Record, content: Content) -> str:
    """Return the sentence of a valid record, without a full stop; "" if its kind has no template.

    A fact is never said in part: what the template leaves out follows as "; condition: COVID-19".
    """
    template = record.kind.sentence_template
    if not template:
        return ""
    text, said_names = _format_stretch(_parse_template(template), record, content) or ("", frozenset())
    for pattern, replacement in _SMOOTHINGS:
        text = re.sub(pattern, replacement, text)
    unsaid = [
        f"{field.title[:1].lower()}{field.title[1:]}: {value_text}"
        for field in (record.kind.fields if record.kind.group == "fact" else ())
        if field.name not in FRAME_FIELDS
        and field.name not in said_names
        and (value := record.value.get(field.name)) not in (None, False)
        and not _names_term(text, value_text := format_value(value, field, content, record), field)
    ]
    return "; ".join([text[:1].upper() + text[1:], *unsaid])


def _names_term(text: str, label: str, field: Field) -> bool:
    """Return whether a text names a term, be it within another one: muscle in muscle pain."""
    return (
        field.type == "reference" and re.search(rf"\b{re.escape(label)}\b", text, re.IGNORECASE) is not None
    )


def iter_slots(template: str) -> Iterator[tuple[Slot, bool]]:
    """Yield every {field} of a template, and whether it stands in brackets; TemplateError if it is broken."""
    return _walk_slots(_parse_template(template), is_optional=False)


def _walk_slots(stretch: _Stretch, *, is_optional: bool) -> Iterator[tuple[Slot, bool]]:
    for node in stretch.nodes:
        if isinstance(node, Slot):
            yield node, is_optional
        elif isinstance(node, _Choice):
            for alternative in node.stretches:
                yield from _walk_slots(alternative, is_optional=True)


def _format_choice(choice: _Choice, record: Record, content: Content) -> _Saying:
    """Return the first alternative that is not left out, nothing if all are."""
    sayings = (_format_stretch(stretch, record, content) for stretch in choice.stretches)
    return next((saying for saying in sayings if saying is not None), ("", frozenset()))


def _format_stretch(stretch: _Stretch, record: Record, content: Content) -> _Saying | None:
    """Return the text of a stretch, None if a field that it names is absent or a condition does not hold."""
    texts: list[str] = []
    said_names: set[str] = set()
    for node in stretch.nodes:
        if isinstance(node, str):
            texts.append(node)
        elif isinstance(node, Slot):
            value: Any = record.value
            for field_name in node.path:
                value = value.get(field_name) if isinstance(value, dict) else None
            if value is None or (node.is_condition and not _holds(node, value)):
                return None
            said_names.add(node.path[0])
            if not node.is_condition:
                text = format_value(value, record.kind.get_field(".".join(node.path)), content, record)
                texts.append(_to_base_form(text) if node.is_base_form else text)
        else:
            text, names = _format_choice(node, record, content)
            texts.append(text)
            said_names |= names
    return "".join(texts), frozenset(said_names)


def _to_base_form(text: str) -> str:
    """Return words that begin with a verb in the third person with its base form: "relieves" is "relieve"."""
    verb, blank, rest = text.partition(" ")
    for ending, base_ending in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("s", "")):
        if verb.endswith(ending):
            return f"{verb.removesuffix(ending)}{base_ending}{blank}{rest}"
    return text


def _holds(condition: Slot, value: Any) -> bool:
    return str(value) == condition.word if condition.word else value is not False


def _parse_template(template: str) -> _Stretch:
    if template not in _PARSED_TEMPLATES:
        stretch, end = _parse_stretch(template, 0, depth=0)
        if end < len(template):
            message = "] closes nothing" if template[end] == "]" else "| stands outside of [ ]"
            raise TemplateError(message, end)
        _PARSED_TEMPLATES[template] = stretch
    return _PARSED_TEMPLATES[template]


def _parse_stretch(template: str, offset: int, depth: int) -> tuple[_Stretch, int]:
    """Return the stretch that starts at `offset`, and where it ends."""
    nodes: list[str | Slot | _Choice] = []
    while offset < len(template) and template[offset] not in "]|":
        character = template[offset]
        if character == "{":
            slot, offset = _parse_slot(template, offset)
            nodes.append(slot)
        elif character == "[":
            choice, offset = _parse_choice(template, offset, depth + 1)
            nodes.append(choice)
        elif character == "}":
            raise TemplateError("} closes nothing", offset)
        else:
            end = min(
                (mark_offset for mark in "{}[]|" if (mark_offset := template.find(mark, offset)) >= 0),
                default=len(template),
            )
            nodes.append(template[offset:end])
            offset = end
    return _Stretch(tuple(nodes)), offset


def _parse_choice(template: str, offset: int, depth: int) -> tuple[_Choice, int]:
    """Return the alternatives in the brackets that open at `offset`, and where they end."""
    if depth > _MAX_BRACKET_DEPTH:
        raise TemplateError(f"[ ] may stand at most {_MAX_BRACKET_DEPTH} deep", offset)
    stretches: list[_Stretch] = []
    end = offset
    while not stretches or template[end] == "|":
        stretch, end = _parse_stretch(template, end + 1, depth)
        stretches.append(stretch)
        if end >= len(template):
            raise TemplateError("[ is not closed", offset)
    return _Choice(tuple(stretches)), end + 1


def _parse_slot(template: str, offset: int) -> tuple[Slot, int]:
    """Return the slot that starts at `offset`, and where it ends."""
    end = template.find("}", offset)
    if end < 0:
        raise TemplateError("{ is not closed", offset)
    text = template[offset + 1 : end]
    is_condition = text.endswith("?")
    is_base_form = text.endswith(_BASE_FORM_MARK)
    field_path, equals_sign, word = text.removesuffix("?").removesuffix(_BASE_FORM_MARK).partition("=")
    if equals_sign and not (is_condition and word):
        raise TemplateError(f"{{{text}}} is not of the form {{field=word?}}", offset)
    if not all(field_name.isidentifier() for field_name in field_path.split(".")):
        raise TemplateError(f"{{{text}}} is not the name of a field", offset)
    return Slot(tuple(field_path.split(".")), offset, is_condition, word, is_base_form), end + 1
