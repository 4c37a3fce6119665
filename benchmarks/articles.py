"""Makes a project of many articles out of the content of this repository."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from bmkit.canonical import format_canonical_json
from bmkit.content import CODE_LOCK_FILE, CONTENT_FOLDER, TERMS_FOLDER, read_content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content import Content, Record

TOP = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

# What an article says of itself is kept whole; it is short.
_WHOLE = ("article", "literature")
# Each article begins this many facts after the one before: a number that has no factor in common with most.
_STEP = 37


def make_articles(folder: str, count: int, size: int, *, faulty: bool = False) -> None:
    """Write a project of `count` articles of about `size` bytes, beside the terms of this repository.

    An article is a run of the facts here, with what they refer to; the next article begins some facts later.
    With `faulty` every file has a fault in its first record: by turns a field that there is not, a value
    that is not in its list or of a wrong type, a reference to nothing and an id that is there already.
    """
    content = read_content(TOP)
    _copy(folder)
    facts = [
        record
        for record in content.iter_records()
        if record.kind.group == "fact" and record.folder != TERMS_FOLDER
    ]
    plain = {file.path: json.loads(content.read_text(file.path))["records"] for file in content.files}
    written = 0
    for number in range(count):
        kinds: dict[str, list[dict[str, Any]]] = {}
        for record in _article(content, facts, number * _STEP, size):
            kinds.setdefault(record.kind.name, []).append(_value(record, plain))
        name = f"article-{number:03}"
        kinds["article"][0] = {**kinds["article"][0], "id": name}
        for kind, values in sorted(kinds.items()):
            if faulty:
                values[0] = _spoilt(values[0], written)
            _write(folder, name, kind, values)
            written += 1


def _article(content: Content, facts: list[Record], start: int, size: int) -> Iterable[Record]:
    """Give the records of an article, those of one kind in the order in which they are here."""
    found: dict[tuple[str, str], Record] = {}
    left = size
    for kind in _WHOLE:
        for record in content.list_records(kind):
            left -= _take(content, record, found)
    at = start
    while left > 0:
        left -= _take(content, facts[at % len(facts)], found)
        at += 1
    order = {id(record): place for place, record in enumerate(content.iter_records())}
    return sorted(found.values(), key=lambda record: order[id(record)])


def _take(content: Content, record: Record, found: dict[tuple[str, str], Record]) -> int:
    """Take a record and all that it refers to in its article; give their size."""
    key = (record.kind.name, record.id)
    if record.folder == TERMS_FOLDER or key in found:
        return 0
    found[key] = record
    named = (content.find_record(kind, name, record) for kind, name in _named(record))
    # Decimals and all: as text a record has some bytes more than this, for its line breaks.
    return len(str(record.value)) + sum(_take(content, one, found) for one in named if one is not None)


def _named(record: Record) -> Iterator[tuple[str, str]]:
    for field in record.kind.reference_fields:
        for _, name in record.list_values_with_paths(field):
            yield field.target_kind, name


def _value(record: Record, plain: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return plain[record.file][record.index]


def _spoilt(value: dict[str, Any], number: int) -> dict[str, Any]:
    """Give the record with a fault."""
    if number % 4 == 0:
        return {**value, "colour": "red"}
    if number % 4 == 1:
        return {**value, "id": "Not an Id"}
    if number % 4 == 2 and "source" in value:
        return {**value, "source": {**value["source"], "section": "nowhere"}}
    return {**value, "notes": ["nothing-known"]}


def _copy(folder: str) -> None:
    """Copy the terms and the lock of codes; the schemas are those that come with bmkit."""
    shutil.copytree(
        os.path.join(TOP, CONTENT_FOLDER, TERMS_FOLDER), os.path.join(folder, CONTENT_FOLDER, TERMS_FOLDER)
    )
    shutil.copy(os.path.join(TOP, CONTENT_FOLDER, CODE_LOCK_FILE), os.path.join(folder, CONTENT_FOLDER))


def _write(folder: str, article: str, kind: str, values: list[dict[str, Any]]) -> None:
    path = os.path.join(folder, CONTENT_FOLDER, article, f"{kind}.json")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        document = {"$schema": f"../../schema/{kind}.schema.json", "records": values}
        file.write(format_canonical_json(json.dumps(document)))
