"""Units have names that cannot be misread, and the names that people write are understood."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bmkit.shipped import read_shipped_schema_file
from bmkit.ucum.names import UNIT_WORDS, format_unit, suggest_unit, to_uncounted_code
from bmkit.ucum.units import is_valid_unit

CASES = [
    # code, singular, plural
    ("mg", "mg", "mg"),
    ("ug", "mcg", "mcg"),
    ("d", "day", "days"),
    ("wk", "week", "weeks"),
    ("mo", "month", "months"),
    ("a", "year", "years"),
    ("Cel", "°C", "°C"),
    ("%", "%", "%"),
    ("1", "", ""),
    ("mg/d", "mg per day", "mg per day"),
    ("ug/kg/min", "mcg per kg per minute", "mcg per kg per minute"),
    ("mg/(kg.d)", "mg per kg per day", "mg per kg per day"),
    ("ug/(m2.h)", "mcg per m² per hour", "mcg per m² per hour"),
    ("/d", "per day", "per day"),
    ("mg/kg", "mg per kg", "mg per kg"),
    ("[USP'U]", "unit", "units"),
    ("[USP'U]/kg/h", "unit per kg per hour", "units per kg per hour"),
    ("k[iU]/mL", "thousand international units per mL", "thousand international units per mL"),
    ("{puff}", "puff", "puffs"),
    ("{puff}/d", "puff per day", "puffs per day"),
    ("{tbl}", "tablet", "tablets"),
    ("{patch}/wk", "patch per week", "patches per week"),
    ("{supp}", "suppository", "suppositories"),
    ("[drp]/min", "drop per minute", "drops per minute"),
    ("kBq/kg", "kBq per kg", "kBq per kg"),
    ("meq/kg/d", "mEq per kg per day", "mEq per kg per day"),
    ("Gy", "Gy", "Gy"),
    ("g/dL", "g per dL", "g per dL"),
    ("mL/min/{1.73_m2}", "mL per minute per 1.73 m²", "mL per minute per 1.73 m²"),
    ("/(100000.{person}.a)", "per 100,000 people a year", "per 100,000 people a year"),
    ("/({person}.mo)", "per person a month", "per person a month"),
    ("/(1000.{person})", "per 1,000 people", "per 1,000 people"),
    ("{score}", "point", "points"),
    ("{tablet}", "tablet", "tablets"),
    ("{tablet}/d", "tablet per day", "tablets per day"),
    ("{film_coated_tablet}", "film coated tablet", "film coated tablets"),
    ("1{dose}", "dose", "doses"),
    ("{drops}", "drops", "drops"),
    ("g{creatinine}", "g creatinine", "g creatinine"),
    ("[iU]", "international unit", "international units"),
    ("U/L", "unit per L", "units per L"),
    ("10*9/L", "10⁹ per L", "10⁹ per L"),
    ("10*-3", "10⁻³", "10⁻³"),
    ("mm[Hg]", "mmHg", "mmHg"),
    ("mL/min", "mL per minute", "mL per minute"),
    ("mg/m2", "mg per m²", "mg per m²"),
    ("kg.m/s2", "kg.m per s2", "kg.m per s2"),
]


@pytest.mark.parametrize(("code", "singular", "plural"), CASES)
def test_a_code_is_named_in_words(code: str, singular: str, plural: str) -> None:
    assert (format_unit(code, is_singular=True), format_unit(code)) == (singular, plural)


def test_every_code_with_words_is_valid_and_its_words_are_safe() -> None:
    for code, forms in UNIT_WORDS.items():
        assert is_valid_unit(code)
        for words in forms:
            assert not {"µ", "μ", "U", "IU", "cc", "hr"} & {*words.split(), *words}


def test_the_units_of_a_shipped_quantity_have_words_of_their_own() -> None:
    document = json.loads(read_shipped_schema_file("common/quantity.schema.json"))
    for name, definition in document["$defs"].items():
        codes = definition.get("properties", {}).get("unit", {}).get("enum", [])
        for is_singular in (False, True):
            words = [format_unit(code, is_singular=is_singular) for code in codes]
            assert sorted(words) == sorted(set(words)), name


SUGGESTIONS = [
    # word, codes of the field, the code that is meant
    ("mcg/kg/min", ["ug/kg/min", "mg/kg/min"], "ug/kg/min"),
    ("µg", ["ug", "mg"], "ug"),
    ("mg per kg a day", ["mg/kg/d", "mg/d"], "mg/kg/d"),
    ("IU", ["[iU]", "[USP'U]"], "[iU]"),
    ("IU/kg", ["[iU]/kg", "[USP'U]/kg"], "[iU]/kg"),
    ("international units", ["[iU]", "[USP'U]"], "[iU]"),
    ("USP units", ["[iU]", "[USP'U]"], "[USP'U]"),
    ("puffs", ["{puff}", "{tbl}"], "{puff}"),
    ("tablets", ["{puff}", "{tbl}"], "{tbl}"),
    ("mL/min/1.73m2", ["mL/min", "mL/min/{1.73_m2}"], "mL/min/{1.73_m2}"),
    # Of units there are several, whichever of them the field takes.
    ("units", ["[iU]", "[USP'U]"], ""),
    ("units", ["[USP'U]", "mg"], ""),
    ("units", ["U"], ""),
    ("U", ["[iU]"], ""),
    ("units/kg", ["[iU]/kg"], ""),
    # Another multiple is another dose.
    ("mBq", ["MBq", "kBq"], ""),
    ("mBq/kg", ["MBq/kg", "kBq/kg"], ""),
    ("Mmol", ["mmol"], ""),
    ("MIU", ["m[iU]"], ""),
    ("mIU", ["M[iU]"], ""),
    ("mIU", ["M[iU]", "m[iU]"], "m[iU]"),
    ("ml", ["mL"], "mL"),
    ("/day", ["/d", "/h", "mg/d"], "/d"),
    ("mL/min", ["/min", "/d"], ""),
]


@pytest.mark.parametrize(("word", "codes", "code"), SUGGESTIONS)
def test_a_word_leads_to_the_code_of_the_same_unit_alone(word: str, codes: list[str], code: str) -> None:
    assert suggest_unit(word, codes) == code


@pytest.mark.parametrize(
    ("code", "uncounted"),
    [
        ("{puff}", "1"),
        ("{puff}/d", "/d"),
        ("mg", "mg"),
        ("mg/{puff}", "mg/{puff}"),
        ("mL/min/{1.73_m2}", "mL/min/{1.73_m2}"),
        ("/(100000.{person}.a)", "/(100000.{person}.a)"),
        ("[drp]", "[drp]"),
    ],
)
def test_what_is_only_counted_is_a_number_to_others(code: str, uncounted: str) -> None:
    assert to_uncounted_code(code) == uncounted


def test_words_need_no_tables() -> None:
    code = (
        "import sys; from bmkit.ucum.names import format_unit; assert format_unit('ug/d') == 'mcg per day'; "
        "assert not {'fractions', 'decimal', 'pyexpat', 'xml', 'json', 'pathlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
