"""Reads content/ one article at a time, for what must not need memory for all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bmkit.content.content import Content
from bmkit.content.entries import ContentError, FolderEntry, format_root_start, read_entries
from bmkit.content.load import CONTENT_FOLDER, JSON_SUFFIX, TERMS_FOLDER, Loader
from bmkit.content.read import locate_content_folder
from bmkit.jsontext import MAX_FILE_BYTES
from bmkit.schema import read_project_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Schemas


def read_articles(
    root: str, schemas: Schemas | None = None, *, max_bytes: int = MAX_FILE_BYTES
) -> tuple[list[str], Iterator[Content]]:
    """Read the content of a project as read_content does, but one article at a time.

    Gives the names of the articles, and an iterator: first the shared terms with the lock and whatever stands
    in content/ itself, then each article with the terms, of which it judges only its own records.  Nothing
    is kept of an article once the next is asked for.  Raises what read_content raises, now or on the way.
    """
    content_path = locate_content_folder(root)
    loader = Loader(root, schemas if schemas is not None else read_project_schemas(root), max_bytes, {})
    top_entries = read_entries(content_path, root)
    article_names = [
        entry.name
        for entry in top_entries
        if entry.is_folder and not entry.name.endswith(JSON_SUFFIX) and entry.name != TERMS_FOLDER
        if _has_record_files(content_path, entry.name, root)
    ]
    return article_names, _iter_articles(loader, content_path, top_entries)


def _iter_articles(loader: Loader, content_path: str, top_entries: list[FolderEntry]) -> Iterator[Content]:
    article_names: list[str] = []
    for entry in top_entries:
        name = entry.name
        if not entry.is_folder:
            loader.read_loose_file(entry)
        elif name.endswith(JSON_SUFFIX):
            loader.read_file(f"{CONTENT_FOLDER}/{name}")
        elif name == TERMS_FOLDER:
            loader.read_folder(name, read_entries(os.path.join(content_path, name), loader.root))
        else:
            article_names.append(name)
    yield _make_article_content(loader, list(loader.folders))
    for name in article_names:
        loader.issues, loader.bytes_by_path = [], {}
        loader.read_folder(name, read_entries(os.path.join(content_path, name), loader.root))
        if name in loader.folders or loader.issues:
            yield _make_article_content(loader, [name] if name in loader.folders else [])
        loader.folders.pop(name, None)
    if not loader.has_json_file:
        raise ContentError(f"{format_root_start(loader.root)}{CONTENT_FOLDER}/ holds no *{JSON_SUFFIX} file")


def _make_article_content(loader: Loader, judged_names: list[str]) -> Content:
    return Content(
        loader.root,
        loader.schemas,
        dict(loader.folders),
        code_lock=loader.code_lock,
        issues=loader.issues,
        bytes_by_path=loader.bytes_by_path,
        terms_folder=TERMS_FOLDER,
        judged_names=judged_names,
    )


def _has_record_files(content_path: str, folder_name: str, root: str) -> bool:
    return any(
        entry.name.endswith(JSON_SUFFIX)
        for entry in read_entries(os.path.join(content_path, folder_name), root)
    )
