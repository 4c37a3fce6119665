"""The family "schema": conventions of a project's own schemas."""

from __future__ import annotations

from typing import Any

from bmkit.handbook.told.told import Told

_KEYWORDS = "JSON Schema: A Media Type for Describing JSON Documents (2020-12)"
_UCUM = "Regenstrief Institute, The Unified Code for Units of Measure (UCUM)"
_TEXT = {"type": "string", "title": "Word", "description": "A word.", "examples": ["rib"]}
_COUNT = {"type": "integer", "title": "Count", "description": "How many.", "examples": [2]}


def _record(**parts: Any) -> dict[str, Any]:
    return {"$defs": {"record": parts}}


def _word(**keywords: Any) -> dict[str, Any]:
    """Give the schema of a field "word"; what is None is left out of it."""
    made = {key: value for key, value in {**_TEXT, **keywords}.items() if value is not None}
    return _record(properties={"word": made})


def _count(**keywords: Any) -> dict[str, Any]:
    return _record(properties={"count": {**_COUNT, **keywords}})


def _dose(unit: str) -> dict[str, Any]:
    number = {"type": "number", "title": "Number", "description": "A number.", "examples": [4]}
    units = {
        "type": "string", "title": "Unit", "description": "A unit.", "enum": [unit], "examples": [unit],
    }  # fmt: skip
    dose = {
        "type": "object",
        "title": "Dose",
        "description": "A dose.",
        "examples": [{"value": 4, "unit": unit}],
        "x-unit": "mass",
        "additionalProperties": False,
        "properties": {"value": number, "low": number, "high": number, "unit": units},
    }
    return _record(properties={"dose": dose})


def _frame(*required: str) -> dict[str, Any]:
    return {"required": list(required)}


def _box(**keywords: Any) -> dict[str, Any]:
    box = {"type": "object", "title": "Box", "description": "A box.", "examples": [{"count": 2}]}
    return _record(properties={"box": {**box, "properties": {"count": _COUNT}, **keywords}})


SCHEMA = {
    "annotation": Told(
        "An annotation is unknown, has the wrong form, or stands where nothing reads it.",
        "A misspelt x-ref is ignored by everything, and the references it should guard go unchecked.",
        "correct its name, its value or its place; docs/annotations.md tells of every annotation",
        _word(**{"x-reff": "kind"}),
        _word(**{"x-ref": "kind"}),
    ),
    "description": Told(
        "A description is no sentence.",
        "Reviewers and editors read it as it stands.",
        "write a sentence, with a full stop at its end",
        _word(description="a word"),
        _word(description="The word that names it."),
    ),
    "example": Told(
        "An example does not fit its own field.",
        "Whoever copies it copies a mistake.",
        "correct the example, or the limits of the field if the example is right",
        _count(examples=["two"]),
        _count(examples=[2]),
    ),
    "format": Told(
        "A format is not one that bmkit checks.",
        "A format that nobody checks only looks like a check.",
        "write date, or a pattern that says what the text looks like",
        _word(format="colour"),
        _word(format="date", examples=["2025-07-07"]),
    ),
    "frame": Told(
        "The schema of a file is not $schema and records.",
        "Every file of content has the same frame.",
        "copy the frame from another kind: $schema and records, both required, and nothing else",
        _frame("records"),
        _frame("$schema", "records"),
    ),
    "group": Told(
        "A kind belongs to no group.",
        "Whether it is a fact or a term decides where its files stand.",
        "write x-group: term for a shared reference list, fact for what an article states",
        {"x-group": "thing"},
        {"x-group": "fact"},
    ),
    "id": Told(
        "Records of a kind have no id, or need none.",
        "Nothing can refer to them, or tell them apart.",
        "give the record a field id, and name it in required",
        _record(required=["word"]),
        _record(required=["id", "word"]),
    ),
    "keyword": Told(
        "A keyword is unknown.",
        "JSON Schema ignores what it does not know: a misspelt limit is no limit.",
        "correct its name, or take it out",
        _count(maximun=100),
        _count(maximum=100),
        source=_KEYWORDS,
    ),
    "name": Told(
        "A name is not written as names are.",
        "Kinds are words with hyphens, fields words with underscores.",
        "write it in lower case, the words of a field joined by underscores, those of a kind by hyphens",
        _record(properties={"firstWord": _TEXT}),
        _record(properties={"first_word": _TEXT}),
    ),
    "no-description": Told(
        "A field has no description.",
        "Nobody but its author knows what belongs into it.",
        "say in a sentence what the field holds",
        _word(description=None),
        _word(),
    ),
    "no-examples": Told(
        "A field has no examples.",
        "An example says faster than any description what is meant.",
        "give one or two values that a record may have",
        _word(examples=None),
        _word(),
        "warning",
    ),
    "no-title": Told(
        "A field has no title.",
        "It is the heading of the column in the reviewer's workbook.",
        "give it a title of a word or two",
        _word(title=None),
        _word(),
    ),
    "open": Told(
        "An object is not closed.",
        "Misspelt fields would be taken for new ones, silently.",
        "write additionalProperties: false beside its properties",
        {"$defs": {"box": {"type": "object", "properties": {"count": _COUNT}}}},
        _box(additionalProperties=False),
    ),
    "reference": Told(
        "A field refers to a kind that there is not.",
        "No record can ever be the right one.",
        "name a kind that has a schema, as bmkit fields lists them",
        _word(**{"x-ref": "knid"}),
        _word(**{"x-ref": "kind"}),
    ),
    "unit": Told(
        "The units of a quantity are none, or measure something else.",
        "Every dose in such a unit would pass, and none could be compared.",
        "write UCUM codes of the dimension that x-unit names",
        _dose("mL"),
        _dose("mg"),
        source=_UCUM,
    ),
    "sentence": Told(
        "The sentence of a kind cannot be made.",
        "It names a field that there is not, or one that may be missing, or has an open bracket.",
        "name fields as the kind has them, and put in brackets what a record may not have",
        {"x-sentence": "it is called {wrod}"},
        {"x-sentence": "it is called {word}"},
    ),
}
