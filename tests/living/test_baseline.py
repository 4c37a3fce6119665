"""A baseline hides what is known, by name and not by line, and can only shrink."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
INCIDENCE = "content/one/incidence.json"
BASELINE = "known.json"


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")


def issues(bmkit: Run, capsys: pytest.CaptureFixture[str], *args: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    bmkit("validate", "--format", "json", *args)
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["issues"]
    return found


@pytest.fixture
def faulty(project: Path, bmkit: Run) -> Path:
    """A project with one known issue: an inverted range."""
    change(project / INCIDENCE, '"low": 65', '"low": 85')
    assert bmkit("validate") == 1
    assert bmkit("validate", "--baseline", BASELINE, "--write-baseline") == 0
    return project


def test_the_file_names_rule_file_record_and_field(faulty: Path) -> None:
    assert (faulty / BASELINE).read_text("utf-8") == (
        '{\n  "version": 1,\n  "issues": [\n'
        '    {"rule": "limits.inverted", "file": "content/one/incidence.json",'
        ' "record": "incidence-breast-cancer", "field": "share.low"}\n'
        "  ]\n}\n"
    )


def test_what_is_known_is_not_said_wherever_it_stands(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(faulty / INCIDENCE, '"records": [', '"records": [\n\n\n')
    capsys.readouterr()
    assert bmkit("validate", "--baseline", BASELINE) == 0
    said = capsys.readouterr()
    assert "0 errors" in said.out
    assert "limits.inverted" not in said.out
    assert said.err == "1 more known already\n"


def test_a_second_issue_of_that_name_is_new(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(faulty / INCIDENCE, '"digest": "0123456789abcdef"}\n        ]\n      }\n    },', (
        '"digest": "x"},\n{"start": 10, "end": 20, "digest": "x"}\n        ]\n      }\n    },'
    ))  # fmt: skip
    assert bmkit("validate", "--baseline", "shape.json", "--write-baseline") == 0
    assert '"count": 2' in (faulty / "shape.json").read_text("utf-8")
    change(faulty / INCIDENCE, '"digest": "x"},', '"digest": "x"},\n{"start": 1, "end": 2, "digest": "y"},')
    found = issues(bmkit, capsys, "--baseline", "shape.json")
    assert [(issue["rule"], issue["pointer"]) for issue in found] == [
        ("shape.pattern", "/records/0/source/spans/2/digest")
    ]


def test_another_record_or_field_or_rule_is_new(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(faulty / INCIDENCE, '"value": 30,', '"low": 30, "high": 3,')
    found = issues(bmkit, capsys, "--baseline", BASELINE)
    assert [issue["pointer"] for issue in found] == ["/records/1/share/low"]


def test_an_entry_that_is_gone_asks_to_shrink_the_baseline(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(faulty / INCIDENCE, '"low": 85', '"low": 65')
    (found,) = issues(bmkit, capsys, "--baseline", BASELINE)
    assert found["rule"] == "baseline.gone"
    assert found["severity"] == "warning"
    assert (found["file"], found["pointer"], found["line"]) == (BASELINE, "/issues/0", 4)
    assert (
        found["message"] == 'limits.inverted of "incidence-breast-cancer" at share.low is not found any more'
    )
    assert bmkit("validate", "--baseline", BASELINE) == 0
    assert bmkit("validate", "--baseline", BASELINE, "--strict") == 1
    # Where only a part was looked at, nothing is known of the rest.
    assert bmkit("validate", "--baseline", BASELINE, "--strict", "content/terms") == 0
    assert bmkit("validate", "--baseline", BASELINE, "--strict", "--select", "json") == 0
    capsys.readouterr()
    assert bmkit("validate", "--baseline", BASELINE, "--write-baseline") == 0
    assert capsys.readouterr().err == f"{BASELINE}: 0 known issues, 1 fewer than before\n"
    assert json.loads((faulty / BASELINE).read_bytes()) == {"version": 1, "issues": []}


def test_nothing_counts_as_gone_while_a_file_cannot_be_read(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (faulty / INCIDENCE).write_bytes(b"{")
    assert [issue["rule"] for issue in issues(bmkit, capsys, "--baseline", BASELINE)] == ["json.truncated"]


def test_a_baseline_never_grows(bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (faulty / BASELINE).read_bytes()
    change(faulty / INCIDENCE, '"value": 30,', '"low": 30, "high": 3,')
    capsys.readouterr()
    assert bmkit("validate", "--baseline", BASELINE, "--write-baseline") == 2
    assert "a baseline may only shrink; 1 issue is not in it" in capsys.readouterr().err
    assert (faulty / BASELINE).read_bytes() == before


@pytest.mark.parametrize(
    "args", [["--write-baseline"], ["--baseline", "b", "--write-baseline", "--select", "json"],
             ["--baseline", "b", "--write-baseline", "content"],
             ["--baseline", "b", "--write-baseline", "--since", "HEAD"]]
)  # fmt: skip
def test_a_baseline_is_never_written_from_a_part(bmkit: Run, project: Path, args: list[str]) -> None:
    assert bmkit("validate", *args) == 2
    assert not (project / "b").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no such file"),
        ('{"version": 1, "issues": [}', ":1:27: "),
        ('{"version": 2, "issues": []}', "this is no baseline"),
        ('{"version": 1}', 'the list "issues" is missing'),
        ('{"version": 1, "issues": [{"rule": "a.b", "line": 3}]}', "entry 1 is no rule"),
        ('{"version": 1, "issues": [{"rule": "a.b", "count": 0}]}', "entry 1 is no rule"),
        ('{"version": 1, "issues": [{"rule": "a.b"}, {"rule": "a.b"}]}', "entry 2 is there already"),
    ],
)
def test_what_is_no_baseline_is_wrong_use(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str], text: str | None, said: str
) -> None:
    if text is not None:
        (project / BASELINE).write_text(text)
    assert bmkit("validate", "--baseline", BASELINE) == 2
    assert said in capsys.readouterr().err
