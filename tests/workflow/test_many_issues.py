"""Of many issues of one rule in one file the first are shown; all count, and all are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
COUNT = 250


@pytest.fixture
def crowded(project: Path) -> Path:
    """A project with many terms of one name."""
    records = [{"id": f"t{number}", "label": "lung cancer"} for number in range(COUNT)]
    path = project / "content/terms/tumour.json"
    document = json.loads(path.read_bytes())
    path.write_text(json.dumps({**document, "records": [*document["records"], *records]}), "utf-8")
    return project


def report(bmkit: Run, capsys: pytest.CaptureFixture[str], *args: str) -> str:
    capsys.readouterr()
    assert bmkit("validate", "--select", "terms.ambiguous-name", *args) == 1
    return capsys.readouterr().out


def test_the_first_hundred_are_listed_and_all_are_counted(
    bmkit: Run, crowded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(report(bmkit, capsys, "--format", "json"))
    assert document["summary"]["errors"] == COUNT
    assert len(document["issues"]) == 100
    assert [issue.get("more") for issue in document["issues"]] == [None] * 99 + [COUNT - 100]
    assert document["issues"][-1]["message"].endswith("; and 150 more like this")
    document = json.loads(report(bmkit, capsys, "--format", "json", "--all-issues"))
    assert (len(document["issues"]), document["summary"]["errors"]) == (COUNT, COUNT)
    assert not any("more" in issue for issue in document["issues"])


@pytest.mark.parametrize("form", ["text", "concise", "github", "gitlab", "sarif", "junit"])
def test_every_format_says_how_many_more_there_are(
    bmkit: Run, crowded: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    out = report(bmkit, capsys, "--format", form)
    assert out.count("is also a name of") <= 200  # JUnit has each message twice
    assert "and 150 more like this" in out
    if form in {"text", "concise", "github"}:
        assert out.splitlines()[-1].startswith(f"{COUNT} errors, 0 warnings")
    if form == "junit":
        suite = ET.fromstring(out)[0]  # noqa: S314  our own output
        cases: list[Any] = suite.findall("testcase/failure")
        assert suite.get("failures") == str(len(cases)) == "100"


def test_what_is_not_shown_counts_and_is_kept(
    bmkit: Run, crowded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(bmkit, capsys, "--statistics").splitlines()[0] == f"{COUNT} error   terms.ambiguous-name"
    assert bmkit("validate", "--baseline", "known.json", "--write-baseline") == 0
    entries = json.loads((crowded / "known.json").read_bytes())["issues"]
    assert sum(entry["rule"] == "terms.ambiguous-name" for entry in entries) == COUNT
    assert bmkit("validate", "--baseline", "known.json") == 0
    assert bmkit("export", "csv", "--out", "out") == 1
