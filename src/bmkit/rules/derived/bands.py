"""Ranges of a dimension, and the bands of patients: a characteristic with a range or a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.rules.derived.amounts import Amount, convert_to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from bmkit.content import Content, Record
    from bmkit.schema import Field

_CHARACTERISTIC_ROLE = "characteristic"


class Band(NamedTuple):
    """A range of a dimension, in its own unit; None for an end that is open."""

    dimension: str
    low: Fraction | None
    high: Fraction | None

    def is_within(self, other: Band) -> bool:
        """Return whether each value of this band lies in the other one, too."""
        return (
            self.dimension == other.dimension
            and (other.low is None or (self.low is not None and self.low >= other.low))
            and (other.high is None or (self.high is not None and self.high <= other.high))
        )

    def is_below(self, other: Band) -> bool:
        """Return whether each value of this band lies below those of the other one.

        Ranges up to 50 and from 50 have no value in common.
        """
        if self.dimension != other.dimension or self.high is None or other.low is None:
            return False
        are_ranges = self.low != self.high and other.low != other.high
        return self.high < other.low or (self.high == other.low and are_ranges)

    def convert_ends(self, unit: str) -> tuple[Fraction | None, Fraction | None]:
        """Return the ends in a unit of the dimension, None for an open one or if the unit is of another."""
        from bmkit.ucum.dimensions import convert_between, name_dimension, read_dimensions

        if name_dimension(unit, self.dimension) != self.dimension:
            return None, None
        own_unit = read_dimensions().dimensions[self.dimension].unit
        low, high = (
            convert_between(end, own_unit, unit, self.dimension) if end is not None else None
            for end in (self.low, self.high)
        )
        return low, high


def to_band(amount: Amount) -> Band:
    """Return a quantity as a range in the unit of its dimension, or in its own where that is not known."""
    from bmkit.ucum.dimensions import name_dimension, read_dimensions

    dimension = name_dimension(amount.unit, amount.dimension)
    converted = convert_to(amount, read_dimensions().dimensions[dimension].unit) if dimension else None
    low, high = (amount if converted is None else converted)[:2]
    return Band(
        dimension or amount.unit, None if amount.is_capped() else low, None if amount.is_open() else high
    )


def iter_band_members(
    record: Record, field: Field, content: Content, bands: Any
) -> Iterator[tuple[str, Record | None, Field, Any]]:
    """Yield what bands in a field of a record say: id and term of a characteristic, member and its value.

    Without a characteristic they say nothing; the term is None if it cannot be found.
    """
    members = {member.role: member for member in field.fields if member.role}
    characteristic_field = members.pop(_CHARACTERISTIC_ROLE, None)
    if field.type != "object" or characteristic_field is None:
        return
    for band in bands if isinstance(bands, list) else [bands]:
        characteristic_id = band.get(characteristic_field.name)
        if isinstance(characteristic_id, str):
            term = content.find_record(characteristic_field.target_kind, characteristic_id, record)
            for member in members.values():
                if band.get(member.name) is not None:
                    yield characteristic_id, term, member, band[member.name]
