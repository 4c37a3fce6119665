"""The files of a project are the same, whether on disk or in memory; but links in memory lead nowhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bmkit.jsontext import JsonError
from bmkit.project_files import DiskFiles, FolderEntry, MemoryFiles, ProjectFiles

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"content/codes.lock.tsv": b"a", "content/one/trial.json": b"{}", "content/terms/site.json": b"[]"}


@pytest.fixture(params=["disk", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> ProjectFiles:
    if request.param == "memory":
        return MemoryFiles(FILES, {"content/lost": "nowhere"})
    for path, data in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    (tmp_path / "content/lost").symlink_to("nowhere")
    return DiskFiles(os.fspath(tmp_path))


def test_folders_are_listed_by_name(files: ProjectFiles) -> None:
    assert [tuple(entry) for entry in files.list_folder("content")] == [
        ("codes.lock.tsv", False, False),
        ("lost", False, True),
        ("one", True, False),
        ("terms", True, False),
    ]
    assert files.list_folder("content/one") == [FolderEntry("trial.json", False, False)]  # noqa: FBT003
    assert [path for path in ("content", "content/one", "content/lost", "two") if files.is_folder(path)] == [
        "content",
        "content/one",
    ]


def test_files_are_read_and_others_refused(files: ProjectFiles) -> None:
    assert {path: files.read_file(path) for path in FILES} == FILES
    for path, rule in (("content/lost", "json.broken-link"), ("content/two.json", "json.missing")):
        with pytest.raises(JsonError) as refused:
            files.read_file(path)
        assert refused.value.rule == rule
    assert files.find_link_target("content/lost") == "nowhere"
    assert files.find_link_target("content/one") == ""


def test_what_is_not_saved_yet_stands_for_the_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    assert DiskFiles(os.fspath(tmp_path), {"a": b"new"}).read_file("a") == b"new"


def test_what_was_never_saved_is_listed_among_the_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/old").write_bytes(b"")
    files = DiskFiles(os.fspath(tmp_path), {"b/new": b"", "b/old": b"", "c/d/e": b""})
    assert [tuple(entry) for entry in files.list_folder("b")] == [
        ("new", False, False),
        ("old", False, False),
    ]
    assert [tuple(entry) for entry in files.list_folder("c")] == [("d", True, False)]
    assert [path for path in ("b", "c", "c/d", "c/d/e", "d") if files.is_folder(path)] == ["b", "c", "c/d"]
