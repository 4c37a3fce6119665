"""The list of usual doses: the ranges that a quantity is held against, and how near to them it may lie."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bmkit.rules.derived.amounts import Amount, amount, in_unit, said
from bmkit.rules.derived.hierarchy import known, related
from bmkit.rules.derived.value import quantity_of, text
from bmkit.rules.medication.regimens import DOSES
from bmkit.wording import bare

if TYPE_CHECKING:
    from bmkit.content import Content, Record

KIND = "dose-range"
LIMIT = "dose-limit"
# Of these more is the safe side.
LASTING = ("infusion_time", "interval")
_DAY = "d"
# Where nothing says into how many doses a day's dose is divided, it may be as many as these.
MOST_OFTEN = 4


class Leeway(NamedTuple):
    """By how much the ends of a usual range are to be multiplied."""

    down: Fraction
    up: Fraction


NONE = Leeway(Fraction(1), Fraction(1))


class Usual(NamedTuple):
    """A range in which a measure usually lies, out of the record `range_`, and how it is `shown` there."""

    range_: Record
    ends: Amount
    shown: str


class Ranges:
    """The usual ranges of the products of some content, or those by other routes than its records have."""

    def __init__(self, content: Content, *, is_other: bool = False) -> None:
        self._content = content
        self._is_other = is_other
        self._suiting: dict[tuple[str, str, str], list[Record]] = {}
        self._found: dict[tuple[int, str, Leeway], list[Usual]] = {}

    def of(self, record: Record, name: str, leeway: Leeway = NONE) -> list[Usual]:
        """Give the ranges of a measure of a record's product by its route, the same list for the same."""
        suiting = self._of(record)
        key = (id(suiting), name, leeway)
        if key not in self._found:
            named = [one for one in suiting if quantity_of(one, name)]
            usual = [Usual(one, amount(one[name]), bare(one[name])) for one in named]
            # Of a range that is upside down another rule tells; nothing lies in it.
            sound = [one for one in usual if one.ends.low <= one.ends.high]
            self._found[key] = [widened(one, leeway) for one in sound]
        return self._found[key]

    def by_interval(self, record: Record, given: Amount) -> list[Usual]:
        """Give what the usual doses of a record's product come to in a day, given as often as is usual."""
        found = []
        for one in self.of(record, "dose"):
            interval = quantity_of(one.range_, "interval")
            days = in_unit(interval, _DAY) if interval is not None else None
            shortest, longest = days[:2] if days is not None else (Fraction(1, MOST_OFTEN), Fraction(1))
            if shortest > 0:
                ends = Amount(one.ends.low / longest, one.ends.high / shortest, f"{one.ends.unit}/{_DAY}")
                often = (
                    f"{one.shown} every {bare(one.range_['interval'])}" if days is not None else said(ends)
                )
                usual = Usual(one.range_, ends, often)
                found.append(widened(usual, leeway(record.kind.name, "dose", given)))
        return found

    def _of(self, record: Record) -> list[Record]:
        route = text(record, "route") if "route" in record.kind else ""
        key = (record.folder, text(record, "product"), route)
        if key not in self._suiting:
            whole = self._content.whole(record, KIND, "route")
            ranges = known(self._content, KIND, record) if whole else ()
            self._suiting[key] = [one for one in ranges if self._suits(one, record, route)]
        return self._suiting[key]

    def _suits(self, range_: Record, record: Record, route: str) -> bool:
        """Say whether a range is of the record's product and, where both have one, route."""
        if not text(record, "product") or text(range_, "product") != text(record, "product"):
            return False
        usual = text(range_, "route")
        if not route or not usual:
            return not self._is_other
        return related(self._content, "route", route, usual, record) is not self._is_other


def leeway(kind: str, name: str, given: Amount) -> Leeway:
    """Say how far a quantity may lie from a usual range.

    A limit lies about what is usual; "at most 3 mg" may be less, and "at least 30 minutes" more, but not
    the other way round: nobody is safe with "at most 8 mg" where 4 mg is usual.
    """
    down = kind == LIMIT or (given.is_capped() and name in DOSES)
    up = kind == LIMIT or (given.is_open() and name in LASTING)
    return Leeway(Fraction(1, 2) if down else Fraction(1), Fraction(2) if up else Fraction(1))


def widened(usual: Usual, leeway: Leeway) -> Usual:
    """Give the range about a usual one in which a bound or a limit of it lies."""
    ends = usual.ends
    return usual._replace(ends=ends._replace(low=ends.low * leeway.down, high=ends.high * leeway.up))
