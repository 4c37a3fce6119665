"""Storage: for how long and at what temperature a prepared medicine keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import convert_to
from bmkit.rules.derived.roles import (
    find_role_amount,
    find_role_text,
    format_role_quantity,
    locate_role,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record

_STORAGE = "storage"
# The words by which what is prepared is told from what is kept as it is sold.
_PREPARED_WORDS = ("solution", "prepared", "diluted", "reconstituted")
# °C: a deep freezer, and the hottest room that a label names.
_MIN_TEMPERATURE, _MAX_TEMPERATURE = -90, 40
_REFRIGERATOR_RANGE = (2, 8)
# °C: what is frozen on purpose is colder than this.
_MAX_FREEZER_TEMPERATURE = -10
_MAX_STORAGE_HOURS = 24
_SHELF_LIFE_SOURCE = (
    "CPMP/QWP/159/96, Note for Guidance on Maximum Shelf-life for Sterile Products for Human Use after First "
    "Opening or Following Reconstitution: normally not longer than 24 hours, at 2 to 8 °C"
)


def _make_storage_example(low: int = 4, high: int = 8, hours: int = 24) -> dict[str, Any]:
    time = {"value": hours, "unit": "h"}
    temperature = {"low": low, "high": high, "unit": "Cel"}
    state = "diluted"
    return {
        "storage": [
            {"id": "one", "product": "zometa", "state": state, "time": time, "temperature": temperature}
        ]
    }


_REFRIGERATED_EXAMPLE = _make_storage_example()


@rule(
    Severity.ERROR,
    good=[_REFRIGERATED_EXAMPLE, _make_storage_example(-80, -60)],
    bad=[_make_storage_example(40, 80), _make_storage_example(-800, 8)],
)
def implausible_temperature(content: Content) -> Faults:
    """A medicine is kept at a temperature at which nothing is stored.

    Above 40 °C or below -90 °C a digit or a sign is wrong.
    """
    for record in content.list_records_of_role(_STORAGE):
        temperature = find_role_amount(record, "temperature")
        if temperature is not None and (
            temperature.low < _MIN_TEMPERATURE or temperature.high > _MAX_TEMPERATURE
        ):
            message = (
                f"{format_role_quantity(record, 'temperature', keep_comparator=False)} "
                f"is outside {_MIN_TEMPERATURE} to {_MAX_TEMPERATURE} °C"
            )
            yield locate_role(record, "temperature"), message, "correct the temperature"


@rule(
    Severity.WARNING,
    good=_REFRIGERATED_EXAMPLE,
    bad=[_make_storage_example(4, 18), _make_storage_example(15, 25)],
    source=_SHELF_LIFE_SOURCE,
)
def not_refrigerated(content: Content) -> Faults:
    """A prepared solution is not kept cold.

    Above 8 °C germs grow in it, even if the medicine itself is stable.
    """
    for record in _list_prepared_solutions(content):
        temperature = find_role_amount(record, "temperature")
        if temperature is not None and _REFRIGERATOR_RANGE[1] < temperature.high <= _MAX_TEMPERATURE:
            message = (
                f"{format_role_quantity(record, 'temperature', keep_comparator=False)} is "
                f"above the {_REFRIGERATOR_RANGE[1]} °C of a refrigerator"
            )
            yield (
                locate_role(record, "temperature"),
                message,
                "correct it, or suppress the issue with the reason",
            )


@rule(
    Severity.WARNING,
    good=[_REFRIGERATED_EXAMPLE, _make_storage_example(-25, -15)],
    bad=_make_storage_example(0, 8),
)
def freezing(content: Content) -> Faults:
    """A prepared solution is kept where it may freeze.

    Below 2 °C ice forms at the wall of a refrigerator, and a thawed solution may have lost its medicine.
    """
    for record in _list_prepared_solutions(content):
        temperature = find_role_amount(record, "temperature")
        if temperature is not None and _MAX_FREEZER_TEMPERATURE < temperature.low < _REFRIGERATOR_RANGE[0]:
            message = (
                f"{format_role_quantity(record, 'temperature', keep_comparator=False)} reaches "
                f"below the {_REFRIGERATOR_RANGE[0]} °C of a refrigerator"
            )
            yield (
                locate_role(record, "temperature"),
                message,
                "correct it, or suppress the issue with the reason",
            )


@rule(
    Severity.WARNING,
    good=_REFRIGERATED_EXAMPLE,
    bad=_make_storage_example(hours=48),
    source=_SHELF_LIFE_SOURCE,
)
def too_long(content: Content) -> Faults:
    """A prepared solution is kept for more than a day.

    What was prepared outside a clean room must be used within 24 hours.
    """
    for record in _list_prepared_solutions(content):
        time = find_role_amount(record, "storage-time")
        hours = convert_to(time, "h") if time is not None else None
        if hours is not None and hours.high > _MAX_STORAGE_HOURS:
            time_text = format_role_quantity(record, "storage-time", keep_comparator=False)
            message = f"{time_text} is longer than {_MAX_STORAGE_HOURS} hours"
            yield (
                locate_role(record, "storage-time"),
                message,
                f"correct it, or state at most {_MAX_STORAGE_HOURS} hours",
            )


def _list_prepared_solutions(content: Content) -> list[Record]:
    return [
        record
        for record in content.list_records_of_role(_STORAGE)
        if any(word in find_role_text(record, "kept-as") for word in _PREPARED_WORDS)
    ]
