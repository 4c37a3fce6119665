"""Regimens as Dosage, case by case: dose, rate, bounds, and what FHIR cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bmkit.content.record import Record
from bmkit.export.fhir.dosage import applies, course, limit, regimen

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.making import Making

Json = dict[str, Any]


def quantity(value: int, code: str) -> Json:
    units = {
        "mg": "mg",
        "mg/d": "mg per day",
        "mL": "mL",
        "min": "minutes",
        "d": "days",
        "h": "hours",
        "wk": "weeks",
    }
    words = units[code] if value != 1 else units[code].removesuffix("s")
    return {"value": value, "unit": words, "system": "http://unitsofmeasure.org", "code": code}


def record(content: Content, kind: str, **fields: Any) -> Record:
    value = {"id": "x", "product": "bonefos", "route": "oral", **fields}
    return Record(content.schemas.kind(kind), "bone-metastasis", "x.json", 0, value)


CASES: dict[str, tuple[Json, Json, set[str]]] = {
    "a dose every three to four weeks": (
        {"dose": {"value": 4, "unit": "mg"}, "interval": {"low": 3, "high": 4, "unit": "wk"}},
        {
            "timing": {"repeat": {"period": 3, "periodMax": 4, "frequency": 1, "periodUnit": "wk"}},
            "doseAndRate": [{"doseQuantity": quantity(4, "mg")}],
        },
        set(),
    ),
    "an infusion in a volume over a time": (
        {"volume": {"value": 100, "unit": "mL"}, "infusion_time": {"value": 15, "unit": "min"}},
        {
            "timing": {"repeat": {"duration": 15, "durationUnit": "min"}},
            "method": {"text": "infusion"},
            "doseAndRate": [
                {"rateRatio": {"numerator": quantity(100, "mL"), "denominator": quantity(15, "min")}}
            ],
        },
        set(),
    ),
    "an infusion over a range of times has no rate": (
        {"volume": {"value": 100, "unit": "mL"}, "infusion_time": {"low": 1, "high": 2, "unit": "h"}},
        {
            "timing": {"repeat": {"duration": 1, "durationMax": 2, "durationUnit": "h"}},
            "method": {"text": "infusion"},
        },
        {"volume"},
    ),
    "a daily total that may be divided is a rate": (
        {
            "daily_dose": {"low": 2400, "high": 3200, "unit": "mg/d"},
            "doses_per_day": {"value": 2, "unit": "1"},
        },
        {
            "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"rateRange": {"low": quantity(2400, "mg/d"), "high": quantity(3200, "mg/d")}}],
        },
        set(),
    ),
    "about a daily total is said in words": (
        {"daily_dose": {"value": 1600, "unit": "mg/d", "comparator": "about"}},
        {"doseAndRate": [{"rateQuantity": quantity(1600, "mg/d")}]},
        {"daily_dose"},
    ),
    "a daily total in one infusion is a dose": (
        {"daily_dose": {"value": 300, "unit": "mg/d"}, "infusions_per_day": {"value": 1, "unit": "1"}},
        {
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
            "method": {"text": "infusion"},
            "doseAndRate": [{"doseQuantity": quantity(300, "mg")}],
        },
        set(),
    ),
    "a daily total in the morning is a dose": (
        {"daily_dose": {"value": 1600, "unit": "mg/d"}, "time_of_day": "in the morning"},
        {
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["MORN"]}},
            "doseAndRate": [{"doseQuantity": quantity(1600, "mg")}],
        },
        {"time_of_day"},
    ),
    "a daily total with a ceiling has no lower end": (
        {"daily_dose": {"value": 3600, "unit": "mg/d", "comparator": "<="}},
        {
            "doseAndRate": [{"rateRange": {"high": quantity(3600, "mg/d")}}],
            "maxDosePerPeriod": [{"numerator": quantity(3600, "mg"), "denominator": quantity(1, "d")}],
        },
        set(),
    ),
    "a strict limit is said once more beside the Dosage": (
        {"daily_dose": {"value": 1600, "unit": "mg/d", "comparator": "<"}},
        {"doseAndRate": [{"rateRange": {"high": quantity(1600, "mg/d")}}]},
        {"daily_dose"},
    ),
    "above a daily total is when, and no dose": (
        {"daily_dose": {"value": 1600, "unit": "mg/d", "comparator": ">"}},
        {},
        {"daily_dose"},
    ),
    "a dose that is open above is none": (
        {"dose": {"value": 4, "unit": "mg", "comparator": ">="}},
        {},
        {"dose"},
    ),
    "five days, at most seven": (
        {"course": {"value": 5, "unit": "d"}, "course_limit": {"value": 7, "unit": "d", "comparator": "<="}},
        {"timing": {"repeat": {"boundsRange": {"low": quantity(5, "d"), "high": quantity(7, "d")}}}},
        set(),
    ),
    "five days, at most a week": (
        {"course": {"value": 5, "unit": "d"}, "course_limit": {"value": 1, "unit": "wk", "comparator": "<="}},
        {"timing": {"repeat": {"boundsRange": {"low": quantity(5, "d"), "high": quantity(7, "d")}}}},
        {"course_limit"},
    ),
    "only a limit of the course": (
        {"course_limit": {"value": 7, "unit": "d", "comparator": "<="}},
        {"timing": {"repeat": {"boundsDuration": {**quantity(7, "d"), "comparator": "<="}}}},
        set(),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_regimen(content: Content, r5: Making, case: str) -> None:
    fields, expected, left = CASES[case]
    told, held = regimen(r5, record(content, "dosing", **fields))
    assert {key: part for key, part in told.items() if key not in ("text", "route")} == expected
    assert fields.keys() - held == left
    assert told["text"]


def test_the_most_at_one_time_and_in_a_day(content: Content, r5: Making) -> None:
    once, _ = limit(r5, record(content, "dose-limit", per="at one time", maximum={"value": 6, "unit": "mg"}))
    assert once["maxDosePerAdministration"] == quantity(6, "mg")
    daily, _ = limit(
        r5, record(content, "dose-limit", per="per day", maximum_daily={"value": 1600, "unit": "mg/d"})
    )
    assert daily["maxDosePerPeriod"] == [{"numerator": quantity(1600, "mg"), "denominator": quantity(1, "d")}]


def test_a_course_is_only_how_long(content: Content, r5: Making) -> None:
    told, held = course(
        r5, record(content, "course", population="renal-failure", duration={"value": 2, "unit": "wk"})
    )
    assert told["timing"] == {"repeat": {"boundsDuration": quantity(2, "wk")}}
    assert "duration" in held


def test_a_limit_holds_for_what_it_does_not_exclude(content: Content) -> None:
    dosing = record(content, "dosing", population="renal-failure")
    assert applies(record(content, "dose-limit"), dosing)
    assert applies(record(content, "dose-limit", population="renal-failure"), dosing)
    assert not applies(record(content, "dose-limit", population="spine-metastasis"), dosing)
    assert not applies(record(content, "dose-limit", route="intravenous"), dosing)
    assert not applies(record(content, "dose-limit", product="zometa"), dosing)
