"""Regimens as Dosage, case by case: dose, rate, bounds, and what FHIR cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bmkit.content.record import Record
from bmkit.export.fhir.dosage import build_limit_dosage, build_regimen_dosage
from bmkit.export.fhir.dose_limits import apply_dose_limits, is_limit_applicable
from bmkit.export.fhir.regimens import is_orderable
from bmkit.export.fhir.terms import Terms

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources

Json = dict[str, Any]


def build_quantity(value: int, code: str) -> Json:
    units = {
        "mg": "mg",
        "mg/d": "mg per day",
        "mL": "mL",
        "min": "minutes",
        "d": "days",
        "h": "hours",
        "wk": "weeks",
        "mo": "months",
    }
    words = units[code] if value != 1 else units[code].removesuffix("s")
    return {"value": value, "unit": words, "system": "http://unitsofmeasure.org", "code": code}


def make_record(content: Content, kind: str, **fields: Any) -> Record:
    # A product of which no limit and no instruction is known.
    value = {"id": "x", "product": "zometa", "route": "intravenous", **fields}
    return Record(content.schemas.get_kind(kind), "bone-metastasis", "x.json", 0, value)


def build_instructions(*texts: str) -> Json:
    return {"additionalInstruction": [{"text": text} for text in texts]}


INFUSION = "infusion"
FOUR_MG = {"value": 4, "unit": "mg"}
ONE_DAY = {"value": 1, "unit": "d"}
A_DAY = {"total": {"value": 1600, "unit": "mg"}, "total_in": ONE_DAY}
CASES: dict[str, tuple[Json, Json, set[str]]] = {
    "a dose every three to four weeks": (
        {"dose": {"value": 4, "unit": "mg"}, "interval": {"low": 3, "high": 4, "unit": "wk"}},
        {
            "timing": {"repeat": {"period": 3, "periodMax": 4, "frequency": 1, "periodUnit": "wk"}},
            "doseAndRate": [{"doseQuantity": build_quantity(4, "mg")}],
        },
        set(),
    ),
    "an infusion in a volume over a time": (
        {"volume": {"value": 100, "unit": "mL"}, "administration_time": {"value": 15, "unit": "min"}},
        {
            "timing": {"repeat": {"duration": 15, "durationUnit": "min"}},
            "doseAndRate": [
                {
                    "rateRatio": {
                        "numerator": build_quantity(100, "mL"),
                        "denominator": build_quantity(15, "min"),
                    }
                }
            ],
        },
        set(),
    ),
    "an infusion over a range of times has no rate": (
        {
            "volume": {"value": 100, "unit": "mL"},
            "administration_time": {"low": 1, "high": 2, "unit": "h"},
            "manner": "infusion",
        },
        {
            "timing": {"repeat": {"duration": 1, "durationMax": 2, "durationUnit": "h"}},
            "method": INFUSION,
            **build_instructions("in a volume of 100 mL"),
        },
        {"volume"},
    ),
    "a daily total that may be divided is a rate": (
        {
            "total": {"low": 2400, "high": 3200, "unit": "mg"},
            "total_in": ONE_DAY,
            "times_per_day": {"value": 2, "unit": "1"},
        },
        {
            "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [
                {
                    "rateRange": {
                        "low": build_quantity(2400, "mg/d"),
                        "high": build_quantity(3200, "mg/d"),
                    }
                }
            ],
        },
        set(),
    ),
    "about a daily total is said in words": (
        {"total": {"value": 1600, "unit": "mg", "comparator": "about"}, "total_in": ONE_DAY},
        {
            "doseAndRate": [{"rateQuantity": build_quantity(1600, "mg/d")}],
            **build_instructions("about 1,600 mg per day"),
        },
        {"total"},
    ),
    "a daily total in one infusion is a dose": (
        {
            "total": {"value": 300, "unit": "mg"},
            "total_in": ONE_DAY,
            "times_per_day": {"value": 1, "unit": "1"},
            "manner": "infusion",
        },
        {
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
            "method": INFUSION,
            "doseAndRate": [{"doseQuantity": build_quantity(300, "mg")}],
        },
        set(),
    ),
    "a daily total in the morning is a dose": (
        {"total": {"value": 1600, "unit": "mg"}, "total_in": ONE_DAY, "time_of_day": "in the morning"},
        {
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["MORN"]}},
            "doseAndRate": [{"doseQuantity": build_quantity(1600, "mg")}],
        },
        {"time_of_day"},
    ),
    "a daily total with a ceiling has no lower end": (
        {"total": {"value": 3600, "unit": "mg", "comparator": "<="}, "total_in": ONE_DAY},
        {
            "doseAndRate": [{"rateRange": {"high": build_quantity(3600, "mg/d")}}],
            "maxDosePerPeriod": [
                {
                    "numerator": build_quantity(3600, "mg"),
                    "denominator": build_quantity(1, "d"),
                }
            ],
        },
        set(),
    ),
    "a strict limit is said once more beside the Dosage": (
        {"total": {"value": 1600, "unit": "mg", "comparator": "<"}, "total_in": ONE_DAY},
        {
            "doseAndRate": [{"rateRange": {"high": build_quantity(1600, "mg/d")}}],
            **build_instructions("below 1,600 mg per day"),
        },
        {"total"},
    ),
    "above a daily total is when, and no dose": (
        {"total": {"value": 1600, "unit": "mg", "comparator": ">"}, "total_in": ONE_DAY},
        build_instructions("only where the amount in all is above 1,600 mg per day"),
        {"total", "total_in"},
    ),
    "a dose that is open above is none": (
        {"dose": {"value": 4, "unit": "mg", "comparator": ">="}},
        build_instructions("only where the dose at a time is at least 4 mg"),
        {"dose"},
    ),
    "five days, at most seven": (
        {"course": {"value": 5, "unit": "d"}, "course_limit": {"value": 7, "unit": "d", "comparator": "<="}},
        {
            "timing": {
                "repeat": {
                    "boundsRange": {
                        "low": build_quantity(5, "d"),
                        "high": build_quantity(7, "d"),
                    }
                }
            }
        },
        set(),
    ),
    "five days, at most a week": (
        {"course": {"value": 5, "unit": "d"}, "course_limit": {"value": 1, "unit": "wk", "comparator": "<="}},
        {
            "timing": {
                "repeat": {
                    "boundsRange": {
                        "low": build_quantity(5, "d"),
                        "high": build_quantity(7, "d"),
                    }
                }
            },
            **build_instructions("longest course: at most 1 week"),
        },
        {"course_limit"},
    ),
    "only a limit of the course": (
        {"course_limit": {"value": 7, "unit": "d", "comparator": "<="}},
        {"timing": {"repeat": {"boundsDuration": {**build_quantity(7, "d"), "comparator": "<="}}}},
        set(),
    ),
    "at least so long apart is no schedule": (
        {
            "dose": FOUR_MG,
            "interval": {"value": 3, "unit": "wk", "comparator": ">="},
            "time_of_day": "in the morning",
        },
        {
            "doseAndRate": [{"doseQuantity": build_quantity(4, "mg")}],
            **build_instructions("at least 3 weeks from one administration to the next", "in the morning"),
        },
        {"interval", "time_of_day"},
    ),
    "so much a day at least so long apart is no rate": (
        {**A_DAY, "interval": {"value": 3, "unit": "wk", "comparator": ">="}},
        build_instructions("at least 3 weeks from one administration to the next", "1,600 mg per day"),
        {"total", "total_in", "interval"},
    ),
    "a day's amount in one to three doses is a rate": (
        {**A_DAY, "times_per_day": {"low": 1, "high": 3, "unit": "1"}},
        {
            "timing": {"repeat": {"frequency": 1, "frequencyMax": 3, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"rateQuantity": build_quantity(1600, "mg/d")}],
        },
        set(),
    ),
    "a day's amount in one or two infusions is a rate": (
        {**A_DAY, "times_per_day": {"low": 1, "high": 2, "unit": "1"}, "manner": "infusion"},
        {
            "timing": {"repeat": {"frequency": 1, "frequencyMax": 2, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"rateQuantity": build_quantity(1600, "mg/d")}],
            "method": INFUSION,
        },
        set(),
    ),
    "at most so many doses are no schedule": (
        {
            **A_DAY,
            "times_per_day": {"value": 3, "unit": "1", "comparator": "<="},
            "time_of_day": "in the morning",
        },
        {
            "doseAndRate": [{"rateQuantity": build_quantity(1600, "mg/d")}],
            **build_instructions("doses a day: at most 3", "in the morning"),
        },
        {"times_per_day", "time_of_day"},
    ),
    "an interval and so many a day are no schedule": (
        {
            "dose": FOUR_MG,
            "interval": {"value": 3, "unit": "wk"},
            "times_per_day": {"value": 2, "unit": "1"},
        },
        {
            "doseAndRate": [{"doseQuantity": build_quantity(4, "mg")}],
            **build_instructions("3 weeks from one administration to the next", "doses a day: 2"),
        },
        {"interval", "times_per_day"},
    ),
    "about one dose is not one dose": (
        {**A_DAY, "times_per_day": {"value": 1, "unit": "1", "comparator": "about"}},
        {
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"rateQuantity": build_quantity(1600, "mg/d")}],
            **build_instructions("doses a day: about 1"),
        },
        {"times_per_day"},
    ),
    "a dose in the morning is not said to be that of every morning": (
        {"dose": FOUR_MG, "time_of_day": "in the morning"},
        {
            "doseAndRate": [{"doseQuantity": build_quantity(4, "mg")}],
            **build_instructions("in the morning"),
        },
        {"time_of_day"},
    ),
    "two in the morning are not one": (
        {
            "dose": FOUR_MG,
            "times_per_day": {"value": 2, "unit": "1"},
            "time_of_day": "in the morning",
        },
        {
            "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseQuantity": build_quantity(4, "mg")}],
            **build_instructions("in the morning"),
        },
        {"time_of_day"},
    ),
    "every three weeks in the morning": (
        {"dose": FOUR_MG, "interval": {"value": 3, "unit": "wk"}, "time_of_day": "in the morning"},
        {
            "timing": {"repeat": {"frequency": 1, "period": 3, "periodUnit": "wk", "when": ["MORN"]}},
            "doseAndRate": [{"doseQuantity": build_quantity(4, "mg")}],
        },
        {"time_of_day"},
    ),
    "no time between doses is no schedule": (
        {"dose": FOUR_MG, "interval": {"value": 0, "unit": "d"}},
        {
            "doseAndRate": [{"doseQuantity": build_quantity(4, "mg")}],
            **build_instructions("0 days from one administration to the next"),
        },
        {"interval"},
    ),
    "a frequency in words": (
        {"dose": FOUR_MG, "frequency": "usually"},
        {
            "doseAndRate": [{"doseQuantity": build_quantity(4, "mg")}],
            **build_instructions("how often this is the regimen: usually"),
        },
        {"frequency"},
    ),
    "a course that is open is held by its limit": (
        {
            "course": {"value": 5, "unit": "d", "comparator": ">="},
            "course_limit": {"value": 7, "unit": "d", "comparator": "<"},
        },
        {
            "timing": {
                "repeat": {
                    "boundsRange": {
                        "low": build_quantity(5, "d"),
                        "high": build_quantity(7, "d"),
                    }
                }
            },
            **build_instructions("for at least 5 days", "longest course: below 7 days"),
        },
        {"course", "course_limit"},
    ),
    "a course that is open, and a limit in a unit that is not the same": (
        {
            "course": {"value": 1, "unit": "mo", "comparator": ">="},
            "course_limit": {"value": 6, "unit": "wk", "comparator": "<="},
        },
        {
            "timing": {"repeat": {"boundsDuration": {**build_quantity(6, "wk"), "comparator": "<="}}},
            **build_instructions("for at least 1 month"),
        },
        {"course"},
    ),
    "what is at least so long is no limit": (
        {"course_limit": {"value": 7, "unit": "d", "comparator": ">="}},
        build_instructions("longest course: at least 7 days"),
        {"course_limit"},
    ),
    "a range is no limit": (
        {"course_limit": {"low": 4, "high": 6, "unit": "wk"}},
        build_instructions("longest course: 4–6 weeks"),
        {"course_limit"},
    ),
    "a limit that does not say that it is one": (
        {"course_limit": {"value": 7, "unit": "d"}},
        {"timing": {"repeat": {"boundsDuration": {**build_quantity(7, "d"), "comparator": "<="}}}},
        set(),
    ),
    "an infusion over at least so long has no rate": (
        {
            "volume": {"value": 100, "unit": "mL"},
            "administration_time": {"value": 15, "unit": "min", "comparator": ">="},
        },
        build_instructions("in a volume of 100 mL", "over at least 15 minutes"),
        {"volume", "administration_time"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_regimen(content: Content, r5: Resources, case: str) -> None:
    fields, expected, unstated_fields = CASES[case]
    record = make_record(content, "regimen", **fields)
    dosage, stated_roles = build_regimen_dosage(r5.terms, record)
    if "method" in dosage:
        dosage["method"] = dosage["method"]["text"]
    assert {key: part for key, part in dosage.items() if key not in ("text", "route")} == expected
    assert fields.keys() - name_stated_fields(record, stated_roles) == unstated_fields
    assert dosage["text"]


def name_stated_fields(record: Record, stated_roles: set[str]) -> set[str]:
    return {field.name for field in record.kind.fields if field.role in stated_roles}


def test_the_most_at_one_time_and_in_a_day(content: Content, r5: Resources) -> None:
    single, _ = build_limit_dosage(
        r5.terms, make_record(content, "dose-limit", per="administration", maximum={"value": 6, "unit": "mg"})
    )
    assert single["maxDosePerAdministration"] == build_quantity(6, "mg")
    daily, _ = build_limit_dosage(
        r5.terms,
        make_record(content, "dose-limit", per="time", window=ONE_DAY, maximum={"value": 1600, "unit": "mg"}),
    )
    assert daily["maxDosePerPeriod"] == [
        {"numerator": build_quantity(1600, "mg"), "denominator": build_quantity(1, "d")}
    ]


@pytest.mark.parametrize(
    "case",
    [
        ({"value": 6}, True, False),
        ({"value": 6, "comparator": "<="}, True, False),
        ({"value": 6, "comparator": "<"}, True, True),
        ({"value": 6, "comparator": ">="}, False, True),
        ({"value": 6, "comparator": ">"}, False, True),
        ({"value": 6, "comparator": "about"}, False, True),
        ({"low": 4, "high": 6}, False, True),
    ],
)
@pytest.mark.parametrize(
    ("counted", "element"),
    [
        ({"per": "administration"}, "maxDosePerAdministration"),
        ({"per": "time", "window": ONE_DAY}, "maxDosePerPeriod"),
        ({"per": "lifetime"}, "maxDosePerLifetime"),
    ],
)
def test_only_a_most_is_a_ceiling(
    content: Content, r5: Resources, counted: Json, element: str, case: tuple[Json, bool, bool]
) -> None:
    amount, has_maximum, has_words = case
    limit = make_record(content, "dose-limit", **counted, maximum={**amount, "unit": "mg"})
    dosage, stated_roles = build_limit_dosage(r5.terms, limit)
    assert (element in dosage) is has_maximum
    assert ("additionalInstruction" in dosage) is has_words
    assert ("maximum" in name_stated_fields(limit, stated_roles)) is not has_words


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"dose": FOUR_MG}, True),
        ({"dose": FOUR_MG, "interval": {"value": 3, "unit": "wk"}}, True),
        ({"dose": FOUR_MG, "interval": {"value": 3, "unit": "wk", "comparator": ">="}}, False),
        ({"dose": FOUR_MG, "times_per_day": {"value": 3, "unit": "1", "comparator": "<="}}, False),
        ({**A_DAY, "times_per_day": {"value": 3, "unit": "1", "comparator": "<="}}, True),
        ({**A_DAY, "interval": {"value": 3, "unit": "wk", "comparator": ">="}}, False),
        (
            {
                "dose": FOUR_MG,
                "interval": {"value": 3, "unit": "wk"},
                "times_per_day": {"value": 2, "unit": "1"},
            },
            False,
        ),
        ({"dose": FOUR_MG, "frequency": "usually not"}, False),
        ({"dose": {**FOUR_MG, "comparator": ">="}}, False),
    ],
)
def test_what_does_not_say_how_often_its_fact_says_is_no_order(
    content: Content, r5: Resources, fields: Json, expected: bool
) -> None:
    regimen = make_record(content, "regimen", **fields)
    dosage, _ = build_regimen_dosage(r5.terms, regimen)
    assert is_orderable(regimen, dosage) is expected


def test_a_course_is_only_how_long(content: Content, r5: Resources) -> None:
    course = make_record(content, "course", population="renal-failure", duration={"value": 2, "unit": "wk"})
    dosage, stated_roles = build_regimen_dosage(r5.terms, course)
    assert dosage["timing"] == {"repeat": {"boundsDuration": build_quantity(2, "wk")}}
    assert "duration" in name_stated_fields(course, stated_roles)
    about = {"value": 2, "unit": "wk", "comparator": "about"}
    course = make_record(content, "course", population="renal-failure", duration=about)
    dosage, stated_roles = build_regimen_dosage(r5.terms, course)
    assert dosage["additionalInstruction"] == [{"text": "for about 2 weeks"}]
    assert "duration" not in name_stated_fields(course, stated_roles)


def test_the_most_in_a_course_is_in_words(content: Content, r5: Resources) -> None:
    maximum = {"value": 60, "comparator": "<=", "unit": "mg"}
    limit = make_record(content, "dose-limit", id="in-a-course", per="course", maximum=maximum)
    dosage, stated_roles = build_limit_dosage(r5.terms, limit)
    assert not [name for name in dosage if name.startswith("max")]
    assert dosage["additionalInstruction"] == [{"text": dosage["text"]}]
    assert dosage["text"].endswith(": at most 60 mg in a course")
    assert "maximum" not in name_stated_fields(limit, stated_roles)


def test_a_limit_holds_for_what_it_does_not_exclude(content: Content, r5: Resources) -> None:
    regimen = make_record(content, "regimen", population="renal-failure")

    def is_applicable(**fields: Any) -> bool:
        return is_limit_applicable(r5.terms, make_record(content, "dose-limit", **fields), regimen)

    assert is_applicable()
    assert is_applicable(route=None)
    assert is_applicable(population="renal-failure")
    assert not is_applicable(population="spine-metastasis")
    assert not is_applicable(route="oral")
    assert not is_applicable(form="tablet")
    assert not is_applicable(product="bonefos")


class LimitTerms(Terms):
    """The terms of the content with other dose limits."""

    def __init__(self, content: Content, limits: list[Record]) -> None:
        super().__init__(content, "")
        self.limits = limits

    def list_records(self, kind_role: str) -> list[Record]:
        assert kind_role == "dose-limit"
        return self.limits

    def describe_record(self, record: Record) -> str:
        return f"the limit {record.id}"


@pytest.mark.parametrize(
    ("fields", "mass", "words"),
    [
        ([{}], 2, []),
        ([{}, {"maximum": {"value": 1500, "unit": "ug"}}], 1500, []),
        ([{}, {"maximum": {"value": 1, "unit": "g"}}], 2, []),
        # FHIR has one maximum at a time, and those of two dimensions both hold.
        ([{}, {"maximum": {"value": 20, "unit": "ug/kg"}}], 2, ["the limit 1"]),
        ([{"maximum": {"value": 20, "unit": "ug/kg"}}, {}], 20, ["the limit 1"]),
        (
            [{}, {"maximum": {"value": 20, "unit": "ug/kg"}}, {"maximum": {"value": 1, "unit": "mg"}}],
            1,
            ["the limit 1"],
        ),
        ([{"maximum": {"value": 2, "unit": "mg", "comparator": "<"}}], 2, ["the limit 0"]),
        ([{"maximum": {"low": 1, "high": 2, "unit": "mg"}}], None, ["the limit 0"]),
        ([{"population": "renal-failure"}], None, ["the limit 0"]),
        ([{}, {"population": "renal-failure"}], 2, ["the limit 1"]),
        ([{"condition": "hypercalcaemia"}], None, []),
        ([{"route": "oral", "population": "renal-failure"}], None, []),
    ],
)
def test_the_lowest_limit_is_the_ceiling_and_a_narrower_one_is_said(
    content: Content, fields: list[Json], mass: int | None, words: list[str]
) -> None:
    two_mg: Json = {"maximum": {"value": 2, "unit": "mg"}, "per": "administration"}
    limits = [
        make_record(content, "dose-limit", **{**two_mg, **limit_fields, "id": str(nth)})
        for nth, limit_fields in enumerate(fields)
    ]
    terms = LimitTerms(content, limits)
    dosage_element: Json = {}
    regimen = make_record(content, "regimen", dose=FOUR_MG, condition="osteolysis")
    assert list(apply_dose_limits(terms, regimen, dosage_element)) == words
    assert dosage_element.get("maxDosePerAdministration", {}).get("value") == mass
