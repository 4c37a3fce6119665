"""The patients of a guideline: the population, and the bands that tell its patients apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.characteristics import build_characteristics, find_unplaced_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.characteristics import Characteristic
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.terms import Terms


def iter_patient_characteristics(terms: Terms, characteristic: Characteristic) -> Iterator[Json]:
    """A characteristic of patients as patientCharacteristic; of a population with bands also each band."""
    yield {"type": characteristic.code, **characteristic.value}
    if characteristic.term is not None:
        term = characteristic.term
        fields = [field for field in find_unplaced_fields(term) if field.role == "bands"]
        for band in build_characteristics(terms, term, fields):
            yield {"type": band.code, **band.value}
