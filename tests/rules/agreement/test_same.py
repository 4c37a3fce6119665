"""Facts of one subject agree; a note explains its own contradiction only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.rules.agreement.administrations import make_example
from tests.rules.rule_runs import list_broken_rules, list_issues, list_messages, list_places

if TYPE_CHECKING:
    from collections.abc import Iterable

RULE = "agreement.contradiction"


def make_survival(fact_id: str, months: int) -> dict[str, Any]:
    time = {"value": months, "unit": "mo"}
    return {"id": fact_id, "tumour": "lung-cancer", "statistic": "not named", "estimate": time}


def test_a_fact_that_differs_from_many_is_reported_once() -> None:
    many = [make_survival(f"six-{number}", 6) for number in range(50)]
    assert list_places(RULE, result=[*many, make_survival("eight", 8)]) == [
        (
            "/records/50/estimate/value",
            'estimate 8 months contradicts 6 months of "six-0"; 49 more facts do not agree',
        )
    ]


@pytest.mark.parametrize(
    ("months", "message", "group"),
    [
        ((6, 8), "8 months contradicts 6 months", (0, 1)),
        ((6, 6, 8), "8 months contradicts 6 months; 1 more fact of the subject does not agree", (0, 1, 2)),
        ((6, 8, 8, 9), "8 months contradicts 6 months; 2 more facts do not agree", (0, 1, 2, 3)),
        (tuple(range(2, 202)), "3 months contradicts 2 months; 198 more facts do not agree", range(200)),
    ],
)
def test_facts_that_contradict_each_other_are_one_issue(
    months: tuple[int, ...], message: str, group: Iterable[int]
) -> None:
    facts = [make_survival(f"fact-{index}", number) for index, number in enumerate(months)]
    (issue,) = list_issues(RULE, result=facts)
    assert re.sub(r' of "fact-\d+"', "", issue.message) == f"estimate {message}"
    pointers = [place.pointer for place in issue.group]
    assert pointers == [f"/records/{index}/estimate/value" for index in group]


@pytest.mark.parametrize(
    ("fact", "other", "broken"),
    [
        # Quantities: by dimension and overlap.
        ({"amount": "4 mg"}, {"amount": "40 mg"}, "contradiction"),
        ({"amount": "4 mg"}, {"amount": "4000 ug"}, ""),
        ({"amount": "4 mg"}, {"amount": "4 mg/kg"}, ""),
        ({"amount": "37 MBq/kg"}, {"amount": "2000 MBq"}, ""),
        ({"amount": "4 mg"}, {"amount": "4 [iU]"}, ""),
        ({"amount": "4-6 mg"}, {"amount": "5-8 mg"}, "differs"),
        ({"amount": "4-6 mg"}, {"amount": "7-8 mg"}, "contradiction"),
        ({"amount": "4 mg"}, {"amount": "<= 5 mg"}, ""),
        ({"amount": "6 mg"}, {"amount": "<= 5 mg"}, "contradiction"),
        ({"amount": "> 5 mg"}, {"amount": "7 mg"}, ""),
        # Of two bounds of one subject one number is wrong.
        ({"most": "<= 5 mg"}, {"most": "<= 50 mg"}, "contradiction"),
        ({"most": "5 mg"}, {"most": "<= 5 mg"}, ""),
        ({"amount": "<= 5 mg"}, {"amount": "<= 50 mg"}, "contradiction"),
        ({"least_wait": "4 h"}, {"least_wait": "240 min"}, ""),
        ({"least_wait": "4 h"}, {"least_wait": "8 h"}, "contradiction"),
        # Terms by id, and what belongs to them.
        ({"treats": "cancer"}, {"treats": "renal-failure"}, "contradiction"),
        ({"treats": "cancer"}, {"treats": "breast-cancer"}, ""),
        # Words by their poles.
        ({"advice": "do"}, {"advice": "do not"}, "opposite"),
        ({"advice": "do"}, {"advice": "do gladly"}, ""),
        ({"advice": "do"}, {"advice": "perhaps"}, ""),
        ({"fasting": True}, {"fasting": False}, "opposite"),
        ({"fasting": True}, {"amount": "4 mg"}, ""),
        ({"order_no": 1}, {"order_no": 2}, "contradiction"),
        # Lists, prose and remarks contradict nothing.
        ({"steps": ["a", "b"]}, {"steps": ["c"]}, ""),
        ({"words": "one thing"}, {"words": "another"}, ""),
        ({"amount": "4 mg", "aside": "a"}, {"amount": "40 mg", "aside": "b"}, "contradiction"),
    ],
)
def test_values_of_one_subject_agree(fact: dict[str, Any], other: dict[str, Any], broken: str) -> None:
    expected = {broken} if broken else set()
    assert list_broken_rules("agreement", make_example(fact, other)) == expected
    assert list_broken_rules("agreement", make_example(other, fact)) == expected


@pytest.mark.parametrize(
    ("subject", "other_subject", "is_same"),
    [
        ({}, {}, True),
        ({}, {"medicine": "q"}, False),
        ({"patients": "clearance 30-39"}, {"patients": "clearance 40-49"}, False),
        ({"patients": "age 1-4"}, {"patients": "age 5-10"}, False),
        ({"patients": "all-adults"}, {"patients": "all-adults"}, True),
        # A population is what it is described by: who says so does not matter.
        ({"patients": "breast-cancer"}, {"having": "breast-cancer"}, True),
        ({"patients": "breast-cancer", "having": "cancer"}, {"having": "breast-cancer"}, True),
        ({"patients": "cancer"}, {"patients": "no-cancer"}, False),
        ({"row_of": "taper", "row": 1}, {"row_of": "taper", "row": 2}, False),
        ({"choice": "one"}, {"choice": "two"}, False),
        ({"trial_arm": "zoledronic acid"}, {"trial_arm": "placebo"}, False),
        ({"trial": "one"}, {"trial": "two"}, False),
        ({"body": "one"}, {"body": "two"}, False),
        ({"seen_after": "3 mo"}, {"seen_after": "6 mo"}, False),
        ({"seen_after": "12 mo"}, {"seen_after": "1 a"}, True),
        ({"shape": "tablet"}, {"shape": "slow-tablet"}, False),
        # Regular and as needed; what is absent is not as needed.
        ({"if_needed": True}, {}, False),
        ({"if_needed": False}, {}, True),
        ({"fluids": ["a", "b"]}, {"fluids": ["b", "a"]}, True),
        ({"together": ["a", "b"]}, {"together": ["b", "a"]}, True),
        ({"together": ["a", "b"]}, {"together": ["a", "c"]}, False),
    ],
)
def test_facts_are_compared_if_they_are_of_one_subject(
    subject: dict[str, Any], other_subject: dict[str, Any], is_same: bool
) -> None:
    facts = {"amount": "4 mg", **subject}, {"amount": "40 mg", **other_subject}
    assert ("contradiction" in list_broken_rules("agreement", make_example(*facts))) is is_same


@pytest.mark.parametrize(
    ("fact", "other", "is_compared"),
    [
        # The amount of a period goes with the period.
        ({"total_of": "40 mg", "counted_in": "1 d"}, {"total_of": "20 mg", "counted_in": "1 d"}, True),
        ({"total_of": "40 mg", "counted_in": "1 d"}, {"total_of": "20 mg", "counted_in": "24 h"}, True),
        ({"total_of": "40 mg", "counted_in": "1 d"}, {"total_of": "200 mg", "counted_in": "1 wk"}, False),
        ({"total_of": "40 mg", "counted_in": "1 d"}, {"total_of": "200 mg"}, False),
        # An interval goes with the dose, where both state it.
        ({"again_after": "6 h"}, {"again_after": "4 h"}, True),
        ({"again_after": "6 h", "amount": "4 mg"}, {"again_after": "4 h"}, True),
        ({"again_after": "6 h", "amount": "1 g"}, {"again_after": "4 h", "amount": "1000 mg"}, True),
        ({"again_after": "6 h", "amount": "1000 mg"}, {"again_after": "4 h", "amount": "650 mg"}, False),
    ],
)
def test_a_value_is_compared_with_the_same_companions_only(
    fact: dict[str, Any], other: dict[str, Any], is_compared: bool
) -> None:
    issues = list_issues(RULE, **make_example(fact, other))
    role_field = "total_of" if "total_of" in fact else "again_after"
    assert any(issue.message.startswith(role_field) for issue in issues) is is_compared


def test_a_fact_without_a_subject_is_compared_with_none() -> None:
    facts = {"medicine": "", "amount": "4 mg"}, {"medicine": "", "amount": "40 mg"}
    # What is absent and has a default is nothing that a fact is about.
    assert list_issues(RULE, **make_example(*facts)) == []
    facts = {"medicine": "", "body": "a", "amount": "4 mg"}, {"medicine": "", "body": "a", "amount": "40 mg"}
    assert list_issues(RULE, **make_example(*facts)) == []
    schemas = {"weight": {"amount": {"$ref": "common/quantity.schema.json#/$defs/mass", "x-part": "value"}}}
    weights = [{"id": name, "amount": {"value": value, "unit": "mg"}} for name, value in (("a", 1), ("b", 2))]
    assert list_issues(RULE, schemas=schemas, weight=weights) == []


def test_the_hint_names_what_could_tell_two_regimens_apart() -> None:
    (issue,) = list_issues(RULE, **make_example({"amount": "1000 mg"}, {"amount": "650 mg"}))
    assert issue.hint.endswith(
        '; if both are right, give each a "choice" of its own, or make them steps of one "row_of"'
    )
    (issue,) = list_issues(RULE, result=[make_survival("six", 6), make_survival("eight", 8)])
    assert issue.hint.endswith("a note on the contradiction that gives both values")


def test_a_note_on_a_contradiction_explains_it_and_another_note_does_not() -> None:
    def make_survivals(note: str, *months: float, reading: str = "6 months here, 9 there") -> dict[str, Any]:
        facts = [
            {"id": name, "tumour": "t", "estimate": {"value": value, "unit": "mo"}, "notes": [note]}
            for name, value in zip("ab", months or (6, 9), strict=True)
        ]
        categories = {"both": "contradiction", "words": "wrong term"}
        notes = [
            {"id": note_id, "category": category, "reading": reading}
            for note_id, category in categories.items()
        ]
        return {"result": facts, "editorial_note": notes}

    assert list_messages(RULE, **make_survivals("words"))
    assert not list_messages(RULE, **make_survivals("both"))
    # The note explains these numbers only.
    for months in ((6, 19), (6, 90), (60, 9), (7, 8)):
        assert list_messages(RULE, **make_survivals("both", *months))
    assert not list_messages(RULE, **make_survivals("both", 6, 1600, reading="6 or 1,600 months"))
    assert not list_messages(RULE, **make_survivals("both", 1.5, 9, reading="1.5-9"))
    assert list_messages(RULE, **make_survivals("both", 5, 9, reading="1.5-9"))
    assert list_messages(RULE, **make_survivals("both", 6, 9, reading="half a year, or more"))
    # One that cannot be read may explain it.
    assert not list_messages(RULE, **make_survivals("lost"))


def test_a_note_explains_words_that_oppose_each_other() -> None:
    notes = [{"id": "n", "category": "contradiction"}, {"id": "style", "category": "style"}]
    for note, is_reported in (("n", False), ("style", True)):
        facts = {"advice": "do", "notes": [note]}, {"advice": "do not", "notes": [note]}
        example = make_example(*facts, **{"editorial-note": notes})
        example["schemas"]["administration"]["notes"] = {"type": "array", "items": {"type": "string"}}
        assert bool(list_issues("agreement.opposite", **example)) is is_reported
