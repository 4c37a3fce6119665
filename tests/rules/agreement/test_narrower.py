"""What a fact states of some is what a fact on more states, but for exceptions, groups and bounds."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.agreement.administrations import make_example
from tests.rules.rule_runs import list_broken_rules, list_places

RULE = "agreement.differs-from-general"


def is_reported(fact: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether the second fact is not what the first states more generally; nothing else is."""
    broken = list_broken_rules("agreement", make_example(fact, other))
    # Whichever stands first in the file.
    assert list_broken_rules("agreement", make_example(other, fact)) == broken
    assert broken <= {"differs-from-general"}
    return bool(broken)


@pytest.mark.parametrize(
    ("wider", "narrower", "is_within"),
    [
        ({}, {"way_in": "vein"}, True),
        ({}, {"seen_after": "6 mo"}, True),
        ({}, {"shape": "tablet"}, True),
        ({}, {"body": "a society"}, True),
        ({}, {"patients": "cancer"}, True),
        ({}, {"having": "cancer"}, True),
        ({}, {"if_needed": True}, False),
        ({"way_in": "vein"}, {"shape": "tablet"}, False),
        # A term stands for its parents, too, and a product for its class.
        ({"having": "cancer"}, {"having": "breast-cancer"}, True),
        ({"having": "cancer"}, {"patients": "breast-cancer"}, True),
        ({"having": "breast-cancer"}, {"having": "cancer", "way_in": "vein"}, False),
        ({"medicine": "", "class_of_it": "wide"}, {}, True),
        ({"medicine": "", "class_of_it": "c"}, {}, True),
        ({"medicine": "", "class_of_it": "c"}, {"medicine": "other"}, False),
        # Who has no cancer has no breast cancer.
        ({"patients": "no-breast-cancer"}, {"patients": "no-cancer"}, True),
        ({"patients": "no-cancer"}, {"patients": "no-breast-cancer", "way_in": "vein"}, False),
        ({"patients": "no-cancer"}, {"patients": "cancer"}, False),
        # Bands by their ranges.
        ({"patients": "risk 10-50"}, {"patients": "risk 20-30"}, True),
        ({"patients": "risk 10-50"}, {"patients": "risk 20-60"}, False),
        ({"patients": "weight 50-100"}, {"patients": "risk 20-60"}, False),
        # Any of several.
        ({"fluids": ["saline", "glucose"]}, {"fluids": ["glucose"]}, True),
        ({"fluids": ["saline", "glucose", "water"]}, {"fluids": ["water", "glucose"]}, True),
        ({"fluids": ["saline", "glucose"]}, {"fluids": ["glucose", "water"]}, False),
        # All of several.
        ({"together": ["iron"]}, {"together": ["iron", "zinc"]}, True),
        ({"together": ["iron", "zinc"]}, {"together": ["iron"], "way_in": "vein"}, False),
    ],
)
def test_a_narrower_fact_states_the_same(
    wider: dict[str, Any], narrower: dict[str, Any], is_within: bool
) -> None:
    assert is_reported({"amount": "4 mg", **wider}, {"amount": "40 mg", **narrower}) is is_within
    assert not is_reported({"amount": "4 mg", **wider}, {"amount": "4 mg", **narrower})
    assert not is_reported({"amount": "4 mg", **wider}, {"amount": "40 mg/kg", **narrower})


@pytest.mark.parametrize(
    ("added", "is_exception"),
    [
        ({"patients": "clearance 30-39"}, True),
        ({"patients": "kidney"}, True),
        ({"having": "renal-failure"}, True),
        ({"having": "severe-renal-failure"}, True),
        ({"patients": "pregnant"}, True),
        ({"patients": "age 2-12"}, True),
        ({"patients": "age 12-18"}, True),
        ({"patients": "age 70-90"}, True),
        ({"patients": "age 40-60"}, False),
        ({"patients": "weight 10-50"}, True),
        ({"patients": "weight 50-60"}, True),
        ({"patients": "weight 90-150"}, True),
        ({"patients": "weight 60-90"}, False),
        ({"patients": "risk 10-20"}, False),
        ({"having": "cancer"}, False),
        ({"patients": "clearance 30-39", "having": "cancer"}, False),
        ({"patients": "clearance 30-39", "way_in": "vein"}, False),
    ],
)
def test_exceptions_may_differ(added: dict[str, Any], is_exception: bool) -> None:
    assert is_reported({"amount": "4 mg"}, {"amount": "1 mg", **added}) is not is_exception


def test_an_exception_within_an_exception_may_differ() -> None:
    wider = {"amount": "4 mg", "having": "renal-failure"}
    assert not is_reported(wider, {"amount": "1 mg", "having": "severe-renal-failure"})


@pytest.mark.parametrize(
    ("added", "is_expected"),
    [
        ({"patients": "risk 10-20"}, True),
        ({"having": "cancer"}, True),
        ({"trial": "a-trial"}, True),
        ({"seen_after": "6 mo"}, False),
        ({"shape": "tablet"}, False),
        ({"way_in": "vein"}, False),
    ],
)
def test_what_is_counted_in_a_group_differs_in_a_part_of_it(added: dict[str, Any], is_expected: bool) -> None:
    assert is_reported({"part_of_all": "70 %"}, {"part_of_all": "20 %", **added}) is not is_expected


def test_the_hierarchy_makes_nothing_narrower_in_a_group() -> None:
    facts = {"part_of_all": "70 %", "medicine": "", "class_of_it": "c"}, {"part_of_all": "20 %"}
    assert not is_reported(*facts)


@pytest.mark.parametrize(
    ("field", "general", "narrower", "is_broken"),
    [
        ("most", "<= 75 mg", "<= 60 mg", False),
        ("most", "<= 75 mg", "<= 90 mg", True),
        ("most", "75 mg", "60 mg", False),
        ("amount", "<= 75 mg", "<= 60 mg", False),
        ("amount", "<= 75 mg", "<= 90 mg", True),
        ("amount", "<= 75 mg", "90 mg", True),
        ("amount", "<= 75 mg", "60 mg", False),
        ("least_wait", "4 h", "6 h", False),
        ("least_wait", "4 h", "2 h", True),
    ],
)
def test_the_bound_of_the_wider_binds_the_narrower(
    field: str, general: str, narrower: str, is_broken: bool
) -> None:
    assert is_reported({field: general}, {field: narrower, "way_in": "vein"}) is is_broken


def test_words_of_a_narrower_fact_are_not_the_opposite() -> None:
    assert is_reported({"advice": "do"}, {"advice": "do not", "way_in": "vein"})
    assert not is_reported({"advice": "do"}, {"advice": "do not", "having": "renal-failure"})
    assert not is_reported({"advice": "do"}, {"advice": "perhaps", "way_in": "vein"})


def test_the_closest_of_several_wider_facts_counts() -> None:
    general, closer = {"amount": "4 mg"}, {"amount": "2 mg", "having": "renal-failure"}
    facts = [general, closer, {"amount": "2 mg", "having": "renal-failure", "way_in": "vein"}]
    assert list_places(RULE, **make_example(*facts)) == []
    facts[2]["amount"] = "4 mg"
    assert list_places(RULE, **make_example(*facts)) == [
        ("/records/2/amount/value", 'amount 4 mg is not the 2 mg that "fact-1" states more generally')
    ]


def test_a_note_that_gives_both_values_explains_the_exception() -> None:
    note = {"id": "n", "category": "contradiction", "reading": "4 mg, or 40 mg by vein"}
    for numbers, is_explained in (("40 mg", True), ("41 mg", False)):
        facts = {"amount": "4 mg", "notes": ["n"]}, {"amount": numbers, "way_in": "vein", "notes": ["n"]}
        example = make_example(*facts, **{"editorial-note": [note]})
        example["schemas"]["administration"]["notes"] = {"type": "array", "items": {"type": "string"}}
        assert (list_places(RULE, **example) == []) is is_explained
