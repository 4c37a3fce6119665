"""Misread signs in doses are found, and signs that look like them are not."""

from __future__ import annotations

import pytest
from tests.rules.rule_runs import list_broken_writing, list_module_rules, list_writing_issues

from bmkit.rules.writing import signs

# A text, and the rules that it breaks.
FAULTS = [
    ("adrenaline 1:1,000", "ratio"),
    ("adrenaline 1 : 10000", "ratio"),
    ("1/2 tablet", "half-tablet"),
    ("½ a tablet", "half-tablet"),
    ("1/2 of the tablet", ""),
    ("<10 mg", "comparison-sign"),
    ("≥ 2 weeks apart", "comparison-sign"),
    (">= 3 weeks between two doses", "comparison-sign"),
    ("given every > 3 weeks", "comparison-sign"),
    ("take it for ≤ 7 days", "comparison-sign"),
    ("infused over >15 minutes", "comparison-sign"),
    ("a dose reduced by > 25 %", "comparison-sign"),
    ("a <5% solution", "comparison-sign"),
    (">5-mg doses", "comparison-sign"),
    ("4 mg & 8 mg", "misread-sign"),
    ("V tablets", "roman-number"),
    ("4 mg q6PM", "clock-time"),
]

LOOK_ALIKES = [
    "CA 15-3 > 30 units/mL",
    "a PSA > 4 ng/mL",
    "if the clearance is < 30 mL/min",
    "age > 65 years",
    "survival > 5 years",
    "4 mg for patients aged > 65 years",
    "of patients given 4 mg, those who lived for > 5 years",
    "<5% of patients",
    "if > 5 %",
    "≥ 2 weeks",
    "at 10:30",
    "a ratio of 3:1",
    "1:100",
    "a titre of 1:1280",
    "1:1,000,000 scale map",
    "lidocaine 1% with adrenaline 1:100,000",
    "1/2 of the patients",
    "p < 0.05",
    "calcium -> bone",
    "<b>bold</b>",
    "a > b",
]


@pytest.mark.parametrize(("text", "rules"), FAULTS)
def test_a_fault_is_found_by_its_rule_and_by_no_other(text: str, rules: str) -> None:
    assert list_broken_writing(text) == set(rules.split())


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_break_no_rule(text: str) -> None:
    assert list_broken_writing(text) == set()


def test_every_rule_of_the_module_is_tried() -> None:
    assert {rules.split()[0] for _, rules in FAULTS if rules} == list_module_rules(signs)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (">= 5 mg", 'write "at least"'),
    ],
)
def test_the_hint_says_what_to_write(text: str, hint: str) -> None:
    assert hint in [issue.hint for issue in list_writing_issues(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("adrenaline 1:1000", "1:1000"),
        ("then 1/2 tablet", "1/2"),
        ("a dose >= 5 mg", ">= 5 mg"),
    ],
)
def test_the_place_is_that_of_the_word(text: str, words: str) -> None:
    (issue,) = list_writing_issues(text)
    assert text[issue.place.start : issue.place.end] == words
