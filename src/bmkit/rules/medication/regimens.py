"""How often and how much: what a regimen comes to in a day, and which other records speak of it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.rules.derived.amounts import Amount, in_unit
from bmkit.rules.derived.hierarchy import belongs, related
from bmkit.rules.derived.value import has, quantity_of, text
from bmkit.rules.medication.populations import holds_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

DOSES = ("dose", "daily_dose")
"""The fields of a regimen that say how much is given."""
PEERS = ("dosing", "population", "condition", "route")
"""The kinds that say what is told of the same patients: without all of them nothing is untold."""
TIMES = ("doses_per_day", "infusions_per_day")
"""The fields of a regimen that say how often a day it is given."""
_OF_PRODUCTS = (
    *("course", "dilution", "dose-limit", "dose-range", "dosing", "instruction"),
    "product-presentation",
)
_DAY = "d"


def regimens(content: Content) -> Iterator[Record]:
    """Give every regimen that says how much is given."""
    return (record for record in content.of("dosing") if any(quantity_of(record, name) for name in DOSES))


def dosed(content: Content) -> Iterator[tuple[Record, str]]:
    """Give what says how much of a product is given, or may be, with the name of the field."""
    for record in regimens(content):
        yield record, dose_of(record)
    for record in content.of("dose-limit"):
        for name in ("maximum", "maximum_daily"):
            if quantity_of(record, name):
                yield record, name


def times_a_day(record: Record) -> tuple[Fraction, Fraction] | None:
    """Give how often a day a dose is given, at least and at most, None if the regimen does not say."""
    for name in TIMES:
        count = quantity_of(record, name)
        if count is not None:
            return Fraction(0) if count.is_capped() else count.low, count.high
    interval = quantity_of(record, "interval")
    days = in_unit(interval, _DAY) if interval is not None else None
    if days is None or not 0 < days.low <= 1 or days.high <= 0:
        return None
    # "At least 6 hours apart" says how often at most.
    return Fraction(0) if days.is_open() else 1 / days.high, 1 / days.low


def a_day(record: Record) -> Amount | None:
    """Give what the doses of a regimen come to in a day, None if it does not say.

    Every 4 to 6 hours comes to as little as four doses, and to as much as six.
    """
    dose, times = quantity_of(record, "dose"), times_a_day(record)
    if dose is None or times is None:
        return None
    low = Fraction(0) if dose.is_capped() else dose.low * times[0]
    comparator = "" if dose.is_capped() else dose.comparator
    return Amount(low, dose.high * times[1], f"{dose.unit}/{_DAY}", comparator)


def of_same(record: Record, content: Content, kind: str) -> list[Record]:
    """Give the records of a kind that are about the same product by the same route."""
    known = content.once(_by_product)
    return [
        other
        for folder in content.reached(record.folder)
        for other in known.get((folder, kind, text(record, "product")), ())
        if not has(record, "route") or not has(other, "route") or _same_route(record, other, content)
    ]


def peers(record: Record, content: Content, kind: str = "dosing") -> list[Record]:
    """Give the records of a kind that speak of the same product, by the same route, for the same patients.

    What is said of all patients is said of these; what is said of some of them is at least said of some.
    """
    return [
        other
        for other in of_same(record, content, kind)
        if holds_for(other, record, content) or holds_for(record, other, content)
    ]


def is_told(record: Record, content: Content, names: tuple[str, ...]) -> bool:
    """Say whether a regimen, or another for the same patients, has one of the fields."""
    if any(has(record, name) for name in names):
        return True
    return any(has(other, name) for other in peers(record, content) for name in names)


def dose_of(record: Record) -> str:
    """Give the name of the field that says how much is given."""
    return next(name for name in DOSES if quantity_of(record, name))


def to_whom(record: Record) -> str:
    """Say in brackets to whom a dose is given, "" if the record does not."""
    who = [record[name] for name in ("population", "condition") if has(record, name)]
    return f" ({', '.join(who)})" if who else ""


def is_infused(record: Record, content: Content) -> bool:
    """Say whether a regimen goes into a vein."""
    return has(record, "route") and belongs(content, "route", text(record, "route"), "intravenous", record)


def routes_of(record: Record, content: Content) -> list[str]:
    """Give the routes for which the product of a record exists in its form, or in any where it has none.

    There are none where they are not all known: where a presentation does not name its route, or a usual
    dose by the record's own route says that the product is given by others than its presentations name.
    """
    kinds = ("product-presentation", "dose-range", "route")
    if not content.whole(record, *kinds):
        return []
    own = content.once(_by_product)
    found = {
        kind: [
            other
            for folder in content.reached(record.folder)
            for other in own.get((folder, kind, text(record, "product")), ())
        ]
        for kind in kinds[:2]
    }
    presented, form = found["product-presentation"], text(record, "form")
    if form:
        presented = [one for one in presented if text(one, "form") == form and has(one, "route")]
    elif any(_same_route(one, record, content) for one in found["dose-range"]):
        return []
    routes = {text(one, "route") for one in presented}
    return sorted(routes) if "" not in routes else []


def _by_product(content: Content) -> dict[tuple[str, str, str], list[Record]]:
    """Give the records that can be looked up, by folder, kind and product."""
    found: dict[tuple[str, str, str], list[Record]] = {}
    for kind in _OF_PRODUCTS:
        for record in content.every(kind):
            if record.shaped and has(record, "product"):
                found.setdefault((record.folder, kind, text(record, "product")), []).append(record)
    return found


def _same_route(record: Record, other: Record, content: Content) -> bool:
    one, two = text(record, "route"), text(other, "route")
    return one == two or related(content, "route", one, two, record)
