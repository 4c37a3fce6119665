"""What there is to say about the rules that are no functions of rules/: of shape, of folders, of schemas."""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """One rule: a title and a reason in sentences, and pieces of JSON that break and that keep it."""

    title: str
    why: str
    bad: str = ""
    good: str = ""
    severity: str = "error"


# The family "shape": what a schema says, keyword by keyword.
SHAPE = {
    "alternatives": Told(
        "A value has several of the forms that exclude each other, or none of them.",
        "A quantity that is both a single number and a range leaves the reader to choose.",
        '{"dose": {"value": 4, "low": 4, "high": 8, "unit": "mg"}}',
        '{"dose": {"low": 4, "high": 8, "unit": "mg"}}',
    ),
    "date": Told(
        "A date is none, or no day of the calendar.",
        "Programs move such a date to another day, or drop it.",
        '{"published": "2025-02-30"}',
        '{"published": "2025-02-28"}',
    ),
    "forbidden-field": Told(
        "A field stands where it must not.",
        "Beside the other fields of the record it says something that contradicts them.",
        '{"share": {"value": 70, "low": 65, "unit": "%"}}',
        '{"share": {"value": 70, "unit": "%"}}',
    ),
    "forbidden-value": Told(
        "A value is one that the schema rules out.",
        "It has the right type, but no meaning here.",
    ),
    "format": Told(
        "A text does not have the form that its field asks for.",
        "Programs that rely on the form fail on it, later and elsewhere.",
    ),
    "missing-field": Told(
        "A field is missing.",
        "A dose without a unit is worse than none: readers put in the unit that they expect.",
        '{"dose": {"value": 4}}',
        '{"dose": {"value": 4, "unit": "mg"}}',
    ),
    "not-a-multiple": Told(
        "A number is finer than its field allows.",
        "It claims a precision that the measure does not have.",
    ),
    "other": Told(
        "A value does not fit its schema.",
        "The keyword that it breaks has no words of its own in bmkit; the message names it.",
    ),
    "pattern": Told(
        "A text is not written as its field asks.",
        "An id with capitals or blanks is another id to every program that is strict about them.",
        '{"id": "Breast cancer"}',
        '{"id": "breast-cancer"}',
    ),
    "repeated-item": Told(
        "A list has the same item twice.",
        "One of the two was probably meant to be another one.",
        '{"sites": ["spine", "rib", "spine"]}',
        '{"sites": ["spine", "rib"]}',
    ),
    "too-few": Told(
        "A list has too few items.", "An empty list says no more than no list, and reads like a result."
    ),
    "too-high": Told(
        "A number is above what is possible.",
        "175 % of patients is a slip of the keyboard, and nobody can tell of which key.",
        '{"share": {"value": 175, "unit": "%"}}',
        '{"share": {"value": 75, "unit": "%"}}',
    ),
    "too-long": Told("A text is too long.", "It does not fit where the field is shown."),
    "too-low": Told(
        "A number is below what is possible.",
        "There is no negative dose; the sign, or the number, is wrong.",
        '{"dose": {"value": -120, "unit": "mg"}}',
        '{"dose": {"value": 120, "unit": "mg"}}',
    ),
    "too-many": Told(
        "A list has too many items.", "The field holds a few, and what is over them has another meaning."
    ),
    "too-short": Told(
        "A text is too short.", "An empty text looks filled in to programs and is nothing to people."
    ),
    "type": Told(
        "A value has the wrong type.",
        "A number in quotes is text: it is not sorted, added up or compared as a number.",
        '{"patients": "41"}',
        '{"patients": 41}',
    ),
    "unknown-field": Told(
        "A record has a field that its kind does not know.",
        "Mostly it is a misspelt one, and what it says would be lost in every export.",
        '{"sourse": {"section": "treatment"}}',
        '{"source": {"section": "treatment"}}',
    ),
    "value": Told(
        "A value is not in its closed list.",
        "A unit that is none, or a word that is spelt in two ways, splits what belongs together.",
        '{"dose": {"value": 90, "unit": "mgs"}}',
        '{"dose": {"value": 90, "unit": "mg"}}',
    ),
}

# The family "content": files and folders.
CONTENT = {
    "folder-too-deep": Told(
        "A folder stands in a folder of content/.",
        "Content has one level of folders; what is deeper is not read.",
        severity="warning",
    ),
    "misplaced-file": Told(
        "A file of records stands in content/ itself.",
        "It belongs to no article and to no reference list, so nobody reads it.",
    ),
    "stray-file": Told(
        "A file in content/ is not content.",
        "It is ignored, which whoever put it there may not know.",
        severity="warning",
    ),
    "suffix-case": Told(
        "A file of records ends with .JSON or the like.",
        "Only .json is read, on every system alike: all that the file says would silently be missing.",
    ),
    "unknown-kind": Told(
        "A file is named after a kind that there is not.",
        "No schema says what its records mean, so none of them is read.",
    ),
    "wrong-folder": Told(
        "A file stands in a folder that its kind does not belong in.",
        "Terms are shared and stand in content/terms/; facts belong to the folder of their article.",
    ),
    "wrong-schema": Told(
        "A file names another schema than that of its kind.",
        "Editors would complete and check it as something that it is not.",
        '{"$schema": "../../schema/survival.schema.json"}',
        '{"$schema": "../../schema/incidence.schema.json"}',
    ),
}

# Of the family "codes", what is said of the lock itself.
CODES = {
    "lock-header": Told(
        "The lock of codes does not start with its header.", "What its columns mean would be a guess."
    ),
    "lock-line": Told(
        "A line of the lock of codes is not system, code and display.", "Its code cannot be checked."
    ),
    "lock-repeated": Told(
        "A code stands twice in the lock of codes.", "With two displays, either of them would pass."
    ),
}

# The family "schema": conventions of a project's own schemas.
SCHEMA = {
    "annotation": Told(
        "An annotation is unknown or has the wrong form.",
        "A misspelt x-ref is ignored by everything, and the references it should guard go unchecked.",
        '{"type": "string", "x-reff": "site"}',
        '{"type": "string", "x-ref": "site"}',
    ),
    "description": Told("A description is no sentence.", "Reviewers and editors read it as it stands."),
    "example": Told("An example does not fit its own field.", "Whoever copies it copies a mistake."),
    "format": Told(
        "A format is not one that bmkit checks.", "A format that nobody checks only looks like a check."
    ),
    "frame": Told(
        "The schema of a file is not $schema and records.", "Every file of content has the same frame."
    ),
    "group": Told(
        "A kind belongs to no group.", "Whether it is a fact or a term decides where its files stand."
    ),
    "id": Told(
        "Records of a kind have no id, or need none.", "Nothing can refer to them, or tell them apart."
    ),
    "keyword": Told(
        "A keyword is unknown.",
        "JSON Schema ignores what it does not know: a misspelt limit is no limit.",
        '{"type": "number", "maximun": 100}',
        '{"type": "number", "maximum": 100}',
    ),
    "name": Told(
        "A name is not written as names are.", "Kinds are words with hyphens, fields words with underscores."
    ),
    "no-description": Told(
        "A field has no description.", "Nobody but its author knows what belongs into it."
    ),
    "no-examples": Told(
        "A field has no examples.",
        "An example says faster than any description what is meant.",
        severity="warning",
    ),
    "no-title": Told("A field has no title.", "It is the heading of the column in the reviewer's workbook."),
    "open": Told("An object is not closed.", "Misspelt fields would be taken for new ones, silently."),
    "reference": Told("A field refers to a kind that there is not.", "No record can ever be the right one."),
    "unit": Told(
        "The units of a quantity are none, or measure something else.",
        "Every dose in such a unit would pass, and none could be compared.",
    ),
    "sentence": Told(
        "The sentence of a kind cannot be made.",
        "It names a field that there is not, or one that may be missing, or has an open bracket.",
        '{"x-sentence": "occurs in {shere} of patients"}',
        '{"x-sentence": "occurs in {share} of patients"}',
    ),
}

# The family "baseline": what is wrong with a file of known issues.
BASELINE = {
    "gone": Told(
        "An issue of the baseline is not found any more.",
        "It was mended. Left in the baseline, it would hide the next fault of its sort in that record.",
        severity="warning",
    ),
}

TOLD = {
    f"{family}.{fault}": told
    for family, faults in {
        "shape": SHAPE,
        "content": CONTENT,
        "codes": CODES,
        "schema": SCHEMA,
        "baseline": BASELINE,
    }.items()
    for fault, told in faults.items()
}
