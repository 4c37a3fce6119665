"""A suppression allows one rule in one record, for a reason and for a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.cli import main
from bmkit.today import TodayError, resolve_today

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
INCIDENCE = "content/one/radiotherapy.json"
SUPPRESSION = "content/one/suppression.json"
RECORD = {
    "id": "on-purpose",
    "rule": "limits.inverted",
    "kind": "radiotherapy",
    "record": "incidence-breast-cancer",
    "value": "85 to 75.5 Gy",
    "reason": "the article gives the ends in this order",
    "author": "A. Editor",
    "expires": "2026-06-30",
}


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMKIT_TODAY", "2026-06-30")


@pytest.fixture
def faulty(project: Path) -> Path:
    """A project in which both ranges are inverted."""
    path = project / INCIDENCE
    text = path.read_text("utf-8").replace('"low": 65', '"low": 85')
    path.write_text(text.replace('"value": 30', '"low": 30, "high": 3'), "utf-8")
    return project


def write_suppression(project: Path, **fields: Any) -> None:
    record = {name: value for name, value in {**RECORD, **fields}.items() if value is not None}
    document = {"$schema": "../../schema/suppression.schema.json", "records": [record]}
    (project / SUPPRESSION).write_text(json.dumps(document))


def find_issues(bmkit: Run, capsys: pytest.CaptureFixture[str], *args: str) -> list[tuple[str, str, str]]:
    capsys.readouterr()
    bmkit("validate", "--format", "json", *args)
    issues = json.loads(capsys.readouterr().out)["issues"]
    return [(issue["file"].rsplit("/", 1)[1], issue["rule"], issue["pointer"]) for issue in issues]


SECOND = ("radiotherapy.json", "limits.inverted", "/records/1/radiation_dose/low")
BOTH = [("radiotherapy.json", "limits.inverted", "/records/0/radiation_dose/low"), SECOND]


@pytest.mark.parametrize("field", [None, "radiation_dose", "radiation_dose.low"])
def test_it_allows_one_rule_in_one_record(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str], field: str | None
) -> None:
    assert find_issues(bmkit, capsys) == BOTH
    write_suppression(faulty, field=field)
    assert find_issues(bmkit, capsys) == [SECOND]
    assert find_issues(bmkit, capsys, "--no-suppressions") == BOTH
    assert find_issues(bmkit, capsys, "--select", "limits") == [SECOND]


def test_content_whose_every_issue_is_allowed_is_exported(bmkit: Run, project: Path) -> None:
    path = project / INCIDENCE
    path.write_text(path.read_text("utf-8").replace('"low": 65', '"low": 85'), "utf-8")
    assert bmkit("export", "csv", "--out", "out") == 1
    write_suppression(project)
    assert bmkit("export", "csv", "--out", "out") == 0


def test_another_field_or_rule_is_not_allowed(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_suppression(faulty, field="source")
    assert find_issues(bmkit, capsys) == [*BOTH, ("suppression.json", "suppression.unused", "/records/0/id")]
    write_suppression(faulty, rule="references.dangling")
    assert find_issues(bmkit, capsys) == [*BOTH, ("suppression.json", "suppression.unused", "/records/0/id")]


def test_past_its_last_day_it_allows_nothing_and_is_an_error(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_suppression(faulty)
    monkeypatch.setenv("BMKIT_TODAY", "2026-07-01")
    assert find_issues(bmkit, capsys) == [
        *BOTH,
        ("suppression.json", "suppression.expired", "/records/0/expires"),
    ]


def test_one_that_is_not_needed_any_more_is_a_warning(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_suppression(project)
    assert find_issues(bmkit, capsys) == [("suppression.json", "suppression.unused", "/records/0/id")]
    assert bmkit("validate") == 0
    assert bmkit("validate", "--strict") == 1


@pytest.mark.parametrize("field", ["reason", "author", "expires", "rule", "kind", "record", "value"])
def test_nothing_is_allowed_without_a_reason_an_author_and_a_day(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str], field: str
) -> None:
    write_suppression(faulty, **{field: None})
    assert find_issues(bmkit, capsys) == [*BOTH, ("suppression.json", "shape.missing-field", "/records/0")]


def test_a_reason_is_more_than_a_word(bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_suppression(faulty, reason="ok")
    assert find_issues(bmkit, capsys) == [*BOTH, ("suppression.json", "shape.too-short", "/records/0/reason")]


@pytest.mark.parametrize(
    ("fields", "rule", "pointer"),
    [
        ({"rule": "limits.invrted"}, "unknown-rule", "rule"),
        ({"rule": "suppression.unused"}, "unknown-rule", "rule"),
        ({"rule": "shape.type"}, "unknown-rule", "rule"),
        ({"rule": "json.syntax"}, "unknown-rule", "rule"),
        ({"kind": "incidents"}, "unknown-record", "kind"),
        ({"record": "incidence-brest-cancer"}, "unknown-record", "record"),
    ],
)
def test_what_it_names_must_be_there(
    faulty: Path, capsys: pytest.CaptureFixture[str], fields: dict[str, str], rule: str, pointer: str
) -> None:
    write_suppression(faulty, **fields)
    main(["validate", "--format", "json", "--root", str(faulty)])
    issues = json.loads(capsys.readouterr().out)["issues"]
    assert [(issue["rule"], issue["pointer"]) for issue in issues] == [
        ("limits.inverted", "/records/0/radiation_dose/low"),
        ("limits.inverted", "/records/1/radiation_dose/low"),
        (f"suppression.{rule}", f"/records/0/{pointer}"),
    ]


def test_what_was_probably_meant_is_said(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_suppression(faulty, rule="limits.invrted")
    bmkit("validate")
    assert 'hint: did you mean "limits.inverted"?' in capsys.readouterr().out
    write_suppression(faulty, record="incidence-brest-cancer")
    bmkit("validate")
    assert 'hint: did you mean "incidence-breast-cancer"?' in capsys.readouterr().out


def test_it_reaches_its_own_article_and_the_terms_only(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = ("--select", "limits,references,suppression")
    other = faulty / "content/two"
    other.mkdir()
    for name in ("article", "section", "radiotherapy"):
        text = (faulty / f"content/one/{name}.json").read_text("utf-8")
        (other / f"{name}.json").write_text(text.replace('"id": "one"', '"id": "two"'), "utf-8")
    assert len(find_issues(bmkit, capsys, *paths)) == 4
    write_suppression(faulty)
    assert find_issues(bmkit, capsys, *paths) == [SECOND, *BOTH]
    tumours = faulty / "content/terms/tumour.json"
    text = tumours.read_text("utf-8")
    spare = '"records": [\n    {"id": "spare", "label": "spare"},'
    tumours.write_text(text.replace('"records": [', spare), "utf-8")
    assert ("tumour.json", "references.unused", "/records/0/id") in find_issues(bmkit, capsys, *paths)
    write_suppression(faulty, rule="references.unused", kind="tumour", record="spare", value="nothing")
    assert find_issues(bmkit, capsys, *paths) == [*BOTH, *BOTH]


def test_a_suppression_of_a_file_that_cannot_be_read_is_not_called_unknown(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_suppression(faulty)
    (faulty / INCIDENCE).write_text("{")
    assert [rule for _, rule, _ in find_issues(bmkit, capsys)] == ["json.truncated"]


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "26-1-1", "2026-06-30T00:00"])
def test_a_day_that_is_none_is_wrong_use(
    bmkit: Run, faulty: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    write_suppression(faulty)
    monkeypatch.setenv("BMKIT_TODAY", day)
    with pytest.raises(TodayError):
        resolve_today()
    assert bmkit("validate") == 2
    assert capsys.readouterr().err == f'bmkit: BMKIT_TODAY is "{day}", which is not a day like 2025-07-07\n'


def test_today_is_the_day_of_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.gmtime", lambda: (2031, 5, 9, 0, 0, 0, 0, 129, 0))
    monkeypatch.delenv("BMKIT_TODAY")
    assert resolve_today() == "2031-05-09"
