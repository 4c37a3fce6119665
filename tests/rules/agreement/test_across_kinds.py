"""Facts of two kinds are compared over what both can say."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import list_broken_rules, list_places

RULE = "agreement.differs-across-kinds"


def make_volume(value: int) -> dict[str, Any]:
    return {"volume": {"value": value, "unit": "mL"}}


def make_pair(
    regimens: list[dict[str, Any]], dilutions: list[dict[str, Any]], **records: Any
) -> dict[str, Any]:
    return {
        "regimen": [
            {"id": f"r{number}", "product": "p", **fact} for number, fact in enumerate(regimens)
        ],
        "dilution": [
            {"id": f"d{number}", "product": "p", **fact} for number, fact in enumerate(dilutions)
        ],
        "condition": [{"id": "renal-failure", "weakens": "kidney"}, {"id": "pain"}],
        **records,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("regimens", "dilutions", "broken"),
    [
        ([make_volume(100)], [make_volume(100)], set()),
        ([make_volume(100)], [make_volume(300)], {"differs-across-kinds"}),
        # What only one kind can say is left out: a route, a container.
        (
            [{"route": "vein", **make_volume(100)}],
            [{"container": "vial", **make_volume(300)}],
            {"differs-across-kinds"},
        ),
        ([{"product": "q", **make_volume(100)}], [make_volume(300)], set()),
        ([{"form": "powder", **make_volume(100)}], [{"form": "liquid", **make_volume(300)}], set()),
        ([{"form": "powder", **make_volume(100)}], [make_volume(300)], {"differs-from-general"}),
        ([make_volume(100)], [{"condition": "pain", **make_volume(300)}], {"differs-from-general"}),
        ([make_volume(100)], [{"condition": "renal-failure", **make_volume(300)}], set()),
        # Of several one that agrees is enough.
        (
            [make_volume(100), {"form": "powder", **make_volume(5)}],
            [make_volume(100)],
            {"differs-from-general"},
        ),
        (
            [make_volume(100)],
            [{"solution": "saline", **make_volume(100)}, {"solution": "water", **make_volume(5)}],
            set(),
        ),
        # But not if both say which solution it is.
        (
            [{"solutions": ["saline", "water"], **make_volume(100)}],
            [{"solution": "saline", **make_volume(100)}, {"solution": "water", **make_volume(5)}],
            {"differs-from-general"},
        ),
        ([{**make_volume(100), "product": ""}], [{**make_volume(300), "product": ""}], set()),
    ],
)
def test_a_quantity_is_the_same_in_both_kinds(
    regimens: list[dict[str, Any]], dilutions: list[dict[str, Any]], broken: set[str]
) -> None:
    def strip(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [fact if fact.get("product", "p") else {**fact, "product": None} for fact in facts]

    found = list_broken_rules("agreement", make_pair(strip(regimens), strip(dilutions)))
    assert found & {"differs-across-kinds", "differs-from-general"} == broken


def test_the_fault_names_both_facts() -> None:
    places = list_places(RULE, **make_pair([make_volume(100)], [make_volume(300)]))
    assert places == [("/records/0/volume/value", 'volume 300 mL is not the volume 100 mL of "r0"')]


def test_a_share_of_one_kind_is_not_that_of_another() -> None:
    share = {"$ref": "common/quantity.schema.json#/$defs/share", "x-role": "share"}
    product = {"type": "string", "x-ref": "product"}
    schemas = {
        "relapse": {"product": product, "share": share},
        "relief": {"product": product, "share": share},
    }
    facts = {
        kind: [{"id": kind, "product": "p", "share": {"value": value, "unit": "%"}}]
        for kind, value in (("relapse", 10), ("relief", 80))
    }
    assert list_broken_rules("agreement", {"schemas": schemas, **facts}) == set()


@pytest.mark.parametrize(
    ("caution", "advice", "broken"),
    [
        ({"stance": "contraindicated"}, {"stance": "recommended"}, {"differs-across-kinds"}),
        ({"stance": "contraindicated"}, {"stance": "to be avoided"}, set()),
        (
            {"stance": "contraindicated"},
            {"stance": "recommended", "activity": "chewing"},
            {"differs-from-general"},
        ),
        # Of a word all of the subject counts: milk is not chewing.
        (
            {"stance": "contraindicated", "substance": "milk"},
            {"stance": "recommended", "activity": "chewing"},
            set(),
        ),
    ],
)
def test_words_are_opposite_only_of_one_subject(
    caution: dict[str, Any], advice: dict[str, Any], broken: set[str]
) -> None:
    text = {"type": "string"}
    stance = {
        **text, "enum": ["contraindicated", "to be avoided", "recommended"],
        "x-means": {"contraindicated": "no", "to be avoided": "no", "recommended": "yes"},
    }  # fmt: skip
    product = {**text, "x-ref": "product"}
    schemas = {
        "warning": {"product": product, "substance": {**text, "x-ref": "substance"}, "stance": stance},
        "tip": {"product": product, "activity": {**text, "x-ref": "activity"}, "stance": stance},
    }
    facts = {
        "warning": [{"id": "w", "product": "p", **caution}],
        "tip": [{"id": "t", "product": "p", **advice}],
    }
    assert list_broken_rules("agreement", {"schemas": schemas, **facts}) == broken
