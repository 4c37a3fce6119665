"""bmkit validate finds its root and its files, and says what it found in any place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.cli import main
from bmkit.handbook import list_rule_docs
from bmkit.report import REPORT_FORMATS

if TYPE_CHECKING:
    from pathlib import Path

Captured = pytest.CaptureFixture[str]
TRIAL = "content/trial-results/trial.json"


def validate_to_issues(capsys: Captured, *args: str) -> list[dict[str, Any]]:
    main(["validate", "--format", "json", *args])
    issues: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["issues"]
    return issues


def test_the_root_is_the_nearest_folder_upward(
    faulty: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(faulty / "content" / "terms")
    assert main(["validate"]) == 1
    assert f"../../{TRIAL}:9:25: error" in capsys.readouterr().out
    assert [issue["file"] for issue in validate_to_issues(capsys)][-1] == TRIAL


def test_a_path_leads_to_its_root_from_anywhere(
    faulty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "content").mkdir(parents=True)
    monkeypatch.chdir(elsewhere)
    assert main(["validate", str(faulty / TRIAL)]) == 1
    assert f"../project/{TRIAL}:9:25: error" in capsys.readouterr().out


def test_paths_limit_what_is_said_and_what_counts(faulty: Path, capsys: Captured) -> None:
    assert main(["validate", "content/terms/site.json"]) == 0
    captured = capsys.readouterr()
    assert captured.out.endswith("0 errors, 1 warning in 1 file, 3 records\n")
    assert captured.err == "2 more in other files\n"
    assert main(["validate", "content/trial-results"]) == 1
    assert capsys.readouterr().out.endswith("2 errors, 0 warnings in 2 files, 3 records\n")
    for everything in (".", "content", os.fspath(faulty), ".."):
        assert main(["validate", everything, "--root", "."]) == 1
        captured = capsys.readouterr()
        assert captured.out.endswith("2 errors, 1 warning in 3 files, 6 records\n")
        assert captured.err == ""


def test_a_link_to_a_file_of_the_content_is_that_file(faulty: Path, tmp_path: Path, capsys: Captured) -> None:
    link = tmp_path / "linked"
    link.symlink_to(faulty)
    assert main(["validate", str(link / TRIAL), "--root", "."]) == 1
    assert capsys.readouterr().out.endswith("in 1 file, 2 records\n")


def test_the_lock_is_part_of_the_content(faulty: Path, capsys: Captured) -> None:
    (faulty / "content" / "codes.lock.tsv").write_text("system\tcode\n", "utf-8")
    issues = validate_to_issues(capsys, "content/codes.lock.tsv")
    assert [(issue["rule"], issue["line"]) for issue in issues] == [("codes.lock-header", 1)]


def test_select_and_ignore_take_rules_and_families(faulty: Path, capsys: Captured) -> None:
    def list_rules(*args: str) -> list[str]:
        return sorted(issue["rule"] for issue in validate_to_issues(capsys, *args))

    everything = ["limits.inverted", "references.dangling", "references.unused"]
    assert list_rules() == everything
    assert list_rules("--select", "limits") == ["limits.inverted"]
    assert list_rules("--select", "limits,references.dangling") == ["limits.inverted", "references.dangling"]
    assert list_rules("--select", "limits", "--select", "references.unused") == [
        "limits.inverted",
        "references.unused",
    ]
    assert list_rules("--ignore", "references.unused") == ["limits.inverted", "references.dangling"]
    assert list_rules("--select", "references", "--ignore", "references.cycle,references.unused") == [
        "references.dangling"
    ]


ALLOW_AT_PLACE = "or allow it at its place with a suppression, for a reason and until a day"


@pytest.mark.parametrize(
    ("name", "reason", "hint"),
    [
        ("slip.tenfold", "it guards a dose", f"correct what it reports, {ALLOW_AT_PLACE}"),
        ("limits", "its rules guard a dose", f"correct what it reports, {ALLOW_AT_PLACE}"),
        ("shape.too-high", "it guards a dose", "correct what it reports"),
        (
            "references",
            "references.dangling guards a dose",
            "name the others of the family instead: references.cycle, references.retired, references.unused",
        ),
    ],
)
def test_a_rule_that_guards_a_dose_cannot_be_ignored(
    faulty: Path, capsys: Captured, name: str, reason: str, hint: str
) -> None:
    assert main(["validate", "--ignore", f"terms,{name}"]) == 2
    assert capsys.readouterr().err == f"bmkit: --ignore {name}: {reason} and cannot be ignored; {hint}\n"


def test_statistics_count_each_rule_once(faulty: Path, capsys: Captured) -> None:
    file = faulty / TRIAL
    file.write_text(file.read_text("utf-8").replace('["spine", "femur"]', '["spina", "femr"]'), "utf-8")
    assert main(["validate", "--statistics"]) == 1
    assert capsys.readouterr().out == (
        "3 error   references.dangling\n"
        "3 warning references.unused\n"
        "1 error   limits.inverted\n"
        "4 errors, 3 warnings in 3 files, 6 records\n"
    )
    assert main(["validate", "--statistics", "--format", "json"]) == 2


@pytest.mark.parametrize("engine", ["jsonschema-rs", "jsonschema"])
def test_both_engines_say_the_same(faulty: Path, capsys: Captured, engine: str) -> None:
    file = faulty / TRIAL
    file.write_text(file.read_text("utf-8").replace('"patients": 60', '"patients": "60"'), "utf-8")
    issues = validate_to_issues(capsys, "--engine", engine)
    assert [(issue["rule"], issue["pointer"]) for issue in issues if issue["file"] == TRIAL] == [
        ("limits.inverted", "/records/0/share/low"),
        ("shape.type", "/records/1/patients"),
    ]


def test_a_broken_link_and_a_loop_are_issues_and_hide_nothing(faulty: Path, capsys: Captured) -> None:
    (faulty / "content" / "terms" / "trial.json").symlink_to("nowhere.json")
    (faulty / "content" / "trial-results" / "site.json").symlink_to("site.json")
    rules = {issue["file"]: issue["rule"] for issue in validate_to_issues(capsys)}
    assert rules["content/terms/trial.json"] == "json.broken-link"
    assert rules["content/trial-results/site.json"] == "json.link-loop"
    assert TRIAL in rules


@pytest.mark.parametrize("form", REPORT_FORMATS)
@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "cp1252"])
def test_every_format_can_be_printed_anywhere(
    faulty: Path, monkeypatch: pytest.MonkeyPatch, form: str, encoding: str
) -> None:
    file = faulty / TRIAL
    file.write_text(file.read_text("utf-8").replace('"pelvsi"', '"pélvïs \U0001f9b4"'), "utf-8")
    output = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(output, encoding=encoding))
    assert main(["validate", "--format", form]) == 1
    if form in {"text", "concise"}:
        assert output.getvalue().decode(encoding)
    else:
        assert "pélvïs \U0001f9b4" in output.getvalue().decode("utf-8")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_process_prints_anywhere(faulty: Path, form: str) -> None:
    file = faulty / TRIAL
    file.write_text(file.read_text("utf-8").replace('"pelvsi"', '"pélvïs \U0001f9b4"'), "utf-8")
    completed = subprocess.run(
        [sys.executable, "-m", "bmkit", "validate", "--format", form],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (completed.returncode, completed.stderr) == (1, b"")
    assert ("pélvïs \U0001f9b4" in completed.stdout.decode("utf-8")) == (form == "json")


def test_code_scanning_is_told_what_each_rule_is(faulty: Path, capsys: Captured) -> None:
    assert main(["validate", "--format", "sarif"]) == 1
    sarif = json.loads(capsys.readouterr().out)
    rules = {rule["id"]: rule for rule in sarif["runs"][0]["tool"]["driver"]["rules"]}
    assert set(rules) == {"limits.inverted", "references.dangling", "references.unused"}
    pages = {page.rule_id: page for page in list_rule_docs()}
    for name, rule in rules.items():
        assert rule["shortDescription"]["text"] == pages[name].title
        assert rule["help"]["text"] == pages[name].why
