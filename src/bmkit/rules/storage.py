"""Storage: how long and how cold a prepared medicine keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import in_unit
from bmkit.rules.derived.value import has, quantity_of, text
from bmkit.rules.rule import Faults, rule
from bmkit.wording import bare

if TYPE_CHECKING:
    from bmkit.content import Content, Record

# °C: a deep freezer, and the hottest room that a label names.
_COLDEST, _HOTTEST = -90, 40
_COLD = (2, 8)
# °C: what is frozen on purpose is colder than this.
_FROZEN = -10
_HOURS = 24
_SOURCE = (
    "CPMP/QWP/159/96, Note for Guidance on Maximum Shelf-life for Sterile Products for Human Use after First "
    "Opening or Following Reconstitution: normally not longer than 24 hours, at 2 to 8 °C"
)


def _storage(low: int = 4, high: int = 8, hours: int = 24) -> dict[str, Any]:
    time = {"value": hours, "unit": "h"}
    temperature = {"low": low, "high": high, "unit": "Cel"}
    state = "as a prepared solution"
    return {
        "storage": [
            {"id": "one", "product": "zometa", "state": state, "time": time, "temperature": temperature}
        ]
    }


_GOOD = _storage()


@rule(Severity.ERROR, good=[_GOOD, _storage(-80, -60)], bad=[_storage(40, 80), _storage(-800, 8)])
def implausible_temperature(content: Content) -> Faults:
    """A medicine is kept at a temperature that no store has.

    Above 40 °C or below -90 °C a digit or a sign is wrong.
    """
    for record in content.of("storage"):
        temperature = quantity_of(record, "temperature")
        if temperature is not None and (temperature.low < _COLDEST or temperature.high > _HOTTEST):
            message = f"{bare(record['temperature'])} is outside {_COLDEST} to {_HOTTEST} °C"
            yield record.at("temperature"), message, "correct the temperature"


@rule(Severity.WARNING, good=_GOOD, bad=[_storage(4, 18), _storage(15, 25)], source=_SOURCE)
def not_cold(content: Content) -> Faults:
    """A prepared solution is not kept cold.

    Above 8 °C germs grow in it, whatever the medicine itself stands.
    """
    for record in _solutions(content):
        temperature = quantity_of(record, "temperature")
        if temperature is not None and _COLD[1] < temperature.high <= _HOTTEST:
            message = f"{bare(record['temperature'])} is above the {_COLD[1]} °C of a refrigerator"
            yield record.at("temperature"), message, "correct it, or allow it with the reason"


@rule(Severity.WARNING, good=[_GOOD, _storage(-25, -15)], bad=_storage(0, 8))
def freezing(content: Content) -> Faults:
    """A prepared solution is kept where it may freeze.

    Below 2 °C ice forms at the wall of a refrigerator; a thawed solution may have lost its medicine.
    """
    for record in _solutions(content):
        temperature = quantity_of(record, "temperature")
        if temperature is not None and _FROZEN < temperature.low < _COLD[0]:
            message = f"{bare(record['temperature'])} reaches below the {_COLD[0]} °C of a refrigerator"
            yield record.at("temperature"), message, "correct it, or allow it with the reason"


@rule(Severity.WARNING, good=_GOOD, bad=_storage(hours=48), source=_SOURCE)
def too_long(content: Content) -> Faults:
    """A prepared solution is kept for more than a day.

    What was prepared outside a clean room is to be used within 24 hours.
    """
    for record in _solutions(content):
        time = quantity_of(record, "time")
        hours = in_unit(time, "h") if time is not None else None
        if hours is not None and hours.high > _HOURS:
            message = f"{bare(record['time'])} is longer than {_HOURS} hours"
            yield record.at("time"), message, f"correct it, or give at most {_HOURS} hours"


@rule(
    Severity.WARNING,
    good=_GOOD,
    bad={"storage": [{"id": "one", "product": "zometa", "state": "as a prepared solution"}]},
)
def no_temperature(content: Content) -> Faults:
    """Nothing says at what temperature a medicine keeps.

    A time without a temperature is read as room temperature by some and as a refrigerator's by others.
    """
    told = {_what(record) for record in content.of("storage") if has(record, "temperature")}
    for record in content.of("storage"):
        if _what(record) not in told and content.whole(record, "storage"):
            yield (
                record.at("id"),
                f'nothing says at what temperature "{text(record, "product")}" keeps {text(record, "state")}',
                "add the temperature to one of its records, with where the article says it",
            )


def _solutions(content: Content) -> list[Record]:
    return [record for record in content.of("storage") if "solution" in (text(record, "state") or "")]


def _what(record: Record) -> tuple[str, str, str]:
    return record.folder, text(record, "product"), text(record, "state")
