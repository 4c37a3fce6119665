"""A part of the repository's own content in memory, and the same after an edit."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.content import Content, read_content
from bmkit.project_files import MemoryFiles
from bmkit.shape import ShapeChecker, find_shape_issues
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
TERMS = ("product", "route", "form", "solution", "population", "site", "tumour", "condition", "outcome")
FACTS = ("section", "regimen", "result", "caution", "statement", "metastatic-site", "editorial-note")


class EditableContent:
    """Some files of the content; `edit` returns the content with other records in one of them."""

    def __init__(self) -> None:
        paths = [f"content/terms/{kind}.json" for kind in TERMS]
        paths += [f"content/bone-metastasis/{kind}.json" for kind in FACTS]
        self._files = {path: (ROOT / path).read_bytes() for path in paths}
        self._shapes = ShapeChecker()
        self.content = self._read(self._files)

    def edit(self, kind: str, change: Callable[[list[dict[str, Any]]], object]) -> Content:
        """Return the content after `change` has edited the list of records of a kind."""
        path = next(path for path in self._files if path.endswith(f"/{kind}.json"))
        document = json.loads(self._files[path], parse_float=Decimal)
        change(document["records"])
        return self._read({**self._files, path: format_json(document).encode()})

    def edit_all(self, replace: Callable[[bytes], bytes]) -> Content:
        """Return the content after `replace` has edited the bytes of each file."""
        return self._read({path: replace(data) for path, data in self._files.items()})

    def move(self, start: str, new_start: str) -> Content:
        """Return the content with files in another folder."""
        return self._read({path.replace(start, new_start): data for path, data in self._files.items()})

    def _read(self, files: dict[str, bytes]) -> Content:
        content = read_content(str(ROOT), files=MemoryFiles(files, {}))
        find_shape_issues(content, self._shapes)
        return content


@pytest.fixture(scope="session")
def project() -> EditableContent:
    return EditableContent()
