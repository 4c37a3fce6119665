"""Advice and effects are opposite only if they are about the same."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import make_iron_facts
from tests.rules.rule_runs import list_issues

POPULATIONS = [
    {"id": "renal", "label": "a", "conditions": ["renal-failure"]},
    {"id": "children", "label": "b", "age_group": "children"},
]


def make_effects(effect: dict[str, Any], other: dict[str, Any], kind: str = "drug-effect") -> dict[str, Any]:
    agent = {"treatment": "surgery"} if kind == "treatment-effect" else {"product": "zometa"}
    facts = [{"id": "one", **agent, **effect}, {"id": "two", **agent, **other}]
    return {kind: facts, "population": POPULATIONS}


LESS = {"effect": "reduces", "outcome": "pain"}
MORE = {"effect": "increases", "outcome": "pain"}
BETTER = {"effect": "improves", "outcome": "sleep", "because_effect": "increases", "because": "pain"}
DEATH = {"effect": "induces", "process": "apoptosis", "cell": "osteoclast"}
LIFE = {**DEATH, "effect": "inhibits"}
NOTED = {
    **make_effects({**LESS, "notes": ["n"]}, {**MORE, "notes": ["n"]}),
    "editorial-note": [{"id": "n", "category": "contradiction"}],
}


def make_effect_and_goal(effect: str) -> dict[str, Any]:
    goal = {"id": "three", "product": "zometa", "goal_effect": effect, "goal": "pain"}
    return {**make_effects(LESS, LESS), "indication": [goal]}


@pytest.mark.parametrize(
    ("example", "is_opposite"),
    [
        (make_effects(LESS, MORE), True),
        (make_effects(MORE, LESS), True),
        (make_effects(LESS, MORE, "treatment-effect"), True),
        (make_effects(LESS, {**MORE, "population": "renal"}), True),
        (make_effects({**LESS, "population": "renal"}, {**MORE, "population": "renal"}), True),
        (make_effects({**LESS, "population": "renal"}, {**MORE, "population": "children"}), False),
        (make_effects(LESS, {**MORE, "outcome": "sleep"}), False),
        (make_effects(LESS, {**MORE, "product": "bonefos"}), False),
        (make_effects(LESS, {**MORE, "frequency": "rarely"}), False),
        (make_effects(LESS, {**MORE, "timing": "if given in time"}, "treatment-effect"), False),
        (make_effects(LESS, {"effect": "improves", "outcome": "pain"}), False),
        (make_effects(LESS, {"effect": "delays", "outcome": "pain"}), False),
        (make_effects(LESS, {"effect": "prevents", "outcome": "pain"}), False),
        (make_effects(LESS, BETTER), True),
        (make_effect_and_goal("increases"), True),
        (make_effect_and_goal("reduces"), False),
        (make_effects(DEATH, LIFE, "drug-mechanism"), True),
        (make_effects(DEATH, {**LIFE, "cell": "neuron"}, "drug-mechanism"), False),
        (NOTED, False),
    ],
)
def test_effects_are_opposite_only_on_the_same_of_the_same(
    example: dict[str, Any], is_opposite: bool
) -> None:
    assert bool(list_issues("agreement.opposite", **example)) is is_opposite


HOURS = {"value": 2, "unit": "h"}


AFTER = {"lasting": HOURS, "relation": "after taking it"}
NOT_LESS = {"value": 4, "comparator": ">=", "unit": "h"}


@pytest.mark.parametrize(
    ("interaction", "instruction", "is_opposite"),
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
    interaction: dict[str, Any], instruction: dict[str, Any], is_opposite: bool
) -> None:
    assert bool(list_issues("agreement.opposite", **make_iron_facts(interaction, instruction))) is is_opposite
