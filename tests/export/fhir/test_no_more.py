"""No Dosage can mean more medicine, or more often, than its fact, whatever a fact says.

The greatest that a Dosage can mean and the greatest that a fact means are reckoned apart from the mapping.
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
from bmkit.export.fhir.dosage import build_regimen_dosage, is_orderable

from .checks import find_faults
from .conftest import REPOSITORY
from .resources import of

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


def forms(unit: str, numbers: tuple[int, ...], *signs: str) -> list[Json | None]:
    """What a field may hold: nothing, numbers, a range, the last number with each comparator."""
    [*_, last] = numbers
    return [
        None,
        *({"value": one, "unit": unit} for one in numbers),
        {"low": numbers[0], "high": last + 1, "unit": unit},
        *({"value": last, "unit": unit, "comparator": sign} for sign in signs),
    ]


# All that together says how much and how often, and all that says how long and how fast.
DOSES: dict[str, Sequence[Any]] = {
    "dose": forms("mg", (400,), "<", ">="),
    "daily_dose": forms("mg/d", (1600,), "<=", ">", "about"),
    "interval": [*forms("wk", (3,), *SIGNS), {"value": 0, "unit": "d"}, {"value": 12, "unit": "h"}],
    "doses_per_day": [*forms("1", (1, 2), "<=", ">="), {"value": 1, "unit": "1", "comparator": "about"}],
    "infusions_per_day": forms("1", (0, 1), ">="),
    "time_of_day": [None, "in the morning"],
}
COURSES: dict[str, Sequence[Any]] = {
    "course": [*forms("d", (5, 10), *SIGNS), {"value": 1, "unit": "mo"}],
    "course_limit": [*forms("d", (7,), *SIGNS), *forms("wk", (1,), "<")],
    "infusion_time": forms("min", (0, 15), *SIGNS),
    "volume": forms("mL", (100,), "<=", "about"),
}


def combined(held: Mapping[str, Sequence[Any]]) -> Iterator[Json]:
    for parts in product(*held.values()):
        yield {name: part for name, part in zip(held, parts, strict=True) if part is not None}


def high(amount: Json | None) -> Fraction:
    """The most that an amount of content may be; without end where it is open, or not said."""
    if amount is None or amount.get("comparator") in (">", ">="):
        return ENDLESS
    return Fraction(amount["value"] if "value" in amount else amount["high"])


def low(amount: Json) -> Fraction:
    """The least that it may be."""
    if amount.get("comparator") in ("<", "<="):
        return Fraction(0)
    return Fraction(amount["value"] if "value" in amount else amount["low"])


def most(held: Json) -> Fraction:
    """The most that a Quantity or Range of FHIR allows, in milligrams or as it stands."""
    if "low" in held and "high" not in held:
        return ENDLESS
    end = held.get("high", held)
    assert end.get("comparator", "<=") in ("<", "<="), "a dose has no comparator"
    mass = end["code"].removesuffix("/d")
    return Fraction(end["value"]) * MILLIGRAMS.get(mass, Fraction(1))


def mass_of(amount: Json | None) -> Fraction:
    found = high(amount)
    return (
        found if amount is None or found == ENDLESS else found * MILLIGRAMS[amount["unit"].removesuffix("/d")]
    )


def often_meant(fact: Json) -> Fraction:
    """How often a day a fact can mean at most; without end where it does not say."""
    found = [high(fact[name]) for name in ("doses_per_day", "infusions_per_day") if name in fact]
    if "interval" in fact:
        shortest = low(fact["interval"]) * DAYS[fact["interval"]["unit"]]
        found.append(1 / shortest if shortest else ENDLESS)
    if not found and "time_of_day" in fact and "daily_dose" in fact and "dose" not in fact:
        return Fraction(1)
    return min(found, default=ENDLESS)


def often_told(told: Json) -> Fraction | None:
    """How often a day a Dosage can mean at most, None if it does not say."""
    repeat = told.get("timing", {}).get("repeat", {})
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


def excess(fact: Json, told: Json) -> str:
    """How a Dosage means more than its fact, "" if it does not."""
    ways = (_oftener, _more, _longer, _faster, _capped)
    return next((wrong for way in ways if (wrong := way(fact, told))), "")


def _oftener(fact: Json, told: Json) -> str:
    often = often_told(told)
    stated = [name for name in ("interval", "doses_per_day", "infusions_per_day") if name in fact]
    if often is None:
        rated = any(name.startswith("rateQ") or name == "rateRange" for name in _rates(told))
        return "so much every day, where the fact has an interval" if rated and "interval" in fact else ""
    if any(fact[name].get("comparator", "about") != "about" for name in stated):
        return "an exact schedule, where the fact has a bound"
    if often > often_meant(fact):
        return f"{often} times a day"
    if not (stated or ("time_of_day" in fact and "daily_dose" in fact and "dose" not in fact)):
        return "a schedule that the fact does not have"
    return "one of several schedules" if len(stated) > 1 else ""


def _more(fact: Json, told: Json) -> str:
    often, rates = often_told(told), _rates(told)
    dose = next((rates[name] for name in ("doseQuantity", "doseRange") if name in rates), None)
    rate = next((rates[name] for name in ("rateQuantity", "rateRange") if name in rates), None)
    if rate is not None and most(rate) > mass_of(fact.get("daily_dose")):
        return f"{most(rate)} mg in a day"
    if dose is None:
        return ""
    # What is given at one time is the dose, or all of the day's where the fact has no dose.
    once = mass_of(fact["dose"] if "dose" in fact else fact.get("daily_dose"))
    if most(dose) > once:
        return f"{most(dose)} mg at one time"
    if "dose" not in fact and (often is None or often > 1):
        return "a day's amount more than once a day"
    times = often_meant(fact) if "dose" in fact else Fraction(1)
    over = often is not None and rate is None and most(dose) * often > once * times
    return f"{most(dose)} mg {often} times a day" if over else ""


def _rates(told: Json) -> Json:
    found: Json = told.get("doseAndRate", [{}])[0]
    return found


def _longer(fact: Json, told: Json) -> str:
    repeat = told.get("timing", {}).get("repeat", {})
    bound = repeat.get("boundsDuration", repeat.get("boundsRange", {}).get("high"))
    if bound is None:
        return ""
    longest = (
        ENDLESS if bound.get("comparator") in (">", ">=") else Fraction(bound["value"]) * DAYS[bound["code"]]
    )
    limit = fact.get("course_limit", {})
    name = "course_limit" if "value" in limit and limit.get("comparator", "<") in ("<", "<=") else "course"
    meant = high(fact[name]) * DAYS[fact[name]["unit"]]
    return "" if longest <= meant or meant >= ENDLESS else f"for {longest} days"


def _faster(fact: Json, told: Json) -> str:
    rates = _rates(told)
    repeat = told.get("timing", {}).get("repeat", {})
    if "duration" in repeat:
        told_low = Fraction(repeat["duration"]) * DAYS[repeat["durationUnit"]]
        if told_low < low(fact["infusion_time"]) * DAYS[fact["infusion_time"]["unit"]] or told_low == 0:
            return "a shorter infusion"
    if "rateRatio" in rates:
        above, below = rates["rateRatio"]["numerator"], rates["rateRatio"]["denominator"]
        if (above["value"], above["code"]) != (fact["volume"].get("value"), fact["volume"]["unit"]):
            return "another volume"
        if (below["value"], below["code"]) != (
            fact["infusion_time"].get("value"),
            fact["infusion_time"]["unit"],
        ):
            return "another time of infusion"
        if not below["value"]:
            return "all at once"
        if fact["volume"].get("comparator") or fact["infusion_time"].get("comparator"):
            return "a rate that is exact"
    return ""


def _capped(fact: Json, told: Json) -> str:
    if "maxDosePerAdministration" in told:
        return "a ceiling that the fact does not have"
    for one in told.get("maxDosePerPeriod", ()):
        if fact["daily_dose"].get("comparator") not in ("<", "<="):
            return "a ceiling that the fact does not have"
        if most(one["numerator"]) > mass_of(fact["daily_dose"]) or one["denominator"]["code"] != "d":
            return "a higher ceiling"
    return ""


def _record(content: Content, fact: Json) -> Record:
    value = {"id": "x", "product": "zometa", "route": "intravenous", **fact}
    return Record(content.schemas.get_kind("dosing"), "bone-metastasis", "x.json", 0, value)


def _missing(fact: Json, told: Json, held: set[str]) -> list[str]:
    """The fields that a Dosage has neither in its elements nor in words; in all there are as many words."""
    words = [one["text"] for one in told.get("additionalInstruction", ()) if "coding" not in one]
    numbers = [name for name in fact if name not in ("meal_relation", "time_of_day") and name not in held]
    return numbers if len(words) < len(numbers) else []


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("held", [DOSES, COURSES], ids=["doses", "courses"])
def test_no_dosage_means_more_than_its_fact(
    content: Content, r5: Resources, held: dict[str, list[Any]], step: int
) -> None:
    wrong = [
        (fact, said) for fact in islice(combined(held), 0, None, step) for said in _wrong(content, r5, fact)
    ]
    assert wrong[:3] == []


def _wrong(content: Content, resources: Resources, fact: Json) -> Iterator[str]:
    record = _record(content, fact)
    told, held = build_regimen_dosage(resources.terms, record)
    if wrong := excess(fact, told):
        yield wrong
    if missing := _missing(fact, told, held):
        yield f"{missing} are said nowhere"
    older = vars(r4b)["_convert_dosage"](told)
    if "maxDosePerPeriod" in older:
        older = {**older, "maxDosePerPeriod": [older["maxDosePerPeriod"]]}
    if wrong := excess(fact, older):
        yield f"R4B: {wrong}"
    timed = fact.keys() & {"interval", "doses_per_day", "infusions_per_day"}
    of_a_day = _rates(told).keys() & {"rateQuantity", "rateRange"}
    if is_orderable(record, told) and timed and often_told(told) is None and not of_a_day:
        yield "an order without its schedule"


MG4 = {"value": 4, "unit": "mg", "code": "mg"}
MG400 = {"value": 400, "unit": "mg", "code": "mg"}
DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}
WEEKS = {"value": 3, "unit": "wk"}
DAY = {"value": 1600, "unit": "mg/d"}
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
        {"daily_dose": DAY, "doses_per_day": {"low": 1, "high": 3, "unit": "1"}},
        {
            "timing": {"repeat": {**DAILY, "frequencyMax": 3}},
            "doseAndRate": [{"doseQuantity": {"value": 1600, "code": "mg"}}],
        },
    ),
    "one of two schedules": (
        {"dose": MG400, "interval": WEEKS, "doses_per_day": {"value": 2, "unit": "1"}},
        {
            "timing": {"repeat": {**DAILY, "period": 3, "periodUnit": "wk"}},
            "doseAndRate": [{"doseQuantity": MG400}],
        },
    ),
    "so much every day": (
        {"daily_dose": DAY, "interval": {**WEEKS, "comparator": ">="}},
        {"doseAndRate": [{"rateQuantity": {"value": 1600, "code": "mg/d"}}]},
    ),
    "the day's amount at a time": (
        {"daily_dose": DAY},
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
    fact, told = WRONG[case]
    assert excess(fact, told)


@pytest.mark.parametrize("release", ["R5", pytest.param("R4B", marks=pytest.mark.slow)])
def test_what_validates_is_written_as_no_more_than_it_says(release: str) -> None:
    """From the file to the resource: what could come out as an overdose is told, or is an order of a rate."""
    name = "content/bone-metastasis/dosing.json"
    text = (REPOSITORY / name).read_text("utf-8")
    held = json.loads(text)
    facts = {
        "daily": (WRONG["daily, for at least three weeks apart"][0], "CommunicationRequest"),
        "three": (WRONG["the day's amount up to three times"][0], "MedicationRequest"),
        "two": (WRONG["one of two schedules"][0], "CommunicationRequest"),
    }
    source = held["records"][0]["source"]
    for id_, (fact, _) in facts.items():
        plain = {
            name: {key: held for key, held in part.items() if key != "code"}
            if isinstance(part, dict)
            else part
            for name, part in fact.items()
        }
        held["records"].append({"id": id_, "product": "zometa", "route": "oral", **plain, "source": source})
    content = read_content(str(REPOSITORY), unsaved_files={name: json.dumps(held).encode()})
    assert not content.issues
    resources = build_resources(content, FhirOptions(release=release))
    for id_, (fact, kind) in facts.items():
        one = of(resources, "ActivityDefinition", "dosing", id_)
        assert one["kind"] == kind
        [told] = one["dosage"]
        if "maxDosePerPeriod" in told and release == "R4B":
            told = {**told, "maxDosePerPeriod": [told["maxDosePerPeriod"]]}
        assert excess(fact, told) == ""
        assert "additionalInstruction" in told or kind == "MedicationRequest"


LIMITS: list[Json] = [
    {"low": 4, "high": 6},
    {"value": 6},
    *({"value": 6, "comparator": sign} for sign in SIGNS),
]


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_whatever_a_dose_is_it_is_written_and_valid(either: Resources, step: int) -> None:
    """A sample of all combinations, and limits that are none: nothing crashes, and all of it is FHIR."""
    unsaved: dict[str, bytes] = {}
    added: dict[str, Iterator[Json]] = {"dosing": islice(_sample(), 0, None, step), "dose-limit": _limits()}
    for kind, facts in added.items():
        name = f"content/bone-metastasis/{kind}.json"
        held = json.loads((REPOSITORY / name).read_text("utf-8"))
        frame = {"product": "zometa", "route": "oral", "source": held["records"][0]["source"]}
        held["records"] += [{"id": f"x{nth}", **frame, **fact} for nth, fact in enumerate(facts)]
        unsaved[name] = json.dumps(held).encode()
    resources = build_resources(read_content(str(REPOSITORY), unsaved_files=unsaved), either.options)
    assert list(find_faults(build_bundle(resources, "collection"), either.options.release, either)) == []


def _sample() -> Iterator[Json]:
    for held, step in ((DOSES, 397), (COURSES, 53)):
        yield from islice(combined(held), 1, None, step)


def _limits() -> Iterator[Json]:
    for one in LIMITS:
        yield {"per": "at one time", "maximum": {**one, "unit": "mg"}}
        yield {"per": "per day", "maximum_daily": {**one, "unit": "mg/d"}}
