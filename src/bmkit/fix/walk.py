"""Goes through a file along its schema, and finds what can be mended."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.canonical import string
from bmkit.content import pointer
from bmkit.fix.repair import Repair
from bmkit.fix.sure import sure
from bmkit.fix.tidy import tidy
from bmkit.fix.uses import is_slip
from bmkit.jsontext import Positions
from bmkit.rules.derived.free_text import is_quoted_field
from bmkit.schema import SCHEMA_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, File, Record
    from bmkit.content.record import Part
    from bmkit.schema import Field

_CODE = {"system", "code"}
_NUMBERS = ("quantity", "integer", "number")
# Whatever its schema, what has such a member is a quantity or a code.
_PARTS = frozenset({"unit", "code", "value", "low", "high", "comparator"})

_Found = tuple[tuple["Part", ...], bool, str]
"""Where from the top of the file, whether the key is meant, and what should stand there."""


class Walk:
    """One file on its way to its repairs."""

    def __init__(self, content: Content, file: File) -> None:
        self._content = content
        self._file = file
        self._synonyms: dict[tuple[str, str], dict[str, str]] = {}

    def repairs(self) -> list[Repair]:
        """Give the repairs, in the order of the text."""
        found = [*self._schema(), *self._records()]
        if not found:
            return []
        text = self._content.text(self._file.path)
        positions = Positions(text)
        made = []
        for parts, key, new in found:
            place = pointer(parts)
            start, end = positions.locate_pointer(place, key=key)
            made.append(Repair(self._file.path, start, end, place, key, text[start:end], string(new)))
        return sorted(made, key=lambda one: one.start)

    def _schema(self) -> Iterator[_Found]:
        for issue in self._content.issues:
            if (
                issue.place.file == self._file.path
                and issue.rule == "content.wrong-schema"
                and not self._is_of_another_kind(self._file.value["$schema"])
            ):
                yield ("$schema",), False, f"../../schema/{self._file.kind.name}{SCHEMA_SUFFIX}"

    def _is_of_another_kind(self, named: str) -> bool:
        """Say whether a $schema is that of another kind: then the file may have the wrong name."""
        name = named.rsplit("/", 1)[-1].removesuffix(SCHEMA_SUFFIX)
        return name != self._file.kind.name and name in self._content.schemas

    def _records(self) -> Iterator[_Found]:
        for record in self._file.records:
            start = ("records", record.number)
            yield from self._object(record.value, record.kind.fields, start, record)

    def _object(
        self, value: dict[str, Any], fields: Sequence[Field], way: tuple[Part, ...], record: Record
    ) -> Iterator[_Found]:
        known = {field.name: field for field in fields}
        free = [name for name in known if name not in value]
        meant = {name: sure(name, free) for name in value if name not in known}
        claims = Counter(meant.values())
        for name, item in value.items():
            if name in known:
                yield from self._field(item, known[name], (*way, name), record)
            # Of two members that may have the name, which should have it is for a person to say.
            elif (sound := meant[name]) and claims[sound] == 1 and not _measured(known[sound], item):
                yield (*way, name), True, sound

    def _field(self, value: Any, field: Field, way: tuple[Part, ...], record: Record) -> Iterator[_Found]:
        if _is_touchy(field):
            return
        if not isinstance(value, list):
            yield from self._value(value, field, way, record)
            return
        there = {item for item in value if isinstance(item, str)}
        for number, item in enumerate(value):
            for found in self._value(item, field, (*way, number), record):
                # The mended item may stand in the list already; which of the two goes is for a person to say.
                if not isinstance(item, str) or found[2] not in there:
                    there.add(found[2])
                    yield found

    def _value(self, value: Any, field: Field, way: tuple[Part, ...], record: Record) -> Iterator[_Found]:
        if isinstance(value, dict):
            if field.type != "object" or _names_unit_or_code(value):
                return
            yield from self._object(value, field.fields, way, record)
        elif isinstance(value, str) and (meant := self._meant(value, field, record)) and meant != value:
            yield way, False, meant

    def _meant(self, value: str, field: Field, record: Record) -> str:
        if field.type == "reference":
            return self._reference(value, field.target_kind, record)
        if field.type != "text" or is_quoted_field(field):
            return ""
        if field.values:
            words = [word for word in field.values if isinstance(word, str)]
            return "" if value in words else _word(value, words)
        return tidy(value) if field.is_free_text else ""

    def _reference(self, value: str, kind: str, record: Record) -> str:
        content = self._content
        if content.named(kind, value, record) is not None or not content.complete(kind, record.folder):
            return ""
        key = (record.folder, kind)
        if key not in self._synonyms:
            self._synonyms[key] = dict(_synonyms(content, kind, record))
        ids = [other.id for other in content.every(kind, record) if other.id]
        meant = sure(value, ids, self._synonyms[key])
        found = content.named(kind, meant, record) if meant else None
        return meant if found is not None and is_slip(content, kind, value, found) else ""


def _synonyms(content: Content, kind: str, near: Record) -> Iterator[tuple[str, str]]:
    """Give what else the records of a kind are called; what is said of several is said of none."""
    ids: dict[str, set[str]] = {}
    for record in content.every(kind, near):
        names = [record.value.get("label")]
        for field in ("synonyms", "as_in_article"):
            listed = record.value.get(field)
            names += listed if isinstance(listed, list) else []
        for name in names:
            if isinstance(name, str) and record.id:
                ids.setdefault(name, set()).add(record.id)
    return ((name, *meant) for name, meant in ids.items() if len(meant) == 1)  # type: ignore[misc]


def _word(value: str, words: Sequence[str]) -> str:
    """Give the word of a closed list that is meant; "" where either is a unit: "MG" may be "mg" or "Mg"."""
    meant = sure(value, words)
    if not meant:
        return ""
    # Only a misspelt word pays for the table of all units.
    from bmkit.ucum.units import is_valid

    return "" if is_valid(meant) or is_valid(value) else meant


def _is_touchy(field: Field) -> bool:
    """Say whether nobody but a person may touch what stands in a field: a quantity, a number, a code."""
    parts = {part.name for part in field.fields}
    return field.type in _NUMBERS or field.name in _PARTS or parts >= _CODE


def _measured(field: Field, value: Any) -> bool:
    """Say whether a field or one below it, or what stands there, is a quantity, a number or a code."""
    return any(map(_is_touchy, field.walk_fields())) or _measures(value)


def _measures(value: Any) -> bool:
    """Say whether a value, or one inside it, is a number or stands in a quantity or a code."""
    if isinstance(value, dict):
        return _names_unit_or_code(value) or any(map(_measures, value.values()))
    if isinstance(value, list):
        return any(map(_measures, value))
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _names_unit_or_code(value: dict[str, Any]) -> bool:
    return not _PARTS.isdisjoint(value)
