"""The seal of an article: what was read in the words of its spans, and what each fact was then.

It holds facts and never words of the text, so it travels with the content: facts are held against it without
the text.  It is a JSON text with one line for each entry, sorted, so that edits of it merge line by line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import CONTENT_FOLDER, SEAL_FILE, per_folder
from bmkit.errors import BmkitError
from bmkit.jsontext import JsonError, parse_json
from bmkit.source_text.facts import hold_fact, list_headings, list_spans, lock_fact, read_fact
from bmkit.source_text.names import name_key
from bmkit.source_text.reading import (
    READER,
    Reader,
    Reading,
    format_read_quantity,
    parse_read_quantity,
)
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bmkit.content import Content, Record

_LISTS = ("q", "terms", "words")


class SealError(BmkitError):
    """A seal that cannot be read; the message is one line."""


class SealedFact(NamedTuple):
    """What a fact was when it was sealed: its digest, and the paths of what was not read ("dose.unit")."""

    held: str
    unread: frozenset[str] = frozenset()


class Seal(NamedTuple):
    """What was read in the text of an article, by the digest of a span, and its facts by "kind/id".

    `names` is the digest of the names that the reader knew, `text_digest` and `text_length` are of the text.
    """

    reader: str
    names: str
    text_digest: str
    text_length: int
    readings: Mapping[str, Reading]
    facts: Mapping[str, SealedFact]

    def is_stale(self, reader: Reader) -> bool:
        """Whether another reader, or one that knows other names, may read otherwise."""
        return (self.reader, self.names) != (READER, reader.names_digest)


def locate_seal(folder_name: str) -> str:
    """Return the path of the seal of an article, relative to the root."""
    return f"{CONTENT_FOLDER}/{folder_name}/{SEAL_FILE}"


@per_folder
def read_seal(content: Content, folder_name: str) -> Seal | SealError | None:
    """Return the seal of an article, the error if it cannot be read, None if there is none."""
    path = content.folders[folder_name].seal_path
    if not path:
        return None
    try:
        return parse_seal(content.get_bytes(path))
    except SealError as error:
        return error


def list_sourced_records(content: Content, folder_name: str) -> list[Record]:
    """List the valid records of an article that have spans."""
    return [record for record in content.folders[folder_name].list_valid_records() if list_spans(record)]


def list_sealed_facts(content: Content, folder_name: str) -> list[Record]:
    """List the valid facts of an article that have spans."""
    return [record for record in list_sourced_records(content, folder_name) if record.kind.group == "fact"]


def make_seal(
    content: Content,
    folder_name: str,
    read: Callable[[dict[str, Any]], Reading],
    text_digest: str,
    length: int,
) -> Seal:
    """Return the seal of an article; `read` returns what was read in a span."""
    readings = {
        value["digest"]: read(value)
        for record in list_sourced_records(content, folder_name)
        for value in (*list_spans(record), *list_headings(record, content))
    }
    facts = {
        name_key(record): SealedFact(
            lock_fact(record, content), frozenset(find_unread_paths(record, readings, content))
        )
        for record in list_sealed_facts(content, folder_name)
    }
    names = Reader(content, folder_name).names_digest
    return Seal(READER, names, text_digest, length, readings, facts)


def find_unread_paths(record: Record, readings: Mapping[str, Reading], content: Content) -> set[str]:
    """Return the paths of the fields of a fact, or of parts of them, that its readings do not state."""
    stated, context_terms = read_fact(record, content, lambda value: readings.get(value["digest"], Reading()))
    held_values = hold_fact(record, stated, context_terms, content)
    return {path for held in held_values for path in held.missing_paths}


def rename_in_seal(
    seal: Seal, old: tuple[Content, str], new: tuple[Content, str], keys: tuple[str, str]
) -> Seal:
    """Return the seal of an article after a record got another id; `keys` are its "kind/id" before and after.

    `old` and `new` are the contents before and after, each with the folder of the article.  What agreed with
    the seal agrees with the new one, and nothing else.
    """
    (old_content, old_folder), (new_content, new_folder) = old, new
    old_key, new_key = keys
    old_locks, new_locks = (
        {name_key(fact): lock_fact(fact, content) for fact in list_sealed_facts(content, folder)}
        for content, folder in (old, new)
    )

    def rename_key(key: str) -> str:
        return new_key if key == old_key else key

    facts = {}
    for key, fact in seal.facts.items():
        agreed = old_locks.get(key) == fact.held
        new_name = rename_key(key) if key in old_locks else key
        facts[new_name] = fact._replace(held=new_locks[new_name]) if agreed else fact
    has_all_names = Reader(old_content, old_folder).names_digest == seal.names
    return seal._replace(
        names=Reader(new_content, new_folder).names_digest if has_all_names else seal.names,
        readings={
            digest: reading._replace(terms=frozenset(map(rename_key, reading.terms)))
            for digest, reading in seal.readings.items()
        },
        facts=facts,
    )


def format_seal(seal: Seal) -> str:
    """Return the text of a seal."""
    head = {
        "reader": seal.reader,
        "names": seal.names,
        "text": {"digest": seal.text_digest, "length": seal.text_length},
    }
    lines = [f"  {format_json(name)}: {format_json(value)}" for name, value in head.items()]
    spans = {digest: _to_reading_object(reading) for digest, reading in seal.readings.items()}
    facts = {
        key: {"held": fact.held, **({"unread": sorted(fact.unread)} if fact.unread else {})}
        for key, fact in seal.facts.items()
    }
    lines += [_format_entries("spans", spans), _format_entries("facts", facts)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _format_entries(name: str, entries: Mapping[str, dict[str, Any]]) -> str:
    lines = [f"    {format_json(key)}: {format_json(entries[key])}" for key in sorted(entries)]
    body = "\n" + ",\n".join(lines) + "\n  " if lines else ""
    return f"  {format_json(name)}: {{{body}}}"


def _to_reading_object(reading: Reading) -> dict[str, Any]:
    values = {
        "q": sorted(map(format_read_quantity, reading.quantities)),
        "not": reading.negations,
        "terms": sorted(reading.terms),
        "words": sorted(reading.words),
    }
    return {name: value for name, value in values.items() if value}


def parse_seal(data: bytes) -> Seal:
    """Return the seal that a text holds; SealError if it holds none."""
    try:
        document = parse_json(data)
    except JsonError as error:
        raise SealError(error.faults[0].message) from None
    root = _take_object(document, "the seal", ("reader", "names", "text", "spans", "facts"))
    text = _take_object(root["text"], "text", ("digest", "length"))
    length = text["length"]
    if not isinstance(length, int) or isinstance(length, bool):
        raise SealError("text.length is no whole number")
    return Seal(
        _take_text(root["reader"], "reader"),
        _take_text(root["names"], "names"),
        _take_text(text["digest"], "text.digest"),
        length,
        {digest: _parse_reading(digest, entry) for digest, entry in _take_entries(root["spans"], "spans")},
        {key: _parse_fact(key, entry) for key, entry in _take_entries(root["facts"], "facts")},
    )


def _parse_reading(digest: str, entry: Any) -> Reading:
    members = _take_object(entry, f'"{digest}"', (), (*_LISTS, "not"))
    texts = {name: _take_texts(members.get(name, []), f'{name} of "{digest}"') for name in _LISTS}
    quantities = [parse_read_quantity(text) for text in texts["q"]]
    negations = members.get("not", 0)
    if None in quantities or not isinstance(negations, int) or isinstance(negations, bool):
        raise SealError(f'the span "{digest}" has no readable quantities')
    return Reading(
        frozenset(quantity for quantity in quantities if quantity is not None),
        frozenset(texts["terms"]),
        frozenset(texts["words"]),
        negations,
    )


def _parse_fact(key: str, entry: Any) -> SealedFact:
    members = _take_object(entry, f'"{key}"', ("held",), ("unread",))
    unread = _take_texts(members.get("unread", []), f'unread of "{key}"')
    return SealedFact(_take_text(members["held"], f'held of "{key}"'), frozenset(unread))


def _take_entries(value: Any, name: str) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise SealError(f"{name} is no object")
    return value.items()


def _take_object(
    value: Any, name: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SealError(f"{name} is no object")
    for member in required:
        if member not in value:
            raise SealError(f"{name} has no {member}")
    for member in value:
        if member not in (*required, *optional):
            raise SealError(f'{name} has "{member}", which no seal has')
    return value


def _take_text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise SealError(f"{name} is no text")
    return value


def _take_texts(value: Any, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SealError(f"{name} is no list of texts")
    return value
