"""Infusions: over what time, in what volume and how fast a dose goes into a vein."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import (
    Amount,
    convert_to,
    find_quantity,
    find_text,
    format_amount,
    has_value,
    locate_upper_end,
    make_quantity_fault,
)
from bmkit.rules.derived.hierarchy import belongs_to, find_lineage
from bmkit.rules.medication.regimens import (
    PATIENT_KINDS,
    find_dose_field,
    find_peer_records,
    format_patients,
    is_intravenous,
    is_stated_for_patients,
    iter_regimens,
)
from bmkit.rules.medication.usual_doses import find_usual_ranges
from bmkit.rules.rule import Fault, Faults, rule
from bmkit.wording import format_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

_ORAL_ROUTE = "oral"
_INJECTION_FIELDS = ("form", "route")
_INFUSION_FIELDS = ("administration_time", "infusions_per_day")
# mL/h: the slowest rate of a syringe pump, and the fastest rate of an infusion pump.
_MIN_INFUSION_RATE, _MAX_INFUSION_RATE = Fraction(1), Fraction(1200)


def _make_infusion_regimen(**fields: Any) -> dict[str, Any]:
    regimen = {
        "id": "zometa-4-mg",
        "product": "zometa",
        "route": "intravenous",
        "dose": {"value": 4, "unit": "mg"},
        "volume": {"value": 100, "unit": "mL"},
        "administration_time": {"value": 15, "unit": "min"},
        **fields,
    }
    return {field_name: value for field_name, value in regimen.items() if value is not None}


def _make_dilution(dilution_id: str, millilitres: int) -> dict[str, Any]:
    return {"id": dilution_id, "product": "zometa", "volume": {"value": millilitres, "unit": "mL"}}


def _make_infusion_time(minutes: int, comparator: str = "") -> dict[str, Any]:
    comparator_member = {"comparator": comparator} if comparator else {}
    return {"administration_time": {"value": minutes, **comparator_member, "unit": "min"}}


_COMPLETE_INFUSION = {"regimen": [_make_infusion_regimen()]}
_EXAMPLE_ROUTES = [{"id": "intravenous"}, {"id": "intravenous-injection", "parent": "intravenous"}]
_ZOMETA_RANGE = {"id": "usual", "label": "Zometa", "product": "zometa", "route": "intravenous"}
_USUAL_TIME_CONTENT = {"usual-dose": [{**_ZOMETA_RANGE, **_make_infusion_time(15)}]}


@rule(
    Severity.WARNING,
    good=[
        _COMPLETE_INFUSION,
        {"regimen": [_make_infusion_regimen(route="oral", administration_time=None)]},
        {
            "regimen": [
                _make_infusion_regimen(form="solution-for-injection", administration_time=None, volume=None)
            ]
        },
        {
            "route": _EXAMPLE_ROUTES,
            "regimen": [_make_infusion_regimen(route="intravenous-injection", administration_time=None)],
        },
    ],
    bad={"regimen": [_make_infusion_regimen(administration_time=None)]},
)
def no_time(content: Content) -> Faults:
    """A dose goes into a vein, but no fact states over what time.

    Given too fast, many medicines harm the kidneys or stop the heart.  Injections are not checked: the id of
    their form or route has the word injection, as in "solution-for-injection", and not the word infusion.
    """
    for record in _iter_infusions_without(content, "administration_time"):
        yield _make_unstated_fault(record, "over what time", "add the infusion time")


@rule(
    Severity.WARNING,
    good=[
        _COMPLETE_INFUSION,
        {
            "regimen": [_make_infusion_regimen(volume=None)],
            "dilution": [{"id": "one", "product": "zometa", "volume": {"value": 100, "unit": "mL"}}],
        },
        {"regimen": [_make_infusion_regimen(form="solution-for-injection", volume=None)]},
    ],
    bad={"regimen": [_make_infusion_regimen(volume=None)]},
)
def no_volume(content: Content) -> Faults:
    """A dose goes into a vein, but no fact states in what volume.

    Undiluted, a concentrate burns the vein; diluted too much, it strains the heart.  Injections are not
    checked: the id of their form or route has the word injection and not the word infusion.
    """
    for record in _iter_infusions_without(content, "volume"):
        dilutions = find_peer_records(record, content, "dilution")
        is_diluted = any(has_value(dilution, "volume") for dilution in dilutions)
        if not is_diluted and content.is_complete(record, "dilution"):
            yield _make_unstated_fault(record, "in what volume", "add the volume or a dilution")


@rule(
    Severity.ERROR,
    good=[
        {**_USUAL_TIME_CONTENT, "regimen": [_make_infusion_regimen()]},
        {**_USUAL_TIME_CONTENT, "regimen": [_make_infusion_regimen(**_make_infusion_time(15, ">="))]},
        {
            **_USUAL_TIME_CONTENT,
            "regimen": [
                _make_infusion_regimen(**_make_infusion_time(60, "<=")),
                _make_infusion_regimen(id="least", **_make_infusion_time(15, ">=")),
            ],
        },
        {
            "usual-dose": [{**_ZOMETA_RANGE, **_make_infusion_time(5, "<=")}],
            "regimen": [_make_infusion_regimen(**_make_infusion_time(5, "<="))],
        },
        {"regimen": [_make_infusion_regimen(**_make_infusion_time(15, "<="))]},
    ],
    bad=[
        {**_USUAL_TIME_CONTENT, "regimen": [_make_infusion_regimen(**_make_infusion_time(15, "<="))]},
        {
            **_USUAL_TIME_CONTENT,
            "regimen": [
                _make_infusion_regimen(**_make_infusion_time(60, "<")),
                _make_infusion_regimen(id="least", **_make_infusion_time(5, ">=")),
            ],
        },
    ],
)
def no_minimum_time(content: Content) -> Faults:
    """The time of an infusion has only a maximum, which allows a faster infusion than is usual.

    "Within 15 minutes" allows an infusion in two.  The usual times are in the list of dose ranges; medicines
    that are given as fast as possible have "at most" there too.  Another fact may state the minimum, as "at
    least".
    """
    for record in content.list_records("regimen"):
        longest_time = find_quantity(record, "administration_time")
        if (
            longest_time is None
            or not longest_time.is_capped()
            or not content.is_complete(record, *PATIENT_KINDS)
        ):
            continue
        usual_times = [
            usual_time
            for usual_time in find_usual_ranges(record, "administration_time", content)
            if not usual_time.bounds.is_capped()
        ]
        shortest_usual = min(usual_times, key=lambda usual_time: usual_time.bounds.low, default=None)
        if (
            shortest_usual is not None
            and shortest_usual.bounds.low > 0
            and not _has_usual_minimum_time(record, shortest_usual.bounds, content)
        ):
            verdict = f"allows a faster infusion than the usual {shortest_usual.text}"
            hint = f"state the minimum time, or correct the usual one in {shortest_usual.record.file}"
            yield make_quantity_fault(record, "administration_time", verdict, hint, keep_comparator=True)


@rule(
    Severity.ERROR,
    good=[
        _COMPLETE_INFUSION,
        {"regimen": [_make_infusion_regimen(route="oral", administration_time=None, volume=None)]},
    ],
    bad=[
        {"regimen": [_make_infusion_regimen(route="oral")]},
        {
            "regimen": [
                _make_infusion_regimen(
                    route="oral", administration_time=None, infusions_per_day={"value": 1, "unit": "1"}
                )
            ]
        },
    ],
)
def oral_route(content: Content) -> Faults:
    """A dose is infused, but its route is by mouth.

    Only one of the two can be true, and the dose by mouth of many medicines is a hundred times the dose by
    vein.
    """
    for record in content.list_records("regimen"):
        if has_value(record, "route") and belongs_to(
            content, "route", find_text(record, "route"), _ORAL_ROUTE, record
        ):
            for field_name in _INFUSION_FIELDS:
                if has_value(record, field_name):
                    message = (
                        f"{field_name} {format_quantity(record[field_name])} "
                        f'does not fit the route "{find_text(record, "route")}"'
                    )
                    yield record.locate_field("route"), message, "correct the route, or remove the infusion"
                    break


@rule(
    Severity.ERROR,
    good=[
        _COMPLETE_INFUSION,
        {
            "regimen": [_make_infusion_regimen(volume=None)],
            "dilution": [_make_dilution("small", 100), _make_dilution("large", 5000)],
        },
    ],
    bad=[
        {"regimen": [_make_infusion_regimen(volume={"value": 1000, "unit": "mL"})]},
        {"regimen": [_make_infusion_regimen(administration_time={"value": 200, "unit": "h"})]},
        {
            "regimen": [_make_infusion_regimen(volume=None, administration_time={"value": 1, "unit": "min"})],
            "dilution": [_make_dilution("saline", 100)],
        },
    ],
)
def implausible_rate(content: Content) -> Faults:
    """A volume cannot be infused in the time that is stated for it.

    No infusion of a medicine runs above 1200 mL an hour or below 1 mL an hour: one of the two is wrong.
    """
    for record in content.list_records("regimen"):
        administration_time = find_quantity(record, "administration_time")
        hours = convert_to(administration_time, "h") if administration_time is not None else None
        if hours is None or hours.low <= 0:
            continue
        # Without a volume of its own a regimen has that of a dilution; some may be for other patients.
        volume_records = (
            [record] if has_value(record, "volume") else find_peer_records(record, content, "dilution")
        )
        volumes = [
            (volume_record, volume)
            for volume_record in volume_records
            if (volume := _convert_volume_to_ml(volume_record)) is not None
        ]
        rates = [
            (volume_record, volume.low / hours.high, volume.high / hours.low)
            for volume_record, volume in volumes
        ]
        if rates and all(
            max_rate > _MAX_INFUSION_RATE or min_rate < _MIN_INFUSION_RATE for _, min_rate, max_rate in rates
        ):
            volume_record, min_rate, max_rate = rates[0]
            rate_text = format_amount(Amount(min_rate, max_rate, "mL/h"))
            limit_phrase = (
                f"above {_MAX_INFUSION_RATE}"
                if max_rate > _MAX_INFUSION_RATE
                else f"below {_MIN_INFUSION_RATE}"
            )
            owner_phrase = "" if volume_record is record else f' of "{volume_record.id}"'
            infusion_phrase = (
                f"{format_quantity(volume_record['volume'])}{owner_phrase} "
                f"over {format_quantity(record['administration_time'])}"
            )
            place = locate_upper_end(record, "administration_time")
            hint = "correct the volume or the time, or the unit of one"
            yield place, f"{infusion_phrase} is {rate_text}, {limit_phrase}", hint


def _iter_infusions_without(content: Content, field_name: str) -> Iterator[Record]:
    """Yield the regimens of infusions for whose patients no regimen has the field."""
    for record in iter_regimens(content):
        if (
            is_intravenous(record, content)
            and not _is_injected_dose(record, content)
            and not is_stated_for_patients(record, content, (field_name,))
            and content.is_complete(record, *PATIENT_KINDS)
        ):
            yield record


def _make_unstated_fault(record: Record, question: str, remedy: str) -> Fault:
    dose_phrase = f'this dose of "{find_text(record, "product")}"'
    message = f"no fact states {question} {dose_phrase} is infused{format_patients(record)}"
    place = record.locate_field(find_dose_field(record))
    return place, message, f"{remedy}, or the form if it is an injection"


def _has_usual_minimum_time(record: Record, usual_time: Amount, content: Content) -> bool:
    """Return whether a fact about the same patients states a minimum time that is usual."""
    times = [find_quantity(other, "administration_time") for other in find_peer_records(record, content)]
    minimum_times = [
        convert_to(time, usual_time.unit) for time in times if time is not None and time.is_open()
    ]
    return any(
        minimum_time.low >= usual_time.low for minimum_time in minimum_times if minimum_time is not None
    )


def _is_injected_dose(record: Record, content: Content) -> bool:
    """Return whether a dose is an injection, by the id of its form or route or of one above it."""
    ancestor_ids = [
        ancestor_id
        for kind in _INJECTION_FIELDS
        for ancestor_id in find_lineage(content, kind, find_text(record, kind), record)
    ]
    words = {word for ancestor_id in ancestor_ids for word in ancestor_id.split("-")}
    return "injection" in words and "infusion" not in words


def _convert_volume_to_ml(record: Record) -> Amount | None:
    volume = find_quantity(record, "volume")
    return convert_to(volume, "mL") if volume is not None else None
