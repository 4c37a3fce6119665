"""Examples of rules as content, to be checked in tests and shown in the handbook."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from bmkit.content import CODES, CONTENT, TERMS, Codes, Content, File, Folder, Record
from bmkit.jsontext import parse
from bmkit.schema import SUFFIX, Schemas, read_schemas, shipped

if TYPE_CHECKING:
    from bmkit.rules.rule import Scrap

ARTICLE = "article"
"""The folder that the records of a scrap stand in unless they are terms."""
_NOT_KINDS = ("lock", "schemas", "articles", "written")


def content_of(scrap: Scrap, schemas: Schemas | None = None) -> Content:
    """Make content of a scrap: {kind: [record, …]}, with the shipped schemas unless others are given.

    Beside kinds a scrap may have "lock": {system: {code: display}}, or {code: [display, its terms, …]};
    "schemas": {kind: {field: its schema}}
    for kinds that are made up; "articles": {folder: {kind: [record, …]}} where one is not enough; and
    "written": {kind: text of a file} where it matters how the JSON is written.
    """
    known = schemas if schemas is not None else _read_shipped_schemas()
    made_up = scrap.get("schemas", {})
    if made_up:
        documents = {kind + SUFFIX: _document(kind, fields) for kind, fields in made_up.items()}
        known = Schemas(known.folder, tuple(sorted({*known.names, *made_up})), own=False, documents=documents)
    folders: dict[str, Folder] = {}
    _fill(folders, known, ARTICLE, {name: items for name, items in scrap.items() if name not in _NOT_KINDS})
    for name, kinds in scrap.get("articles", {}).items():
        _fill(folders, known, name, kinds)
    data = {file.path: b"" for folder in folders.values() for file in folder.files}
    for name, text in scrap.get("written", {}).items():
        raw = text.encode("utf-8")
        _fill(folders, known, ARTICLE, {name: parse(raw)["records"]})
        data.update(
            {file.path: raw for folder in folders.values() for file in folder.files if file.path not in data}
        )
    codes = Codes(present="lock" in scrap)
    for system, displays in scrap.get("lock", {}).items():
        for code, named in displays.items():
            display, *terms = [named] if isinstance(named, str) else named
            codes.add(system, code, display, terms=None if isinstance(named, str) else tuple(terms))
    return Content("", known, folders, codes=codes, data=data, terms=TERMS)


@cache
def _read_shipped_schemas() -> Schemas:
    return read_schemas(shipped(), own=False)


def _fill(folders: dict[str, Folder], schemas: Schemas, article: str, kinds: dict[str, Any]) -> None:
    for name, items in kinds.items():
        kind = schemas.kind(name)
        folder = folders.setdefault(TERMS if kind.group == "term" else article, Folder(article))
        folder.name = TERMS if kind.group == "term" else article
        file = File(f"{CONTENT}/{folder.name}/{name}.json", folder.name, kind, {"records": items})
        file.records = [
            Record(kind, folder.name, file.path, number, item) for number, item in enumerate(items)
        ]
        folder.add(file)


def _document(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    record = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"id": {"type": "string"}, **fields},
    }
    records = {"type": "array", "items": {"$ref": "#/$defs/record"}}
    frame = {"type": "object", "properties": {"records": records}}
    return {"title": kind, "x-group": "fact", **frame, "$defs": {"record": record}}


__all__ = ["ARTICLE", "CODES", "content_of"]
