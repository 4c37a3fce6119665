"""Reads content/: every file strictly, and a file that cannot be read hides nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bmkit.content.content import Content
from bmkit.content.entries import ContentError, entries
from bmkit.content.load import CODES, CONTENT, JSON, TERMS, Reading
from bmkit.jsontext import MAX_FILE_BYTES
from bmkit.schema import read_project_schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.schema import Schemas

__all__ = ["CODES", "CONTENT", "TERMS", "read_content", "top_of"]


def read_content(
    root: str,
    schemas: Schemas | None = None,
    *,
    limit: int = MAX_FILE_BYTES,
    unsaved: Mapping[str, bytes] | None = None,
) -> Content:
    """Read the content of the project in the folder `root`, with its own schemas unless others are given.

    No file may have more than `limit` bytes.  `unsaved` has bytes to take instead of what files hold, by
    path.  What is wrong with a file is an issue of the content.  Raises ContentError if there is no content
    to read, SchemaError if a schema that is needed cannot be used.
    """
    top = top_of(root)
    reading = Reading(
        root, schemas if schemas is not None else read_project_schemas(root), limit, unsaved or {}
    )
    for entry in entries(top, root):
        name = entry.name
        if not entry.is_folder:
            reading.loose(entry)
        elif name.endswith(JSON):
            reading.read(f"{CONTENT}/{name}")
        else:
            reading.folder(name, entries(os.path.join(top, name), root))
    if not reading.seen:
        raise ContentError(f"{root}: {CONTENT}/ holds no *{JSON} file")
    return Content(
        root,
        reading.schemas,
        reading.folders,
        codes=reading.codes,
        issues=reading.issues,
        data=reading.data,
        terms=TERMS,
    )


def top_of(root: str) -> str:
    """Give the folder content/ of a project; ContentError if there is none."""
    if not os.path.isdir(root):
        raise ContentError(f"{root}: there is no such folder")
    top = os.path.join(root, CONTENT)
    if not os.path.isdir(top):
        raise ContentError(f"{root}: holds no folder {CONTENT}/")
    return top
