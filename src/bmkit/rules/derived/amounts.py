"""Quantities as exact numbers that can be compared in any unit, and the records that state them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from bmkit.content import per_content
from bmkit.wording import format_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart
    from bmkit.schema import Field

# "About 12 months" does not contradict 11 or 13.
_ABOUT_TOLERANCE = Fraction(1, 10)
# A month is no number of weeks: 6 months are the 26 weeks of another record, and a year is 365 days.
_CALENDAR_UNITS = frozenset(("mo", "a"))
_CALENDAR_TOLERANCE = Fraction(1, 50)
_QUANTITY_MEMBERS = ("value", "low", "high", "comparator", "unit")
_QUANTITY_SHAPES = ({"value", "unit"}, {"low", "high", "unit"})


class Amount(NamedTuple):
    """The ends of a quantity in `unit` (UCUM), as they are stated; equal for a single number.

    `dimension` is that of the field, or the group of dimensions that it allows; "" where that is not known.
    """

    low: Fraction
    high: Fraction
    unit: str
    comparator: str = ""
    dimension: str = ""

    def is_within(self, other: Amount) -> bool:
        """Return whether this quantity, of the same unit, lies in the range of the other one."""
        return other.low <= self.low and self.high <= other.high

    def multiply(self, factor: Fraction, unit: str = "") -> Amount:
        """Return the quantity multiplied, and in another unit if one is given."""
        return self._replace(low=self.low * factor, high=self.high * factor, unit=unit or self.unit)

    def is_bounded(self) -> bool:
        """Return whether it is a bound ("at most 7 days") and not an amount."""
        return self.is_open() or self.is_capped()

    def is_open(self) -> bool:
        """Return whether it has no upper end: "more than 1600 mg"."""
        return self.comparator in {">", ">="}

    def is_capped(self) -> bool:
        """Return whether it states only its upper end: "at most 7 days"."""
        return self.comparator in {"<", "<="}

    def find_extremes(self) -> tuple[Fraction | None, Fraction | None]:
        """Return the least and the greatest value that the quantity can mean, None for no end."""
        if self.is_capped():
            return None, self.high
        if self.is_open():
            return self.low, None
        tolerance = _ABOUT_TOLERANCE if self.comparator == "about" else Fraction(0)
        return self.low - abs(self.low) * tolerance, self.high + abs(self.high) * tolerance


def to_amount(value: dict[str, Any], dimension: str = "") -> Amount:
    """Return a quantity as an amount: {"value": 4, "unit": "mg"} or {"low": 2, "high": 6, "unit": "mg"}.

    `dimension` is that of its field.
    """
    # A schema may make one end optional.
    numbers = [value[member] for member in ("value", "low", "high") if member in value] or [0]
    return Amount(
        Fraction(numbers[0]),
        Fraction(numbers[-1]),
        value.get("unit", ""),
        value.get("comparator", ""),
        dimension,
    )


def convert_to(amount: Amount | None, unit: str) -> Amount | None:
    """Return the amount in another unit, None for none and if the units are not of one named dimension."""
    if amount is None or unit == amount.unit:
        return amount
    # Most content has one unit for a field, and never needs the table of dimensions.
    from bmkit.ucum.dimensions import convert_between, share_dimension

    if not share_dimension(amount.unit, unit, amount.dimension):
        return None
    low, high = (convert_between(end, amount.unit, unit, amount.dimension) for end in amount[:2])
    return amount._replace(low=low, high=high, unit=unit)


def normalize_size(amount: Amount) -> Amount:
    """Return an amount so that those with equal ends are the same, in whatever unit of their dimension."""
    from bmkit.ucum.dimensions import name_dimension, read_dimensions

    dimension = name_dimension(amount.unit, amount.dimension)
    unit = read_dimensions().dimensions[dimension].unit if dimension else amount.unit
    converted = convert_to(amount, unit)
    return Amount(*(amount if converted is None else converted)[:3])


def to_rounded_amount(value: dict[str, Any], member: str) -> Amount:
    """Return all that one number of a quantity can have been rounded from: 2.12 is from 2.115 to 2.125."""
    from decimal import Decimal

    number = value[member]
    exponent = Decimal(number).as_tuple().exponent
    half = Fraction(10) ** (exponent if isinstance(exponent, int) else 0) / 2
    return Amount(Fraction(number) - half, Fraction(number) + half, value["unit"])


def convert_by_mole(amount: Amount, unit: str, mole: Amount | None) -> Amount | None:
    """Return the amount in another unit, also of moles for mass; None if that cannot be done.

    `mole` is the mass of a mole of the substance, None if it is not known.
    """
    converted, grams = convert_to(amount, unit), convert_to(mole, "g/mol")
    if converted is not None or grams is None or not grams.low:
        return converted
    for mass_unit, mole_unit in (("g/L", "mol/L"), ("g", "mol")):
        for from_unit, to_unit, factor in (
            (mass_unit, mole_unit, 1 / grams.low),
            (mole_unit, mass_unit, grams.low),
        ):
            measured = convert_to(amount, from_unit)
            if measured is not None and (converted := convert_to(measured.multiply(factor, to_unit), unit)):
                return converted
    return None


def has_only_dimensions(field: Field, *names: str) -> bool:
    """Return whether all that a quantity of the field can measure is of the named dimensions and groups."""
    if field.dimension in names:
        return True
    from bmkit.ucum.dimensions import list_dimension_names, list_members, name_dimension

    members = {member for name in names for member in list_members(name)}
    own_names = (
        list_members(field.dimension)
        if field.dimension in list_dimension_names()
        else [name_dimension(unit) for unit in field.units]
    )
    return bool(own_names) and members.issuperset(own_names)


def contradict(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Return whether two quantities cannot both be true: no number is in both."""
    return are_disjoint(to_amount(first), to_amount(second))


def are_disjoint(first: Amount, second: Amount) -> bool:
    """Return whether two amounts have no value in common."""
    converted = convert_to(first, second.unit)
    if converted is None:
        return True
    (low, high), (least, most) = converted.find_extremes(), second.find_extremes()
    tolerance = _find_calendar_tolerance(first, second)
    is_above = low is not None and most is not None and low * (1 - tolerance) > most
    return is_above or (high is not None and least is not None and high * (1 + tolerance) < least)


def lies_within(amount: Amount, bounds: Amount) -> bool:
    """Return whether an amount, in whatever unit, lies in a range; a month is any month of the calendar."""
    converted = convert_to(amount, bounds.unit)
    if converted is None:
        return False
    tolerance = _find_calendar_tolerance(amount, bounds)
    return bounds.low <= converted.low * (1 + tolerance) and converted.high * (1 - tolerance) <= bounds.high


def _find_calendar_tolerance(first: Amount, second: Amount) -> Fraction:
    """Return by how much a time differs by the calendar alone in the unit of another."""
    is_calendar = (first.unit in _CALENDAR_UNITS) != (second.unit in _CALENDAR_UNITS)
    return _CALENDAR_TOLERANCE if is_calendar else Fraction(0)


def are_equal_amounts(amount: Amount, other: Amount) -> bool:
    """Return whether two amounts have the same ends, in whatever units; a month is any of the calendar."""
    converted = convert_to(amount, other.unit)
    return converted is not None and all(
        abs(end - other_end) <= abs(other_end) * _find_calendar_tolerance(amount, other)
        for end, other_end in zip(converted[:2], other[:2], strict=True)
    )


def are_unequal(value: dict[str, Any], other_value: dict[str, Any]) -> bool:
    """Return whether two quantities state different numbers, in whatever units."""
    return not are_equal_amounts(to_amount(value), to_amount(other_value))


def name_upper_end(value: dict[str, Any]) -> str:
    """Return the name of the member that holds the upper end of a quantity."""
    return next(member for member in ("value", "high", "low", "unit") if member in value)


def format_amount(amount: Amount) -> str:
    """Return the text of an amount, with at most four digits: "2400 mg per day"."""
    numbers = (
        {"value": _round_for_text(amount.low)}
        if amount.low == amount.high
        else {"low": _round_for_text(amount.low), "high": _round_for_text(amount.high)}
    )
    return format_quantity({**numbers, "unit": amount.unit})


def _round_for_text(number: Fraction) -> Decimal:
    from decimal import Decimal

    rounded = Decimal(f"{float(number):.4g}")
    return Decimal(format(rounded.normalize(), "f"))


def has_value(record: Record, name: str) -> bool:
    """Return whether a record has a value in a field; a kind without the field has none."""
    return record.value.get(name) is not None


def find_text(record: Record, name: str) -> str:
    """Return the text or reference in a field, "" if there is none."""
    value = record.value.get(name)
    return value if isinstance(value, str) else ""


def is_quantity(value: Any) -> TypeGuard[dict[str, Any]]:
    """Return whether a value has the members of a quantity: a number, or two, and a unit."""
    return isinstance(value, dict) and any(members <= value.keys() for members in _QUANTITY_SHAPES)


QuantityOccurrence = tuple["Record", tuple["PathPart", ...], dict[str, Any]]
"""A record, the way in it to a quantity, and the quantity."""


class StatedQuantity(NamedTuple):
    """A quantity of a field and all records that state it, each with the path to it and its notation there.

    Content repeats a few quantities in many records: a rule that needs only the number judges each once.  4
    and 4.0 are one number, and `occurrences` may have either.
    """

    field: Field
    value: dict[str, Any]
    occurrences: list[QuantityOccurrence]


@per_content
def find_stated_quantities(content: Content) -> list[StatedQuantity]:
    """Return every quantity of the valid records; found once."""
    quantities: list[StatedQuantity] = []
    for kind in content.list_kinds():
        records = content.list_records(kind.name) if kind.quantity_fields else ()
        for field in kind.quantity_fields if records else ():
            groups: dict[tuple[Any, ...], StatedQuantity] = {}
            for record, parts, value in _iter_field_quantities(field, records):
                key = tuple(map(value.get, _QUANTITY_MEMBERS))
                group = groups.get(key)
                if group is None:
                    group = groups[key] = StatedQuantity(field, value, [])
                    quantities.append(group)
                group.occurrences.append((record, parts, value))
    return quantities


def _iter_field_quantities(field: Field, records: Sequence[Record]) -> Iterator[QuantityOccurrence]:
    """Return the quantities of a field."""
    name = field.path[0]
    if len(field.path) == 1 and not field.is_list:
        return ((record, (name,), record.value[name]) for record in records if name in record.value)
    return (
        (record, parts, value)
        for record in records
        if name in record.value
        for parts, value in record.list_values_with_paths(field)
    )
