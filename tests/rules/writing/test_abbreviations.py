"""Error-prone abbreviations are found, and words that look like them are not."""

from __future__ import annotations

import pytest
from tests.rules.rule_runs import list_broken_writing, list_module_rules, list_writing_issues

from bmkit.rules.writing import abbreviations

# A text, and the rules that it breaks.
FAULTS = [
    ("4 mg qd", "daily"),
    ("4 mg q.d.", "daily"),
    ("4 mg Q.O.D.", "daily"),
    ("(QOD)", "daily"),
    ("4 mg by mouth Q.D. The rest follows", "daily"),
    ("one tablet HS", "bedtime"),
    ("5 mg h.s.", "bedtime"),
    ("nightly h.s.", "bedtime"),
    ("MSO4", "morphine-magnesium"),
    ("MgSO₄ was given", "morphine-magnesium"),
    ("10 mg MS by mouth", "morphine-magnesium"),
    ("MS 10 mg", "morphine-magnesium"),
    ("4 mg SC", "subcutaneous"),
    ("SQ injection", "subcutaneous"),
    ("injected sub q", "subcutaneous"),
    ("given s.c. once", "subcutaneous"),
    ("D/C on day 5", "discontinue"),
    ("was d/c'd", "discontinue"),
    ("was d/c'ed", "discontinue"),
]

LOOK_ALIKES = [
    "a D/C ratio of 2",
    "by Q.D. Smith",
    "Q.D. Smith found 4 mg",
    "4 mg daily",
    "QDPR",
    "the Q.D.P. party",
    "qds",
    "hs-CRP of 5",
    "HS is rare",
    "4 mg qhs",
    "4 mg q.h.s. by mouth",
    "patients with MS",
    "LC-MS",
    "MS in 10 patients",
    "the SC joint",
    "SC is a state",
    "squamous",
    "a DC current",
    "and/or",
    "AC/DC",
    "MTX-1",
    "AZTEC",
]


@pytest.mark.parametrize(("text", "rules"), FAULTS)
def test_a_fault_is_found_by_its_rule_and_by_no_other(text: str, rules: str) -> None:
    assert list_broken_writing(text) == set(rules.split())


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_break_no_rule(text: str) -> None:
    assert list_broken_writing(text) == set()


def test_every_rule_of_the_module_is_tried() -> None:
    assert {rules.split()[0] for _, rules in FAULTS if rules} == list_module_rules(abbreviations)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("4 mg QOD", 'write "every other day"'),
        ("MTX", 'write "methotrexate"'),
    ],
)
def test_the_hint_says_what_to_write(text: str, hint: str) -> None:
    assert hint in [issue.hint for issue in list_writing_issues(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("then q.o.d. too", "q.o.d."),
        ("one tablet HS", "HS"),
        ("of MS 10 mg", "MS"),
        ("then 4 mg SC", "SC"),
        ("injected sub q", "sub q"),
        ("then D/C", "D/C"),
        ("with MTX", "MTX"),
    ],
)
def test_the_place_is_that_of_the_word(text: str, words: str) -> None:
    (issue,) = list_writing_issues(text)
    assert text[issue.place.start : issue.place.end] == words
