"""The family "shape": what a schema says, keyword by keyword."""

from __future__ import annotations

from typing import Any

from bmkit.handbook.told.told import Told

_MASS = {"$ref": "common/quantity.schema.json#/$defs/mass"}
_SHARE = {"$ref": "common/quantity.schema.json#/$defs/share"}
_SITES = {"type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": True, "items": {"type": "string"}}
_TIME = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"days": {"type": "integer"}, "hours": {"type": "integer"}},
    "oneOf": [{"required": ["days"]}, {"required": ["hours"]}],
}
_SPAN = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"days": {"type": "integer"}, "hours": {"type": "integer"}},
    "minProperties": 1,
}
_DATES = "RFC 3339, Date and Time on the Internet: Timestamps"


def _case(kind: str, name: str, schema: dict[str, Any], value: Any) -> dict[str, Any]:
    """Make a record with one field, and the schema of the field."""
    return {"schemas": {kind: {name: schema}}, kind: [{"id": "one", name: value}]}


def _text(name: str, schema: dict[str, Any], value: Any) -> dict[str, Any]:
    return _case("statement", name, {"type": "string", **schema}, value)


def _dose(**value: Any) -> dict[str, Any]:
    return _case("dosing", "dose", _MASS, value)


def _share(value: Any) -> dict[str, Any]:
    return _case("incidence", "share", _SHARE, {"value": value, "unit": "%"})


def _sites(*names: str) -> dict[str, Any]:
    return _case("incidence", "sites", _SITES, list(names))


def _count(schema: dict[str, Any], value: Any) -> dict[str, Any]:
    return _case("incidence", "patients", {"type": "integer", **schema}, value)


SHAPE = {
    "alternatives": Told(
        "A value has several of the forms that exclude each other, or none of them.",
        "What is both one thing and another leaves the reader to choose.",
        "keep one of the forms, and take the fields of the others out",
        _case("storage", "time", _TIME, {"days": 1, "hours": 12}),
        _case("storage", "time", _TIME, {"days": 1}),
    ),
    "date": Told(
        "A date is none, or no day of the calendar.",
        "Programs move such a date to another day, or drop it.",
        "write year, month and day of a day that there is, like 2025-07-07",
        _text("published", {"format": "date"}, "2025-02-30"),
        _text("published", {"format": "date"}, "2025-02-28"),
        source=_DATES,
    ),
    "forbidden-field": Told(
        "A field stands where it must not.",
        "Beside the other fields of the record it says something that contradicts them.",
        "take it out, or take out the field that it must not stand beside",
        _dose(value=4, low=4, unit="mg"),
        _dose(value=4, unit="mg"),
    ),
    "forbidden-value": Told(
        "A value is one that the schema rules out.",
        "It has the right type, but no meaning here.",
        "write the value that is meant, or leave the field out if there is none",
        _text("author", {"not": {"const": "anonymous"}}, "anonymous"),
        _text("author", {"not": {"const": "anonymous"}}, "A. Smith"),
    ),
    "format": Told(
        "A text does not have the form that its field asks for.",
        "Programs that rely on the form fail on it, later and elsewhere.",
        "write it in the form that the message names",
        _text("address", {"format": "email"}, "smith at hospital"),
        _text("address", {"format": "email"}, "smith@hospital.example"),
    ),
    "missing-field": Told(
        "A field is missing.",
        "A dose without a unit is worse than none: readers put in the unit that they expect.",
        "add the field; if its value is not known, the record cannot be published",
        _dose(value=4),
        _dose(value=4, unit="mg"),
    ),
    "not-a-multiple": Told(
        "A number is finer than its field allows.",
        "It claims a precision that the measure does not have.",
        "round it to a multiple of the step that the message names",
        _count({"multipleOf": 5}, 12),
        _count({"multipleOf": 5}, 10),
    ),
    "other": Told(
        "A value does not fit its schema.",
        "The keyword that it breaks has no words of its own in bmkit; the message names it.",
        "read in the schema what the keyword asks for, and write the value so",
        _case("storage", "time", _SPAN, {}),
        _case("storage", "time", _SPAN, {"days": 1}),
    ),
    "pattern": Told(
        "A text is not written as its field asks.",
        "An id with capitals or blanks is another id to every program that is strict about them.",
        "write it as the hint says; an id has lower-case letters, digits and hyphens",
        _text("section", {"pattern": "^[a-z0-9-]+$"}, "Breast cancer"),
        _text("section", {"pattern": "^[a-z0-9-]+$"}, "breast-cancer"),
    ),
    "repeated-item": Told(
        "A list has the same item twice.",
        "One of the two was probably meant to be another one.",
        "write the item that was meant, or remove one of the two",
        _sites("spine", "rib", "spine"),
        _sites("spine", "rib"),
    ),
    "too-few": Told(
        "A list has too few items.",
        "An empty list says no more than no list, and reads like a result.",
        "add the items that are missing, or leave the field out",
        _sites(),
        _sites("spine"),
    ),
    "too-high": Told(
        "A number is above what is possible.",
        "175 % of patients is a slip of the keyboard, and nobody can tell of which key.",
        "look the number up where it is from, and correct it",
        _share(175),
        _share(75),
    ),
    "too-long": Told(
        "A text is too long.",
        "It does not fit where the field is shown.",
        "shorten it, or move what is over to the field that is made for it",
        _text("label", {"maxLength": 12}, "cancer of the breast"),
        _text("label", {"maxLength": 12}, "breast"),
    ),
    "too-low": Told(
        "A number is below what is possible.",
        "There is no negative dose; the sign, or the number, is wrong.",
        "look the number up where it is from, and correct it",
        _dose(value=-120, unit="mg"),
        _dose(value=120, unit="mg"),
    ),
    "too-many": Told(
        "A list has too many items.",
        "The field holds a few, and what is over them has another meaning.",
        "keep those that are meant, and give the others a record of their own",
        _sites("spine", "rib", "skull", "pelvis"),
        _sites("spine", "rib", "skull"),
    ),
    "too-short": Told(
        "A text is too short.",
        "An empty text looks filled in to programs and is nothing to people.",
        "write the text, or leave the field out",
        _text("label", {"minLength": 1}, ""),
        _text("label", {"minLength": 1}, "rib"),
    ),
    "type": Told(
        "A value has the wrong type.",
        "A number in quotes is text: it is not sorted, added up or compared as a number.",
        "write the value as the type that the message names: numbers have no quotes, texts have",
        _count({}, "41"),
        _count({}, 41),
    ),
    "unknown-field": Told(
        "A record has a field that its kind does not know.",
        "Mostly it is a misspelt one, and what it says would be lost in every export.",
        "correct its name, or take it out; bmkit fields KIND lists the fields of a kind",
        {"schemas": {"lesson": {"label": {"type": "string"}}}, "lesson": [{"id": "one", "lable": "rib"}]},
        {"schemas": {"lesson": {"label": {"type": "string"}}}, "lesson": [{"id": "one", "label": "rib"}]},
    ),
    "value": Told(
        "A value is not in its closed list.",
        "A unit that is none, or a word that is spelt in two ways, splits what belongs together.",
        "write one of the values of the list, as it is spelt there",
        _dose(value=90, unit="mgs"),
        _dose(value=90, unit="mg"),
    ),
}
