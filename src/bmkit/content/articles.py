"""Reads content/ one article at a time, for what must not need memory for all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bmkit.content.content import Content
from bmkit.content.entries import ContentError, Entry, entries
from bmkit.content.load import CONTENT, JSON, TERMS, Reading
from bmkit.content.read import top_of
from bmkit.jsontext import MAX_FILE_BYTES
from bmkit.schema import read_project_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Schemas


def read_articles(
    root: str, schemas: Schemas | None = None, *, limit: int = MAX_FILE_BYTES
) -> tuple[list[str], Iterator[Content]]:
    """Read the content of a project as read_content does, but one article at a time.

    Gives the names of the articles, and an iterator: first the shared terms with the lock and whatever stands
    in content/ itself, then each article with the terms, of which it judges only its own records.  Nothing
    is kept of an article once the next is asked for.  Raises what read_content raises, now or on the way.
    """
    top = top_of(root)
    reading = Reading(root, schemas if schemas is not None else read_project_schemas(root), limit, {})
    listed = entries(top, root)
    names = [
        one.name
        for one in listed
        if one.is_folder and not one.name.endswith(JSON) and one.name != TERMS
        if _holds_records(top, one.name, root)
    ]
    return names, _one_by_one(reading, top, listed)


def _one_by_one(reading: Reading, top: str, listed: list[Entry]) -> Iterator[Content]:
    articles: list[str] = []
    for entry in listed:
        name = entry.name
        if not entry.is_folder:
            reading.loose(entry)
        elif name.endswith(JSON):
            reading.read(f"{CONTENT}/{name}")
        elif name == TERMS:
            reading.folder(name, entries(os.path.join(top, name), reading.root))
        else:
            articles.append(name)
    yield _part(reading, list(reading.folders))
    for name in articles:
        reading.issues, reading.data = [], {}
        reading.folder(name, entries(os.path.join(top, name), reading.root))
        if name in reading.folders or reading.issues:
            yield _part(reading, [name] if name in reading.folders else [])
        reading.folders.pop(name, None)
    if not reading.seen:
        raise ContentError(f"{reading.root}: {CONTENT}/ holds no *{JSON} file")


def _part(reading: Reading, judged: list[str]) -> Content:
    return Content(
        reading.root,
        reading.schemas,
        dict(reading.folders),
        codes=reading.codes,
        issues=reading.issues,
        data=reading.data,
        terms=TERMS,
        judged=judged,
    )


def _holds_records(top: str, name: str, root: str) -> bool:
    return any(one.name.endswith(JSON) for one in entries(os.path.join(top, name), root))
