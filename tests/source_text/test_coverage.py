"""Every number of a text is claimed by a fact, known to be none, or listed with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.source_text.sample import ARTICLE, TEXT, make_facts, read_sample, write_sample

from bmkit.cli import main
from bmkit.source_text.coverage import Coverage, measure_coverage

if TYPE_CHECKING:
    from pathlib import Path

MORE = (
    "One of the worst [ 12 ], [3-5]. A dose of 30 mg was tried in the second Renalex 2 study on 3 May 2020."
)


@pytest.fixture
def sample_root(tmp_path: Path) -> Path:
    write_sample(tmp_path)
    return tmp_path


def measure(root: Path, text: str, **reasons: str) -> Coverage:
    phrases = {phrase.replace("_", " "): reason for phrase, reason in reasons.items()}
    return measure_coverage(read_sample(root), ARTICLE, text, phrases)


def test_numbers_that_facts_state_are_claimed(sample_root: Path) -> None:
    coverage = measure(sample_root, TEXT)
    unclaimed = [TEXT[token.start : token.end] for token in coverage.tokens if token.verdict == "unclaimed"]
    assert unclaimed == ["one third"]
    assert coverage.list_summary_lines()[-1] == "87.5 % of those not ignored are claimed"


def test_a_number_that_a_fact_has_otherwise_is_not_claimed(sample_root: Path) -> None:
    facts = make_facts()
    facts["regimen"][0]["dose"] = {"value": 9, "unit": "mg"}
    write_sample(sample_root, facts)
    coverage = measure(sample_root, TEXT)
    assert "8" in [TEXT[token.start : token.end] for token in coverage.tokens if token.verdict == "unclaimed"]


def test_what_is_no_fact_is_named_once_with_a_reason(sample_root: Path) -> None:
    text = TEXT + MORE
    coverage = measure(sample_root, text, one_of_the="a turn of speech")
    verdicts = {text[token.start : token.end]: token.verdict for token in coverage.tokens[8:]}
    assert verdicts["One"] == "a turn of speech"
    assert verdicts["12"] == verdicts["5"] == "marker of a reference"
    assert verdicts["30"] == verdicts["2020"] == "unclaimed"
    assert "  ignored: 1 a turn of speech" in coverage.list_summary_lines()


@pytest.mark.parametrize(("at_least", "status"), [("87.5", 0), ("90", 1), ("nine", 2), ("101", 2)])
def test_a_gate_on_the_share(sample_root: Path, at_least: str, status: int) -> None:
    arguments = ["source", "coverage", str(sample_root / "text.txt"), "--root", str(sample_root)]
    assert main([*arguments, "--at-least", at_least]) == status


def test_an_unclaimed_number_has_its_place(sample_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = '[source.ignore]\n"# mg was tried" = "a trial"\n'
    (sample_root / "bmkit.toml").write_text(settings, encoding="utf-8")
    text_path = sample_root / "text.txt"
    text_path.write_text(TEXT + "\nAnd 40 mg was tried; 50 mg was not.\n", encoding="utf-8")
    assert main(["source", "coverage", str(text_path), "--root", str(sample_root)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == f'{text_path}:11:22: no fact claims "50"'
    assert "  ignored: 1 a trial" in lines
