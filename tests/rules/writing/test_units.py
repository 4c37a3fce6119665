"""Misread units of doses are found, and words that look like them are not."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.rules.rule_runs import RULES, list_broken_writing, list_module_rules, list_writing_issues

from bmkit.baseline import count_issues, find_new
from bmkit.quoting import quote_issue
from bmkit.rules.examples import build_content
from bmkit.rules.writing import units
from bmkit.suppression import draft_suppression, select_unsuppressed

# A text, and the rules that it breaks.
FAULTS = [
    ("10 U", "unit-letter"),
    ("10U", "unit-letter"),
    ("10 u of insulin", "unit-letter"),
    ("400 IU.", "unit-letter"),
    ("400 I.U. a day", "unit-letter"),
    ("in IU, not mg", "unit-letter"),
    ("mg per U", "unit-letter"),
    ("10 million U", "unit-letter"),
    ("100 U/mL of insulin", "unit-letter"),
    ("100 U/mL of human insulin", "unit-letter"),
    ("insulin glargine 100 U/mL", "unit-letter"),
    ("Insulin 100U/mL", "unit-letter"),
    ("heparin 5,000 U/mL", "unit-letter"),
    ("two million IU", "unit-letter"),
    ("400 i.u. a day", "unit-letter"),
    ("5 µg", "microgram"),
    ("5 \u03bcg", "microgram"),
    ("in µg", "microgram"),
    ("5 ug", "microgram"),
    ("5ug", "microgram run-together"),
    ("5 cc", "cubic-centimetre"),
    ("5cc", "cubic-centimetre"),
    ("5 c.c.", "cubic-centimetre"),
    ("a 5-cc syringe", "cubic-centimetre"),
    ("4 mgs", "unit-spelling"),
    ("5 mls of it", "unit-spelling"),
    ("5 gm", "unit-spelling"),
    ("over 2 hrs", "unit-spelling"),
    ("4 mg. once", "unit-spelling"),
    ("4 mg., then", "unit-spelling"),
]

LOOK_ALIKES = [
    "a heparin level of 0.5 U/mL",
    "heparin of 0.7 U/mL",
    "120 U/L of alkaline phosphatase",
    "3 U/mL of CA 15-3",
    "the IU of it",
    "in U waves, known as U waves",
    "120 U/L",
    "120 IU/L",
    "an IUD",
    "IUPAC names",
    "U-shaped",
    "10 U.S. states",
    "uranium U 238",
    "lesions of 5 µm",
    "a drug",
    "a bug in 5 ugly places",
    "ccRCC",
    "cc: the doctor",
    "milligrams",
    "4 mg. Then 8 mg.",
    "4 mg",
    "4 kg.",
]


@pytest.mark.parametrize(("text", "rules"), FAULTS)
def test_a_fault_is_found_by_its_rule_and_by_no_other(text: str, rules: str) -> None:
    assert list_broken_writing(text) == set(rules.split())


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_break_no_rule(text: str) -> None:
    assert list_broken_writing(text) == set()


def test_every_rule_of_the_module_is_tried() -> None:
    assert {rules.split()[0] for _, rules in FAULTS if rules} == list_module_rules(units)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("5 gms", 'write "g"'),
        ("5 ml., then", 'write "mL"'),
    ],
)
def test_the_hint_says_what_to_write(text: str, hint: str) -> None:
    assert hint in [issue.hint for issue in list_writing_issues(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("then 10 U", "U"),
        ("then 5 µg", "µg"),
        ("then 5 cc", "cc"),
        ("then 5 gms", "gms"),
        ("then 5 ml., too", "ml."),
    ],
)
def test_the_place_is_that_of_the_word(text: str, words: str) -> None:
    (issue,) = list_writing_issues(text)
    assert text[issue.place.start : issue.place.end] == words


def test_a_suppression_and_a_baseline_hold_for_the_text_as_it_stands() -> None:
    rule = RULES["writing.unit-letter"]
    issues_by_text = {}
    for text in ("10 U of it", "100 U of it"):
        content = build_content({"statement": [{"id": "one", "text": text}]})
        (issue,) = issues_by_text[text] = [quote_issue(issue, content) for issue in rule(content)]
        assert (issue.record_id, issue.value, issue.against) == ("one", text, "")
        assert issue.place.start == text.index("U")
    issues, other_issues = issues_by_text.values()
    allowed = {"id": "s", "expires": "2999-01-01", **draft_suppression(issues[0])}
    content = build_content({"suppression": [allowed]})
    assert select_unsuppressed(issues, content, [rule.id]) == []
    assert select_unsuppressed(other_issues, content, [rule.id]) == other_issues
    assert find_new(issues, count_issues(issues)) == ([], Counter())
    assert find_new(other_issues, count_issues(issues)) == (other_issues, count_issues(issues))
