"""Doses, regimens and tablets: whose limit counts, what a day comes to, what can be made of what."""

from __future__ import annotations

from typing import Any

import pytest

from bmkit.rules import load_all_rules
from bmkit.rules.examples import build_content
from bmkit.schema import locate_shipped_schemas, read_schemas

RULES = {rule.id: rule for rule in load_all_rules()}
CONDITIONS = [
    {"id": "pain", "label": "pain"},
    {"id": "bone-pain", "label": "bone pain", "parent": "pain"},
    {"id": "renal-failure", "label": "renal failure"},
]
POPULATIONS = [
    {"id": "with-pain", "label": "patients with pain", "conditions": ["pain"]},
    {"id": "with-both", "label": "patients with both", "conditions": ["pain", "renal-failure"]},
    {"id": "children", "label": "children", "age_group": "child"},
    {"id": "nobody", "label": "patients of whom only the name is known"},
]
TERMS = {"condition": CONDITIONS, "population": POPULATIONS}


def told(name: str, **example: Any) -> list[str]:
    kinds = {kind.replace("_", "-"): records for kind, records in example.items()}
    return [issue.message for issue in RULES[name](build_content({**TERMS, **kinds}))]


def limit(most: int, unit: str = "mg", **fields: Any) -> dict[str, Any]:
    name = "maximum_daily" if unit.endswith("/d") else "maximum"
    per = "per day" if unit.endswith("/d") else "at one time"
    made = {"id": f"limit-{most}", "product": "p", "route": "oral", "per": per}
    return {**made, name: {"value": most, "comparator": "<=", "unit": unit}, **fields}


def dosing(**fields: Any) -> dict[str, Any]:
    return {"id": "one", "product": "p", "route": "oral", **fields}


def dose(value: float, unit: str = "mg") -> dict[str, Any]:
    return {"value": value, "unit": unit}


@pytest.mark.parametrize(
    ("limits", "patients", "is_above"),
    [
        ([limit(10)], {}, True),
        ([limit(20)], {}, False),
        ([limit(10), limit(20, population="with-pain")], {"population": "with-pain"}, False),
        ([limit(20), limit(10, population="with-pain")], {"population": "with-pain"}, True),
        ([limit(20), limit(10, population="with-pain")], {}, False),
        ([limit(10, population="with-pain")], {"condition": "bone-pain"}, True),
        ([limit(10, condition="pain"), limit(20)], {"population": "with-both"}, True),
        (
            [limit(10, condition="pain"), limit(20, condition="renal-failure")],
            {"population": "with-both"},
            True,
        ),
        (
            [limit(20, population="with-both"), limit(10, condition="pain")],
            {"population": "with-both"},
            False,
        ),
        (
            [limit(10, population="children"), limit(20, population="nobody")],
            {"population": "with-pain"},
            False,
        ),
        (
            [limit(10, population="children"), limit(12, population="nobody")],
            {"population": "with-pain"},
            True,
        ),
        ([limit(10, population="nobody")], {"population": "nobody"}, True),
        ([limit(10, route="intravenous")], {}, False),
        ([limit(10, product="q")], {}, False),
    ],
)
def test_the_maximum_for_the_patients_counts(
    limits: list[dict[str, Any]], patients: dict[str, str], is_above: bool
) -> None:
    record = dosing(dose=dose(15), **patients)
    assert bool(told("dose.above-maximum", dose_limit=limits, dosing=[record])) is is_above


def test_units_do_not_hide_a_dose_above_the_maximum() -> None:
    assert told(
        "dose.above-maximum", dose_limit=[limit(3600, "mg/d")], dosing=[dosing(daily_dose=dose(4, "g/d"))]
    )
    assert told("dose.above-maximum", dose_limit=[limit(3600, "mg/d")], dosing=[dosing(dose=dose(4, "g"))])
    assert not told(
        "dose.above-maximum", dose_limit=[limit(3600, "mg/d")], dosing=[dosing(dose=dose(3, "g"))]
    )


def test_what_may_be_given_at_one_time_does_not_bound_a_day() -> None:
    assert not told(
        "dose.above-maximum", dose_limit=[limit(10)], dosing=[dosing(daily_dose=dose(15, "mg/d"))]
    )


def test_a_limit_of_the_day_for_some_leaves_the_limit_at_one_time_for_all() -> None:
    limits = [limit(10), limit(100, "mg/d", population="with-pain")]
    assert told(
        "dose.above-maximum", dose_limit=limits, dosing=[dosing(dose=dose(15), population="with-pain")]
    )


@pytest.mark.parametrize(
    ("often", "is_above"),
    [
        ({"doses_per_day": dose(2, "1")}, False),
        ({"doses_per_day": dose(3, "1")}, True),
        ({"interval": dose(12, "h")}, False),
        ({"interval": dose(8, "h")}, True),
        ({"interval": {"low": 6, "high": 8, "unit": "h"}}, True),
        ({"interval": {"low": 8, "high": 12, "unit": "h"}}, False),
        ({"interval": {"value": 4, "comparator": ">=", "unit": "h"}}, False),
        ({"doses_per_day": {"value": 4, "comparator": "<=", "unit": "1"}}, False),
        ({"doses_per_day": {"low": 3, "high": 4, "unit": "1"}}, True),
        ({"interval": dose(2, "d")}, False),
        ({}, False),
    ],
)
def test_the_doses_of_a_day_are_added_up(often: dict[str, Any], is_above: bool) -> None:
    limits, record = [limit(2500, "mg/d")], dosing(dose=dose(1000), **often)
    assert bool(told("dose.total-above-maximum", dose_limit=limits, dosing=[record])) is is_above
    assert not told("dose.above-maximum", dose_limit=limits, dosing=[record])


def test_the_words_for_a_dose_above_the_maximum_name_both_and_the_limit() -> None:
    (message,) = told("dose.above-maximum", dose_limit=[limit(10)], dosing=[dosing(dose=dose(15))])
    assert message == 'dose 15 mg is above the maximum of 10 mg in "limit-10"'


RANGE = {
    "id": "p-oral",
    "label": "P, oral",
    "product": "p",
    "route": "oral",
    "dose": {"low": 2, "high": 6, "unit": "mg"},
    "infusion_time": {"low": 15, "high": 120, "unit": "min"},
}
ALL_SLIPS = tuple(sorted(name for name in RULES if name.startswith("slip.")))
SLIPS = ("slip.tenfold", "slip.thousandfold", "slip.wrong-unit", "slip.unusual")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"dose": dose(4)}, None),
        ({"dose": dose(4000, "ug")}, None),
        ({"infusion_time": dose(2, "h")}, None),
        ({"dose": dose(40)}, "slip.tenfold"),
        ({"dose": dose(400)}, "slip.tenfold"),
        ({"dose": {"low": 2, "high": 60, "unit": "mg"}}, "slip.tenfold"),
        ({"dose": dose(4000)}, "slip.thousandfold"),
        ({"dose": dose(4, "g")}, "slip.wrong-unit"),
        ({"dose": dose(4, "ug")}, "slip.wrong-unit"),
        ({"infusion_time": dose(15, "h")}, "slip.wrong-unit"),
        ({"dose": dose(8)}, "slip.unusual"),
        ({"dose": {"value": 8, "comparator": "<=", "unit": "mg"}}, "slip.unusual"),
        ({"dose": {"value": 8, "comparator": ">=", "unit": "mg"}}, "slip.unusual"),
        ({"dose": {"value": 1, "comparator": "<=", "unit": "mg"}}, None),
        ({"dose": {"value": 1, "comparator": ">=", "unit": "mg"}}, "slip.unusual"),
        ({"dose": {"value": 3, "comparator": ">=", "unit": "mg"}}, None),
        ({"dose": {"value": 80, "comparator": "<=", "unit": "mg"}}, "slip.tenfold"),
        ({"infusion_time": {"value": 3, "comparator": ">=", "unit": "h"}}, None),
        ({"infusion_time": {"value": 13, "comparator": ">=", "unit": "min"}}, "slip.unusual"),
        ({"infusion_time": {"value": 13, "comparator": "<=", "unit": "min"}}, "slip.unusual"),
        ({"dose": dose(40), "product": "q"}, None),
        ({"dose": dose(40), "route": "intravenous"}, None),
        ({"dose": dose(40), "route": "by-tube"}, "slip.tenfold"),
    ],
)
def test_one_slip_is_told_once(fields: dict[str, Any], fault: str | None) -> None:
    routes = [{"id": "oral"}, {"id": "by-tube", "parent": "oral"}, {"id": "intravenous"}]
    example = {"dose_range": [RANGE], "dosing": [dosing(**fields)], "route": routes}
    assert [name for name in SLIPS if told(name, **example)] == ([fault] if fault else [])


def test_a_slip_of_one_end_is_told_at_that_end() -> None:
    content = build_content(
        {"dose-range": [RANGE], "dosing": [dosing(dose={"low": 2, "high": 60, "unit": "mg"})]}
    )
    (issue,) = RULES["slip.tenfold"](content)
    assert issue.place.pointer == "/records/0/dose/high"
    assert (
        issue.message
        == "dose 2–60 mg is outside the usual 2–6 mg of P, oral; a tenth of 60 mg (6 mg) is inside"
    )


GRAM = {"id": "g-oral", "label": "G, oral", "product": "p", "route": "oral"}
OFTEN = {**GRAM, "dose": {"low": 500, "high": 1000, "unit": "mg"}}
MONTHLY = {**GRAM, "dose": dose(4), "interval": {"value": 4, "unit": "wk"}}
BY_DAY = {**GRAM, "daily_dose": {"low": 1600, "high": 3200, "unit": "mg/d"}}
FIXED = {**GRAM, "dose": dose(4)}
FOUR = "the usual 4–16 mg of G, oral"
EIGHT = {"doses_per_day": dose(8, "1")}


@pytest.mark.parametrize(
    ("usual", "fields", "fault", "message"),
    [
        (
            {**GRAM, "dose": {"low": 5, "high": 20, "unit": "mg"}},
            {"dose": dose(60)},
            "slip.tenfold",
            "dose 60 mg is outside the usual 5–20 mg of G, oral; a tenth of it (6 mg) is inside",
        ),
        (FIXED, {"dose": dose(40)}, "slip.tenfold", "dose 40 mg is ten times the usual 4 mg of G, oral"),
        (
            {**GRAM, "dose": {"low": 40, "high": 60, "unit": "mg"}},
            {"dose": dose(5)},
            "slip.tenfold",
            "dose 5 mg is outside the usual 40–60 mg of G, oral; ten times it (50 mg) is inside",
        ),
        (
            OFTEN,
            {"dose": dose(1000), **EIGHT},
            "slip.tenfold",
            (
                "dose 1,000 mg, 8,000 mg per day in all, is outside the usual 500–4,000 mg per day of G, "
                "oral; a tenth of it (800 mg per day) is inside"
            ),
        ),
        (
            OFTEN,
            {"daily_dose": dose(5000, "mg/d")},
            "slip.tenfold",
            (
                "daily_dose 5,000 mg per day is outside the usual 500–4,000 mg per day of G, oral; "
                "a tenth of it (500 mg per day) is inside"
            ),
        ),
        (
            MONTHLY,
            {"daily_dose": dose(4, "mg/d")},
            "slip.far-off",
            "daily_dose 4 mg per day is far from the usual 4 mg every 4 weeks of G, oral",
        ),
        (
            BY_DAY,
            {"dose": dose(16000)},
            "slip.tenfold",
            (
                "dose 16,000 mg is outside the usual 1,600–3,200 mg per day of G, oral; "
                "a tenth of it (1,600 mg) is inside"
            ),
        ),
    ],
)
def test_the_words_for_an_unusual_dose_name_the_range_that_it_was_compared_with(
    usual: dict[str, Any], fields: dict[str, Any], fault: str, message: str
) -> None:
    assert told(fault, dose_range=[usual], dosing=[dosing(**fields)]) == [message]


def test_a_limit_that_slipped_is_told_to_be_far_from_the_usual_doses() -> None:
    (message,) = told("slip.tenfold", dose_range=[BY_DAY], dose_limit=[limit(14000, "mg/d")])
    assert message == (
        "maximum_daily 14,000 mg per day is far from the usual 1,600–3,200 mg per day of G, oral; "
        "a tenth of it (1,400 mg per day) is near it"
    )


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        # The dose alone says all.
        (
            80,
            [
                (
                    "slip.tenfold",
                    "dose 80 mg is outside the usual 4–16 mg of G, oral; a tenth of it (8 mg) is inside",
                )
            ],
        ),
        (16, []),
        # At one time it may be right, but not in a day.
        (20, [("slip.unusual", "dose 20 mg is outside the usual 4–16 mg of G, oral")]),
    ],
)
def test_a_dose_and_what_it_comes_to_in_a_day_are_told_of_once(
    given: int, faults: list[tuple[str, str]]
) -> None:
    usual = {**GRAM, "dose": {"low": 4, "high": 16, "unit": "mg"}, "daily_dose": dose(32, "mg/d")}
    twice = dosing(dose=dose(given), doses_per_day=dose(2, "1"))
    found = [(name, text) for name in ALL_SLIPS for text in told(name, dose_range=[usual], dosing=[twice])]
    assert found == faults


def test_what_the_doses_of_a_day_come_to_is_told_of_where_that_is_more_amiss() -> None:
    usual = {**GRAM, "dose": {"low": 4, "high": 16, "unit": "mg"}}
    often = dosing(dose=dose(20), doses_per_day=dose(20, "1"))
    found = [name for name in ALL_SLIPS if told(name, dose_range=[usual], dosing=[often])]
    assert found == ["slip.tenfold"]


ROUTES = [{"id": "oral"}, {"id": "intravenous"}, {"id": "intravenous-drip", "parent": "intravenous"}]
INFUSED = {"id": "i", "label": "P, infused", "product": "p", "route": "intravenous"}


@pytest.mark.parametrize(
    ("infused", "fields", "found"),
    [
        ({"daily_dose": dose(300, "mg/d")}, {"daily_dose": dose(1600, "mg/d")}, ["slip.other-route"]),
        ({"daily_dose": dose(300, "mg/d")}, {"dose": dose(800)}, ["slip.tenfold"]),
        # It may be one of the doses of a day by mouth.
        ({"dose": dose(300)}, {"dose": dose(800)}, ["slip.other-route"]),
        ({"daily_dose": dose(300, "mg/d")}, {"dose": dose(800), **EIGHT}, ["slip.far-off"]),
        ({"daily_dose": dose(300, "mg/d")}, {"daily_dose": dose(3000, "mg/d")}, ["slip.tenfold"]),
        ({"daily_dose": dose(300, "mg/d")}, {"daily_dose": dose(3600, "mg/d")}, ["slip.far-off"]),
        ({"daily_dose": dose(300, "mg/d")}, {"daily_dose": dose(360, "mg/d")}, ["slip.unusual"]),
        ({"daily_dose": dose(300, "mg/d")}, {"daily_dose": dose(300, "mg/d")}, []),
    ],
)
def test_a_dose_that_is_usual_by_another_route_is_an_error(
    infused: dict[str, Any], fields: dict[str, Any], found: list[str]
) -> None:
    ranges = [BY_DAY, {**INFUSED, **infused}]
    record = dosing(**{**fields, "route": "intravenous-drip"})
    example = {"dose_range": ranges, "dosing": [record], "route": ROUTES}
    assert [name for name in ALL_SLIPS if told(name, **example)] == found


def test_the_hint_for_a_slip_says_by_which_route_the_dose_would_be_usual() -> None:
    record = dosing(route="intravenous", daily_dose=dose(3000, "mg/d"))
    ranges = [BY_DAY, {**INFUSED, "daily_dose": dose(300, "mg/d")}]
    (issue,) = RULES["slip.tenfold"](build_content({"dose-range": ranges, "dosing": [record]}))
    assert issue.message == "daily_dose 3,000 mg per day is ten times the usual 300 mg per day of P, infused"
    assert issue.hint == "it is the usual 1,600–3,200 mg per day of G, oral: correct the route or the number"


UNDER_SKIN = {"id": "vial", "product": "p", "route": "subcutaneous", "container": "vial"}


@pytest.mark.parametrize(
    ("presented", "usual", "is_wrong"),
    [
        ([UNDER_SKIN], ["subcutaneous"], True),
        ([{**UNDER_SKIN, "route": "intravenous"}], ["subcutaneous"], False),
        # A usual dose by the route says that it is one of the product, whatever the article has of it.
        ([UNDER_SKIN], ["subcutaneous", "intravenous"], False),
        ([UNDER_SKIN, {"id": "other", "product": "p"}], ["subcutaneous"], False),
        ([{**UNDER_SKIN, "product": "q"}], ["subcutaneous"], False),
    ],
)
def test_a_product_by_a_route_that_none_of_it_exists_for(
    presented: list[dict[str, Any]], usual: list[str], is_wrong: bool
) -> None:
    routes = [*ROUTES, {"id": "subcutaneous"}]
    ranges = [{**GRAM, "id": route, "route": route, "dose": dose(120)} for route in usual]
    record = dosing(route="intravenous-drip", dose=dose(120))
    example: dict[str, Any] = {"route": routes, "product_presentation": presented, "dose_range": ranges}
    example.update(dosing=[record], product=[{"id": "p"}])
    assert bool(told("regimen.wrong-route", **example)) is is_wrong
    # To add the usual dose that is missing would make the wrong route look right.
    missing = told("completeness.no-usual-range", **example)
    assert bool(missing) is (not is_wrong and "intravenous" not in usual)


def test_the_hint_for_a_usual_dose_that_is_missing_names_the_routes_that_have_one() -> None:
    example = {"dose-range": [FIXED], "dose-limit": [limit(6, route="intravenous")], "product": [{"id": "p"}]}
    (issue,) = RULES["completeness.no-usual-range"](build_content({**example, "route": ROUTES}))
    assert issue.place.pointer == "/records/0/maximum"
    assert issue.hint == "correct the route, as oral has one, or add a dose-range"


TWO_TO_SIX = {"low": 2, "high": 6, "unit": "mg"}
CAPSULES = {"daily_dose": {"low": 1600, "high": 3200, "unit": "mg/d"}}
IMPLAUSIBLE = ["strength.implausible"]
STRENGTHS = ("slip.tenfold", "strength.implausible", "strength.tenfold", "strength.too-heavy")


@pytest.mark.parametrize(
    ("strength", "usual", "fields", "found"),
    [
        (12, {"dose": dose(120)}, {"container": "vial"}, ["strength.tenfold"]),
        (120, {"dose": dose(120)}, {"container": "vial"}, []),
        (60, {"dose": TWO_TO_SIX}, {"form": "concentrate-for-infusion"}, IMPLAUSIBLE),
        (50, {"dose": TWO_TO_SIX}, {"form": "concentrate-for-infusion"}, []),
        (6000, {"dose": TWO_TO_SIX}, {"container": "vial"}, IMPLAUSIBLE),
        (16000, CAPSULES, {"form": "capsule"}, ["strength.too-heavy"]),
        (50000, CAPSULES, {"form": "capsule"}, ["strength.too-heavy"]),
        (4, CAPSULES, {"form": "film-coated-tablet"}, IMPLAUSIBLE),
        (5, CAPSULES, {"form": "tablet"}, []),
        # Of ten containers together.
        (60, {"dose": dose(6)}, {"container": "vial", "per": dose(10, "1")}, []),
        # Where a usual strength is listed it alone counts.
        (40, {"dose": dose(40), "strength": dose(4)}, {"container": "vial"}, ["slip.tenfold"]),
        (4, {"dose": dose(40), "strength": dose(4)}, {"container": "vial"}, []),
    ],
)
def test_a_strength_is_held_against_what_is_known_of_the_product(
    strength: int, usual: dict[str, Any], fields: dict[str, str], found: list[str]
) -> None:
    piece = {"id": "piece", "product": "p", "strength": dose(strength), **fields}
    ranges = [{**INFUSED, "route": "oral" if "daily_dose" in usual else "intravenous", **usual}]
    example = {"dose_range": ranges, "product_presentation": [piece], "route": ROUTES}
    assert [name for name in STRENGTHS if told(name, **example)] == found


def tablets(strengths: tuple[int, ...], *instructions: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {
        "dosing": [dosing(form="tablet", **given)],
        "product_presentation": [
            {"id": f"t{value}", "product": "p", "form": "tablet", "strength": dose(value)}
            for value in strengths
        ],
        "instruction": [
            {"id": f"i{number}", "product": "p", "form": "tablet", **one}
            for number, one in enumerate(instructions)
        ],
    }


WHOLE = {"activity": "swallowing-whole", "stance": "required"}
HALVES = {"activity": "dividing", "stance": "allowed", "parts": {"value": 2, "unit": "1"}}


@pytest.mark.parametrize(
    ("example", "is_broken"),
    [
        (tablets((400, 800), WHOLE, dose=dose(1200)), False),
        (tablets((400, 800), WHOLE, dose=dose(1000)), True),
        (tablets((400, 800), WHOLE, daily_dose=dose(3600, "mg/d")), False),
        (tablets((800,), WHOLE, dose=dose(400)), True),
        (tablets((800,), HALVES, dose=dose(400)), False),
        (tablets((800,), dose=dose(400)), False),
        (tablets((800,), dose=dose(200)), True),
        (tablets((800,), WHOLE, dose={"low": 800, "high": 1000, "unit": "mg"}), True),
        (tablets((800,), WHOLE, dose={"value": 1000, "comparator": ">", "unit": "mg"}), False),
        (tablets((800,), {**WHOLE, "strength": dose(400)}, dose=dose(400)), False),
        (tablets((300, 500), WHOLE, dose=dose(700)), True),
        (tablets((300, 500), WHOLE, dose=dose(1100)), False),
        (tablets((), WHOLE, dose=dose(700)), False),
        (tablets((1,), WHOLE, dose=dose(10**9)), False),
    ],
)
def test_a_dose_is_made_of_whole_tablets_or_of_parts_that_may_be_cut(
    example: dict[str, Any], is_broken: bool
) -> None:
    assert bool(told("tablets.indivisible-dose", **example)) is is_broken


def test_a_note_on_a_contradiction_excuses_it_and_another_note_does_not() -> None:
    def survivals(note: str, *months: float, reading: str = "6 months here, 9 there") -> dict[str, Any]:
        facts = [
            {"id": name, "tumour": "t", "time": dose(value, "mo"), "notes": [note]}
            for name, value in zip("ab", months or (6, 9), strict=True)
        ]
        categories = {"both": "contradiction", "words": "wrong term"}
        notes = [{"id": name, "category": one, "reading": reading} for name, one in categories.items()]
        return {"survival": facts, "editorial_note": notes}

    rule = "agreement.contradiction"
    assert told(rule, **survivals("words"))
    assert not told(rule, **survivals("both"))
    # The note speaks of these numbers only.
    for months in ((6, 19), (6, 90), (60, 9), (7, 8)):
        assert told(rule, **survivals("both", *months))
    assert not told(rule, **survivals("both", 6, 1600, reading="6 or 1,600 months"))
    assert not told(rule, **survivals("both", 1.5, 9, reading="1.5-9"))
    assert told(rule, **survivals("both", 5, 9, reading="1.5-9"))
    assert told(rule, **survivals("both", 6, 9, reading="half a year, or more"))


OURS = (
    *(
        "agreement",
        "completeness",
        "dose",
        "infusion",
        "products",
        "quantities",
        "regimen",
        "relations",
        "routes",
    ),
    *("sites", "slip", "storage", "strength", "tablets", "terms", "times"),
)


@pytest.mark.parametrize("value", [None, "text", 7, True, ["text"], {"unit": "mg"}])
def test_kinds_of_the_same_name_may_have_other_fields(value: Any) -> None:
    """A project with schemas of its own may mean something else by "dosing", or by its "dose"."""
    shapes = {None: "string", str: "string", int: "integer", bool: "boolean"}
    field: dict[str, Any] = {"type": shapes.get(type(value), "string")}
    if isinstance(value, list):
        field = {"type": "array", "items": {"type": "string"}}
    elif isinstance(value, dict):
        unit = {"type": "object", "additionalProperties": False, "properties": {"unit": {"type": "string"}}}
        field = unit
    kinds = list(read_schemas(locate_shipped_schemas()))
    schemas = {kind.name: {one.name: field for one in kind.fields if one.name != "id"} for kind in kinds}
    values = {name: {} if value is None else dict.fromkeys(fields, value) for name, fields in schemas.items()}
    example = {name: [{"id": "one", **fields}, {"id": "two", **fields}] for name, fields in values.items()}
    content = build_content({"schemas": schemas, **example})
    for rule in RULES.values():
        if rule.family in OURS:
            rule(content)
