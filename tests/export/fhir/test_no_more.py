"""No Dosage can mean more medicine, or more often, than its fact, whatever a fact says.

The most that a Dosage can mean and the most that a fact means are computed here, apart from the mapping.
"""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.content import read_content
from bmkit.content.record import Record
from bmkit.export.fhir import FhirOptions, build_resources, r4b
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.dosage import build_regimen_dosage
from bmkit.export.fhir.regimens import is_orderable

from .checks import find_faults
from .conftest import REPOSITORY
from .resources import get_resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources

Json = dict[str, Any]

SIGNS = ("<", "<=", ">=", ">", "about")
# Days in a unit of time; a month and a year are taken at their shortest where they are an interval.
DAYS = {
    "s": Fraction(1, 86400),
    "min": Fraction(1, 1440),
    "h": Fraction(1, 24),
    "d": Fraction(1),
    "wk": Fraction(7),
    "mo": Fraction(30),
    "a": Fraction(365),
}
MILLIGRAMS = {"kg": Fraction(10**6), "g": Fraction(1000), "mg": Fraction(1), "ug": Fraction(1, 1000)}
ENDLESS = Fraction(10**12)


def list_amounts(unit: str, numbers: tuple[int, ...], *signs: str) -> list[Json | None]:
    """What a field may hold: nothing, numbers, a range, the last number with each comparator."""
    [*_, last] = numbers
    return [
        None,
        *({"value": number, "unit": unit} for number in numbers),
        {"low": numbers[0], "high": last + 1, "unit": unit},
        *({"value": last, "unit": unit, "comparator": sign} for sign in signs),
    ]


ONE_DAY = {"value": 1, "unit": "d"}
# All that together says how much and how often, and all that says how long and how fast.
DOSES: dict[str, Sequence[Any]] = {
    "dose": list_amounts("mg", (400,), "<", ">="),
    "total": list_amounts("mg", (1600,), "<=", ">", "about"),
    "interval": [*list_amounts("wk", (3,), *SIGNS), {"value": 0, "unit": "d"}, {"value": 12, "unit": "h"}],
    "times_per_day": [
        *list_amounts("1", (0, 1, 2), "<=", ">="),
        {"value": 1, "unit": "1", "comparator": "about"},
    ],
    "time_of_day": [None, "in the morning"],
}
COURSES: dict[str, Sequence[Any]] = {
    "course": [*list_amounts("d", (5, 10), *SIGNS), {"value": 1, "unit": "mo"}],
    "course_limit": [*list_amounts("d", (7,), *SIGNS), *list_amounts("wk", (1,), "<")],
    "administration_time": list_amounts("min", (0, 15), *SIGNS),
    "volume": list_amounts("mL", (100,), "<=", "about"),
}


def combine_fields(values_by_field: Mapping[str, Sequence[Any]]) -> Iterator[Json]:
    for parts in product(*values_by_field.values()):
        fact = {name: part for name, part in zip(values_by_field, parts, strict=True) if part is not None}
        yield {**fact, "total_in": ONE_DAY} if "total" in fact else fact


def find_upper_end(amount: Json | None) -> Fraction:
    """The most that an amount of content may be; without end where it is open, or not said."""
    if amount is None or amount.get("comparator") in (">", ">="):
        return ENDLESS
    return Fraction(amount["value"] if "value" in amount else amount["high"])


def find_lower_end(amount: Json) -> Fraction:
    """The least that it may be."""
    if amount.get("comparator") in ("<", "<="):
        return Fraction(0)
    return Fraction(amount["value"] if "value" in amount else amount["low"])


def find_most(element: Json) -> Fraction:
    """The most that a Quantity or Range of FHIR allows, in milligrams or as it stands."""
    if "low" in element and "high" not in element:
        return ENDLESS
    end = element.get("high", element)
    assert end.get("comparator", "<=") in ("<", "<="), "a dose has no comparator"
    mass = end["code"].removesuffix("/d")
    return Fraction(end["value"]) * MILLIGRAMS.get(mass, Fraction(1))


def find_most_milligrams(amount: Json | None) -> Fraction:
    upper_end = find_upper_end(amount)
    return (
        upper_end
        if amount is None or upper_end == ENDLESS
        else upper_end * MILLIGRAMS[amount["unit"].removesuffix("/d")]
    )


def count_times_of_fact(fact: Json) -> Fraction:
    """How often a day a fact can mean at most; without end where it does not say."""
    upper_ends = [find_upper_end(fact["times_per_day"])] if "times_per_day" in fact else []
    if "interval" in fact:
        shortest = find_lower_end(fact["interval"]) * DAYS[fact["interval"]["unit"]]
        upper_ends.append(1 / shortest if shortest else ENDLESS)
    if not upper_ends and "time_of_day" in fact and "total" in fact and "dose" not in fact:
        return Fraction(1)
    return min(upper_ends, default=ENDLESS)


def count_times_of_dosage(dosage: Json) -> Fraction | None:
    """How often a day a Dosage can mean at most, None if it does not say."""
    repeat = dosage.get("timing", {}).get("repeat", {})
    # FHIR takes a missing frequency as once in the period, and a time of day as that of each day.
    if not repeat.keys() & {
        "frequency",
        "frequencyMax",
        "period",
        "periodUnit",
        "when",
        "timeOfDay",
        "dayOfWeek",
    }:
        return None
    times = Fraction(repeat.get("frequencyMax", repeat.get("frequency", 1)))
    return times / (Fraction(repeat.get("period", 1)) * DAYS[repeat.get("periodUnit", "d")])


def find_excess(fact: Json, dosage: Json) -> str:
    """How a Dosage means more than its fact, "" if it does not."""
    finders = (
        _find_excess_frequency,
        _find_excess_amount,
        _find_excess_duration,
        _find_excess_rate,
        _find_wrong_maximum,
    )
    return next((excess for find in finders if (excess := find(fact, dosage))), "")


def _find_excess_frequency(fact: Json, dosage: Json) -> str:
    times = count_times_of_dosage(dosage)
    schedule_fields = [name for name in ("interval", "times_per_day") if name in fact]
    if times is None:
        has_rate = any(name.startswith("rateQ") or name == "rateRange" for name in _get_dose_and_rate(dosage))
        return "so much every day, where the fact has an interval" if has_rate and "interval" in fact else ""
    if any(fact[name].get("comparator", "about") != "about" for name in schedule_fields):
        return "an exact schedule, where the fact has a bound"
    if times > count_times_of_fact(fact):
        return f"{times} times a day"
    if not (schedule_fields or ("time_of_day" in fact and "total" in fact and "dose" not in fact)):
        return "a schedule that the fact does not have"
    return "one of several schedules" if len(schedule_fields) > 1 else ""


def _find_excess_amount(fact: Json, dosage: Json) -> str:
    times, rates = count_times_of_dosage(dosage), _get_dose_and_rate(dosage)
    dose = next((rates[name] for name in ("doseQuantity", "doseRange") if name in rates), None)
    rate = next((rates[name] for name in ("rateQuantity", "rateRange") if name in rates), None)
    if rate is not None and find_most(rate) > find_most_milligrams(fact.get("total")):
        return f"{find_most(rate)} mg in a day"
    if dose is None:
        return ""
    # What is given at one time is the dose, or all of the day's where the fact has no dose.
    single_amount = find_most_milligrams(fact["dose"] if "dose" in fact else fact.get("total"))
    if find_most(dose) > single_amount:
        return f"{find_most(dose)} mg at one time"
    if "dose" not in fact and (times is None or times > 1):
        return "a day's amount more than once a day"
    times_of_fact = count_times_of_fact(fact) if "dose" in fact else Fraction(1)
    is_more = times is not None and rate is None and find_most(dose) * times > single_amount * times_of_fact
    return f"{find_most(dose)} mg {times} times a day" if is_more else ""


def _get_dose_and_rate(dosage: Json) -> Json:
    dose_and_rate: Json = dosage.get("doseAndRate", [{}])[0]
    return dose_and_rate


def _find_excess_duration(fact: Json, dosage: Json) -> str:
    repeat = dosage.get("timing", {}).get("repeat", {})
    bound = repeat.get("boundsDuration", repeat.get("boundsRange", {}).get("high"))
    if bound is None:
        return ""
    longest = (
        ENDLESS if bound.get("comparator") in (">", ">=") else Fraction(bound["value"]) * DAYS[bound["code"]]
    )
    limit = fact.get("course_limit", {})
    name = "course_limit" if "value" in limit and limit.get("comparator", "<") in ("<", "<=") else "course"
    days_of_fact = find_upper_end(fact[name]) * DAYS[fact[name]["unit"]]
    return "" if longest <= days_of_fact or days_of_fact >= ENDLESS else f"for {longest} days"


def _find_excess_rate(fact: Json, dosage: Json) -> str:
    rates = _get_dose_and_rate(dosage)
    repeat = dosage.get("timing", {}).get("repeat", {})
    if "duration" in repeat:
        shortest = Fraction(repeat["duration"]) * DAYS[repeat["durationUnit"]]
        if (
            shortest < find_lower_end(fact["administration_time"]) * DAYS[fact["administration_time"]["unit"]]
            or shortest == 0
        ):
            return "a shorter infusion"
    if "rateRatio" in rates:
        above, below = rates["rateRatio"]["numerator"], rates["rateRatio"]["denominator"]
        if (above["value"], above["code"]) != (fact["volume"].get("value"), fact["volume"]["unit"]):
            return "another volume"
        if (below["value"], below["code"]) != (
            fact["administration_time"].get("value"),
            fact["administration_time"]["unit"],
        ):
            return "another time of infusion"
        if not below["value"]:
            return "all at once"
        if fact["volume"].get("comparator") or fact["administration_time"].get("comparator"):
            return "a rate that is exact"
    return ""


def _find_wrong_maximum(fact: Json, dosage: Json) -> str:
    if "maxDosePerAdministration" in dosage:
        return "a ceiling that the fact does not have"
    for ratio in dosage.get("maxDosePerPeriod", ()):
        if fact["total"].get("comparator") not in ("<", "<="):
            return "a ceiling that the fact does not have"
        if (
            find_most(ratio["numerator"]) > find_most_milligrams(fact["total"])
            or ratio["denominator"]["code"] != "d"
        ):
            return "a higher ceiling"
    return ""


def _make_record(content: Content, fact: Json) -> Record:
    value = {"id": "x", "product": "zometa", "route": "intravenous", **fact}
    return Record(content.schemas.get_kind("regimen"), "bone-metastasis", "x.json", 0, value)


def _list_unstated_fields(fact: Json, dosage: Json, stated_fields: set[str]) -> list[str]:
    """The fields that a Dosage has neither in its elements nor in words; in all there are as many words."""
    words = [
        instruction["text"]
        for instruction in dosage.get("additionalInstruction", ())
        if "coding" not in instruction
    ]
    numbers = [
        name for name in fact if name not in ("meal", "time_of_day", "total_in") and name not in stated_fields
    ]
    return numbers if len(words) < len(numbers) else []


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("fields", [DOSES, COURSES], ids=["doses", "courses"])
def test_no_dosage_means_more_than_its_fact(
    content: Content, r5: Resources, fields: dict[str, list[Any]], step: int
) -> None:
    statements = [
        (fact, statement)
        for fact in islice(combine_fields(fields), 0, None, step)
        for statement in _find_wrong_statements(content, r5, fact)
    ]
    assert statements[:3] == []


def _find_wrong_statements(content: Content, resources: Resources, fact: Json) -> Iterator[str]:
    record = _make_record(content, fact)
    dosage, stated_roles = build_regimen_dosage(resources.terms, record)
    stated_fields = {field.name for field in record.kind.fields if field.role in stated_roles}
    if excess := find_excess(fact, dosage):
        yield excess
    if unstated_fields := _list_unstated_fields(fact, dosage, stated_fields):
        yield f"{unstated_fields} are said nowhere"
    r4b_dosage = vars(r4b)["_convert_dosage"](dosage)
    if "maxDosePerPeriod" in r4b_dosage:
        r4b_dosage = {**r4b_dosage, "maxDosePerPeriod": [r4b_dosage["maxDosePerPeriod"]]}
    if excess := find_excess(fact, r4b_dosage):
        yield f"R4B: {excess}"
    schedule_fields = fact.keys() & {"interval", "times_per_day"}
    daily_rates = _get_dose_and_rate(dosage).keys() & {"rateQuantity", "rateRange"}
    if (
        is_orderable(record, dosage)
        and schedule_fields
        and count_times_of_dosage(dosage) is None
        and not daily_rates
    ):
        yield "an order without its schedule"


MG4 = {"value": 4, "unit": "mg", "code": "mg"}
MG400 = {"value": 400, "unit": "mg", "code": "mg"}
DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}
WEEKS = {"value": 3, "unit": "wk"}
DAY = {"total": {"value": 1600, "unit": "mg"}, "total_in": ONE_DAY}
# Dosages that would mean more than their facts.
WRONG: dict[str, tuple[Json, Json]] = {
    "daily, for at least three weeks apart": (
        {"dose": MG4, "interval": {**WEEKS, "comparator": ">="}, "time_of_day": "in the morning"},
        {"timing": {"repeat": DAILY}, "doseAndRate": [{"doseQuantity": MG4}]},
    ),
    "in the morning, for at least three weeks apart": (
        {"dose": MG4, "interval": {**WEEKS, "comparator": ">="}, "time_of_day": "in the morning"},
        {"timing": {"repeat": {"when": ["MORN"]}}, "doseAndRate": [{"doseQuantity": MG4}]},
    ),
    "the day's amount up to three times": (
        {**DAY, "times_per_day": {"low": 1, "high": 3, "unit": "1"}},
        {
            "timing": {"repeat": {**DAILY, "frequencyMax": 3}},
            "doseAndRate": [{"doseQuantity": {"value": 1600, "code": "mg"}}],
        },
    ),
    "one of two schedules": (
        {"dose": MG400, "interval": WEEKS, "times_per_day": {"value": 2, "unit": "1"}},
        {
            "timing": {"repeat": {**DAILY, "period": 3, "periodUnit": "wk"}},
            "doseAndRate": [{"doseQuantity": MG400}],
        },
    ),
    "so much every day": (
        {**DAY, "interval": {**WEEKS, "comparator": ">="}},
        {"doseAndRate": [{"rateQuantity": {"value": 1600, "code": "mg/d"}}]},
    ),
    "the day's amount at a time": (
        {**DAY},
        {"doseAndRate": [{"doseQuantity": {"value": 1600, "code": "mg"}}]},
    ),
    "every morning, of a dose in the morning": (
        {"dose": MG4, "time_of_day": "in the morning"},
        {"timing": {"repeat": DAILY}, "doseAndRate": [{"doseQuantity": MG4}]},
    ),
    "a course that may go on": (
        {"course": {"value": 5, "unit": "d", "comparator": ">="}, "course_limit": {"value": 7, "unit": "d"}},
        {"timing": {"repeat": {"boundsDuration": {"value": 5, "code": "d", "comparator": ">="}}}},
    ),
    "grams": ({"dose": MG4}, {"doseAndRate": [{"doseQuantity": {"value": 4, "code": "g"}}]}),
    "open above": ({"dose": MG4}, {"doseAndRate": [{"doseRange": {"low": MG4}}]}),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_means_more_is_seen(case: str) -> None:
    fact, dosage = WRONG[case]
    assert find_excess(fact, dosage)


@pytest.mark.parametrize("release", ["R5", pytest.param("R4B", marks=pytest.mark.slow)])
def test_what_validates_is_written_as_no_more_than_it_says(release: str) -> None:
    """From the file to the resource: a possible overdose is a communication, or an order of a rate."""
    name = "content/bone-metastasis/regimen.json"
    text = (REPOSITORY / name).read_text("utf-8")
    file_content = json.loads(text)
    facts = {
        "daily": (WRONG["daily, for at least three weeks apart"][0], "CommunicationRequest"),
        "three": (WRONG["the day's amount up to three times"][0], "MedicationRequest"),
        "two": (WRONG["one of two schedules"][0], "CommunicationRequest"),
    }
    source = file_content["records"][0]["source"]
    for id_, (fact, _) in facts.items():
        plain = {
            name: {key: value for key, value in part.items() if key != "code"}
            if isinstance(part, dict)
            else part
            for name, part in fact.items()
        }
        file_content["records"].append(
            {"id": id_, "product": "zometa", "route": "oral", **plain, "source": source}
        )
    content = read_content(str(REPOSITORY), unsaved_files={name: json.dumps(file_content).encode()})
    assert not content.issues
    resources = build_resources(content, FhirOptions(release=release))
    for id_, (fact, kind) in facts.items():
        definition = get_resource(resources, "ActivityDefinition", "regimen", id_)
        assert definition["kind"] == kind
        [dosage] = definition["dosage"]
        if "maxDosePerPeriod" in dosage and release == "R4B":
            dosage = {**dosage, "maxDosePerPeriod": [dosage["maxDosePerPeriod"]]}
        assert find_excess(fact, dosage) == ""
        assert "additionalInstruction" in dosage or kind == "MedicationRequest"


LIMITS: list[Json] = [
    {"low": 4, "high": 6},
    {"value": 6},
    *({"value": 6, "comparator": sign} for sign in SIGNS),
]


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_whatever_a_dose_is_it_is_written_and_valid(either: Resources, step: int) -> None:
    """A sample of all combinations, and limits that are none: nothing crashes, and all of it is FHIR."""
    unsaved: dict[str, bytes] = {}
    facts_by_kind: dict[str, Iterator[Json]] = {
        "regimen": islice(_iter_doses(), 0, None, step),
        "dose-limit": _iter_limits(),
    }
    for kind, facts in facts_by_kind.items():
        name = f"content/bone-metastasis/{kind}.json"
        file_content = json.loads((REPOSITORY / name).read_text("utf-8"))
        frame = {"product": "zometa", "route": "oral", "source": file_content["records"][0]["source"]}
        file_content["records"] += [{"id": f"x{nth}", **frame, **fact} for nth, fact in enumerate(facts)]
        unsaved[name] = json.dumps(file_content).encode()
    resources = build_resources(read_content(str(REPOSITORY), unsaved_files=unsaved), either.options)
    assert list(find_faults(build_bundle(resources, "collection"), either.options.release, either)) == []


def _iter_doses() -> Iterator[Json]:
    for fields, step in ((DOSES, 397), (COURSES, 53)):
        yield from islice(combine_fields(fields), 1, None, step)


def _iter_limits() -> Iterator[Json]:
    for amount in LIMITS:
        yield {"per": "administration", "maximum": {**amount, "unit": "mg"}}
        yield {"per": "time", "window": ONE_DAY, "maximum": {**amount, "unit": "mg"}}
