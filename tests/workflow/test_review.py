"""Facts are signed as they stand; what changes afterwards is told, counted, and stops what it must stop."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
FACTS = "content/one/radiotherapy.json"
REVIEWS = "content/one/review.json"
BREAST, LUNG = "radiotherapy/incidence-breast-cancer", "radiotherapy/incidence-lung-cancer"


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMKIT_TODAY", "2026-06-30")


def replace(project: Path, old: str, new: str, path: str = FACTS) -> None:
    text = (project / path).read_text("utf-8")
    assert old in text
    (project / path).write_text(text.replace(old, new), "utf-8")


def find_issues(bmkit: Run, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, str]]:
    capsys.readouterr()
    bmkit("validate", "--format", "json")
    issues = json.loads(capsys.readouterr().out)["issues"]
    return [(issue["rule"], issue["severity"], issue["message"]) for issue in issues]


def read_reviews(project: Path) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((project / REVIEWS).read_text("utf-8"))["records"]
    return records


def test_signing_keeps_the_values_and_is_clean(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bmkit("review", "sign", BREAST, LUNG, "tumour/lung-cancer", "--as", "A. Reviewer") == 0
    first = read_reviews(project)[0]
    assert first["signed"] == [
        "tumour=breast-cancer",
        "radiation_dose=65 to 75.5 Gy",
        "source={section: prognosis, spans: [{digest: 0123456789abcdef}]}",
    ]
    assert (first["reviewer"], first["date"], first["status"]) == ("A. Reviewer", "2026-06-30", "reviewed")
    assert (project / "content" / "terms" / "review.json").exists()
    assert find_issues(bmkit, capsys) == []
    assert bmkit("fmt", "--check") == 0
    # Again, and by another: one record a fact and reviewer.
    assert bmkit("review", "sign", BREAST, "--as", "A. Reviewer") == 0
    assert bmkit("review", "sign", BREAST, "--as", "B. Reviewer") == 0
    assert [review["reviewer"] for review in read_reviews(project)] == [
        "A. Reviewer", "A. Reviewer", "B. Reviewer",
    ]  # fmt: skip


CHANGES = [
    ('"value": 30', '"value": 300', "error", "A called it reviewed on 2026-06-30: Dose: 30 Gy → 300 Gy, ten"),
    ('"value": 30', '"value": 31', "error", "critical change"),
    ('"value": 30, "unit": "Gy"', '"value": 30, "unit": "cGy"', "error", "a hundredth"),
    ('"tumour": "lung-cancer"', '"tumour": "breast-cancer"', "warning", "lung cancer → breast cancer"),
    ('"value": 30', '"value": 30.0', "", ""),
    ('"start": 20', '"start": 21', "", ""),
]  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_what_changes_afterwards_is_told(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str], case: tuple[str, str, str, str]
) -> None:
    old, new, severity, message = case
    assert bmkit("review", "sign", LUNG, "--as", "A") == 0
    replace(project, old, new)
    found = [issue for issue in find_issues(bmkit, capsys) if issue[0].startswith("review.")]
    assert [(rule, found_severity) for rule, found_severity, _ in found] == (
        [("review.changed", severity)] if severity else []
    )
    assert all(message in found_message for *_, found_message in found)


def test_what_is_gone_is_an_error_until_someone_signs_that(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bmkit("review", "sign", LUNG, "--as", "A") == 0
    document = json.loads((project / FACTS).read_text("utf-8"))
    gone = document["records"].pop()
    (project / FACTS).write_text(json.dumps(document), "utf-8")
    assert ("review.gone", "error") in [issue[:2] for issue in find_issues(bmkit, capsys)]
    assert bmkit("review", "sign", LUNG, "--as", "A") == 2
    assert (
        bmkit("review", "sign", LUNG, "--as", "A", "--status", "withdrawn", "--reason", "a misreading") == 0
    )
    assert not [issue for issue in find_issues(bmkit, capsys) if issue[0].startswith("review.")]
    document["records"].append(gone)
    (project / FACTS).write_text(json.dumps(document), "utf-8")
    assert ("review.changed", "error") in [issue[:2] for issue in find_issues(bmkit, capsys)]


def test_what_was_moved_to_another_folder_is_gone_where_it_was(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bmkit("review", "sign", "tumour/lung-cancer", "--as", "A") == 0
    (project / "content" / "terms" / "tumour.json").rename(project / "content" / "one" / "tumour.json")
    assert ("review.gone", "error") in [issue[:2] for issue in find_issues(bmkit, capsys)]
    assert bmkit("review", "sign", "tumour/lung-cancer", "--as", "A") == 0
    assert bmkit("review", "sign", "tumour/lung-cancer", "--as", "A", "--status", "withdrawn") == 0
    assert find_issues(bmkit, capsys) == []


def test_settings_ask_for_young_reviews_of_all_facts(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bmkit("review", "sign", LUNG, "--as", "A") == 0
    (project / "bmkit.toml").write_text("[review]\nmax-age-days = 10\nrequire-signatures = true\n", "utf-8")
    assert [issue[:2] for issue in find_issues(bmkit, capsys)] == [("review.unsigned", "error")]
    monkeypatch.setenv("BMKIT_TODAY", "2026-07-11")
    assert ("review.expired", "warning") in [issue[:2] for issue in find_issues(bmkit, capsys)]


def test_a_change_stops_only_an_export_that_asks_for_signatures(project: Path, bmkit: Run) -> None:
    assert bmkit("export", "fhir", "--status", "active") == 0  # nobody signs here
    assert bmkit("export", "csv", "--signed-only") == 1
    assert bmkit("review", "sign", BREAST, LUNG, "--as", "A") == 0
    assert bmkit("export", "csv", "--signed-only") == 0
    assert bmkit("export", "fhir", "--status", "active") == 0
    replace(project, '"value": 30', '"value": 31')
    assert bmkit("validate") == 1
    assert bmkit("export", "csv") == 0
    assert bmkit("export", "fhir") == 0
    assert bmkit("export", "fhir", "--status", "active") == 1
    assert bmkit("export", "csv", "--signed-only") == 1


SOURCE_FAULTS = [
    (
        "source.overlap",
        FACTS,
        '{"start": 20, "end": 30',
        '{"start": 20, "end": 25, "digest": "123456789abcdef0"}, {"start": 22, "end": 32',
    ),
    ("source.outside", FACTS, '"start": 20, "end": 30', '"start": 120, "end": 130'),
    ("source.only-context", FACTS, '"end": 30, ', '"end": 30, "as": "context", '),
    ("source.made-up-digest", FACTS, '30, "digest": "0123456789abcdef"', '30, "digest": "0000000000000000"'),
    ("source.conflicting-digests", FACTS, '"start": 20, "end": 30', '"start": 20, "end": 31'),
    (
        "source.no-text",
        "content/one/article.json",
        ',\n      "length": 100,\n      "digest": "0123456789abcdef"',
        "",
    ),
]


@pytest.mark.parametrize(
    "fault", [SOURCE_FAULTS[0], *(pytest.param(fault, marks=pytest.mark.slow) for fault in SOURCE_FAULTS[1:])]
)
def test_what_is_wrong_with_a_source_stops_only_who_answers_for_the_facts(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str], fault: tuple[str, str, str, str]
) -> None:
    rule, path, old, new = fault
    replace(project, old, new, path)
    assert [issue[:2] for issue in find_issues(bmkit, capsys)] == [(rule, "error")] * (
        2 if rule == "source.no-text" else 1
    )
    for form in ("csv", "fhir", "xlsx"):
        assert bmkit("export", form) == 0
        assert "about reviews and sources: bmkit validate shows" in capsys.readouterr().err
    assert bmkit("export", "fhir", "--status", "active") == 1
    assert rule in capsys.readouterr().out
    assert bmkit("review", "sign", BREAST, LUNG, "--as", "A") == 0
    assert bmkit("export", "csv", "--signed-only") == 1
    out = capsys.readouterr().out
    assert rule in out
    assert "review.unsigned" not in out


def test_how_far_the_review_is(project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert bmkit("review", "sign", BREAST, "--as", "A", "--status", "disputed", "--reason", "too high") == 0
    capsys.readouterr()
    assert bmkit("status") == 0
    assert [line.split() for line in capsys.readouterr().out.split("\n")[1:3]] == [
        ["radiotherapy", "0", "0", "1", "0", "1", "2"],
        ["all", "0", "0", "1", "0", "1", "2"],
    ]
    assert bmkit("review", "sign", LUNG, "--as", "A") == 0
    replace(project, '"value": 30', '"value": 31')
    capsys.readouterr()
    assert bmkit("review", "list", "--changed") == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == f"{FACTS}: {LUNG}: reviewed by A on 2026-06-30, critical change since"
    assert lines[1] == "  critical  Dose: 30 Gy → 31 Gy"
    assert bmkit("status", "--by", "section") == 0
    assert capsys.readouterr().out.split("\n")[1].split()[:3] == ["prognosis", "0", "1"]


def test_a_renamed_fact_stays_signed(project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert bmkit("review", "sign", LUNG, "tumour/lung-cancer", "--as", "A") == 0
    assert bmkit("rename", "tumour/lung-cancer", "of-the-lung") == 0
    assert bmkit("rename", LUNG, "third") == 0
    assert find_issues(bmkit, capsys) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["radiotherapy/nothing", "--as", "A"], 'there is no radiotherapy "nothing"'),
        ([LUNG, "--as", " "], "reviewer"),
        (["radiotherapy", "--as", "A"], "write the record as KIND/ID"),
        ([LUNG, "--as", "A", "--status", "withdrawn"], "is there; remove it before"),
    ],
)
def test_what_cannot_be_signed_is_refused(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert bmkit("review", "sign", *arguments) == 2
    assert message in capsys.readouterr().err
    assert not (project / REVIEWS).exists()


def test_several_articles_have_reviews_of_their_own(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(project / "content" / "one", project / "content" / "two")
    replace(project, '"id": "one"', '"id": "two"', "content/two/article.json")
    assert bmkit("review", "sign", LUNG, "--as", "A") == 2
    assert bmkit("review", "sign", LUNG, "--as", "A", "--article", "two") == 0
    replace(project, '"value": 30', '"value": 3', "content/one/radiotherapy.json")
    assert not [issue for issue in find_issues(bmkit, capsys) if issue[0].startswith("review.")]
