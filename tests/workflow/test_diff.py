"""bmkit diff: revisions, folders, formats and exit statuses, in a repository with some edits."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bmkit.cli import main

from .test_since import run_git

CONTRACT = Path(__file__).parents[2] / "schema" / "report" / "changes.schema.json"
FACTS = "content/one/radiotherapy.json"


@pytest.fixture
def repository(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project in a repository: one commit as it is, and one with edits of several sorts."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    run_git(project, "init", "-q", "-b", "main")
    document = json.loads((project / FACTS).read_text("utf-8"))
    first = document["records"][0]
    document["records"] = [
        {**first, "id": "dose-4", "radiation_dose": {"value": 4, "unit": "Gy"}},
        {**first, "id": "dose-25", "radiation_dose": {"value": 25, "unit": "Gy"}},
        {**first, "id": "range", "radiation_dose": {"low": 60, "high": 70, "unit": "Gy"}},
    ]
    (project / FACTS).write_text(json.dumps(document), "utf-8")
    run_git(project, "add", "-A")
    run_git(project, "commit", "-q", "-m", "before")
    records = document["records"]
    records[0]["radiation_dose"]["value"] = 40
    records[1]["radiation_dose"]["value"] = 25.0
    records[2]["tumour"] = "lung-cancer"
    records.reverse()
    (project / FACTS).write_text(json.dumps(document), "utf-8")
    terms = project / "content" / "terms" / "tumour.json"
    terms.write_text(
        terms.read_text("utf-8").replace('"records": [', '"records": [{"id": "new", "label": "new"},'),
        "utf-8",
    )
    run_git(project, "commit", "-q", "-a", "-m", "after")
    monkeypatch.chdir(project)
    return project


def diff(*args: str) -> int:
    return main(["diff", *args])


def read_changes(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    assert diff(*args, "--format", "json") == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, json.loads(CONTRACT.read_text("utf-8")))
    return document


def test_of_many_edits_only_those_of_meaning_are_changes(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = read_changes(capsys, "HEAD~1")
    assert [(change["id"], change["gravity"]) for change in document["changes"]] == [
        ("range", "major"),
        ("dose-4", "critical"),
        ("new", "major"),
    ]
    assert document["summary"] == {"critical": 1, "major": 2, "minor": 0}
    [field] = document["changes"][1]["fields"]
    assert field["reason"] == "ten times as much"
    assert field["words"] == "Dose: 4 Gy → 40 Gy, ten times as much"
    line = (repository / FACTS).read_text("utf-8").split("\n")[document["changes"][1]["line"] - 1]
    assert line[document["changes"][1]["column"] - 1 :].startswith('{"value": 40')


def test_of_the_repository_s_own_facts_only_three_changes_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("before", "after"):
        for folder in ("terms", "bone-metastasis"):
            shutil.copytree(CONTRACT.parents[2] / "content" / folder, tmp_path / name / "content" / folder)
    facts = tmp_path / "after" / "content" / "bone-metastasis"
    results = json.loads((facts / "result.json").read_text("utf-8"))
    by_id = {record["id"]: record for record in results["records"]}
    by_id["survival-breast-cancer"]["estimate"]["high"] = 25.0
    by_id["incidence-breast-cancer"]["estimate"]["high"] += 1
    results["records"].append({**by_id["survival-breast-cancer"], "id": "added"})
    results["records"].reverse()
    (facts / "result.json").write_text(json.dumps(results), "utf-8")
    regimens = (facts / "regimen.json").read_text("utf-8")
    first_dose = '"dose": {"value": 4, "unit": "mg"}'
    (facts / "regimen.json").write_text(
        regimens.replace(first_dose, first_dose.replace("4", "40"), 1), "utf-8"
    )
    document = read_changes(capsys, str(tmp_path / "before"), str(tmp_path / "after"))
    assert sorted((change["id"], change["gravity"]) for change in document["changes"]) == [
        ("added", "major"),
        ("incidence-breast-cancer", "major"),
        ("zometa-4-mg", "critical"),
    ]
    fields = [field for change in document["changes"] for field in change["fields"]]
    assert "Dose: 4 mg → 40 mg, ten times as much" in [field["words"] for field in fields]


@pytest.mark.parametrize("names", [["HEAD~1..HEAD"], ["HEAD~1", "HEAD"], ["HEAD~1.."], ["../before", "."]])
def test_both_sides_may_be_revisions_or_folders(
    repository: Path, capsys: pytest.CaptureFixture[str], names: list[str]
) -> None:
    before = repository.parent / "before"
    shutil.copytree(repository, before)
    run_git(before, "checkout", "-q", "HEAD~1")
    (repository / FACTS).write_text((repository / FACTS).read_text("utf-8"), "utf-8")
    assert len(read_changes(capsys, *names)["changes"]) == 3


def test_a_person_reads_what_was_said_and_what_is(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff("HEAD~1", "--fail-on", "critical") == 1
    out = capsys.readouterr().out
    assert f"{FACTS}:1:" in out
    assert ': critical: radiotherapy "dose-4" changed\n' in out
    assert "  critical  Dose: 4 Gy → 40 Gy, ten times as much\n" in out
    assert "\n  was: " in out
    assert "\n  now: " in out
    assert out.endswith("3 changes: 1 critical, 2 major, 0 minor\n")


@pytest.mark.parametrize(
    ("old", "fail_on", "status"), [("HEAD~1", "minor", 1), ("HEAD", "minor", 0), ("HEAD~1", "major", 1)]
)
def test_the_exit_status_is_by_the_gravest_change(
    repository: Path, old: str, fail_on: str, status: int
) -> None:
    assert diff(old, "--fail-on", fail_on) == status


def test_what_strangers_wrote_does_not_act_in_any_format(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terms = repository / "content" / "terms" / "tumour.json"
    hostile = "::error::x\\n##[error] \\u202e<img src=x> [a](http://b) | `c`"
    terms.write_text(terms.read_text("utf-8").replace('"label": "new"', f'"label": "{hostile}"'), "utf-8")
    for format_name in ("text", "markdown", "github", "json"):
        assert diff("HEAD", "--format", format_name) == 0
        out = capsys.readouterr().out
        lines = out.split("\n")
        assert "\u202e" not in out
        assert not any("##[" in line for line in lines)
        commands = [line for line in lines if line.startswith("::")]
        assert len(commands) == (format_name == "github")
        if format_name == "markdown":
            assert "<img" not in out.replace("\\<", "")
            assert "](http" not in out.replace("\\]", "").replace("\\(", "")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["no-such-revision"], "no-such-revision: "),
        (["HEAD~7"], "HEAD~7: "),
        (["nowhere/.."], "nowhere/: "),
        (["HEAD", "content"], "content: "),
    ],
)
def test_what_cannot_be_compared_is_refused(
    repository: Path, capsys: pytest.CaptureFixture[str], names: list[str], message: str
) -> None:
    assert diff(*names) == 2
    assert message in capsys.readouterr().err


def test_content_that_cannot_be_read_is_refused(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / FACTS).write_text('{"records": [', "utf-8")
    assert diff("HEAD") == 2
    assert f"the content: {FACTS}: " in capsys.readouterr().err
