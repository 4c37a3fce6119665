"""Bands: what tells patients apart, against what anybody can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import convert_to, name_upper_end, to_amount
from bmkit.rules.derived.roles import find_role_term, find_role_text
from bmkit.rules.rule import Faults, rule
from bmkit.schema.roles import load_sorts
from bmkit.wording import format_quantity, format_without_comparator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart
    from bmkit.schema import Field


@rule(Severity.ERROR, fix="correct the number or the unit, or the characteristic", guards_dose=True)
def impossible(content: Content) -> Faults:
    """A band of patients is one that nobody can be in, or its unit does not measure its characteristic.

    Nobody is 180 years old, and no clearance of creatinine is in kilograms: what is said of these patients
    is said of nobody, or of the wrong ones.
    """
    for record, parts, value, characteristic in _iter_bands(content):
        score = find_role_term(characteristic, "score", content)
        ranges = _list_plausible_ranges(characteristic, score)
        against = (characteristic, score) if score is not None else (characteristic,)
        label = characteristic.value.get("label", characteristic.id)
        comparable = [
            (plausible, converted)
            for plausible in ranges
            if (converted := convert_to(to_amount(value), plausible["unit"])) is not None
        ]
        if ranges and not comparable:
            message = f"{label} cannot be {format_without_comparator(value)}"
            yield record.locate_field(*parts, "unit"), message, "", against
        for plausible, converted in comparable:
            if not converted.is_within(to_amount(plausible)):
                message = (
                    f"{label} {format_without_comparator(value)} is outside {format_quantity(plausible)}"
                )
                yield record.locate_field(*parts, name_upper_end(value)), message, "", against


def _list_plausible_ranges(characteristic: Record, score: Record | None) -> Sequence[dict[str, Any]]:
    """Return what anybody can have: by the ends of a score, or by the sort; nothing if all is possible."""
    if score is not None:
        lowest, highest = score.find_value("lowest"), score.find_value("highest")
        has_ends = lowest is not None and highest is not None
        return [{"low": lowest, "high": highest, "unit": "{score}"}] if has_ends else ()
    sort = load_sorts().get(find_role_text(characteristic, "sort"))
    return sort.plausible_ranges if sort is not None else ()


def _iter_bands(content: Content) -> Iterator[tuple[Record, tuple[PathPart, ...], dict[str, Any], Record]]:
    """Yield each range of a characteristic: the record, the place in it, the range, the characteristic."""
    for kind in content.list_kinds():
        bands_field = kind.find_role_field("bands")
        owners = bands_field.fields if bands_field is not None else kind.fields
        range_field, characteristic_field = (
            next((field for field in owners if field.role == role), None)
            for role in ("range", "characteristic")
        )
        if range_field is None or characteristic_field is None:
            continue
        for record in content.list_records(kind.name):
            for parts, band in _list_owners(record, bands_field):
                value = band.get(range_field.name)
                characteristic = content.find_record(
                    characteristic_field.target_kind, str(band.get(characteristic_field.name)), record
                )
                if isinstance(value, dict) and characteristic is not None:
                    yield record, (*parts, range_field.name), value, characteristic


def _list_owners(
    record: Record, bands_field: Field | None
) -> list[tuple[tuple[PathPart, ...], dict[str, Any]]]:
    """Return the objects of a record that have a range of a characteristic: its bands, or the record."""
    if bands_field is None:
        return [((), record.value)]
    bands = record.value.get(bands_field.name) or []
    return [((bands_field.name, index), band) for index, band in enumerate(bands)]
