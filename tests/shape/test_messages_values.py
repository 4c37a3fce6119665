"""What people type in place of what the schema wants leads to what they meant, or to nothing at all."""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.sample_kinds import make_sample_schemas
from tests.shape.conftest import find_shown_issues

from bmkit.content import read_content
from bmkit.schema import Schemas, read_shipped_schemas
from bmkit.shape import ShapeChecker
from bmkit.shape.faults import BundledSchema, select_instance
from bmkit.shape.messages import describe_mistake
from bmkit.shape.mistakes import find_mistakes
from bmkit.shipped import locate_shipped_schemas, read_shipped_schema_file
from bmkit.ucum.dimensions import read_dimensions

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = read_shipped_schemas()
QUANTITIES = "common/quantity.schema.json#/$defs"
# The shipped doses may be in many units; these two in those of one dimension each.
WEIGHING = {
    "title": "Weighing",
    "x-group": "fact",
    "type": "object",
    "properties": {"$schema": {}, "records": {"type": "array", "items": {"$ref": "#/$defs/record"}}},
    "$defs": {
        "record": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "id": {"$ref": "common/text.schema.json#/$defs/id"},
                "dose": {"$ref": f"{QUANTITIES}/mass"},
                "daily_dose": {"$ref": f"{QUANTITIES}/daily-dose"},
            },
        }
    },
}
SCHEMAS = make_sample_schemas({"weighing.schema.json": WEIGHING})
MASS, TIME, VOLUME, RATE, SHARE = "dose", "administration_time", "volume", "daily_dose", "share"
KINDS_BY_FIELD = {
    **dict.fromkeys((SHARE, "tumour", "possibility", "notes"), "incidence"),
    **dict.fromkeys((MASS, RATE), "weighing"),
}


def write_project(root: Path, files: dict[str, list[dict[str, Any]]]) -> str:
    for name, records in files.items():
        path = root / "content" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        schema = f"../../schema/{name.rsplit('/', maxsplit=1)[-1]}.schema.json"
        path.write_text(json.dumps({"$schema": schema, "records": records}), encoding="utf-8")
    return str(root)


def find_messages(
    root: Path, files: dict[str, list[dict[str, Any]]], engine: str = "auto"
) -> list[tuple[str, str, str]]:
    """Return place, message and hint of every mistake of shape but missing fields."""
    content = read_content(write_project(root, files), SCHEMAS)
    return [
        (
            f"{os.path.dirname(issue.place.file).removeprefix('content/')}{issue.place.pointer}",
            issue.message,
            issue.hint,
        )
        for issue in find_shown_issues(ShapeChecker(engine), content)
        if issue.rule != "shape.missing-field"
    ]


def find_field_message(root: Path, name: str, value: Any) -> tuple[str, str]:
    """Return message and hint for the value of a field."""
    kind_name = KINDS_BY_FIELD.get(name, "regimen")
    ((_, message, hint),) = find_messages(root, {f"one/{kind_name}": [{"id": "a", name: value}]})
    return message, hint


UNITS = [
    *((MASS, word, "ug") for word in ("mcg", "µg", "μg", "micrograms", "Microgram", "mikrogram")),
    *((MASS, word, "mg") for word in ("milligrams", "milligram", "MG", "mgs", "miligrams", "Milligramm")),
    *((MASS, word, "g") for word in ("gm", "grams", "gms")),
    *((TIME, word, "h") for word in ("hours", "hour", "hrs", "hr", "Hours")),
    *((TIME, word, "min") for word in ("minutes", "mins", "minuts")),
    *((TIME, word, "d") for word in ("days", "day")),
    *((TIME, word, "wk") for word in ("weeks", "week", "wks")),
    *((TIME, word, "mo") for word in ("months", "month")),
    *((TIME, word, "a") for word in ("years", "yrs", "year")),
    *((VOLUME, word, "mL") for word in ("cc", "ml", "millilitres", "milliliter")),
    *((VOLUME, word, "L") for word in ("litre", "litres", "liter", "liters", "l")),
    *((RATE, word, "mg/d") for word in ("mg/day", "mg per day", "milligrams a day", "miligram per day")),
    *((RATE, word, "ug/d") for word in ("mcg/day", "µg/d")),
    *((SHARE, word, "%") for word in ("percent", "per cent", "pct")),
]


@pytest.mark.parametrize(("field", "word", "code"), UNITS)
def test_a_unit_in_words_leads_to_its_code(tmp_path: Path, field: str, word: str, code: str) -> None:
    message, hint = find_field_message(tmp_path, field, {"value": 4, "unit": word})
    assert (message, hint) == (f'unit "{word}" is not in its list of values', f'did you mean "{code}"?')


@pytest.mark.parametrize("word", ["°C", "ºC", "℃", "C", "celsius"])
def test_degrees_are_understood(tmp_path: Path, word: str) -> None:
    ((_, _, hint),) = find_messages(
        tmp_path, {"one/storage": [{"id": "a", "temperature": {"value": 4, "unit": word}}]}
    )
    assert hint == 'did you mean "Cel"?'


LOOK_UP = "look number and unit up; bmkit fields weighing lists the units that {} takes"
OTHER = "look number and unit up; {} takes {} only, other measures are for the words of a statement"


@pytest.mark.parametrize("word", ["mmg", "xg", "pg", "mgg", "picogram", "megagram", ""])
def test_a_unit_that_may_be_several_leads_to_none(tmp_path: Path, word: str) -> None:
    hint = find_field_message(tmp_path, MASS, {"value": 4, "unit": word})[1]
    assert hint == LOOK_UP.format("dose")


@pytest.mark.parametrize("word", ["mcg/h", "mg per hour", "mg/dy", "mg/week", "mg/d/d"])
def test_a_unit_per_something_leads_nowhere_else(tmp_path: Path, word: str) -> None:
    hint = find_field_message(tmp_path, RATE, {"value": 4, "unit": word})[1]
    assert hint == LOOK_UP.format("daily_dose")


@pytest.mark.parametrize("word", ["mg", "d"])
def test_a_rate_is_not_made_of_what_is_none(tmp_path: Path, word: str) -> None:
    assert find_field_message(tmp_path, RATE, {"value": 4, "unit": word})[1] == OTHER.format(
        "daily_dose", "mass per time"
    )


@pytest.mark.parametrize(
    ("field", "unit", "message"),
    [
        (MASS, "mL", 'unit "mL" measures volume, not mass'),
        (MASS, "hours", 'unit "hours" measures time, not mass'),
        (MASS, "mg/d", 'unit "mg/d" measures mass per time, not mass'),
        (MASS, "mmol", 'unit "mmol" measures amount of substance, not mass'),
        (MASS, "MBq", 'unit "MBq" measures activity, not mass'),
        (MASS, "mCi", 'unit "mCi" measures activity, not mass'),
        (MASS, "megabecquerel", 'unit "megabecquerel" measures activity, not mass'),
        (MASS, "kBq/kg", 'unit "kBq/kg" measures activity per body weight, not mass'),
        (MASS, "mg/kg", 'unit "mg/kg" measures mass per body weight, not mass'),
        (MASS, "/d", 'unit "/d" measures frequency, not mass'),
        (MASS, "IU", 'unit "IU" measures international units, not mass'),
        (RATE, "[iU]/d", 'unit "[iU]/d" measures international units per time, not mass per time'),
        (VOLUME, "mcg", 'unit "mcg" measures mass, not volume'),
        (SHARE, "1", 'unit "1" is not in its list of values'),
    ],
)
def test_a_unit_of_something_else_is_told_so(tmp_path: Path, field: str, unit: str, message: str) -> None:
    assert find_field_message(tmp_path, field, {"value": 4, "unit": unit})[0] == message


@pytest.mark.parametrize("unit", ["MBq", "kBq/kg", "mg/kg", "[iU]", "mL", "mmol"])
def test_no_unit_of_mass_is_proposed_for_what_is_no_mass(tmp_path: Path, unit: str) -> None:
    hint = find_field_message(tmp_path, MASS, {"value": 150, "unit": unit})[1]
    assert hint == OTHER.format("dose", "mass")


DEFINITIONS = json.loads(read_shipped_schema_file("common/quantity.schema.json"))["$defs"]
QUANTITY_NAMES = [name for name, definition in DEFINITIONS.items() if "x-unit" in definition]
FRAME = {
    "type": "object",
    "properties": {"$schema": {}, "records": {"type": "array", "items": {"$ref": "#/$defs/record"}}},
}
RECORD = {"type": "object", "additionalProperties": False, "required": ["id"]}
SAME_UNITS = {"mcg": ["ug"], "drops": ["[drp]"], "mIU": ["m[iU]"]}
OTHER_WORDS = ["units", "unit/kg", "U", "inhalations per hour", "mcg", "mIU", "drops", "weekly", "x"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if number % 3 == 0 else pytest.mark.slow)
        for number, name in enumerate(QUANTITY_NAMES)
    ],
)
def test_no_hint_offers_another_unit_or_one_that_is_refused(name: str) -> None:
    field = {"$ref": f"common/quantity.schema.json#/$defs/{name}"}
    properties = {"id": {"type": "string"}, "amount": field}
    document = {"$defs": {"record": {**RECORD, "properties": properties}}, **FRAME}
    folder = locate_shipped_schemas()
    schemas = Schemas(folder, ("thing",), documents={"thing.schema.json": document})
    kind = schemas.get_kind("thing")
    listed_codes = kind.get_field("amount").units
    table = read_dimensions()
    codes = [code for code in (*table.names_by_code, *OTHER_WORDS) if code not in listed_codes]
    values = [{"id": "a", "amount": {"value": 1, "unit": code}} for code in codes]
    file_value = {"$schema": "", "records": values}
    faults = ShapeChecker().find_faults(kind, file_value)
    schema = BundledSchema(kind.bundled_schema)
    mistakes = find_mistakes(faults, schema, file_value)
    assert len(mistakes) == len(codes) > 0
    for mistake in mistakes:
        code = select_instance(file_value, mistake.fault.instance_path)
        hint = describe_mistake(mistake, schema, code, "thing").hint
        quoted = re.findall('"([^"]*)"', str(hint))
        assert set(quoted) <= set(listed_codes), (code, hint)
        # What is proposed is the same unit, spelt as the field takes it.
        assert not quoted or quoted == SAME_UNITS.get(code), (code, hint)


PERIODS = [
    ("dose-limit", "per", "per week"),
    ("regimen", "time_of_day", "in the forenoon"),
    ("regimen", "meal", "with food"),
    ("regimen", "meal", 2),
]


@pytest.mark.parametrize(("kind", "field", "value"), PERIODS)
def test_no_time_is_offered_for_another(tmp_path: Path, kind: str, field: str, value: Any) -> None:
    messages = find_messages(tmp_path, {f"one/{kind}": [{"id": "a", field: value}]})
    (hint,) = [hint for place, _, hint in messages if place.endswith(field)]
    assert hint == f"look it up; bmkit fields {kind} lists what {field} takes"


COMPARATORS = [
    *(("<=", word) for word in ("≤", "⩽", "=<", "up to", "at most", "Up to", "no more than", "≯")),
    *((">=", word) for word in ("≥", "at least", "=>", "not less than", "≮")),
    *(("<", word) for word in ("less than", "below", "under", "＜")),  # noqa: RUF001
    *((">", word) for word in ("more than", "above", "over")),
    *(("about", word) for word in ("~", "≈", "approximately", "ca.", "About")),
]


@pytest.mark.parametrize(("sign", "word"), COMPARATORS)
def test_a_comparator_in_words_leads_to_its_sign(tmp_path: Path, sign: str, word: str) -> None:
    message_and_hint = find_field_message(tmp_path, MASS, {"value": 4, "comparator": word, "unit": "mg"})
    assert message_and_hint == (
        f'comparator "{word}" is not in its list of values',
        f'did you mean "{sign}"?',
    )


@pytest.mark.parametrize("word", ["at", "more", "les than", "=", "<>", "≠"])
def test_a_comparator_is_never_guessed(tmp_path: Path, word: str) -> None:
    hint = find_field_message(tmp_path, MASS, {"value": 4, "comparator": word, "unit": "mg"})[1]
    assert hint == 'write "<", "<=", ">=", ">" or "about"'


TERMS: dict[str, list[dict[str, Any]]] = {
    "terms/tumour": [
        {"id": "breast-cancer", "label": "breast cancer", "synonyms": ["malignant breast tumour"]},
        {"id": "prostate-cancer", "label": "prostate cancer"},
    ],
    "terms/product": [{"id": "zometa", "label": "Zometa"}],
}


@pytest.mark.parametrize("engine", ["jsonschema-rs", "jsonschema"])
@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("malignant breast tumors", 'did you mean "breast-cancer"?'),
        ("Breast cancer", 'did you mean "breast-cancer"?'),
        ("bre\u0430st-cancer", 'did you mean "breast-cancer"?'),
        ("br\u00e9ast-cancer", 'did you mean "breast-cancer"?'),
        ("breast\u00a0cancer", 'did you mean "breast-cancer"?'),
        ("Bondronate", 'write the id of a record of the kind "tumour"'),
    ],
)
def test_a_reference_of_no_form_leads_to_a_record_that_is_there(
    tmp_path: Path, text: str, hint: str, engine: str
) -> None:
    files = {**TERMS, "one/incidence": [{"id": "a", "tumour": text}]}
    messages = find_messages(tmp_path, files, engine)
    assert [given_hint for place, _, given_hint in messages if place.startswith("one")] == [hint]


def test_a_reference_leads_to_records_of_its_own_article_only(tmp_path: Path) -> None:
    note = {"id": "ribs-twice", "label": "ribs twice"}
    files: dict[str, list[dict[str, Any]]] = {
        "one/editorial-note": [note],
        "one/incidence": [{"id": "a", "notes": ["Ribs twice"]}],
        "two/incidence": [{"id": "a", "notes": ["Ribs twice"]}],
    }
    hints = {place: hint for place, _, hint in find_messages(tmp_path, files) if place.endswith("/notes/0")}
    assert hints == {
        "one/records/0/notes/0": 'did you mean "ribs-twice"?',
        "two/records/0/notes/0": 'write the id of a record of the kind "editorial-note"',
    }


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("incidence-für", 'write "incidence-fur"'),
        ("Größe 5", 'write "grosse-5"'),
        ("bre\u0430st-cancer", 'write "breast-cancer"'),
        ("bre\u200bast-cancer", 'write "breast-cancer"'),
        ("a\u00a0b", 'write "a-b"'),
        ("рак", ""),
        ("TGFβ", ""),
    ],
)
def test_an_id_is_written_in_plain_letters_and_loses_none(tmp_path: Path, text: str, hint: str) -> None:
    ((_, message, given_hint),) = find_messages(tmp_path, {"one/incidence": [{"id": text}]})
    assert given_hint == (hint or "the name of this fact")
    assert " is not a valid id" in message


def test_a_letter_that_only_looks_like_another_is_named(tmp_path: Path) -> None:
    ((_, message, _),) = find_messages(tmp_path, {"one/incidence": [{"id": "bre\u0430st"}]})
    letter = "U+0430 (cyrillic small letter a) only looks like a"
    assert message == f'"bre\u0430st" is not a valid id: {letter}'


def test_what_cannot_be_seen_is_shown_as_json_writes_it(tmp_path: Path) -> None:
    ((_, message, _),) = find_messages(tmp_path, {"one/incidence": [{"id": 'a\u00a0b\n\\"\U000e0001'}]})
    assert message == '"a\\u00a0b\\n\\\\\\"\\udb40\\udc01" is not a valid id'


@pytest.mark.parametrize(
    ("label", "hint"),
    [
        ("Breast\ncancer", 'write "Breast cancer"'),
        (" breast cancer", 'write "breast cancer"'),
        ("long " * 20 + "\nline", "write it on one line"),
        ("long " * 20, "take away the blanks around it"),
    ],
)
def test_a_label_with_blanks_too_many_is_no_id(tmp_path: Path, label: str, hint: str) -> None:
    ((_, _, given_hint),) = find_messages(tmp_path, {"terms/tumour": [{"id": "a", "label": label}]})
    assert given_hint == hint


AS_QUANTITY = 'write it as {"value": …, "unit": …}, or a range as {"low": …, "high": …, "unit": …}'
TYPES = [
    (SHARE, "65 %", 'write {"value": 65, "unit": "%"}'),
    (SHARE, "65", 'write {"value": 65, "unit": "%"}'),
    (SHARE, 65, 'write {"value": 65, "unit": "%"}'),
    (SHARE, Decimal("6.5"), 'write {"value": 6.5, "unit": "%"}'),
    (SHARE, "65,5", 'write {"value": 65.5, "unit": "%"}'),
    (SHARE, "65-75 percent", 'write {"low": 65, "high": 75, "unit": "%"}'),
    (SHARE, "75-65 %", AS_QUANTITY),
    (SHARE, "1,000", AS_QUANTITY),
    (MASS, "at most 4 mcg", 'write {"value": 4, "comparator": "<=", "unit": "ug"}'),
    (MASS, "4 mL", AS_QUANTITY),
    (MASS, "4", AS_QUANTITY),
    (MASS, 4, AS_QUANTITY),
    (MASS, {"value": "4,5", "unit": "mg"}, "write 4.5"),
    (MASS, {"value": "4 mcg", "unit": "mg"}, 'write 4, and "unit": "ug" beside it'),
    (MASS, {"value": "4 mL", "unit": "mg"}, ""),
    (MASS, {"value": "4", "unit": "mg"}, "remove the quotes"),
    (MASS, {"value": "1,000", "unit": "mg"}, ""),
    (MASS, {"value": "4-5", "unit": "mg"}, ""),
    ("notes", "ribs-twice", 'write ["ribs-twice"]'),
    ("notes", "ribs, twice", 'write it like ["ribs-named-twice"]'),
    ("possibility", True, 'write "can"'),
    ("possibility", ["can"], 'write "can"'),
    ("possibility", None, "leave possibility out"),
]


@pytest.mark.parametrize(("field", "value", "hint"), TYPES, ids=str)
def test_a_value_of_the_wrong_type_is_written_out_if_it_is_plain(
    tmp_path: Path, field: str, value: Any, hint: str
) -> None:
    given = float(value) if isinstance(value, Decimal) else value
    assert find_field_message(tmp_path, field, given)[1] == hint


def test_a_list_is_named_by_its_field(tmp_path: Path) -> None:
    assert find_field_message(tmp_path, "tumour", ["a", "b"]) == (
        "tumour is a list, and should be a text",
        "",
    )
    assert (
        find_field_message(tmp_path, "notes", [["a"]])[0]
        == "an item of notes is a list, and should be a text"
    )


def test_true_is_no_text_of_a_closed_list(tmp_path: Path) -> None:
    yes: Any = True
    assert find_field_message(tmp_path, "possibility", yes)[0] == "the value true should be a text"
