"""One layout of exports for one, two and three articles: nothing stale stays, no file of others goes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.workflow.conftest import ARTICLE, INCIDENCE, SECTION, TUMOUR

from bmkit.cli import main
from bmkit.content.load import read_articles
from bmkit.export import DESCRIPTION_BY_FORMAT
from bmkit.export.fhir import FhirOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Captured = pytest.CaptureFixture[str]
    ExportProject = Callable[..., int]

# Runs with `make slow`: it makes whole projects, exports or processes.
pytestmark = pytest.mark.slow

NAMES = ("first", "second", "third")


def write_article(root: Path, name: str) -> None:
    texts = {"article": ARTICLE.replace('"one"', f'"{name}"'), "section": SECTION, "radiotherapy": INCIDENCE}
    for kind, text in texts.items():
        path = root / "content" / name / f"{kind}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of three articles."""
    (tmp_path / "project" / "content" / "terms").mkdir(parents=True)
    (tmp_path / "project" / "content" / "terms" / "tumour.json").write_text(TUMOUR, "utf-8")
    for name in NAMES:
        write_article(tmp_path / "project", name)
    return tmp_path / "project"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def export(root: Path, out: Path) -> ExportProject:
    """Exports the project, by default in all formats; returns the exit status."""

    def run(*words: str) -> int:
        return main(["export", *(words or ("all",)), "--root", str(root), "--out", str(out)])

    return run


def read_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def list_articles_by_format(out: Path) -> dict[str, set[str]]:
    """Return for each format the articles that have a file or folder there."""
    return {
        folder.name: {path.name.partition(".")[0] for path in folder.iterdir()} - {"bulk", "exported-files"}
        for folder in out.iterdir()
    }


def change_all_articles(root: Path) -> None:
    for name in NAMES:
        path = root / "content" / name / "radiotherapy.json"
        path.write_text(path.read_text("utf-8").replace("75.5", "74.5", 1), "utf-8")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_layout_is_the_same_whatever_the_number_of_articles(
    root: Path, out: Path, export: ExportProject, capsys: Captured, count: int
) -> None:
    for name in NAMES[count:]:
        shutil.rmtree(root / "content" / name)
    assert export() == 0
    files = read_files(out)
    for name in NAMES[:count]:
        assert {f"csv/{name}/datapackage.json", f"csv/{name}/radiotherapy.csv"} <= files.keys()
        bundles = {f"fhir/{name}/{bundle}.json" for bundle in ("document", "collection", "transaction")}
        assert {*bundles, f"xlsx/{name}.xlsx"} <= files.keys()
    assert "fhir/bulk/Citation.ndjson" in files
    assert list_articles_by_format(out) == {name: {*NAMES[:count]} for name in DESCRIPTION_BY_FORMAT}
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" and ")[0] for line in lines] == [
        f"{out}/csv/first/datapackage.json",
        f"{out}/fhir/first/document.json",
        f"{out}/markdown/first.md",
        f"{out}/ndjson/first.ndjson",
        f"{out}/sqlite/first.sqlite",
        f"{out}/xlsx/first.xlsx",
    ]


def test_an_article_that_is_gone_leaves_nothing(root: Path, out: Path, export: ExportProject) -> None:
    assert export() == 0
    for gone, left in (("first", {"second", "third"}), ("third", {"second"})):
        shutil.rmtree(root / "content" / gone)
        # One after the other: each knows its own earlier output, whatever the others replaced meanwhile.
        for name in DESCRIPTION_BY_FORMAT:
            assert export(name) == 0
        assert list_articles_by_format(out) == dict.fromkeys(DESCRIPTION_BY_FORMAT, left)
        assert f"/{gone}/" not in (out / "fhir" / "bulk" / "Citation.ndjson").read_text("utf-8")
    shutil.rmtree(root / "content" / "second")
    write_article(root, "fourth")
    assert export() == 0
    assert list_articles_by_format(out) == {name: {"fourth"} for name in DESCRIPTION_BY_FORMAT}


def test_articles_stand_in_one_order_however_they_are_found(
    root: Path, out: Path, export: ExportProject
) -> None:
    assert export() == 0
    before = read_files(out)
    for name in reversed(NAMES):
        shutil.move(root / "content" / name, root)
    for name in reversed(NAMES):
        shutil.copytree(root / name, root / "content" / name)
    shutil.rmtree(out)
    assert export() == 0
    assert read_files(out) == before


def test_a_failure_in_the_last_format_leaves_all_as_they_were(
    root: Path, out: Path, export: ExportProject, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert export() == 0
    before = read_files(out)
    change_all_articles(root)
    monkeypatch.setattr(
        "bmkit.export.fhir.FhirOptions", lambda **options: FhirOptions(**{**options, "status": "drft"})
    )
    for words in (("csv", "xlsx", "fhir"), ("fhir", "csv")):
        assert export(*words, "--check") == 1
        assert "nothing was written" in capsys.readouterr().err
        assert read_files(out) == before
        assert sorted(os.listdir(out)) == sorted(DESCRIPTION_BY_FORMAT)


def test_an_error_in_the_last_article_leaves_all_as_they_were(
    root: Path, out: Path, export: ExportProject, capsys: Captured
) -> None:
    assert export() == 0
    before = read_files(out)
    change_all_articles(root)
    path = root / "content" / "third" / "radiotherapy.json"
    path.write_text(path.read_text("utf-8").replace('"low": 65', '"low": 650', 1), "utf-8")
    assert export() == 1
    assert "nothing was exported" in capsys.readouterr().err
    assert read_files(out) == before


def test_what_is_changed_between_check_and_writing_is_not_exported_unchecked(
    root: Path, out: Path, export: ExportProject, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert export() == 0
    before = read_files(out)
    read_count = 0

    def read_and_change(*args: Any, **options: Any) -> Any:
        nonlocal read_count
        read_count += 1
        if read_count == 2:
            change_all_articles(root)
        return read_articles(*args, **options)

    monkeypatch.setattr("bmkit.cli.stream.read_articles", read_and_change)
    assert export() == 2
    assert "content/ was changed while it was exported; run the command again" in capsys.readouterr().err
    assert read_files(out) == before


@pytest.mark.parametrize("stranger", ["csv/notes.txt", "xlsx/third (reviewed).xlsx", "fhir/third/mine.json"])
def test_what_is_not_of_an_export_stays_in_whatever_format_it_is(
    root: Path, out: Path, export: ExportProject, capsys: Captured, stranger: str
) -> None:
    assert export() == 0
    (out / stranger).write_text("years of work", "utf-8")
    before = read_files(out)
    change_all_articles(root)
    assert export() == 2
    folder, _, name = stranger.partition("/")
    assert f"{out / folder}: holds {name}, which is not of an earlier export" in capsys.readouterr().err
    assert read_files(out) == before


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_folder_without_records_is_no_article(
    root: Path, out: Path, export: ExportProject, count: int
) -> None:
    for name in NAMES[count:]:
        shutil.rmtree(root / "content" / name)
    for name in ("0-notes", "zz-notes"):
        (root / "content" / name).mkdir()
        (root / "content" / name / "notes.txt").write_text("to do", "utf-8")
    assert export() == 0
    names = {*NAMES[:count]} or {"terms"}
    assert list_articles_by_format(out) == dict.fromkeys(DESCRIPTION_BY_FORMAT, names)


def test_what_stands_beside_the_formats_is_nobodys_business(out: Path, export: ExportProject) -> None:
    out.mkdir()
    (out / "thesis.docx").write_text("years of work", "utf-8")
    (out / "first.xlsx").write_text("mine", "utf-8")
    assert export() == 0
    assert (out / "thesis.docx").read_text("utf-8") == "years of work"
    assert (out / "first.xlsx").read_text("utf-8") == "mine"


_KILLED_EXPORT = """
import os, signal, sys
from bmkit.cli import main
from bmkit.export.fhir import FhirWriter
add_article = FhirWriter.add_article
def add_and_die(writer, article, tick):
    add_article(writer, article, tick)
    if article.name == "third":
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))
FhirWriter.add_article = add_and_die
sys.exit(main(["export", "csv", "xlsx", "fhir", *sys.argv[2:]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize(("name", "status"), [("SIGKILL", -9), ("SIGTERM", 143)])
def test_an_export_that_is_ended_changes_nothing_and_what_it_leaves_the_next_takes_away(
    root: Path, out: Path, export: ExportProject, name: str, status: int
) -> None:
    assert export() == 0
    before = read_files(out)
    change_all_articles(root)
    command = [sys.executable, "-c", _KILLED_EXPORT, name, "--root", str(root), "--out", str(out)]
    assert subprocess.run(command, check=False).returncode == status
    after = read_files(out)
    assert {path: after[path] for path in before} == before
    assert (after == before) == (name != "SIGKILL")
    assert export("csv") == 0
    assert sorted(os.listdir(out)) == sorted(DESCRIPTION_BY_FORMAT)
    now = read_files(out)
    changed_paths = {path for path in before if now[path] != before[path]}
    assert changed_paths == {
        f"csv/{article}/{name}" for article in NAMES for name in ("exported-records.tsv", "radiotherapy.csv")
    }


def test_a_full_disk_changes_nothing(
    root: Path, out: Path, export: ExportProject, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert export() == 0
    before = read_files(out)
    change_all_articles(root)

    def refuse(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bmkit.atomic._sync_file", refuse)
    assert export() == 2
    assert capsys.readouterr().err == f"bmkit: {out}: cannot be written: no space left on device\n"
    assert read_files(out) == before
    assert sorted(os.listdir(out)) == sorted(DESCRIPTION_BY_FORMAT)


def test_the_list_of_files_is_that_of_the_files(out: Path, export: ExportProject) -> None:
    assert export() == 0
    for name in DESCRIPTION_BY_FORMAT:
        heading, *paths = (out / name / "exported-files.txt").read_text("utf-8").splitlines()
        assert heading.startswith("# What bmkit export wrote here.")
        assert sorted(paths) == sorted(read_files(out / name).keys() - {"exported-files.txt"})


def test_terms_alone_are_exported_under_their_own_name(root: Path, out: Path, export: ExportProject) -> None:
    for name in NAMES:
        shutil.rmtree(root / "content" / name)
    assert export() == 0
    assert list_articles_by_format(out) == {name: {"terms"} for name in DESCRIPTION_BY_FORMAT}
