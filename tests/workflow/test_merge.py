"""bmkit merge: what two editors did to a file of records, merged by id, as git's driver and by hand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.canonical import format_canonical_json
from bmkit.cli import main
from bmkit.schema import locate_shipped_schemas, read_schemas

from .test_since import run_git

if TYPE_CHECKING:
    from pathlib import Path

KIND = read_schemas(locate_shipped_schemas(), from_project=False).get_kind("radiotherapy")
FACTS = "content/one/radiotherapy.json"
Edit = Callable[[list[dict[str, Any]]], object]


def make_dose(number: int, unit: str = "Gy") -> dict[str, Any]:
    return {"value": number, "unit": unit}


def read_records(path: Path) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in json.loads(path.read_text("utf-8"))["records"]}


def edit_file(path: Path, edit: Edit) -> None:
    document = json.loads(path.read_text("utf-8"))
    edit(document["records"])
    path.write_text(format_canonical_json(json.dumps(document), KIND), "utf-8")


def append(record_id: str, number: int) -> Edit:
    return lambda records: records.append(
        {**records[-1], "id": record_id, "radiation_dose": make_dose(number)}
    )


def set_dose(number: int, unit: str = "Gy") -> Edit:
    return lambda records: records[1].update(radiation_dose=make_dose(number, unit))


def set_tumour(records: list[dict[str, Any]]) -> None:
    records[1]["tumour"] = "breast-cancer"


def remove(records: list[dict[str, Any]]) -> None:
    del records[1]


@pytest.fixture
def repository(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project in a repository whose merges use the driver."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(project)
    run_git(project, "init", "-q", "-b", "main")
    assert main(["merge", "--install"]) == 0
    run_git(project, "add", "-A")
    run_git(project, "commit", "-q", "-m", "base")
    return project


def merge_branches(repository: Path, ours: Edit, theirs: Edit) -> bool:
    """Edit on two branches and merge them; return whether git found no conflict."""
    run_git(repository, "checkout", "-q", "-b", "theirs")
    edit_file(repository / FACTS, theirs)
    run_git(repository, "commit", "-q", "-a", "-m", "theirs")
    run_git(repository, "checkout", "-q", "main")
    edit_file(repository / FACTS, ours)
    run_git(repository, "commit", "-q", "-a", "-m", "ours")
    try:
        run_git(repository, "merge", "-q", "--no-edit", "theirs")
    except Exception:  # noqa: BLE001  whatever git's exit status says
        return False
    return True


@pytest.mark.slow
def test_two_editors_who_each_append_a_record_do_not_conflict(repository: Path) -> None:
    assert merge_branches(repository, append("ours", 5), append("theirs", 6))
    assert [*read_records(repository / FACTS)][2:] == ["ours", "theirs"]
    text = (repository / FACTS).read_text("utf-8")
    assert text == format_canonical_json(text, KIND)


@pytest.mark.slow
def test_a_real_conflict_is_left_at_the_field_as_git_does(repository: Path) -> None:
    assert not merge_branches(repository, set_dose(4), set_dose(40))
    lines = (repository / FACTS).read_text("utf-8").split("\n")
    start, end = lines.index("<<<<<<< ours"), lines.index(">>>>>>> theirs")
    assert [line.strip() for line in lines[start + 1 : end]] == [
        '"radiation_dose": {"value": 4, "unit": "Gy"},',
        "=======",
        '"radiation_dose": {"value": 40, "unit": "Gy"},',
    ]
    assert "U" in run_git(repository, "status", "--porcelain")


CASES: list[tuple[str, Edit, Edit, int, str]] = [
    ("another field each", set_dose(4), set_tumour, 0, ""),
    ("both the same", set_dose(4), set_dose(4), 0, ""),
    ("removed and untouched", remove, append("new", 3), 0, ""),
    ("half a quantity each", set_dose(4), set_dose(30, "cGy"), 1, "30 Gy -> 4 Gy (ours), 30 cGy (theirs)"),
    ("removed and changed", remove, set_dose(4), 1, "was removed in ours and changed in the other"),
    ("added twice under one id", append("new", 3), append("new", 4), 1, "radiation_dose: nothing -> 3 Gy"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_merge_by_hand(
    project: Path, capsys: pytest.CaptureFixture[str], case: tuple[str, Edit, Edit, int, str]
) -> None:
    _, ours, theirs, status, message = case
    paths = {name: project / f"{name}.json" for name in ("base", "ours", "theirs")}
    for path in paths.values():
        path.write_bytes((project / FACTS).read_bytes())
    edit_file(paths["ours"], ours)
    edit_file(paths["theirs"], theirs)
    assert main(["merge", *map(os.fspath, paths.values()), "--path", FACTS, "--root", str(project)]) == status
    assert message in capsys.readouterr().err
    text = paths["ours"].read_text("utf-8")
    assert ("<<<<<<< ours" in text) == (status == 1)
    if status == 0:
        assert text == format_canonical_json(text, KIND)


@pytest.mark.parametrize(
    ("path", "base", "reason"),
    [
        ("notes.json", "{}", "notes is no kind"),
        (FACTS, "{", "merged as text"),
        (FACTS, "[1]", "no file of records"),
    ],
)
def test_what_is_no_file_of_records_is_merged_line_by_line(
    project: Path, capsys: pytest.CaptureFixture[str], path: str, base: str, reason: str
) -> None:
    texts = {"base": f"{base}\n", "ours": f"ours\n{base}\n", "theirs": f"{base}\n"}
    paths = {name: project / f"{name}.txt" for name in texts}
    for name, text in texts.items():
        paths[name].write_text(text, "utf-8")
    arguments = [*map(os.fspath, paths.values()), "--path", path, "--root", str(project)]
    assert main(["merge", *arguments]) == 0
    assert reason in capsys.readouterr().err
    assert paths["ours"].read_text("utf-8") == texts["ours"]
    paths["theirs"].write_text(f"theirs\n{base}\n", "utf-8")
    assert main(["merge", *arguments]) == 1
    assert "<<<<<<< ours\nours\n=======\ntheirs\n" in paths["ours"].read_text("utf-8")


def test_installing_twice_changes_nothing_and_keeps_what_is_there(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    attributes = project / ".gitattributes"
    attributes.write_text("*.png binary", "utf-8")
    assert main(["merge", "--install"]) == 2  # no repository
    run_git(project, "init", "-q")
    for _ in range(2):
        assert main(["merge", "--install"]) == 0
        assert attributes.read_text("utf-8") == "*.png binary\ncontent/**/*.json merge=bmkit\n"
    assert "-m bmkit merge %O %A %B --path %P" in run_git(project, "config", "merge.bmkit.driver")
