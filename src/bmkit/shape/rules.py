"""The rules of the family "shape": what a schema says, keyword by keyword."""

from __future__ import annotations

from typing import Any

from bmkit.rule_doc import RuleDoc, index_rule_docs

_MASS_SCHEMA = {"$ref": "common/quantity.schema.json#/$defs/mass"}
_SHARE_SCHEMA = {"$ref": "common/quantity.schema.json#/$defs/share"}
_SITE_LIST_SCHEMA = {
    "type": "array",
    "minItems": 1,
    "maxItems": 3,
    "uniqueItems": True,
    "items": {"type": "string"},
}
_DAYS_OR_HOURS_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"days": {"type": "integer"}, "hours": {"type": "integer"}},
    "oneOf": [{"required": ["days"]}, {"required": ["hours"]}],
}
_RFC_3339_SOURCE = "RFC 3339, Date and Time on the Internet: Timestamps"


def _make_field_example(kind: str, field_name: str, schema: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return a record with one field, and the schema of the field."""
    return {"schemas": {kind: {field_name: schema}}, kind: [{"id": "one", field_name: value}]}


def _make_statement_example(field_name: str, schema: dict[str, Any], value: Any) -> dict[str, Any]:
    return _make_field_example("statement", field_name, {"type": "string", **schema}, value)


def _make_mass_example(**quantity: Any) -> dict[str, Any]:
    return _make_field_example("regimen", "dose", _MASS_SCHEMA, quantity)


def _make_share_example(value: Any) -> dict[str, Any]:
    return _make_field_example("result", "estimate", _SHARE_SCHEMA, {"value": value, "unit": "%"})


def _make_sites_example(*site_ids: str) -> dict[str, Any]:
    return _make_field_example("result", "sites", _SITE_LIST_SCHEMA, list(site_ids))


def _make_patient_count_example(schema: dict[str, Any], value: Any) -> dict[str, Any]:
    return _make_field_example("result", "patients", {"type": "integer", **schema}, value)


SHAPE_RULES = index_rule_docs(
    RuleDoc(
        "shape.alternatives",
        "error",
        "A value has none, or several, of the forms that exclude each other.",
        "With several, the reader has to guess which one holds.",
        "keep one of the forms, and remove the fields of the others",
        (_make_field_example("storage", "time", _DAYS_OR_HOURS_SCHEMA, {"days": 1, "hours": 12}),),
        (_make_field_example("storage", "time", _DAYS_OR_HOURS_SCHEMA, {"days": 1}),),
    ),
    RuleDoc(
        "shape.date",
        "error",
        "A date is not a day of the calendar.",
        "Programs move such a date to another day, or drop it.",
        "write year, month and day of an existing day, like 2025-07-07",
        (_make_statement_example("published", {"format": "date"}, "2025-02-30"),),
        (_make_statement_example("published", {"format": "date"}, "2025-02-28"),),
        source=_RFC_3339_SOURCE,
    ),
    RuleDoc(
        "shape.forbidden-field",
        "error",
        "A field is not allowed beside others of the record.",
        "It contradicts the other fields of the record.",
        "remove it, or the field beside which it is not allowed",
        (_make_mass_example(value=4, low=4, unit="mg"),),
        (_make_mass_example(value=4, unit="mg"),),
    ),
    RuleDoc(
        "shape.forbidden-value",
        "error",
        "A value is ruled out by the schema.",
        "It has the right type, but no meaning here.",
        "write the value that is meant, or leave the field out",
        (_make_statement_example("author", {"not": {"const": "anonymous"}}, "anonymous"),),
        (_make_statement_example("author", {"not": {"const": "anonymous"}}, "A. Smith"),),
    ),
    RuleDoc(
        "shape.format",
        "error",
        "A text does not have the format of its field.",
        "Programs that rely on the format fail on it, later and elsewhere.",
        "write it in the format that the message names",
        (_make_statement_example("address", {"format": "email"}, "smith at hospital"),),
        (_make_statement_example("address", {"format": "email"}, "smith@hospital.example"),),
    ),
    RuleDoc(
        "shape.missing-field",
        "error",
        "A field is missing.",
        "A dose without a unit is worse than none: readers assume the unit that they expect.",
        "add the field; if its value is not known, the record cannot be published",
        (_make_mass_example(value=4),),
        (_make_mass_example(value=4, unit="mg"),),
    ),
    RuleDoc(
        "shape.not-a-multiple",
        "error",
        "A number is finer than its field allows.",
        "It claims a precision that the value does not have.",
        "round it to a multiple of the step that the message names",
        (_make_patient_count_example({"multipleOf": 5}, 12),),
        (_make_patient_count_example({"multipleOf": 5}, 10),),
    ),
    RuleDoc(
        "shape.pattern",
        "error",
        "A text does not match the pattern of its field.",
        "To most programs an id with capitals or blanks is another id.",
        "write it as the hint says; an id has lower-case letters, digits and hyphens",
        (_make_statement_example("section", {"pattern": "^[a-z0-9-]+$"}, "Breast cancer"),),
        (_make_statement_example("section", {"pattern": "^[a-z0-9-]+$"}, "breast-cancer"),),
    ),
    RuleDoc(
        "shape.repeated-item",
        "error",
        "A list has the same item twice.",
        "One of the two was probably meant to be another item.",
        "write the item that was meant, or remove one of the two",
        (_make_sites_example("spine", "rib", "spine"),),
        (_make_sites_example("spine", "rib"),),
    ),
    RuleDoc(
        "shape.too-few",
        "error",
        "A list has too few items.",
        "An empty list reads as if there were none, although nobody stated so.",
        "add the items that are missing, or leave the field out",
        (_make_sites_example(),),
        (_make_sites_example("spine"),),
    ),
    RuleDoc(
        "shape.too-high",
        "error",
        "A number is above the maximum of its field.",
        "175 % of patients is a typing error, and readers cannot guess the right number.",
        "look the number up in its source, and correct it",
        (_make_share_example(175),),
        (_make_share_example(75),),
    ),
    RuleDoc(
        "shape.too-long",
        "error",
        "A text is too long.",
        "It does not fit where the field is shown.",
        "shorten it, or move the rest to another field",
        (_make_statement_example("label", {"maxLength": 12}, "cancer of the breast"),),
        (_make_statement_example("label", {"maxLength": 12}, "breast"),),
    ),
    RuleDoc(
        "shape.too-low",
        "error",
        "A number is below the minimum of its field.",
        "There is no negative dose; the sign, or the number, is wrong.",
        "look the number up in its source, and correct it",
        (_make_mass_example(value=-120, unit="mg"),),
        (_make_mass_example(value=120, unit="mg"),),
    ),
    RuleDoc(
        "shape.too-many",
        "error",
        "A list has too many items.",
        "More items than that have another meaning.",
        "keep those that are meant, and move the others to a record of their own",
        (_make_sites_example("spine", "rib", "skull", "pelvis"),),
        (_make_sites_example("spine", "rib", "skull"),),
    ),
    RuleDoc(
        "shape.too-short",
        "error",
        "A text is too short.",
        "To programs an empty text looks filled in, and people see nothing.",
        "write the text, or leave the field out",
        (_make_statement_example("label", {"minLength": 1}, ""),),
        (_make_statement_example("label", {"minLength": 1}, "rib"),),
    ),
    RuleDoc(
        "shape.type",
        "error",
        "A value has the wrong type.",
        "A number in quotes is a text: it is not sorted, added up or compared as a number.",
        "write the value in the type that the message names: texts have quotes, numbers have none",
        (_make_patient_count_example({}, "41"),),
        (_make_patient_count_example({}, 41),),
    ),
    RuleDoc(
        "shape.unknown-field",
        "error",
        "A record has a field that its kind does not know.",
        "Mostly its name is misspelt, and its value would be lost in every export.",
        "correct its name, or remove it; bmkit fields KIND lists the fields of a kind",
        ({"schemas": {"lesson": {"label": {"type": "string"}}}, "lesson": [{"id": "one", "lable": "rib"}]},),
        ({"schemas": {"lesson": {"label": {"type": "string"}}}, "lesson": [{"id": "one", "label": "rib"}]},),
    ),
    RuleDoc(
        "shape.value",
        "error",
        "A value is not in its closed list.",
        "An unknown unit, or a word in a second spelling, splits what belongs together.",
        "write one of the values of the list, spelt as there",
        (_make_mass_example(value=90, unit="mgs"),),
        (_make_mass_example(value=90, unit="mg"),),
    ),
    guard_dose=True,
)
