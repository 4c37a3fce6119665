"""Goes through a file along its schema, and finds what can be mended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.canonical import string
from bmkit.content import TERMS, pointer
from bmkit.json_text import Positions
from bmkit.repairs.repair import Repair
from bmkit.repairs.sure import sure
from bmkit.repairs.tidy import tidy
from bmkit.rules.reading.written import is_quoted
from bmkit.schema import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, File, Record
    from bmkit.content.record import Part
    from bmkit.schema import Field

_CODE = {"system", "code", "display"}
_WORDS = "Some words"

_Found = tuple[tuple["Part", ...], bool, str]
"""Where from the top of the file, whether the key is meant, and what should stand there."""


class Walk:
    """One file on its way to its repairs."""

    def __init__(self, content: Content, file: File) -> None:
        self._content = content
        self._file = file
        self._synonyms: dict[str, dict[str, str]] = {}

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
            start, end = positions.locate(place, key=key)
            made.append(Repair(self._file.path, start, end, place, key, text[start:end], string(new)))
        return sorted(made, key=lambda one: one.start)

    def _schema(self) -> Iterator[_Found]:
        for issue in self._content.issues:
            if issue.place.file == self._file.path and issue.rule == "content.wrong-schema":
                yield ("$schema",), False, f"../../schema/{self._file.kind.name}{SUFFIX}"

    def _records(self) -> Iterator[_Found]:
        for record in self._file.records:
            start = ("records", record.number)
            yield from self._object(record.value, record.kind.fields, start, record)

    def _object(
        self, value: dict[str, Any], fields: Sequence[Field], way: tuple[Part, ...], record: Record
    ) -> Iterator[_Found]:
        known = {field.name: field for field in fields}
        free = [name for name in known if name not in value]
        for name, item in value.items():
            field = known.get(name)
            if field is None:
                if meant := sure(name, free):
                    yield (*way, name), True, meant
                    free.remove(meant)
            else:
                yield from self._field(item, field, (*way, name), record)

    def _field(self, value: Any, field: Field, way: tuple[Part, ...], record: Record) -> Iterator[_Found]:
        if field.type == "quantity" or {part.name for part in field.fields} >= _CODE:
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
        if field.type == "object" and isinstance(value, dict):
            yield from self._object(value, field.fields, way, record)
        elif isinstance(value, str) and (meant := self._meant(value, field, record)) and meant != value:
            yield way, False, meant

    def _meant(self, value: str, field: Field, record: Record) -> str:
        if field.type == "reference":
            return self._reference(value, field.ref, record)
        if field.type != "text" or is_quoted(field):
            return ""
        if field.values:
            words = [word for word in field.values if isinstance(word, str)]
            return "" if value in words else sure(value, words)
        is_free = not field.format and (not field.pattern or re.search(field.pattern, _WORDS))
        return tidy(value) if is_free else ""

    def _reference(self, value: str, kind: str, record: Record) -> str:
        content = self._content
        if content.named(kind, value, record) is not None or not content.complete(kind, record.folder):
            return ""
        if kind not in self._synonyms:
            self._synonyms[kind] = dict(_synonyms(content, kind))
        folders = (record.folder, TERMS)
        ids = [other.id for other in content.every(kind) if other.id and other.folder in folders]
        return sure(value, ids, self._synonyms[kind])


def _synonyms(content: Content, kind: str) -> Iterator[tuple[str, str]]:
    """Give what else the records of a kind are called; what is said of several is said of none."""
    ids: dict[str, set[str]] = {}
    for record in content.every(kind):
        names = [record.value.get("label")]
        for field in ("synonyms", "as_in_article"):
            listed = record.value.get(field)
            names += listed if isinstance(listed, list) else []
        for name in names:
            if isinstance(name, str) and record.id:
                ids.setdefault(name, set()).add(record.id)
    return ((name, *meant) for name, meant in ids.items() if len(meant) == 1)  # type: ignore[misc]
