"""Facts that only look alike are not held against each other, and those that are alike are told once."""

from __future__ import annotations

from typing import Any

import pytest

from bmkit.rules.agreement.across_kinds import differs_across_kinds
from bmkit.rules.agreement.opposite import opposite
from bmkit.rules.agreement.repeated import repeated
from bmkit.rules.examples import build_content
from bmkit.rules.medication.tablets import contradiction

HOURS = {"value": 2, "unit": "h"}
POPULATIONS = [
    {"id": "renal", "label": "a", "conditions": ["renal-failure"]},
    {"id": "children", "label": "b", "age_group": "children"},
]


def effects(one: dict[str, Any], other: dict[str, Any], kind: str = "drug-effect") -> dict[str, Any]:
    agent = {"treatment": "surgery"} if kind == "treatment-effect" else {"product": "zometa"}
    facts = [{"id": "one", **agent, **one}, {"id": "two", **agent, **other}]
    return {kind: facts, "population": POPULATIONS}


LESS = {"effect": "reduces", "outcome": "pain"}
MORE = {"effect": "increases", "outcome": "pain"}
BETTER = {"effect": "improves", "outcome": "sleep", "because_effect": "increases", "because": "pain"}
DEATH = {"effect": "induces", "process": "apoptosis", "cell": "osteoclast"}
LIFE = {**DEATH, "effect": "inhibits"}
NOTED = {
    **effects({**LESS, "notes": ["n"]}, {**MORE, "notes": ["n"]}),
    "editorial-note": [{"id": "n", "category": "contradiction"}],
}


def with_goal(effect: str) -> dict[str, Any]:
    goal = {"id": "three", "product": "zometa", "goal_effect": effect, "goal": "pain"}
    return {**effects(LESS, LESS), "indication": [goal]}


@pytest.mark.parametrize(
    ("example", "told"),
    [
        (effects(LESS, MORE), True),
        (effects(MORE, LESS), True),
        (effects(LESS, MORE, "treatment-effect"), True),
        (effects(LESS, {**MORE, "population": "renal"}), True),
        (effects({**LESS, "population": "renal"}, {**MORE, "population": "renal"}), True),
        (effects({**LESS, "population": "renal"}, {**MORE, "population": "children"}), False),
        (effects(LESS, {**MORE, "outcome": "sleep"}), False),
        (effects(LESS, {**MORE, "product": "bonefos"}), False),
        (effects(LESS, {**MORE, "frequency": "rarely"}), False),
        (effects(LESS, {**MORE, "timing": "if given in time"}, "treatment-effect"), False),
        (effects(LESS, {"effect": "improves", "outcome": "pain"}), False),
        (effects(LESS, {"effect": "delays", "outcome": "pain"}), False),
        (effects(LESS, {"effect": "prevents", "outcome": "pain"}), False),
        (effects(LESS, BETTER), True),
        (with_goal("increases"), True),
        (with_goal("reduces"), False),
        (effects(DEATH, LIFE, "drug-mechanism"), True),
        (effects(DEATH, {**LIFE, "cell": "neuron"}, "drug-mechanism"), False),
        (NOTED, False),
    ],
)
def test_effects_are_opposite_only_on_the_same_of_the_same(example: dict[str, Any], told: bool) -> None:
    assert len(opposite(build_content(example))) == told


def iron(interaction: dict[str, Any], instruction: dict[str, Any]) -> dict[str, Any]:
    one = {"id": "one", "product": "bonefos", "substance": "iron", "stance": "to be avoided", **interaction}
    other = {"id": "two", "product": "bonefos", "activity": "taking-iron", "stance": "to be avoided"}
    return {"interaction": [one], "instruction": [{**other, **instruction}]}


AFTER = {"lasting": HOURS, "relation": "after taking it"}
LATER = {"lasting": {"value": 4, "unit": "h"}, "event": "taking"}
TIME = {"activity": "taking", "stance": "required", "time": {"value": 4, "unit": "h"}, "event": "taking-iron"}
BEFORE = {**AFTER, "relation": "before taking it"}
NOT_LESS = {"value": 4, "comparator": ">=", "unit": "h"}


@pytest.mark.parametrize(
    ("example", "told"),
    [
        (iron(AFTER, LATER), True),
        (iron({**AFTER, "lasting": {"value": 240, "unit": "min"}}, LATER), False),
        (iron({**AFTER, "form": "tablet"}, {**LATER, "form": "capsule"}), False),
        (iron({**AFTER, "product": "zometa"}, LATER), False),
        (iron({**AFTER, "substance": "zinc"}, LATER), False),
        (iron(BEFORE, LATER), False),
        (iron(AFTER, {**LATER, "lasting": NOT_LESS}), False),
        (iron(AFTER, {**LATER, "stance": "allowed"}), False),
        (iron(BEFORE, {**TIME, "relation": "after"}), True),
        (iron(AFTER, {**TIME, "relation": "before"}), True),
        (iron(AFTER, {**TIME, "relation": "after"}), False),
    ],
)
def test_waits_are_compared_if_they_are_the_same_wait(example: dict[str, Any], told: bool) -> None:
    assert len(differs_across_kinds(build_content(example))) == told


@pytest.mark.parametrize(
    ("interaction", "instruction", "told"),
    [
        ({"stance": "allowed"}, {}, True),
        ({}, {"stance": "required"}, True),
        ({"stance": "allowed", **AFTER}, {"lasting": HOURS}, True),
        ({"stance": "allowed", **AFTER}, {"lasting": NOT_LESS}, False),
        ({"stance": "allowed"}, {"lasting": HOURS}, False),
        ({"stance": "allowed", "amount": "any"}, {}, False),
        ({"stance": "allowed with a doctor's approval"}, {}, False),
        ({"stance": "allowed", "form": "tablet"}, {"form": "capsule"}, False),
        ({"stance": "allowed"}, {"activity": "taking-zinc"}, False),
    ],
)
def test_what_an_interaction_allows_no_instruction_forbids(
    interaction: dict[str, Any], instruction: dict[str, Any], told: bool
) -> None:
    assert len(opposite(build_content(iron(interaction, instruction)))) == told


def dosing(name: str, dose: int, times: int, **fields: Any) -> dict[str, Any]:
    daily = {"value": dose, "comparator": ">", "unit": "mg/d"}
    made = {
        "id": name,
        "product": "bonefos",
        "daily_dose": daily,
        "doses_per_day": {"value": times, "unit": "1"},
    }
    return {**made, **fields}


@pytest.mark.parametrize(
    ("dosings", "told"),
    [
        ([dosing("a", 1600, 2)], ""),
        ([dosing("a", 1600, 2), dosing("b", 3200, 3)], ""),
        ([dosing("b", 3200, 3)], "/records/0/dose/value"),
        ([dosing("b", 3200, 2)], "/records/0/dose/value"),
        ([dosing("a", 1600, 3)], "/records/0/parts/value"),
        ([dosing("a", 1600, 3), dosing("b", 3200, 2)], "/records/0/parts/value"),
        ([dosing("a", 1600, 3, population="renal")], ""),
        ([dosing("a", 1600, 3, daily_dose={"value": 1600, "unit": "mg/d"})], ""),
    ],
)
def test_the_dose_that_is_divided_is_that_of_a_regimen(dosings: list[dict[str, Any]], told: str) -> None:
    above, parts = {"value": 1600, "comparator": ">", "unit": "mg/d"}, {"value": 2, "unit": "1"}
    divided = {"id": "i", "product": "bonefos", "activity": "dividing-the-daily-dose", "stance": "required"}
    example = {"dosing": dosings, "instruction": [{**divided, "dose": above, "parts": parts}]}
    pointers = [issue.place.pointer for issue in differs_across_kinds(build_content(example))]
    assert pointers == ([told] if told else [])


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"activity": "chewing", "stance": "contraindicated"}, True),
        ({"activity": "chewing", "stance": "contraindicated", "form": "capsule"}, False),
        ({"activity": "chewing", "stance": "contraindicated", "product": "zometa"}, False),
        ({"activity": "chewing", "stance": "allowed"}, False),
        ({"activity": "taking-with-water", "stance": "contraindicated"}, False),
    ],
)
def test_a_tablet_may_be_taken_in_some_way(other: dict[str, Any], told: bool) -> None:
    tablet = {"product": "bonefos", "form": "tablet"}
    whole = {"id": "a", **tablet, "activity": "swallowing-whole", "stance": "not recommended"}
    example = {"instruction": [whole, {"id": "b", **tablet, **other}]}
    assert len(contradiction(build_content(example))) == told


def test_a_fact_is_a_copy_only_in_its_own_article_and_kind() -> None:
    def article(name: str) -> dict[str, Any]:
        return {"survival": [{"id": name, "tumour": "melanoma"}]}

    assert repeated(build_content({"articles": {"a": article("one"), "b": article("two")}})) == []
    one, two = article("one")["survival"][0], article("two")["survival"][0]
    assert repeated(build_content({"survival": [one], "incidence": [two]})) == []
    copies = [one, two, {**two, "id": "three"}]
    assert [issue.place.pointer for issue in repeated(build_content({"survival": copies}))] == [
        "/records/1/id",
        "/records/2/id",
    ]
    # An id that is used twice is told by another rule; of facts without a source nothing tells them apart.
    assert repeated(build_content({"survival": [one, one]})) == []
    trials = [{"id": name, "patients": 60} for name in ("one", "two")]
    schemas = {"trial": {"patients": {"type": "integer"}}}
    assert repeated(build_content({"trial": trials, "schemas": schemas})) == []
