"""What is wrong with one file or record makes no other one look wrong."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from bmkit.check import find_content_issues
from bmkit.content import read_content

if TYPE_CHECKING:
    from bmkit.content import File
    from bmkit.issue import Issue

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
CONTENT = read_content(ROOT)
# What these allow is an issue again once they cannot be read.
_OTHERS = [file for file in CONTENT.files if file.kind.name != "suppression"]
# Each file is broken in `make audit`, some of them in `make check`, two each time.
FILES = [
    file
    if number % 60 == 0
    else pytest.param(file, marks=pytest.mark.audit if number % 10 else pytest.mark.slow)
    for number, file in enumerate(_OTHERS)
]


def find_issues_with(path: str, data: str) -> list[Issue]:
    return find_content_issues(read_content(ROOT, CONTENT.schemas, unsaved_files={path: data.encode()}))


@pytest.mark.parametrize("file", FILES, ids=[file.path for file in _OTHERS])
def test_a_file_that_cannot_be_read_is_all_that_is_wrong(file: File) -> None:
    assert {(issue.place.file, issue.rule) for issue in find_issues_with(file.path, "{")} == {
        (file.path, "json.truncated")
    }


@pytest.mark.parametrize("file", FILES, ids=[file.path for file in _OTHERS])
def test_a_record_that_does_not_fit_is_all_that_is_wrong(file: File) -> None:
    for index in sorted({0, len(file.records) // 2, len(file.records) - 1}):
        value = json.loads(CONTENT.read_text(file.path))
        value["records"][index]["colour"] = "red"
        issues = find_issues_with(file.path, json.dumps(value, ensure_ascii=False))
        assert [(issue.place.file, issue.place.pointer, issue.rule) for issue in issues] == [
            (file.path, f"/records/{index}/colour", "shape.unknown-field")
        ]
