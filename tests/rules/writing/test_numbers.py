"""Misread numbers of doses are found, and numbers that look like them are not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.rule_runs import list_broken_writing, list_module_rules, list_places, list_writing_issues

from bmkit.rules.derived.dose_text import format_dose_number
from bmkit.rules.writing import numbers

# A text, and the rules that it breaks.
FAULTS = [
    ("take 4.0 mg once", "trailing-zero"),
    ("take 2.50 mg once", "trailing-zero"),
    ("take 1,000.0 units", "trailing-zero"),
    ("1.0 mg/kg as an infusion", "trailing-zero"),
    ("1.0 tablet", "trailing-zero"),
    ("2.0–4 mg", "trailing-zero"),
    ("2.0-4 mg", "trailing-zero"),
    ("2.0 to 4 mg", "trailing-zero"),
    ("2.0 or 4 mg", "trailing-zero"),
    ("a 4.0-mg dose", "trailing-zero"),
    ("4.0 milligrams", "trailing-zero"),
    ("4.0 MBq", "trailing-zero"),
    ("75.0 mg/m² of it", "trailing-zero"),
    ("100.0 mg/m2", "trailing-zero"),
    ("4.0 mcg/kg/min", "trailing-zero"),
    ("infused at 5.0 mL/min", "trailing-zero"),
    ("between 2.0 and 4 mg", "trailing-zero"),
    ("2.0, 4 or 8 mg", "trailing-zero"),
    ("8.0 Gy", "trailing-zero"),
    ("a solution of 4.0 mg/mL", "trailing-zero"),
    ("heparin 5.0 units/mL", "trailing-zero"),
    ("10.0 U", "trailing-zero unit-letter"),
    ("4.0mg", "trailing-zero run-together"),
    (".5 mg", "naked-decimal"),
    ("(.5 mg)", "naked-decimal"),
    ("from -.5 to 2", "naked-decimal"),
    ("a 0,9 % solution", "decimal-comma"),
    ("0,125 mg", "decimal-comma"),
    ("12,5 mg", "decimal-comma"),
    ("4,5 to 6 mg", "decimal-comma"),
    ("4,5–6 mg", "decimal-comma"),
    ("4,5-mg tablets", "decimal-comma"),
    ("3,75 MBq", "decimal-comma"),
    ("between 2,5 and 5 mg", "decimal-comma"),
    ("4,5 to 6 %", "decimal-comma"),
    ("sodium chloride 0,9", "decimal-comma"),
    ("1600 mg", "missing-comma"),
    ("2400–3200 mg", "missing-comma"),
    ("a 5000-unit vial", "missing-comma"),
    ("100000 units/mL", "missing-comma"),
    ("10mg", "run-together"),
    ("2.5mL", "run-together"),
    ("1,000mg", "run-together"),
    ("zoledronate4 mg", "run-together"),
    ("insulin 100.0 units/mL", "trailing-zero"),
    ("an antibody at 5.0 mg/mL", "trailing-zero"),
    ("CA 15-3 is high: 5.0 units/mL of heparin", "trailing-zero"),
]

LOOK_ALIKES = [
    "a potassium of 4.0 mmol/L",
    "a creatinine of 1.0 mg/dL",
    "version 4.0",
    "PSA 4.0 ng/mL",
    "a hormone of 4.0 IU/mL",
    "CA 15-3 30.0 units/mL",
    "CA 15-3 of 30.0–35.0 units/mL",
    "CA 19-9 was above 37.0 U/mL",
    "a CA-125 level of 35.0 U/mL",
    "β-hCG 5.0 mIU/mL",
    "anti-TPO antibodies of 9.0 units/mL",
    "TSH 4.0 milliunits/mL",
    "2.0 to 4 ng/mL",
    "a body mass index of 25.0 kg/m²",
    "5.0 mg/24h in urine",
    "a clearance of 60.0 mL/min/1.73 m2",
    "grades 1.0 to 4",
    "a creatinine clearance of 60.0 mL/min",
    "a score of 2.0, and 4 mg",
    "a score of 2.0 and 4 mg",
    "2,3-glycerate",
    "4.05 mg",
    "100 mg",
    "at 10.30 the next day",
    "0.5 mg",
    "P<.001",
    "e.g..5",
    "1,25-dihydroxyvitamin D",
    "1,25-(OH)2 vitamin D",
    "2,3-bisphosphoglycerate",
    "1,600 mg",
    "1,000,000 units",
    "patients 4,5 and 6",
    "in 2019",
    "1600 patients",
    "ISO 9001",
    "800 mg",
    "99mTc",
    "technetium-99m",
    "vitamin B12",
    "CA15-3",
    "the L5 vertebra",
    "the 2nd dose",
    "3D images",
    "a 4G network",
]


@pytest.mark.parametrize(("text", "rules"), FAULTS)
def test_a_fault_is_found_by_its_rule_and_by_no_other(text: str, rules: str) -> None:
    assert list_broken_writing(text) == set(rules.split())


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_break_no_rule(text: str) -> None:
    assert list_broken_writing(text) == set()


def test_every_rule_of_the_module_is_tried() -> None:
    assert {rules.split()[0] for _, rules in FAULTS if rules} == list_module_rules(numbers)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("4.00 mg", 'write "4"'),
        ("1,000.0 units", 'write "1,000"'),
        (".25 mg", 'write "0.25"'),
        ("2,5 mg", 'write "2.5"'),
        ("2,0 mg", 'write "2"'),
        ("0,125 mg", 'write "0.125"'),
        ("0,500 mg", 'write "0.5"'),
        ("0,125mg", 'write "0.125 mg"'),
        ("0,0mg", 'write "0 mg"'),
        ("0,90 %", 'write "0.90"'),
        (".50 mg", 'write "0.5"'),
        ("from .50 to 2", 'write "0.50"'),
        ("1600mg", 'write "1,600 mg"'),
        ("2,5ml", 'write "2.5 mL"'),
        ("400IU", 'write "400 units"'),
        ("1600 mg", 'write "1,600"'),
        ("10mg", 'write "10 mg"'),
    ],
)
def test_the_hint_says_what_to_write(text: str, hint: str) -> None:
    assert hint in [issue.hint for issue in list_writing_issues(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("then 4.0 mg", "4.0"),
        ("then .5 mg", ".5"),
        ("then 2,5 mg", "2,5"),
        ("then 1600 units", "1600"),
        ("then 4mg", "4mg"),
        ("then zometa4 mg", "zometa4 mg"),
    ],
)
def test_the_place_is_that_of_the_word(text: str, words: str) -> None:
    (issue,) = list_writing_issues(text)
    assert text[issue.place.start : issue.place.end] == words


@pytest.mark.parametrize(
    ("dose", "end"),
    [
        ({"value": Decimal("4.0"), "unit": "mg"}, "value"),
        ({"value": Decimal("0.10"), "unit": "mg"}, "value"),
        ({"low": 2, "high": Decimal("4.0"), "unit": "mg"}, "high"),
        ({"value": Decimal("4E+1"), "unit": "mg"}, ""),
        ({"value": Decimal("4.5"), "unit": "mg"}, ""),
        ({"value": 40, "unit": "mg"}, ""),
    ],
)
def test_a_trailing_zero_is_reported_at_its_number(dose: dict[str, Any], end: str) -> None:
    places = list_places("writing.trailing-zero", regimen=[{"id": "one", "dose": dose}])
    assert [pointer for pointer, _ in places] == ([f"/records/0/dose/{end}"] if end else [])


@given(
    st.decimals(min_value=0, max_value=9999, places=3, allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from(["mg", "mL", "units", "MBq"]),
)
def test_a_dose_as_the_hint_writes_it_is_the_same_dose_and_breaks_no_rule(
    value: Decimal, comma: bool, unit: str
) -> None:
    written = str(value).replace(".", ",") if comma and value < 1 else str(value)
    safe_number = format_dose_number(written)
    assert Decimal(safe_number.replace(",", "")) == value
    assert list_broken_writing(f"{safe_number} {unit}") == set()
