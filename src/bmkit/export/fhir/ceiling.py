"""Dose limits: the most at one time or in a day, as elements of a Dosage where they are such a most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import notes
from bmkit.export.fhir.datatypes import is_most, per_day, quantity, ratio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making

_FIELDS = ("maximum", "maximum_daily")
_ONCE = "maxDosePerAdministration"
_DAILY = "maxDosePerPeriod"


def ceilings(record: Record) -> Json:
    """The elements of a Dosage that a dose limit sets: none for what is no most ("at least", a range)."""
    made: Json = {}
    once, daily = record["maximum"], record["maximum_daily"]
    if once is not None and is_most(once):
        made[_ONCE] = quantity(once["value"], once["unit"])
    if daily is not None and is_most(daily):
        made[_DAILY] = [in_a_day(daily)]
    return made


def exact(record: Record) -> set[str]:
    """The fields of a dose limit of which those elements lose nothing; "below" they cannot say."""
    amounts = {name: record[name] for name in _FIELDS if record[name] is not None}
    return {name for name, one in amounts.items() if is_most(one) and one.get("comparator") != "<"}


def in_a_day(daily: Json) -> Json:
    """An amount of a day as Ratio of an amount and one day."""
    most = per_day(daily)
    return ratio(quantity(most["value"], most["unit"]), quantity(1, "d"))


def capped(making: Making, record: Record, made: Json) -> Iterator[str]:
    """Set the ceilings of a dosing fact, and give in words what else the limits of its product say.

    Of several that hold the lowest is set.  One for fewer people is no ceiling of the regimen, but whoever
    gives it must know it.
    """
    for rule in making.content.list_records("dose-limit"):
        holds = applies(rule, record)
        if holds:
            _lower(made, ceilings(rule))
        missing = {name for name in _FIELDS if rule[name] is not None} - exact(rule)
        texts = notes.open_notes(making, rule)
        if (holds and (missing or texts)) or (not holds and _narrower(rule, record)):
            yield notes.with_notes(making.say(rule), texts)


def applies(rule: Record, record: Record) -> bool:
    """Whether a dose limit holds for a dosing fact: same product and route, and nothing narrower."""
    if not _same(rule, record):
        return False
    return all(rule[name] in (None, record[name]) for name in ("population", "condition"))


def _narrower(rule: Record, record: Record) -> bool:
    """Whether a dose limit holds for some of those who get a regimen; not one for another condition."""
    return _same(rule, record) and (
        rule["condition"] in (None, record["condition"]) or record["condition"] is None
    )


def _same(rule: Record, record: Record) -> bool:
    return bool((rule["product"], rule["route"]) == (record["product"], record["route"]))


def _lower(made: Json, more: Json) -> None:
    for name, most in more.items():
        if name not in made or _is_less(_amount(most), _amount(made[name])):
            made[name] = most


def _amount(most: Json | list[Json]) -> Json:
    amount: Json = most[0]["numerator"] if isinstance(most, list) else most
    return amount


def _is_less(one: Json, other: Json) -> bool:
    from bmkit.ucum.units import convert

    return bool(convert(one["value"], one["code"], other["code"]) < other["value"])
