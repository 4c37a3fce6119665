"""Which regimens can be ordered, and which are part of a fuller one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.timing import list_schedule_roles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json

# Such a regimen cannot be ordered.
_UNUSUAL_FREQUENCIES = frozenset({"usually not"})
# Fields about the record, not about the regimen.
_METADATA_FIELDS = frozenset({"id", "notes", "source"})


def is_orderable(record: Record, dosage: Json) -> bool:
    """Whether a Dosage is enough for an order: it has an amount, and a schedule if its fact has one.

    A volume in a time is no amount of the medicine; an amount without its schedule could be given daily.
    """
    element_names = {
        element_name
        for dose_and_rate in dosage.get("doseAndRate", ())
        for element_name in dose_and_rate
        if element_name != "rateRatio"
    }
    if not element_names or record.find_value("frequency") in _UNUSUAL_FREQUENCIES:
        return False
    repeat_element = dosage.get("timing", {}).get("repeat", {})
    has_rate = any(element_name.startswith("rate") for element_name in element_names)
    has_timing = "frequency" in repeat_element or "count" in repeat_element
    return has_rate or has_timing or not list_schedule_roles(record)


def is_partial_regimen(record: Record, others: Iterable[Record]) -> bool:
    """Whether another regimen has all the fields of this one, and more.

    A dose without its interval would look like a complete regimen.
    """
    return any(other.kind.name == record.kind.name and _is_extended_by(record, other) for other in others)


def _is_extended_by(record: Record, other: Record) -> bool:
    fields, other_fields = record.value, other.value
    if any(
        other_fields.get(field_name) != field_value
        for field_name, field_value in fields.items()
        if field_name not in _METADATA_FIELDS
    ):
        return False
    return len(other_fields.keys() - _METADATA_FIELDS) > len(fields.keys() - _METADATA_FIELDS)
