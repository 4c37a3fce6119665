"""Facts held against their text: the same, revised, and where the text states something else."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from tests.source_text.sample import (
    ARTICLE,
    TEXT,
    make_facts,
    make_source,
    make_span,
    make_terms,
    read_sample,
    write_sample,
)

from bmkit.source_text.check import TextCheck, check_text
from bmkit.source_text.reading import digest_text
from bmkit.source_text.spans import Outcome

if TYPE_CHECKING:
    from pathlib import Path


def check(root: Path, text: str = TEXT, facts: Any = None, terms: Any = None) -> TextCheck:
    write_sample(root, facts, terms)
    return check_text(read_sample(root), ARTICLE, text)


def list_issues(result: TextCheck) -> list[tuple[str, str, str]]:
    """Return rule, record file and field of each issue."""
    return [
        (issue.rule, issue.place.file.split("/")[-1], issue.place.pointer.split("/", 3)[3])
        for issue in result.issues
    ]


def change(kind: str, field: str, value: Any) -> dict[str, list[dict[str, Any]]]:
    facts = make_facts()
    facts[kind][0][field] = value
    return facts


def test_facts_that_the_text_states_have_no_issue(tmp_path: Path) -> None:
    result = check(tmp_path)
    assert result.issues == []
    assert result.outcomes == {Outcome.EXACT: 5}
    assert result.counts["quantity", "stated"] == 6
    assert result.counts["reference", "stated"] == 7
    assert "quantities: 6 stated, 0 excused, 0 neither" in result.list_summary_lines()


@pytest.mark.parametrize(
    ("kind", "field", "value", "rule"),
    [
        ("regimen", "dose", {"value": 80, "unit": "mg"}, "source.unstated"),
        ("regimen", "dose", {"value": 8, "unit": "g"}, "source.unstated"),
        ("regimen", "dose", {"value": 8, "unit": "mg", "comparator": "<="}, "source.unstated"),
        ("regimen", "interval", {"value": 2, "unit": "wk"}, "source.unstated"),
        ("regimen", "interval", {"low": 2, "high": 3, "unit": "d"}, "source.unstated"),
        ("regimen", "administration_time", {"value": 20, "unit": "h"}, "source.unstated"),
        ("dose-limit", "maximum", {"value": 12, "unit": "mg"}, "source.unstated"),
        ("dose-limit", "maximum", {"value": 12, "unit": "mg", "comparator": "<"}, "source.unstated"),
        ("result", "estimate", {"low": 6, "high": 7, "unit": "d"}, "source.unstated"),
        ("result", "estimate", {"low": 7, "high": 8, "unit": "mo"}, "source.unstated"),
        ("regimen", "product", "ossalex", "source.unnamed"),
        ("regimen", "route", "oral", "source.unnamed"),
        ("metastatic-site", "site", "ulna", "source.unnamed"),
        ("metastatic-site", "tumour", "liver-cancer", "source.unnamed"),
        ("dose-limit", "window", {"value": 1, "unit": "wk"}, "source.unstated"),
    ],
)
def test_a_changed_value_is_not_what_the_text_says(
    tmp_path: Path, kind: str, field: str, value: Any, rule: str
) -> None:
    issues = list_issues(check(tmp_path, facts=change(kind, field, value)))
    assert (rule, f"{kind}.json", field) in issues
    assert {name for _, name, _ in issues} == {f"{kind}.json"}


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("regimen", "dose", {"value": 8000, "unit": "ug"}),
        ("regimen", "interval", {"low": 14, "high": 21, "unit": "d"}),
        ("dose-limit", "window", {"value": 24, "unit": "h"}),
    ],
)
def test_the_same_amount_in_another_unit_is_stated(tmp_path: Path, kind: str, field: str, value: Any) -> None:
    assert check(tmp_path, facts=change(kind, field, value)).issues == []


@pytest.mark.parametrize(
    ("value", "is_stated"),
    [
        ({"value": 33, "unit": "%"}, True),
        ({"value": 33.3, "unit": "%"}, True),
        ({"value": 34, "unit": "%"}, False),
        ({"value": 33.0, "unit": "%"}, False),
    ],
)
def test_a_third_is_a_share_as_exactly_as_it_is_given(tmp_path: Path, value: Any, is_stated: bool) -> None:
    facts = make_facts()
    facts["result"][0] |= {"statistic": "share", "estimate": value}
    facts["result"][0]["source"]["spans"].append(make_span("and one third of them for less."))
    assert (check(tmp_path, facts=facts).issues == []) is is_stated


@pytest.mark.parametrize(
    ("explains", "is_excused"),
    [(["maximum.comparator"], True), (["maximum"], True), (["maximum.unit"], False), (["window"], False)],
)
def test_a_note_excuses_what_it_names_and_nothing_else(
    tmp_path: Path, explains: list[str], is_excused: bool
) -> None:
    facts = change("dose-limit", "maximum", {"value": 12, "unit": "mg"})
    limit = facts["dose-limit"][0]
    limit["notes"] = [{"note": "a-limit", "explains": explains}]
    facts["editorial-note"] = [
        {
            "id": "a-limit",
            "label": "a limit",
            "category": "style",
            "article_says": "should not exceed",
            "reading": "taken for the dose",
            "reason": "the sentence says so",
            "confidence": "certain",
            "check_before_use": "not needed",
            "source": deepcopy(limit["source"]),
        }
    ]
    result = check(tmp_path, facts=facts)
    assert result.counts["quantity", "excused"] == int(is_excused)
    assert (list_issues(result) == []) is is_excused


def test_context_names_terms_and_states_no_numbers(tmp_path: Path) -> None:
    facts = make_facts()
    for span in facts["dose-limit"][0]["source"]["spans"]:
        span["as"] = "context"
    facts["dose-limit"][0]["source"]["spans"] += facts["metastatic-site"][0]["source"]["spans"]
    assert ("source.unstated", "dose-limit.json", "maximum") in list_issues(check(tmp_path, facts=facts))


def test_a_heading_is_context_of_its_section(tmp_path: Path) -> None:
    facts = make_facts()
    # The span with the product goes, and the heading names it.
    del facts["regimen"][0]["source"]["spans"][0]
    assert list_issues(check(tmp_path, facts=facts)) == [("source.unnamed", "regimen.json", "route")]


def test_a_word_of_another_pole_is_told(tmp_path: Path) -> None:
    facts = make_facts()
    # "Often" and "rarely" are both said there: that is no opposite.
    facts["metastatic-site"][0]["frequency"] = "usually not"
    assert list_issues(check(tmp_path, facts=facts)) == []
    quote = "Lung cancer often reaches the thigh bone"
    facts["metastatic-site"][0]["source"] = make_source("spread", quote)
    assert list_issues(check(tmp_path, facts=facts)) == [
        ("source.opposite", "metastatic-site.json", "frequency")
    ]


def test_after_an_inserted_paragraph_all_is_moved(tmp_path: Path) -> None:
    text = TEXT.replace("Renalex is put", "A new paragraph was written here.\n\nRenalex is put")
    result = check(tmp_path, text)
    assert result.outcomes == {Outcome.MOVED: 5}
    assert {issue.rule for issue in result.issues} == {"source.moved"}
    assert result.counts["quantity", "stated"] == 6


def test_a_changed_dose_is_told_of_the_facts_whose_words_hold_it(tmp_path: Path) -> None:
    result = check(tmp_path, TEXT.replace("8 mg are", "18 mg are"))
    [issue] = [issue for issue in result.issues if issue.rule != "source.moved"]
    assert issue.rule == "source.altered"
    assert issue.place.file.endswith("/regimen.json")
    assert "8 mg is not there, but 18 mg" in issue.message
    assert result.outcomes == {Outcome.EXACT: 1, Outcome.ALTERED: 1, Outcome.MOVED: 3}


def test_a_deleted_sentence_is_absent_and_never_moved(tmp_path: Path) -> None:
    sentence = "The daily dose of Renalex should not exceed 12 mg. "
    result = check(tmp_path, TEXT.replace(sentence, ""))
    assert result.outcomes == {Outcome.EXACT: 2, Outcome.ABSENT: 1, Outcome.MOVED: 2}


def test_words_that_stand_elsewhere_by_chance_are_ambiguous(tmp_path: Path) -> None:
    facts = make_facts()
    start = TEXT.index("lung cancer goes")
    span = {"start": start, "end": start + 11, "digest": digest_text("lung cancer")}
    facts["metastatic-site"][0]["source"]["spans"].insert(0, span)
    result = check(tmp_path, TEXT.replace("Where lung cancer goes", "Where it goes"), facts)
    assert result.outcomes[Outcome.AMBIGUOUS] == 1


def test_a_synonym_names_a_term(tmp_path: Path) -> None:
    terms = make_terms()
    del terms["site"][0]["synonyms"]
    assert list_issues(check(tmp_path, terms=terms)) == [("source.unnamed", "metastatic-site.json", "site")]
