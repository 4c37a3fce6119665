"""For whom a record holds: by bands, conditions and what patients are without."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import make_quantity, make_regimen

from bmkit.rules.examples import build_content
from bmkit.rules.medication.populations import (
    are_alike,
    find_weak_organs,
    holds_for,
    is_degree_of_weakness,
    may_share_patients,
)


def make_band(characteristic: str, *numbers: float, unit: str = "", comparator: str = "") -> dict[str, Any]:
    return {
        "characteristic": characteristic,
        "range": make_quantity(*numbers, unit=unit, comparator=comparator),
    }


TERMS: dict[str, Any] = {
    "characteristic": [
        {"id": "age", "sort": "age"},
        {"id": "weight", "sort": "body weight"},
        {"id": "clearance", "sort": "kidney function"},
        {"id": "creatinine", "sort": "kidney function"},
        {"id": "child-pugh", "sort": "liver function"},
        {"id": "sex", "sort": "sex"},
    ],
    "condition": [
        {"id": "cancer"},
        {"id": "lung-cancer", "parent": "cancer"},
        {"id": "renal", "weakens": "kidney"},
        {"id": "mild-renal", "parent": "renal"},
        {"id": "heart-failure", "weakens": "heart"},
    ],
    "population": [
        {"id": "adults", "bands": [make_band("age", 18, unit="a", comparator=">=")]},
        {"id": "children", "bands": [make_band("age", 2, 12, unit="a")]},
        {"id": "infants", "bands": [make_band("age", 1, 11, unit="mo")]},
        {"id": "toddlers", "bands": [make_band("age", 2, 4, unit="a")]},
        {"id": "old", "bands": [make_band("age", 65, unit="a", comparator=">=")]},
        {"id": "light", "bands": [make_band("weight", 50, unit="kg", comparator="<")]},
        {"id": "heavy", "bands": [make_band("weight", 50, unit="kg", comparator=">=")]},
        {"id": "c-50", "bands": [make_band("clearance", 50, 60, unit="mL/min")]},
        {"id": "c-good", "bands": [make_band("clearance", 60, unit="mL/min", comparator=">")]},
        {"id": "high-creatinine", "bands": [make_band("creatinine", 3, unit="mg/dL", comparator=">")]},
        {"id": "c-50-adults", "bands": [
            make_band("clearance", 50, 60, unit="mL/min"), make_band("age", 18, unit="a", comparator=">=")
        ]},
        {"id": "child-pugh-c", "bands": [{"characteristic": "child-pugh", "word": "C"}]},
        {"id": "women", "bands": [{"characteristic": "sex", "word": "female"}]},
        {"id": "men", "bands": [{"characteristic": "sex", "word": "male"}]},
        {"id": "with-cancer", "conditions": ["cancer"]},
        {"id": "with-lung-cancer", "conditions": ["lung-cancer"]},
        {"id": "without-cancer", "without": ["cancer"]},
        {"id": "without-lung-cancer", "without": ["lung-cancer"]},
        {"id": "named-only"},
    ],
}  # fmt: skip


def make_pair(patients: str, others: str) -> tuple[Any, Any, Any]:
    regimens = [
        make_regimen(id=f"r{number}", **({"population": population} if population else {}))
        for number, population in enumerate((patients, others))
    ]
    content = build_content({**TERMS, "regimen": regimens})
    record, other = content.list_records_of_role("regimen")
    return record, other, content


@pytest.mark.parametrize(
    ("patients", "wider", "holds"),
    [
        ("adults", "", True),
        ("", "adults", False),
        ("old", "adults", True),
        ("adults", "old", False),
        ("toddlers", "children", True),
        ("infants", "children", False),
        ("c-50-adults", "c-50", True),
        ("c-50-adults", "adults", True),
        ("c-50", "adults", False),
        ("with-lung-cancer", "with-cancer", True),
        ("with-cancer", "with-lung-cancer", False),
        ("without-cancer", "without-lung-cancer", True),
        ("without-lung-cancer", "without-cancer", False),
        ("women", "women", True),
        ("women", "men", False),
        ("named-only", "named-only", True),
        ("adults", "named-only", False),
    ],
)
def test_a_record_holds_for_those_whom_it_names(patients: str, wider: str, holds: bool) -> None:
    record, other, content = make_pair(patients, wider)
    assert holds_for(other, record, content) is holds


@pytest.mark.parametrize(
    ("patients", "others", "share"),
    [
        ("adults", "children", False),
        ("infants", "toddlers", False),
        ("light", "heavy", False),
        ("adults", "old", True),
        ("adults", "heavy", True),
        ("women", "men", False),
        ("with-lung-cancer", "without-cancer", False),
        ("with-cancer", "without-lung-cancer", True),
        ("c-50", "c-good", False),
        ("", "children", True),
    ],
)
def test_bands_and_words_tell_patients_apart(patients: str, others: str, share: bool) -> None:
    record, other, content = make_pair(patients, others)
    assert may_share_patients(record, other, content) is share
    assert may_share_patients(other, record, content) is share


@pytest.mark.parametrize(
    ("patients", "others", "alike"),
    [
        ("c-50", "adults", True),
        ("with-lung-cancer", "with-cancer", True),
        ("with-lung-cancer", "c-50", True),
        ("children", "adults", False),
        ("with-cancer", "named-only", False),
    ],
)
def test_a_row_of_a_table_leaves_out_what_is_said_for_adults(patients: str, others: str, alike: bool) -> None:
    record, other, content = make_pair(patients, others)
    assert are_alike(record, other, content) is alike


@pytest.mark.parametrize(
    ("fields", "organs", "is_degree"),
    [
        ({"population": "c-50"}, {"kidney"}, True),
        ({"population": "c-good"}, set(), False),
        ({"population": "high-creatinine"}, {"kidney"}, True),
        ({"population": "child-pugh-c"}, {"liver"}, False),
        ({"condition": "renal"}, {"kidney"}, False),
        ({"condition": "mild-renal"}, {"kidney"}, True),
        ({"condition": "heart-failure"}, set(), False),
        ({}, set(), False),
    ],
)
def test_weak_kidneys_and_livers_are_known_by_what_the_terms_mean(
    fields: dict[str, str], organs: set[str], is_degree: bool
) -> None:
    content = build_content({**TERMS, "regimen": [make_regimen(**fields)]})
    (record,) = content.list_records_of_role("regimen")
    assert find_weak_organs(record, content) == organs
    assert is_degree_of_weakness(record, content) is is_degree
