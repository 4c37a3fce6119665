"""The usual range of a measure of a product, as the shared list of dose ranges states it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.rules.reading.amount import Amount, amount, in_unit
from bmkit.rules.reading.lineage import known, related
from bmkit.rules.reading.stated import stated
from bmkit.rules.reading.value import text

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.content.record import Part
    from bmkit.schema import Field, Kind

KIND = "dose-range"
_LIMIT = "dose-limit"
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


def outside_usual(content: Content) -> list[Measure]:
    """Give every quantity of a product that lies in none of the usual ranges that are known for it."""
    return content.once(_outside)


def _outside(content: Content) -> list[Measure]:
    found = []
    ranges = _Ranges(content)
    for one in stated(content) if any(content.every(KIND)) else ():
        kind = one.found[0][0].kind
        name = _measure(one.field, content.schemas.kind(KIND)) if kind.name != KIND else ""
        said = amount(one.value)
        wide = kind.name == _LIMIT or said.bounded()
        # A number that many records state of a product is compared with its range once.
        unlike: dict[int, bool] = {}
        for record, parts, value in one.found if name else ():
            usual = ranges.of(record, name, wide=wide)
            measure = Measure(record, one.field, parts, value, said, name, usual)
            if unlike.setdefault(id(usual), bool(usual) and not measure.is_usual()):
                found.append(measure)
    return found


class _Ranges:
    """The usual ranges of the products of some content."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._found: dict[tuple[str, str, str, str, bool], list[tuple[Record, Amount]]] = {}

    def of(self, record: Record, name: str, *, wide: bool) -> list[tuple[Record, Amount]]:
        """Give the ranges of a measure of a record's product by its route, the same list for the same."""
        route = text(record, "route") if "route" in record.kind else ""
        key = (record.folder, text(record, "product"), route, name, wide)
        if key not in self._found:
            self._found[key] = [
                (range_, _about(amount(range_[name])) if wide else amount(range_[name]))
                for range_ in known(self._content, KIND, record)
                if range_[name] and self._suits(range_, record, route)
            ]
        return self._found[key]

    def _suits(self, range_: Record, record: Record, route: str) -> bool:
        """Say whether a range is of the record's product and, where both have one, route."""
        if not text(record, "product") or text(range_, "product") != text(record, "product"):
            return False
        usual = text(range_, "route")
        return not route or not usual or related(self._content, "route", route, usual, record)


def _about(ends: Amount) -> Amount:
    """Give the range about a usual one in which a limit of it lies."""
    return ends._replace(low=ends.low / 2, high=ends.high * 2)


def _measure(field: Field, ranges: Kind) -> str:
    """Give the field of the ranges that a quantity is to be compared with, "" if there is none."""
    if len(field.path) > 1:
        return ""
    for name in (field.name, _DOSES.get(field.dimension, "")):
        if name in ranges and ranges.field(name).dimension == field.dimension:
            return name
    return ""
