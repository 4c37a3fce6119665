"""Quantities: numbers that are impossible, meaningless or misleading."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import (
    StatedQuantity,
    convert_to,
    find_stated_quantities,
    find_text,
    format_amount,
    name_upper_end,
    to_amount,
)
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity, format_unit, format_without_comparator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content, Record
    from bmkit.rules.derived.amounts import Amount, QuantityOccurrence
    from bmkit.schema import Field
    from bmkit.schema.annotations import PlausibleRange

# Comparators that leave their number out: what they say of it, and which one lets it in.
_EXCLUSIVE_COMPARATORS = {">": ("above", "most", ">="), "<": ("below", "least", "<=")}
# Dimensions in which zero is a valid statement.
_ZERO_ALLOWED_DIMENSIONS = (
    *("share", "temperature", "count", "ratio", "score", "rate", "frequency", "rate-per-person-time"),
    "measurement",
)
_COUNT_ROLES = ("events", "population-size", "sample-size")
# No clinic measures more significant digits than this.
_MAX_SIGNIFICANT_DIGITS = 4
# A number in this range is easy to read; others are better stated in another unit.
_MIN_READABLE_NUMBER, _MAX_READABLE_NUMBER = Fraction(1, 10), 100_000


@rule(Severity.WARNING, fix="write one value instead of a range, or correct one end")
def single_point(content: Content) -> Faults:
    """A range starts where it ends.

    Either it is one number and should be written as one, or one of its ends was lost in an edit.
    """
    for stated_quantity in find_stated_quantities(content):
        if "low" in stated_quantity.value and stated_quantity.value["low"] == stated_quantity.value["high"]:
            for record, parts, value in stated_quantity.occurrences:
                message = f"the range from {value['low']} to {value['high']} holds a single number"
                yield (
                    record.locate_field(*parts, "high"),
                    message,
                    f'write "value": {value["low"]}, or correct one end',
                )


@rule(Severity.ERROR, guards_dose=True)
def zero(content: Content) -> Faults:
    """A dose, volume or time is zero.

    No medicine is given in that dose or over that time: the number is missing or lost its digits.
    """
    for stated_quantity in find_stated_quantities(content):
        field, end_name = stated_quantity.field, name_upper_end(stated_quantity.value)
        if (
            stated_quantity.value.get(end_name) == 0
            and field.dimension
            and field.dimension not in _ZERO_ALLOWED_DIMENSIONS
        ):
            for record, parts, value in stated_quantity.occurrences:
                message = f"{field.name} is {format_quantity(value)}"
                yield record.locate_field(*parts, end_name), message, "enter the number that is meant"


@rule(Severity.ERROR, fix="correct the number")
def fewer_than_none(content: Content) -> Faults:
    """A number of people or of events is negative.

    Nothing can be counted so often.  The schema of a kind of one's own may let it pass.
    """
    for kind in content.list_kinds():
        fields = [field for field in kind.fields if field.role in _COUNT_ROLES]
        for record in content.list_records(kind.name) if fields else ():
            for field in fields:
                if (number := record[field.name]) is not None and number < 0:
                    yield record.locate_field(field.name), f"{field.title.lower()} {number} is below 0"


@rule(Severity.ERROR, fix="correct the comparator or the number", guards_dose=True)
def beyond_limits(content: Content) -> Faults:
    """A comparator leads beyond the least or greatest possible value.

    Nothing is more than the whole or less than nothing: the comparator or the number is wrong.
    """
    for stated_quantity in find_stated_quantities(content):
        comparator = stated_quantity.value.get("comparator")
        if comparator not in _EXCLUSIVE_COMPARATORS:
            continue
        limit = stated_quantity.field.maximum if comparator == ">" else stated_quantity.field.minimum
        if limit is not None and stated_quantity.value.get("value") == limit:
            direction, extreme, inclusive_comparator = _EXCLUSIVE_COMPARATORS[comparator]
            for record, parts, value in stated_quantity.occurrences:
                message = (
                    f"nothing is {direction} {value['value']} {value['unit']}, the {extreme} there can be"
                )
                yield (
                    record.locate_field(*parts, "comparator"),
                    message,
                    f'write "{inclusive_comparator}", or correct the number',
                )


@rule(Severity.WARNING)
def too_precise(content: Content) -> Faults:
    """A number has more digits than anyone can have measured.

    It comes from a calculation or conversion, and suggests a certainty that the fact does not have.
    """
    for stated_quantity in find_stated_quantities(content):
        for member_name in () if _is_exact(stated_quantity) else ("value", "low", "high"):
            digit_count = (
                _count_significant_digits(stated_quantity.value[member_name])
                if member_name in stated_quantity.value
                else 0
            )
            for record, parts, value in (
                stated_quantity.occurrences if digit_count > _MAX_SIGNIFICANT_DIGITS else ()
            ):
                message = (
                    f"{member_name} {value[member_name]} has {digit_count} "
                    f"significant digits, more than {_MAX_SIGNIFICANT_DIGITS}"
                )
                yield record.locate_field(*parts, member_name), message, "round it to what was measured"


@rule(Severity.WARNING, fix="convert it to the unit of the other records")
def mixed_units(content: Content) -> Faults:
    """A field has another unit in some records than in most.

    Readers who compare 1.6 with 800 see a five-hundredth of the dose where it is twice the dose.  Only
    records about the same are compared: about one product, or with the same required references, and of the
    same outcome.  Times are not compared, because their units depend on their length.
    """
    quantities_by_field: dict[tuple[str, tuple[str, ...]], dict[str, list[StatedQuantity]]] = {}
    for stated_quantity in find_stated_quantities(content):
        if not _measures(stated_quantity, "time"):
            quantities_by_unit = quantities_by_field.setdefault(
                (stated_quantity.occurrences[0][0].kind.name, stated_quantity.field.path), {}
            )
            quantities_by_unit.setdefault(stated_quantity.value["unit"], []).append(stated_quantity)
    for quantities_by_unit in quantities_by_field.values():
        # Only for a field with several units are these counted for each subject.
        for occurrences_by_unit in (
            _group_by_subject(quantities_by_unit) if len(quantities_by_unit) > 1 else ()
        ):
            main_unit = max(occurrences_by_unit, key=lambda unit: len(occurrences_by_unit[unit]))
            main_count = len(occurrences_by_unit[main_unit])
            others_phrase = f"{main_count} other records" if main_count > 1 else "another record"
            for field, (record, parts, value) in (
                occurrence
                for unit in occurrences_by_unit
                if unit != main_unit
                for occurrence in occurrences_by_unit[unit]
            ):
                converted = convert_to(to_amount(value, field.dimension), main_unit)
                if converted is not None and _MIN_READABLE_NUMBER <= converted.high < _MAX_READABLE_NUMBER:
                    unit_phrase = f"{field.name} is in {format_unit(value['unit'])} here"
                    message = f"{unit_phrase}, but in {format_unit(main_unit)} in {others_phrase}"
                    yield (
                        record.locate_field(*parts, "unit"),
                        message,
                        f"{format_without_comparator(value)} is {format_amount(converted)}",
                        (main_unit,),
                    )


@rule(Severity.WARNING, guards_dose=True)
def implausible(content: Content) -> Faults:
    """A quantity is outside the plausible range of its schema.

    The range is wide: a quantity outside it mostly has a digit too many or the wrong unit.
    """
    for stated_quantity in find_stated_quantities(content):
        amount = to_amount(stated_quantity.value, stated_quantity.field.dimension)
        # Of another dimension nothing is said.
        comparable_ranges = [
            (plausible_range, converted)
            for plausible_range in stated_quantity.field.plausible_ranges
            if (converted := convert_to(amount, plausible_range.unit)) is not None
        ]
        for record, parts, value in stated_quantity.occurrences if comparable_ranges else ():
            missed_range, converted = _find_missed_range(comparable_ranges, record) or (None, amount)
            if missed_range is None:
                continue
            end_name = "low" if "low" in value and converted.low < missed_range.low else name_upper_end(value)
            range_text = format_quantity(
                {"low": missed_range.low, "high": missed_range.high, "unit": missed_range.unit}
            )
            quantity_text = f"{stated_quantity.field.name} {format_without_comparator(value)}"
            message = f"{quantity_text} is outside the plausible range {range_text}"
            place = record.locate_field(*parts, end_name)
            hint = "correct the number or the unit, or allow it with a suppression"
            yield place, message, hint, (range_text,)


def _is_exact(quantity: StatedQuantity) -> bool:
    """Return whether a quantity is known to the last digit: a number of things, the mass of a mole."""
    is_count = all(isinstance(quantity.value.get(member, 0), int) for member in ("value", "low", "high"))
    return (is_count and quantity.value["unit"] == "1") or _measures(quantity, "molar-mass")


def _measures(quantity: StatedQuantity, dimension: str) -> bool:
    """Return whether a quantity is of a dimension, be it in a field that anything may be measured in."""
    if quantity.field.dimension == dimension:
        return True
    # Most fields are of one dimension, and do not need the table of all.
    from bmkit.ucum.dimensions import read_dimensions

    return quantity.value["unit"] in read_dimensions().dimensions[dimension].factors


def _find_missed_range(
    ranges: list[tuple[PlausibleRange, Amount]], record: Record
) -> tuple[PlausibleRange, Amount] | None:
    """Return the range that a quantity of the record lies outside, with the quantity in its unit.

    None if there is none, or another one that it lies in; ranges for such records alone go before others.
    """
    fitting_ranges = [pair for pair in ranges if pair[0].holds_for(record.value)]
    special_ranges = [pair for pair in fitting_ranges if pair[0].conditions]
    missed_ranges = [
        (plausible_range, converted)
        for plausible_range, converted in special_ranges or fitting_ranges
        # An inverted range breaks another rule.
        if converted.low < plausible_range.low or converted.high > plausible_range.high
    ]
    is_missed = missed_ranges and len(missed_ranges) == len(special_ranges or fitting_ranges)
    return missed_ranges[0] if is_missed else None


def _group_by_subject(
    quantities_by_unit: dict[str, list[StatedQuantity]],
) -> Iterable[dict[str, list[tuple[Field, QuantityOccurrence]]]]:
    """Return, for each article and each subject of its records, the quantities of a field by their unit."""
    occurrences_by_subject: dict[tuple[str, ...], dict[str, list[tuple[Field, QuantityOccurrence]]]] = {}
    for unit, unit_quantities in quantities_by_unit.items():
        for stated_quantity in unit_quantities:
            for occurrence in stated_quantity.occurrences:
                occurrences_by_subject.setdefault(_find_subject_ids(occurrence[0]), {}).setdefault(
                    unit, []
                ).append((stated_quantity.field, occurrence))
    return occurrences_by_subject.values()


def _find_subject_ids(record: Record) -> tuple[str, ...]:
    """Return what a quantity of a record is of: the article, the product and the outcome.

    Without a product it is whatever the record must refer to, and of a term without that the term itself.
    """
    product = record.find_value("product")
    ids = [
        find_text(record, field.name)
        for field in record.kind.fields
        if field.type == "reference"
        and not field.is_list
        and (field.part == "outcome" or (field.required and not isinstance(product, str)))
    ]
    if isinstance(product, str):
        ids.append(product)
    elif record.kind.group == "term" and not any(ids):
        ids.append(record.id)
    return record.folder, *ids


def _count_significant_digits(number: Decimal | int) -> int:
    """Return the number of significant digits, without zeros at either end."""
    digits = "".join(map(str, Decimal(number).normalize().as_tuple().digits))
    return len(digits.strip("0"))
