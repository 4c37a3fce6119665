"""A kind of one's own with other names for all fields, and facts of it: rules must go by roles alone."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}


def refer_to(kind: str, **keywords: Any) -> dict[str, Any]:
    return {**TEXT, "x-ref": kind, **keywords}


def measure(definition: str, **keywords: Any) -> dict[str, Any]:
    return {"$ref": f"common/quantity.schema.json#/$defs/{definition}", **keywords}


def choose(poles: dict[str, str], **keywords: Any) -> dict[str, Any]:
    return {**TEXT, "enum": [*poles, "perhaps"], "x-means": poles, **keywords}


FIELDS = {
    "medicine": refer_to("product"),
    "class_of_it": refer_to("drug-class"),
    "patients": refer_to("population"),
    "having": refer_to("condition"),
    "way_in": refer_to("route"),
    "shape": refer_to("form"),
    "fluids": {"type": "array", "items": refer_to("solution"), "x-many": "any"},
    "together": {"type": "array", "items": refer_to("substance"), "x-many": "all", "x-role": "given-with"},
    "trial": refer_to("study", **{"x-role": "study"}),
    "body": refer_to("organisation"),
    "trial_arm": {**TEXT, "x-part": "exposure"},
    "seen_after": measure("duration", **{"x-role": "time-point"}),
    "amount": measure("dose", **{"x-role": "dose"}),
    "again_after": measure("duration", **{"x-role": "interval"}),
    "most": measure("dose", **{"x-role": "maximum"}),
    "least_wait": measure("duration", **{"x-role": "least-interval"}),
    "part_of_all": measure("share", **{"x-role": "share"}),
    "total_of": measure("dose", **{"x-role": "total"}),
    "counted_in": measure("duration", **{"x-role": "total-in"}),
    "row_of": {**TEXT, "x-role": "plan"},
    "row": {"type": "integer", "x-role": "step"},
    "choice": {**TEXT, "x-role": "option"},
    "if_needed": {"type": "boolean", "default": False, "x-role": "as-needed"},
    "fasting": {"type": "boolean", "x-part": "value"},
    "advice": choose({"do": "yes", "do gladly": "yes", "do not": "no"}, **{"x-role": "stance"}),
    "treats": refer_to("condition", **{"x-part": "value", "x-role": "none"}),
    "order_no": {"type": "integer", "x-part": "value"},
    "steps": {"type": "array", "items": TEXT, "x-part": "value"},
    "words": {**TEXT, "x-part": "value"},
    "aside": {**TEXT, "x-part": "remark"},
}
CHARACTERISTICS = {"clearance": "kidney function", "weight": "body weight", "age": "age", "risk": "risk"}
UNITS = {"clearance": "mL/min", "weight": "kg", "age": "a", "risk": "%"}
POPULATIONS: dict[str, Any] = {
    "all-adults": {},
    "cancer": {"conditions": ["cancer"]},
    "breast-cancer": {"conditions": ["breast-cancer"]},
    "no-cancer": {"without": ["cancer"]},
    "no-breast-cancer": {"without": ["breast-cancer"]},
    "kidney": {"conditions": ["renal-failure"]},
    "pregnant": {"bands": [{"characteristic": "pregnancy", "word": "pregnant"}]},
}
TERMS = {
    "product": [{"id": "p", "drug_class": "c"}, {"id": "q", "drug_class": "c"}, {"id": "other"}],
    "drug-class": [{"id": "c", "parent": "wide"}, {"id": "wide"}],
    "condition": [
        {"id": "cancer"},
        {"id": "breast-cancer", "parent": "cancer"},
        {"id": "renal-failure", "weakens": "kidney"},
        {"id": "severe-renal-failure", "parent": "renal-failure", "weakens": "kidney"},
    ],
    "characteristic": [
        {"id": name, "sort": sort} for name, sort in {**CHARACTERISTICS, "pregnancy": "pregnancy"}.items()
    ],
}


def make_quantity(text: str) -> dict[str, Any]:
    """Return "<= 4-6 mg" as a quantity."""
    *comparator, numbers, unit = text.split(" ")
    ends = [float(number) if "." in number else int(number) for number in numbers.split("-")]
    members = {"value": ends[0]} if len(ends) == 1 else {"low": ends[0], "high": ends[1]}
    return {**members, **({"comparator": comparator[0]} if comparator else {}), "unit": unit}


def make_population(name: str) -> dict[str, Any]:
    """Return a population by its name; "clearance 30-39" and the like are bands."""
    characteristic, _, ends = name.partition(" ")
    if not ends:
        return {"id": name, **POPULATIONS[name]}
    band = {"characteristic": characteristic, "range": make_quantity(f"{ends} {UNITS[characteristic]}")}
    return {"id": name, "bands": [band]}


def make_fact(fact_id: str, **fields: Any) -> dict[str, Any]:
    """Return an administration of the medicine p; "4 mg" is written as a quantity."""
    quantities = {name for name, schema in FIELDS.items() if "quantity" in schema.get("$ref", "")}
    values = {name: make_quantity(value) if name in quantities else value for name, value in fields.items()}
    fact = {"id": fact_id, "medicine": "p", **values}
    return {name: value for name, value in fact.items() if value != ""}


def make_example(*facts: dict[str, Any], **records: Any) -> dict[str, Any]:
    """Return the facts, with ids in their order, and all terms that they need."""
    names = {fact["patients"]: None for fact in facts if "patients" in fact}
    administrations = [make_fact(f"fact-{number}", **fact) for number, fact in enumerate(facts)]
    populations = [make_population(name) for name in names]
    schemas = {"administration": FIELDS}
    return {
        **TERMS, "schemas": schemas, "population": populations, "administration": administrations, **records,
    }  # fmt: skip
