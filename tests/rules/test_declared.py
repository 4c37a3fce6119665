"""What a schema declares of its fields is checked in the schema and in the records."""

from __future__ import annotations

import copy
import json
import os
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from bmkit.rules import load_all_rules
from bmkit.rules.examples import build_content
from bmkit.schema import Schemas, locate_shipped_schemas, read_schemas
from bmkit.schema_lint import find_schema_issues
from bmkit.shape import ShapeChecker

if TYPE_CHECKING:
    from bmkit.issue import Issue

SCHEMAS = read_schemas(locate_shipped_schemas())
FILE = "incidence.schema.json"
NUMBER = {"type": "integer"}
DAY = {"type": "string", "format": "date"}
MASS = {"$ref": "common/quantity.schema.json#/$defs/mass"}
TIME = {"$ref": "common/quantity.schema.json#/$defs/duration"}


def annotated(annotations: dict[str, Any], engine: str = "auto") -> list[Issue]:
    """The issues of the schema of incidence, with these annotations on its share."""
    document = copy.deepcopy(SCHEMAS.read_document(FILE))
    document["$defs"]["record"]["properties"]["share"].update(annotations)
    schemas = Schemas(SCHEMAS.folder, SCHEMAS.kind_names, documents={FILE: document})
    return find_schema_issues(schemas, ShapeChecker(engine), ["incidence"])


def told(name: str, schemas: dict[str, Any], **records: list[dict[str, Any]]) -> list[tuple[str, str]]:
    (rule,) = [rule for rule in load_all_rules() if rule.id == name]
    kinds = {kind.replace("_", "-"): items for kind, items in records.items()}
    return [
        (issue.place.pointer, issue.message) for issue in rule(build_content({"schemas": schemas, **kinds}))
    ]


def mg(value: int, unit: str = "mg") -> dict[str, Any]:
    return {"value": value, "unit": unit}


def test_the_shipped_schemas_declare_nothing_that_cannot_hold() -> None:
    assert find_schema_issues(SCHEMAS, ShapeChecker()) == []


@pytest.mark.parametrize("engine", ["jsonschema-rs", "jsonschema"])
@pytest.mark.parametrize(
    ("annotations", "pointer", "message"),
    [
        ({"x-at-moost": "share"}, "/x-at-moost", '"x-at-moost" is not an annotation that bmkit knows'),
        ({"x-at-most": "shares"}, "/x-at-most", 'x-at-most: beside it there is no field "shares"'),
        ({"x-at-most": "share"}, "/x-at-most", "x-at-most: share is related to itself"),
        ({"x-at-most": "tumour"}, "/x-at-most", "x-at-most: share and tumour cannot be compared"),
        ({"x-at-most": "tumour.size"}, "/x-at-most", 'x-at-most: tumour has no field "size"'),
        (
            {"x-at-most": "possibility.size"},
            "/x-at-most",
            "x-at-most: possibility does not refer to a record, so possibility.size leads nowhere",
        ),
        ({"x-below": 7}, "/x-below", 'x-below: the number 7 should be the text "7"'),
        ({"x-below": {"kind": "site"}}, "/x-below", "x-below: is an object, and should be a text"),
        (
            {"x-same-dimension": "tumour"},
            "/x-same-dimension",
            "x-same-dimension: share and tumour cannot be compared",
        ),
        (
            {"x-at-most": {"kind": "dose-limits", "field": "maximum", "same": ["tumour"]}},
            "/x-at-most",
            'x-at-most: unknown kind "dose-limits"',
        ),
        (
            {"x-at-most": {"kind": "dose-limit", "field": "maximum", "same": ["tumour"]}},
            "/x-at-most",
            'x-at-most: dose-limit has no field "tumour"',
        ),
        (
            {"x-at-most": {"kind": "survival", "field": "time", "same": ["tumour"]}},
            "/x-at-most",
            "x-at-most: share is a fraction, and time a time",
        ),
        (
            {"x-at-most": {"kind": "survival", "field": "time"}},
            "/x-at-most",
            "x-at-most: same is missing from x-at-most",
        ),
        ({"x-sum": {"part": "tumour", "same": ["tumor"]}}, "/x-sum", 'x-sum: incidence has no field "tumor"'),
        ({"x-sum": "tumour"}, "/x-sum", 'x-sum: the text "tumour" should be an object'),
        (
            {"x-plausible": {"low": 9, "high": 3, "unit": "%"}},
            "/x-plausible",
            "x-plausible: low 9 is not below high 3",
        ),
        (
            {"x-plausible": {"low": 3, "high": 9, "unit": "mg"}},
            "/x-plausible",
            "x-plausible: mg does not measure what % do",
        ),
    ],
)
def test_an_annotation_that_cannot_hold_is_told_at_its_place(
    annotations: dict[str, Any], pointer: str, message: str, engine: str
) -> None:
    (issue,) = annotated(annotations, engine)
    assert issue.rule == "schema.annotation"
    assert issue.place.file == "schema/incidence.schema.json"
    assert issue.place.pointer == f"/$defs/record/properties/share{pointer}"
    assert issue.message == message


def test_a_misspelt_annotation_and_a_misspelt_field_come_with_a_hint() -> None:
    assert [issue.hint for issue in annotated({"x-at-moost": "share"})] == ['did you mean "x-at-most"?']
    assert [issue.hint for issue in annotated({"x-below": "tumor"})] == ['did you mean "tumour"?']


def test_a_sum_needs_a_whole() -> None:
    document = copy.deepcopy(SCHEMAS.read_document("survival.schema.json"))
    document["$defs"]["record"]["properties"]["time"]["x-sum"] = {"part": "statistic", "same": ["tumour"]}
    schemas = Schemas(SCHEMAS.folder, SCHEMAS.kind_names, documents={"survival.schema.json": document})
    (issue,) = find_schema_issues(schemas, ShapeChecker(), ["survival"])
    assert issue.message == "x-sum: the field needs numbers and a maximum, which is the whole"


def test_below_is_strict_and_at_most_is_not() -> None:
    kinds = {
        "chapter": {
            "first": {**NUMBER, "x-below": "last"},
            "last": NUMBER,
            "start": {**NUMBER, "x-at-most": "last"},
        }
    }
    chapter = [{"id": "one", "first": 5, "last": 5, "start": 5}]
    assert told("relations.out-of-order", kinds, chapter=chapter) == [
        ("/records/0/first", "first 5 is not below last 5")
    ]


def test_of_two_fields_one_may_be_absent() -> None:
    kinds = {"chapter": {"first": {**NUMBER, "x-below": "last"}, "last": NUMBER}}
    assert (
        told("relations.out-of-order", kinds, chapter=[{"id": "one", "first": 5}, {"id": "two", "last": 5}])
        == []
    )


def test_each_span_is_compared_with_its_own_end() -> None:
    spans = [{"start": 1, "end": 9}, {"start": 9, "end": 4}]
    assert told(
        "relations.out-of-order", {}, incidence=[{"id": "a", "source": {"section": "b", "spans": spans}}]
    ) == [("/records/0/source/spans/1/start", "start 9 is not below end 4")]


def test_quantities_are_compared_in_one_unit_by_their_upper_ends() -> None:
    kinds = {"stay": {"course": {**TIME, "x-at-most": "limit"}, "limit": TIME}}
    week = {"value": 1, "comparator": "<=", "unit": "wk"}
    stays = [
        {"id": "a", "course": {"value": 7, "unit": "d"}, "limit": week},
        {"id": "b", "course": {"low": 5, "high": 8, "unit": "d"}, "limit": week},
    ]
    assert told("relations.out-of-order", kinds, stay=stays) == [
        ("/records/1/course/high", "course 5–8 days is above limit 1 week")
    ]


def test_dates_are_compared() -> None:
    kinds = {"trial": {"opened": {**DAY, "x-at-most": "closed"}, "closed": DAY}}
    trial = [{"id": "one", "opened": "2025-02-01", "closed": "2024-12-31"}]
    assert told("relations.out-of-order", kinds, trial=trial) == [
        ("/records/0/opened", "opened 2025-02-01 is above closed 2024-12-31")
    ]


LIMITED = {
    "dosage": {
        "route": {"type": "string", "x-ref": "route"},
        "amount": {**MASS, "x-at-most": {"kind": "cap", "field": "most", "same": ["route"]}},
    },
    "cap": {"route": {"type": "string", "x-ref": "route"}, "most": MASS},
}
ROUTES = [{"id": "vein"}, {"id": "drip", "parent": "vein"}, {"id": "mouth"}]


@pytest.mark.parametrize(
    ("caps", "amount", "is_above"),
    [
        ([("", 10)], mg(11), True),
        ([("", 10)], mg(10), False),
        ([("", 10)], mg(1, "g"), True),
        ([("vein", 10)], mg(11), True),
        ([("mouth", 10)], mg(11), False),
        ([("", 10), ("vein", 20)], mg(15), False),
        ([("", 20), ("vein", 10)], mg(15), True),
        ([("vein", 20), ("drip", 10)], mg(15), True),
        ([("drip", 10), ("drip", 20)], mg(15), False),
        ([], mg(15), False),
    ],
)
def test_of_several_limits_the_closest_counts(
    caps: list[tuple[str, int]], amount: dict[str, Any], is_above: bool
) -> None:
    made = [
        {"id": f"cap-{number}", "most": mg(most), **({"route": route} if route else {})}
        for number, (route, most) in enumerate(caps)
    ]
    dosage = [{"id": "one", "route": "drip", "amount": amount}]
    assert bool(told("relations.above-limit", LIMITED, route=ROUTES, cap=made, dosage=dosage)) is is_above


def test_a_limit_for_some_does_not_bind_what_is_for_all() -> None:
    cap = [{"id": "one", "route": "vein", "most": mg(10)}]
    assert (
        told("relations.above-limit", LIMITED, route=ROUTES, cap=cap, dosage=[{"id": "a", "amount": mg(15)}])
        == []
    )


def test_the_usual_dose_is_not_above_every_maximum() -> None:
    def limit(name: str, most: int) -> dict[str, Any]:
        maximum = {"value": most, "unit": "mg/d"}
        return {"id": name, "product": "b", "route": "oral", "population": name, "maximum_daily": maximum}

    usual = {
        "id": "b",
        "product": "b",
        "route": "oral",
        "daily_dose": {"low": 1600, "high": 3600, "unit": "mg/d"},
    }
    assert (
        told("relations.above-limit", {}, dose_range=[usual], dose_limit=[limit("x", 3600), limit("y", 1600)])
        == []
    )
    (issue,) = told(
        "relations.above-limit", {}, dose_range=[usual], dose_limit=[limit("x", 360), limit("y", 160)]
    )
    assert "is above the maximum_daily 360 mg" in issue[1]


BLEND = {
    "blend": {
        "tea": {"type": "string"},
        "herb": {"type": "string"},
        "share": {
            "$ref": "common/quantity.schema.json#/$defs/share",
            "x-sum": {"part": "herb", "same": ["tea"]},
        },
    }
}


def part(name: str, tea: str, herb: str, **share: Any) -> dict[str, Any]:
    return {"id": name, "tea": tea, "herb": herb, "share": {**share, "unit": "%"}}


def test_a_part_that_is_stated_twice_counts_once_and_ranges_by_their_lower_ends() -> None:
    parts = [
        part("a", "mild", "mint", value=60),
        part("b", "mild", "mint", value=60),
        part("c", "mild", "sage", low=40, high=70),
        part("d", "plain", "mint", value=90),
    ]
    assert told("relations.sum-above-whole", BLEND, blend=parts) == []
    parts.append(part("e", "mild", "thyme", value=Decimal("0.5")))
    assert told("relations.sum-above-whole", BLEND, blend=parts) == [
        ("/records/4/share/value", "the parts of mild add up to 100.5 %, above 100 %")
    ]


def test_what_cannot_be_compared_is_told_once() -> None:
    loose = {**MASS, "x-unit": ["mg", "mL"], "x-at-most": "most"}
    record = {"id": "one", "amount": mg(4, "mL"), "most": mg(1)}
    kinds = {"level": {"amount": loose, "most": MASS}}
    assert told("relations.out-of-order", kinds, level=[record]) == []
    assert told("relations.different-dimensions", kinds, level=[record]) == [
        ("/records/0/amount/unit", "mL does not measure the same as mg, the unit of most")
    ]


def test_the_metaschema_is_a_schema_and_every_annotation_is_explained() -> None:
    with open(os.path.join(locate_shipped_schemas(), "meta", "annotations.schema.json"), "rb") as file:
        metaschema = json.load(file)
    Draft202012Validator.check_schema(metaschema)
    docs = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "annotations.md")
    with open(docs, encoding="utf-8") as page:
        explained = set(re.findall(r"^\| `(x-[a-z-]+)` \|", page.read(), re.MULTILINE))
    assert explained == set(metaschema["properties"])


def test_the_rules_that_the_page_of_annotations_names_are_there() -> None:
    docs = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "annotations.md")
    with open(docs, encoding="utf-8") as page:
        named = set(re.findall(r"`((?:relations|quantities|references|dose)\.[a-z-]+)`", page.read()))
    assert named
    assert named <= {rule.id for rule in load_all_rules()}


def test_what_is_outside_the_plausible_range_is_told_at_the_end_that_is() -> None:
    time = {**TIME, "x-plausible": {"low": 1, "high": 60, "unit": "mo"}}
    kinds = {"stay": {"time": time}}
    stays = [
        {"id": "a", "time": {"value": 2, "unit": "a"}},
        {"id": "b", "time": {"value": 6, "unit": "a"}},
        {"id": "c", "time": {"low": 6, "high": 70, "unit": "mo"}},
        {"id": "d", "time": {"low": 20, "high": 40, "unit": "d"}},
    ]
    assert [place for place, _ in told("quantities.implausible", kinds, stay=stays)] == [
        "/records/1/time/value",
        "/records/2/time/high",
        "/records/3/time/low",
    ]
