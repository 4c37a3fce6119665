"""A baseline hides what is known, by name and not by line, and can only shrink."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
INCIDENCE = "content/one/radiotherapy.json"
BASELINE = "known.json"


def replace_text(path: Path, old_text: str, new_text: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old_text) == 1
    path.write_text(text.replace(old_text, new_text), "utf-8")


def find_issues(bmkit: Run, capsys: pytest.CaptureFixture[str], *args: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    bmkit("validate", "--format", "json", *args)
    issues: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["issues"]
    return issues


@pytest.fixture
def faulty(project: Path, bmkit: Run) -> Path:
    """A project with one known issue: an inverted range."""
    replace_text(project / INCIDENCE, '"low": 65', '"low": 85')
    assert bmkit("validate") == 1
    assert bmkit("validate", "--baseline", BASELINE, "--write-baseline") == 0
    return project


def test_the_file_names_rule_file_record_and_field(faulty: Path) -> None:
    assert (faulty / BASELINE).read_text("utf-8") == (
        '{\n  "version": 2,\n  "issues": [\n'
        '    {"rule": "limits.inverted", "file": "content/one/radiotherapy.json",'
        ' "record": "incidence-breast-cancer", "field": "radiation_dose.low", "value": "85 to 75.5 Gy"}\n'
        "  ]\n}\n"
    )


def test_what_is_known_is_not_said_wherever_it_stands(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_text(faulty / INCIDENCE, '"records": [', '"records": [\n\n\n')
    capsys.readouterr()
    assert bmkit("validate", "--baseline", BASELINE) == 0
    output = capsys.readouterr()
    assert "0 errors" in output.out
    assert "limits.inverted" not in output.out
    assert output.err == "1 more already known\n"


def test_a_second_issue_of_that_name_is_new(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_text(faulty / INCIDENCE, '"digest": "0123456789abcdef"}\n        ]\n      }\n    },', (
        '"digest": "x"},\n{"start": 10, "end": 20, "digest": "x"}\n        ]\n      }\n    },'
    ))  # fmt: skip
    assert bmkit("validate", "--baseline", "shape.json", "--write-baseline") == 0
    assert '"count": 2' in (faulty / "shape.json").read_text("utf-8")
    replace_text(
        faulty / INCIDENCE, '"digest": "x"},', '"digest": "x"},\n{"start": 1, "end": 2, "digest": "y"},'
    )
    issues = find_issues(bmkit, capsys, "--baseline", "shape.json")
    assert [(issue["rule"], issue["pointer"]) for issue in issues] == [
        ("shape.pattern", "/records/0/source/spans/1/digest")
    ]


def test_another_record_or_field_or_rule_is_new(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_text(faulty / INCIDENCE, '"value": 30,', '"low": 30, "high": 3,')
    issues = find_issues(bmkit, capsys, "--baseline", BASELINE)
    assert [issue["pointer"] for issue in issues] == ["/records/1/radiation_dose/low"]


def test_an_entry_that_is_gone_asks_to_shrink_the_baseline(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_text(faulty / INCIDENCE, '"low": 85', '"low": 65')
    (issue,) = find_issues(bmkit, capsys, "--baseline", BASELINE)
    assert issue["rule"] == "baseline.outdated"
    assert issue["severity"] == "warning"
    assert (issue["file"], issue["pointer"], issue["line"]) == (BASELINE, "/issues/0", 4)
    assert (
        issue["message"]
        == 'limits.inverted of "incidence-breast-cancer" at radiation_dose.low no longer exists'
    )
    assert bmkit("validate", "--baseline", BASELINE) == 0
    assert bmkit("validate", "--baseline", BASELINE, "--strict") == 1
    # Where only a part was looked at, nothing is known of the rest.
    assert bmkit("validate", "--baseline", BASELINE, "--strict", "content/terms") == 0
    assert bmkit("validate", "--baseline", BASELINE, "--strict", "--select", "json") == 0
    capsys.readouterr()
    assert bmkit("validate", "--baseline", BASELINE, "--write-baseline") == 0
    assert capsys.readouterr().err == f"{BASELINE}: 0 known issues, 1 fewer than before\n"
    assert json.loads((faulty / BASELINE).read_bytes()) == {"version": 2, "issues": []}


def test_nothing_counts_as_gone_while_a_file_cannot_be_read(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (faulty / INCIDENCE).write_bytes(b"{")
    assert [issue["rule"] for issue in find_issues(bmkit, capsys, "--baseline", BASELINE)] == [
        "json.truncated"
    ]


def test_a_baseline_never_grows(bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline_bytes = (faulty / BASELINE).read_bytes()
    replace_text(faulty / INCIDENCE, '"value": 30,', '"low": 30, "high": 3,')
    capsys.readouterr()
    assert bmkit("validate", "--baseline", BASELINE, "--write-baseline") == 1
    assert capsys.readouterr().err == (
        f"{BASELINE}: 1 known issue\n{BASELINE}: a baseline may only shrink; 1 issue is not in it, "
        'the first is limits.inverted of "incidence-lung-cancer" at radiation_dose.low\n'
    )
    assert (faulty / BASELINE).read_bytes() == baseline_bytes


def test_what_is_mended_is_taken_out_beside_what_is_new(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_text(faulty / INCIDENCE, '"low": 85', '"low": 65')
    replace_text(faulty / INCIDENCE, '"value": 30,', '"low": 30, "high": 3,')
    capsys.readouterr()
    assert bmkit("validate", "--baseline", BASELINE, "--write-baseline") == 1
    output = capsys.readouterr().err
    assert output.startswith(f"{BASELINE}: 0 known issues, 1 fewer than before\n")
    assert "a baseline may only shrink; 1 issue is not in it" in output
    assert json.loads((faulty / BASELINE).read_bytes()) == {"version": 2, "issues": []}


def test_of_a_count_only_what_is_mended_is_taken_out(bmkit: Run, faulty: Path) -> None:
    entry = json.loads((faulty / BASELINE).read_bytes())
    entry["issues"][0]["count"] = 3
    (faulty / BASELINE).write_text(json.dumps(entry))
    replace_text(faulty / INCIDENCE, '"value": 30,', '"low": 30, "high": 3,')
    assert bmkit("validate", "--baseline", BASELINE, "--write-baseline") == 1
    (left,) = json.loads((faulty / BASELINE).read_bytes())["issues"]
    assert (left["record"], left.get("count", 1)) == ("incidence-breast-cancer", 1)


def test_nothing_is_taken_out_while_a_file_cannot_be_read(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline_bytes = (faulty / BASELINE).read_bytes()
    (faulty / INCIDENCE).write_bytes(b"{")
    capsys.readouterr()
    assert bmkit("validate", "--baseline", BASELINE, "--write-baseline") == 1
    assert "no entry was removed, as not all content could be read" in capsys.readouterr().err
    assert (faulty / BASELINE).read_bytes() == baseline_bytes


def test_a_baseline_that_finds_no_room_is_not_there(
    bmkit: Run, faulty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        assert bmkit("validate", "--baseline", "new.json", "--write-baseline") == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "file too large" in capsys.readouterr().err.lower()
    assert not (faulty / "new.json").exists()


@pytest.mark.parametrize(
    "args", [["--write-baseline"], ["--baseline", "b", "--write-baseline", "--select", "json"],
             ["--baseline", "b", "--write-baseline", "content"],
             ["--baseline", "b", "--write-baseline", "--since", "HEAD"]]
)  # fmt: skip
def test_a_baseline_is_never_written_from_a_part(bmkit: Run, project: Path, args: list[str]) -> None:
    assert bmkit("validate", *args) == 2
    assert not (project / "b").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no such file"),
        ('{"version": 2, "issues": [}', ":1:27: "),
        ('{"version": 3, "issues": []}', 'not a baseline file: expected "version": 2'),
        (
            '{"version": 1, "issues": []}',
            "remove it, and write it anew: bmkit validate --baseline known.json --write-baseline",
        ),
        ('{"version": 2}', 'not a baseline file: expected a list "issues"'),
        ('{"version": 2, "issues": [{"rule": "a.b", "line": 3}]}', "entry 1 cannot be read: expected a rule"),
        (
            '{"version": 2, "issues": [{"rule": "a.b", "count": 0}]}',
            "entry 1 cannot be read: expected a rule",
        ),
        ('{"version": 2, "issues": [{"rule": "a.b"}, {"rule": "a.b"}]}', "entry 2 repeats an earlier one"),
    ],
)
def test_what_is_no_baseline_is_wrong_use(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str], text: str | None, message: str
) -> None:
    if text is not None:
        (project / BASELINE).write_text(text)
    assert bmkit("validate", "--baseline", BASELINE) == 2
    assert message in capsys.readouterr().err
