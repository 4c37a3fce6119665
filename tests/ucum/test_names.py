"""Units have names that cannot be misread, and the names that people write are understood."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bmkit.ucum.names import UNIT_WORDS, format_unit
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
    ("{score}", "point", "points"),
    ("/({person}.a)", "per person per year", "per person per year"),
    ("/(100000.{person}.a)", "per 100,000 people per year", "per 100,000 people per year"),
    ("/(1000.{person})", "per 1,000 people", "per 1,000 people"),
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


def test_words_need_no_tables() -> None:
    code = (
        "import sys; from bmkit.ucum.names import format_unit; assert format_unit('ug/d') == 'mcg per day'; "
        "assert not {'fractions', 'decimal', 'pyexpat', 'xml', 'json', 'pathlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
