"""The rules of the family "schema": conventions of a schema."""

from __future__ import annotations

from typing import Any

from bmkit.rule_doc import RuleDoc, index_rule_docs

_JSON_SCHEMA_SOURCE = "JSON Schema: A Media Type for Describing JSON Documents (2020-12)"
_UCUM_SOURCE = "Regenstrief Institute, The Unified Code for Units of Measure (UCUM)"
_WORD_FIELD = {"type": "string", "title": "Word", "description": "A word.", "examples": ["rib"]}
_COUNT_FIELD = {"type": "integer", "title": "Count", "description": "How many.", "examples": [2]}


def _make_record_schema(**keywords: Any) -> dict[str, Any]:
    return {"$defs": {"record": keywords}}


def _make_word_schema(**keywords: Any) -> dict[str, Any]:
    """Return the schema of a field "word"; keywords that are None are left out."""
    field_schema = {key: value for key, value in {**_WORD_FIELD, **keywords}.items() if value is not None}
    return _make_record_schema(properties={"word": field_schema})


def _make_count_schema(**keywords: Any) -> dict[str, Any]:
    return _make_record_schema(properties={"count": {**_COUNT_FIELD, **keywords}})


def _make_dose_schema(unit: str) -> dict[str, Any]:
    number_field = {"type": "number", "title": "Number", "description": "A number.", "examples": [4]}
    unit_field = {
        "type": "string", "title": "Unit", "description": "A unit.", "enum": [unit], "examples": [unit],
    }  # fmt: skip
    dose_field = {
        "type": "object",
        "title": "Dose",
        "description": "A dose.",
        "examples": [{"value": 4, "unit": unit}],
        "x-unit": "mass",
        "additionalProperties": False,
        "properties": {"value": number_field, "low": number_field, "high": number_field, "unit": unit_field},
    }
    return _make_record_schema(properties={"dose": dose_field})


def _make_frame_schema(*required: str) -> dict[str, Any]:
    return {"required": list(required)}


def _make_box_schema(**keywords: Any) -> dict[str, Any]:
    box_field = {"type": "object", "title": "Box", "description": "A box.", "examples": [{"count": 2}]}
    return _make_record_schema(
        properties={"box": {**box_field, "properties": {"count": _COUNT_FIELD}, **keywords}}
    )


SCHEMA_RULES = index_rule_docs(
    RuleDoc(
        "schema.annotation",
        "error",
        "An annotation is missing, unknown or of the wrong form, or stands where nothing reads it.",
        "A misspelt x-ref is ignored, and the references that it should guard go unchecked; a quantity of a"
        " fact without an x-part, and a closed list of values without x-means, are compared with nothing.",
        "correct its name, its value or its place; docs/annotations.md lists all annotations",
        (_make_word_schema(**{"x-reff": "kind"}),),
        (_make_word_schema(**{"x-ref": "kind"}),),
        guards_dose=True,
    ),
    RuleDoc(
        "schema.description",
        "error",
        "A description is not a sentence.",
        "Reviewers and editors read it as it stands.",
        "write a sentence, with a full stop at its end",
        (_make_word_schema(description="a word"),),
        (_make_word_schema(description="The word that names it."),),
    ),
    RuleDoc(
        "schema.example",
        "error",
        "An example does not fit its own field.",
        "Whoever copies it copies a mistake.",
        "correct the example, or the limits of the field if the example is right",
        (_make_count_schema(examples=["two"]),),
        (_make_count_schema(examples=[2]),),
    ),
    RuleDoc(
        "schema.format",
        "error",
        "A format is not one that bmkit checks.",
        "A format that is not checked only looks like a check.",
        "write date, or a pattern that the text must match",
        (_make_word_schema(format="colour"),),
        (_make_word_schema(format="date", examples=["2025-07-07"]),),
        guards_dose=True,
    ),
    RuleDoc(
        "schema.wrong-frame",
        "error",
        "The schema of a file does not consist of $schema and records.",
        "Every file of content has the same form.",
        "copy them from another kind: $schema and records, both required, and nothing else",
        (_make_frame_schema("records"),),
        (_make_frame_schema("$schema", "records"),),
        guards_dose=True,
    ),
    RuleDoc(
        "schema.group",
        "error",
        "A kind belongs to no group.",
        "Whether it is a fact or a term decides where its files stand.",
        "write x-group: term for a shared reference list, fact for what an article states",
        ({"x-group": "thing"},),
        ({"x-group": "fact"},),
    ),
    RuleDoc(
        "schema.id",
        "error",
        "Records of a kind have no id, or it is not required.",
        "Records without an id cannot be referred to or told apart.",
        "give the record a field id, and name it in required",
        (_make_record_schema(required=["word"]),),
        (_make_record_schema(required=["id", "word"]),),
        guards_dose=True,
    ),
    RuleDoc(
        "schema.keyword",
        "error",
        "A keyword is unknown.",
        "JSON Schema ignores what it does not know: a misspelt limit is no limit.",
        "correct its name, or remove it",
        (_make_count_schema(maximun=100),),
        (_make_count_schema(maximum=100),),
        source=_JSON_SCHEMA_SOURCE,
        guards_dose=True,
    ),
    RuleDoc(
        "schema.lost-field",
        "error",
        "A kind that replaces a shipped one lacks what rules ask for.",
        "A rule says nothing of a field that is not there: doses, limits and references would go unchecked.",
        "take it over from the shipped schema, records need not fill it; or give the kind a name of its own",
        (),
        (),
        bad_in_words="a project's regimen.schema.json without a field of the role dose",
        good_in_words="the same with an optional field dose, which no record of the project fills",
        guards_dose=True,
    ),
    RuleDoc(
        "schema.name",
        "error",
        "A name does not follow the convention for names.",
        "Kinds are words with hyphens, fields words with underscores.",
        "write it in lower case, the words of a field joined by underscores, those of a kind by hyphens",
        (_make_record_schema(properties={"firstWord": _WORD_FIELD}),),
        (_make_record_schema(properties={"first_word": _WORD_FIELD}),),
    ),
    RuleDoc(
        "schema.no-description",
        "error",
        "A field has no description.",
        "Only its author knows what belongs into it.",
        "describe in a sentence what the field holds",
        (_make_word_schema(description=None),),
        (_make_word_schema(),),
    ),
    RuleDoc(
        "schema.no-examples",
        "warning",
        "A field has no examples.",
        "An example shows faster than any description what is meant.",
        "add one or two values that a record may have",
        (_make_word_schema(examples=None),),
        (_make_word_schema(),),
    ),
    RuleDoc(
        "schema.no-title",
        "error",
        "A field has no title.",
        "It is the heading of the column in the reviewer's workbook.",
        "add a title of one or two words",
        (_make_word_schema(title=None),),
        (_make_word_schema(),),
    ),
    RuleDoc(
        "schema.not-closed",
        "error",
        "An object is not closed.",
        "Misspelt fields would be taken for new ones, silently.",
        "write additionalProperties: false beside its properties",
        ({"$defs": {"box": {"type": "object", "properties": {"count": _COUNT_FIELD}}}},),
        (_make_box_schema(additionalProperties=False),),
        guards_dose=True,
    ),
    RuleDoc(
        "schema.reference",
        "error",
        "A field refers to an unknown kind.",
        "No record can ever be its target.",
        "name a kind that bmkit fields lists",
        (_make_word_schema(**{"x-ref": "knid"}),),
        (_make_word_schema(**{"x-ref": "kind"}),),
        guards_dose=True,
    ),
    RuleDoc(
        "schema.unit",
        "error",
        "The units of a quantity are not UCUM units, or measure something else.",
        "Every dose in such a unit would pass, and none could be compared.",
        "write UCUM codes of the dimension that x-unit names",
        (_make_dose_schema("mL"),),
        (_make_dose_schema("mg"),),
        source=_UCUM_SOURCE,
        guards_dose=True,
    ),
    RuleDoc(
        "schema.sentence",
        "error",
        "The sentence of a kind cannot be made.",
        "It names an unknown field, or one that may be missing, or has an unclosed bracket.",
        "name fields of the kind, and put those that may be missing in brackets",
        ({"x-sentence": "it is called {wrod}"},),
        ({"x-sentence": "it is called {word}"},),
    ),
)
