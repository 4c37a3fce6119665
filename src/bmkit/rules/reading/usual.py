"""The usual range of a measure of a product, as the shared list of dose ranges states it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.rules.reading.amount import Amount, amount, in_unit
from bmkit.rules.reading.lineage import known, related
from bmkit.rules.reading.value import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.content.record import Part
    from bmkit.schema import Field

KIND = "dose-range"
# A maximum has no range of its own; it is compared with the doses that it bounds.
_DOSES = {"mass": "dose", "mass-rate": "daily_dose"}


class Measure(NamedTuple):
    """A quantity of a product, `stated` in a record, and the `usual` ranges of that measure.

    `name` is the field of the ranges that it was compared with.  A limit need not be usual itself, only near
    to what is: its ranges are twice as wide at either end.
    """

    record: Record
    field: Field
    parts: tuple[Part, ...]
    value: dict[str, Any]
    stated: Amount
    name: str
    usual: list[tuple[Record, Amount]]

    def is_usual(self) -> bool:
        """Say whether the quantity lies in one of the usual ranges."""
        return self.falls_in(self.stated) is not None

    def falls_in(self, stated: Amount) -> tuple[Record, Amount] | None:
        """Give the usual range that an amount lies in, None if there is none."""
        for range_, ends in self.usual:
            turned = in_unit(stated, ends.unit)
            if turned is not None and turned.within(ends):
                return range_, ends
        return None


def measures(content: Content) -> list[Measure]:
    """Give every quantity of a product for which a usual range is known."""
    return content.once(_measures)


def _measures(content: Content) -> list[Measure]:
    ranges = list(known(content, KIND))
    return list(_compared(content, ranges)) if ranges else []


def _compared(content: Content, ranges: list[Record]) -> Iterator[Measure]:
    for record, field, parts, value in content.quantities():
        if record.kind.name == KIND or not record.value.get("product"):
            continue
        name = _measure(field, ranges[0])
        own = [range_ for range_ in ranges if name and range_[name] and _suits(range_, record, content)]
        if own:
            stated = amount(value)
            usual = [(range_, amount(range_[name])) for range_ in own]
            if record.kind.name == "dose-limit" or stated.bounded():
                usual = [(range_, _about(ends)) for range_, ends in usual]
            yield Measure(record, field, parts, value, stated, name, usual)


def _about(ends: Amount) -> Amount:
    """Give the range about a usual one in which a limit of it lies."""
    return ends._replace(low=ends.low / 2, high=ends.high * 2)


def _measure(field: Field, range_: Record) -> str:
    """Give the field of the ranges that a quantity is to be compared with, "" if there is none."""
    if len(field.path) > 1:
        return ""
    for name in (field.name, _DOSES.get(field.dimension, "")):
        if name in range_.kind and range_.kind.field(name).dimension == field.dimension:
            return name
    return ""


def _suits(range_: Record, record: Record, content: Content) -> bool:
    """Say whether a range is of the record's product and, where both have one, route."""
    if text(range_, "product") != text(record, "product"):
        return False
    route = text(record, "route") if "route" in record.kind else None
    return not route or not text(range_, "route") or related(content, "route", route, text(range_, "route"))
