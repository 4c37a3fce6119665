"""The patients of guidelines and limits: their bands, and who of them is among whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.characteristics import build_characteristics, find_unplaced_fields
from bmkit.export.fhir.datatypes import to_range
from bmkit.export.fhir.ids import drop_empty
from bmkit.rules.derived.bands import iter_band_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.characteristics import Characteristic
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.terms import Terms


def iter_patient_characteristics(terms: Terms, characteristic: Characteristic) -> Iterator[Json]:
    """A characteristic of patients as patientCharacteristic; of a population with bands also each band."""
    # Of alternatives, which have no value of their own, the words.
    value = characteristic.value or {"valueCodeableConcept": {"text": characteristic.value_text}}
    yield {"type": characteristic.code, **value}
    if characteristic.term is not None:
        term = characteristic.term
        fields = [field for field in find_unplaced_fields(term) if field.role == "bands"]
        for band in build_characteristics(terms, term, fields):
            yield {"type": band.code, **band.value}


# The codes of http://hl7.org/fhir/administrative-gender, by the word for a sex.
_GENDERS_BY_WORD = {
    **dict.fromkeys(("female", "woman", "women", "girls"), "female"),
    **dict.fromkeys(("male", "man", "men", "boys"), "male"),
}


def build_interval_people(terms: Terms, record: Record) -> Json:
    """For whom the range of a laboratory value holds: gender, age, and what else they have, in words."""
    people: Json = {}
    applies_to: list[Json] = []
    for population in terms.iter_terms(record, "population"):
        applies_to.append(terms.build_term_concept(population))
        field = population.kind.find_role_field("bands")
        bands = population[field.name] if field is not None else None
        for _, term, _, value in (
            iter_band_members(population, field, terms.content, bands) if field and bands else ()
        ):
            sort = term.find_value("sort") if term is not None else None
            if sort == "sex" and str(value).lower() in _GENDERS_BY_WORD:
                people["gender"] = _GENDERS_BY_WORD[str(value).lower()]
            elif sort == "age" and isinstance(value, dict):
                people["age"] = to_range(value)
    return drop_empty({"appliesTo": applies_to, **people})
