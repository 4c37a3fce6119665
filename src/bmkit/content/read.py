"""Reads content/: every file strictly, and a file that cannot be read hides nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bmkit.content.content import Content
from bmkit.content.entries import ContentError, format_root_start, read_entries
from bmkit.content.load import CODE_LOCK_FILE, CONTENT_FOLDER, JSON_SUFFIX, TERMS_FOLDER, Loader
from bmkit.jsontext import MAX_FILE_BYTES
from bmkit.schema import read_project_schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.schema import Schemas

__all__ = ["CODE_LOCK_FILE", "CONTENT_FOLDER", "TERMS_FOLDER", "locate_content_folder", "read_content"]


def read_content(
    root: str,
    schemas: Schemas | None = None,
    *,
    max_bytes: int = MAX_FILE_BYTES,
    unsaved_files: Mapping[str, bytes] | None = None,
) -> Content:
    """Read the content of the project in the folder `root`, with its own schemas unless others are given.

    No file may have more than `limit` bytes.  `unsaved` has bytes to take instead of what files hold, by
    path.  What is wrong with a file is an issue of the content.  Raises ContentError if there is no content
    to read, SchemaError if a schema that is needed cannot be used.
    """
    content_path = locate_content_folder(root)
    loader = Loader(
        root, schemas if schemas is not None else read_project_schemas(root), max_bytes, unsaved_files or {}
    )
    for entry in read_entries(content_path, root):
        name = entry.name
        if not entry.is_folder:
            loader.read_loose_file(entry)
        elif name.endswith(JSON_SUFFIX):
            loader.read_file(f"{CONTENT_FOLDER}/{name}")
        else:
            loader.read_folder(name, read_entries(os.path.join(content_path, name), root))
    if not loader.has_json_file:
        raise ContentError(f"{format_root_start(root)}{CONTENT_FOLDER}/ holds no *{JSON_SUFFIX} file")
    return Content(
        root,
        loader.schemas,
        loader.folders,
        code_lock=loader.code_lock,
        issues=loader.issues,
        bytes_by_path=loader.bytes_by_path,
        terms_folder=TERMS_FOLDER,
    )


def locate_content_folder(root: str) -> str:
    """Give the folder content/ of a project; ContentError if there is none."""
    if not os.path.isdir(root):
        raise ContentError(f"{root}: there is no such folder")
    content_path = os.path.join(root, CONTENT_FOLDER)
    if not os.path.isdir(content_path):
        raise ContentError(f"{root}: holds no folder {CONTENT_FOLDER}/")
    return content_path
