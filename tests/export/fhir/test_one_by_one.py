"""Articles are read, checked, written and forgotten one after the other, with the same files and issues."""

from __future__ import annotations

import gc
import json
import re
import shutil
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from bmkit.cli.run_check import build_report, run_check
from bmkit.cli.stream import ArticleStream, FaultyContentError
from bmkit.content import read_content
from bmkit.export import DESCRIPTION_BY_FORMAT, write_export, write_exports
from bmkit.export.fhir.options import EXPORT_PARTS, OPTIONS
from bmkit.issue import Severity
from bmkit.suppression import draft_suppression

from .projects import write_project
from .test_command import run_bmkit

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.report import LocatedIssue

# Runs with `make slow`: it makes whole projects, exports or processes.
pytestmark = pytest.mark.slow

NAMES = ("first", "second", "third")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("sound"), *NAMES)


def read_files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}


def test_the_files_are_those_of_the_whole_content(project: Path, tmp_path: Path) -> None:
    content = read_content(str(project))
    whole = tmp_path / "whole"
    written = [path for name in DESCRIPTION_BY_FORMAT for path in write_export(name, content, whole)]
    files = read_files(whole)
    assert {path.relative_to(whole).as_posix() for path in written} == {
        name for name in files if not name.endswith("/exported-files.txt")
    }
    stream = ArticleStream(str(project))
    ticks: list[tuple[float, float]] = []
    written_by_format = write_exports(
        {name: {} for name in DESCRIPTION_BY_FORMAT},
        stream.iter_articles(),
        tmp_path / "parts",
        lambda *tick: ticks.append(tick),
        article_count=len(stream.article_names),
    )
    assert read_files(tmp_path / "parts") == files
    assert sum(form.file_count for form in written_by_format.values()) == len(written)
    assert all(form.first_file.is_file() for form in written_by_format.values())
    assert ticks == sorted(ticks)
    tick_count = len(stream.article_names) * len(DESCRIPTION_BY_FORMAT)
    assert ticks[-1] == (tick_count, tick_count)


def test_an_article_is_let_go_before_the_one_after_the_next(project: Path, tmp_path: Path) -> None:
    stream = ArticleStream(str(project))
    alive_counts: list[int] = []
    references: list[weakref.ref[Content]] = []

    def iter_watched() -> Any:
        for article in stream.iter_articles():
            references.append(weakref.ref(article.content))
            gc.collect()
            alive_counts.append(sum(reference() is not None for reference in references))
            yield article

    options: dict[str, dict[str, Any]] = {"csv": {}, "fhir": {"only": ["bulk"]}, "xlsx": {}}
    write_exports(options, iter_watched(), tmp_path, article_count=3)
    assert max(alive_counts) <= 2


def replace_once(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


REPLACEMENTS = {
    "a fact of the last article": ("third/result.json", '"low": 65', '"low": 650'),
    "a shape": ("first/result.json", '"low": 65', '"low": "65"'),
    "the shape of a term that facts use": ("terms/tumour.json", '"label": "breast cancer"', '"label": 3'),
    "a reference of an article": ("second/result.json", '"tumour": "breast-cancer"', '"tumour": "brest"'),
    "a reference of a term to a note": ("terms/container.json", '"bottle-for-vial"', '"bottle-for-vials"'),
    "a code that is not in the lock": ("terms/tumour.json", '"code": "', '"code": "0'),
    "a file that is no JSON": ("second/section.json", "{", ""),
    "an id that is there twice": ("second/result.json", '"id": "', '"id": "incidence-melanoma", "id": "'),
}


@pytest.mark.parametrize("case", REPLACEMENTS)
def test_what_is_wrong_is_told_as_of_the_whole_content(case: str, tmp_path: Path) -> None:
    name, old, new = REPLACEMENTS[case]
    root = write_project(tmp_path, *NAMES)
    replace_once(root / "content" / name, old, new)
    content = read_content(str(root))
    errors = [issue for issue in run_check(content) if issue.severity is Severity.ERROR]
    assert errors
    with pytest.raises(FaultyContentError) as refusal:
        list(ArticleStream(str(root)).iter_articles())
    expected = build_report(errors, content)
    # All ids of all articles would have to be kept to tell which of them a term may have meant.
    has_hint = name != "terms/container.json"
    assert [_drop_hint(issue, has_hint=has_hint) for issue in refusal.value.report.issues] == [
        _drop_hint(issue, has_hint=has_hint) for issue in expected.issues
    ]
    assert sorted(refusal.value.report.files) == sorted(expected.files)
    assert refusal.value.report.record_count == expected.record_count


def _drop_hint(issue: LocatedIssue, *, has_hint: bool) -> LocatedIssue:
    return issue if has_hint else issue._replace(issue=issue.issue._replace(hint="", proposal=None))


def test_what_an_article_allows_of_a_term_is_allowed(tmp_path: Path) -> None:
    root = write_project(tmp_path, *NAMES)
    terms = root / "content" / "terms" / "substance.json"
    replace_once(terms, '"code": "', '"code": "0')
    before = [issue for issue in run_check(read_content(str(root))) if issue.severity is Severity.ERROR]
    assert before
    allowed = {"reason": "looked at, and right", "author": "an editor", "expires": "2999-01-01"}
    records = [
        {"id": f"allowed-{number}", **draft_suppression(issue), **allowed}
        for number, issue in enumerate(before)
    ]
    text = json.dumps({"$schema": "../../schema/suppression.schema.json", "records": records})
    (root / "content" / "second" / "suppression.json").write_text(text, "utf-8")
    assert not [issue for issue in run_check(read_content(str(root))) if issue.severity is Severity.ERROR]
    assert len(list(ArticleStream(str(root)).iter_articles())) == 3


def test_nothing_is_written_where_the_last_article_is_wrong(tmp_path: Path) -> None:
    root = write_project(tmp_path, *NAMES)
    out = tmp_path / "out"
    assert run_bmkit("export", "fhir", "--root", str(root), "--out", str(out), "--only", "bulk") == 0
    before = read_files(out)
    replace_once(root / "content" / "third" / "result.json", '"low": 65', '"low": 650')
    assert run_bmkit("export", "fhir", "--root", str(root), "--out", str(out)) == 1
    assert read_files(out) == before
    assert run_bmkit("export", "fhir", "--root", str(root), "--out", str(tmp_path / "new")) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "project"]


def test_the_command_offers_all_that_can_be_written_by_itself() -> None:
    [option] = [known_option for known_option in OPTIONS if known_option.name == "only"]
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == EXPORT_PARTS


@pytest.mark.parametrize("only", [["document"], ["bulk"], ["collection", "transaction"]])
def test_only_what_is_asked_for_is_written(project: Path, tmp_path: Path, only: list[str]) -> None:
    words = [word for name in only for word in ("--only", name)]
    assert run_bmkit("export", "fhir", "--root", str(project), "--out", str(tmp_path), *words) == 0
    names = {Path(name).stem if "bulk" not in name else "bulk" for name in read_files(tmp_path)}
    assert names == {*only, "exported-files"}


@pytest.fixture(scope="module")
def exported_folder(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an export of the project has written."""
    out = tmp_path_factory.mktemp("out")
    assert run_bmkit("export", "fhir", "--root", str(project), "--out", str(out)) == 0
    return out


@pytest.mark.parametrize(
    "mine",
    [
        *("bulk/mine.txt", "bulk/mine.ndjson", "bulk/Patient.ndjson", "second/thesis.docx"),
        *("second/own/document.json", "mine.json", "document.json", "fourth/document.json"),
    ],
)
def test_what_is_not_ours_is_not_swept_away(
    project: Path, exported_folder: Path, tmp_path: Path, mine: str, capsys: Any
) -> None:
    words = ["export", "fhir", "--root", str(project), "--out", str(tmp_path)]
    shutil.copytree(exported_folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "fhir" / mine).parent.mkdir(exist_ok=True)
    (tmp_path / "fhir" / mine).write_text("years of work", "utf-8")
    before = read_files(tmp_path)
    assert run_bmkit(*words, "--only", "bulk") == 2
    stranger = mine if mine.startswith("document") else mine.removesuffix("/document.json")
    assert f"holds {stranger}, which is not of an earlier export" in capsys.readouterr().err
    assert read_files(tmp_path) == before


def test_only_replaces_all_that_was_there(project: Path, exported_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(exported_folder, tmp_path, dirs_exist_ok=True)
    words = ["export", "fhir", "--root", str(project), "--out", str(tmp_path)]
    assert run_bmkit(*words, "--only", "document") == 0
    assert set(read_files(tmp_path)) == {
        "fhir/exported-files.txt",
        *(f"fhir/{name}/document.json" for name in NAMES),
    }
    [option] = [known_option for known_option in OPTIONS if known_option.name == "only"]
    assert isinstance(option, click.Option)
    assert "no other part of an earlier export stays" in str(option.help)


def write_terms(root: Path) -> Path:
    content = write_project(root, "first") / "content"
    for path in (content / "first").iterdir():
        path.unlink()
    for path in (content / "terms").glob("*.json"):
        path.write_text(re.sub(r',\s*"notes": \[[^]]*\]', "", path.read_text("utf-8")), "utf-8")
    return content.parent


def test_there_is_no_document_without_an_article(tmp_path: Path, capsys: Any) -> None:
    root, out = str(write_terms(tmp_path)), tmp_path / "out"
    assert run_bmkit("export", "fhir", "--root", root, "--out", str(out), "--only", "document") == 2
    assert "no article says when it was reviewed" in capsys.readouterr().err
    assert not out.exists()


def test_terms_without_an_article_are_written(tmp_path: Path) -> None:
    root = write_terms(tmp_path)
    assert (
        run_bmkit("export", "fhir", "--root", str(root), "--out", str(tmp_path / "out"), "--only", "bulk")
        == 0
    )
    assert "fhir/bulk/CodeSystem.ndjson" in read_files(tmp_path / "out")
