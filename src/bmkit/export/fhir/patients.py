"""The patients of guidelines and limits: their bands, and who of them is among whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.export.fhir.characteristics import build_characteristics, find_unplaced_fields
from bmkit.export.fhir.datatypes import to_range
from bmkit.export.fhir.ids import drop_empty
from bmkit.rules.derived.amounts import to_amount
from bmkit.rules.derived.bands import iter_band_members, to_band
from bmkit.rules.derived.hierarchy import belongs_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.characteristics import Characteristic
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.terms import Terms


class PatientBand(NamedTuple):
    """A characteristic of patients, and the range or the word that they have."""

    characteristic: Record
    amount: Json | None
    word: str

    def excludes(self, other: PatientBand) -> bool:
        """Whether nobody has both."""
        if self.characteristic is not other.characteristic:
            return False
        if self.amount is None or other.amount is None:
            return self.amount is other.amount and self.word != other.word
        band, other_band = to_band(to_amount(self.amount)), to_band(to_amount(other.amount))
        return band.is_below(other_band) or other_band.is_below(band)

    def implies(self, other: PatientBand) -> bool:
        """Whether all who have the first have the other."""
        if self.characteristic is not other.characteristic:
            return False
        if self.amount is None or other.amount is None:
            return self.amount is other.amount and self.word == other.word
        return to_band(to_amount(self.amount)).is_within(to_band(to_amount(other.amount)))


def list_bands(terms: Terms, population: Record) -> list[PatientBand]:
    """The bands of a population."""
    field = population.kind.find_role_field("bands")
    bands = population[field.name] if field is not None else None
    if field is None or bands is None:
        return []
    return [
        PatientBand(
            term, value if isinstance(value, dict) else None, "" if isinstance(value, dict) else str(value)
        )
        for _, term, _, value in iter_band_members(population, field, terms.content, bands)
        if term is not None
    ]


def are_all_among(terms: Terms, record: Record, general: Record) -> bool:
    """Whether the patients of a fact are all among those of a more general one; a fact without is of all."""
    populations = list(terms.iter_terms(general, "population"))
    own_populations = list(terms.iter_terms(record, "population"))
    return not populations or any(
        _is_part(terms, own_population, population)
        for own_population in own_populations
        for population in populations
    )


def _is_part(terms: Terms, population: Record, whole: Record) -> bool:
    kind_name = whole.kind.name
    if population.kind.name == kind_name and belongs_to(
        terms.content, kind_name, population.id, whole.id, population
    ):
        return True
    own_bands = list_bands(terms, population)
    is_banded = all(
        any(own_band.implies(band) for own_band in own_bands) for band in list_bands(terms, whole)
    )
    return is_banded and all(
        field.name in population.kind and population[field.name] == whole[field.name]
        for field in find_unplaced_fields(whole, {"bands"})
    )


def are_apart(terms: Terms, record: Record, other: Record) -> bool:
    """Whether nobody is among the patients of both facts, by their bands."""
    populations = list(terms.iter_terms(record, "population"))
    other_populations = list(terms.iter_terms(other, "population"))
    return bool(populations and other_populations) and all(
        any(
            band.excludes(other_band)
            for band in list_bands(terms, population)
            for other_band in list_bands(terms, other_population)
        )
        for population in populations
        for other_population in other_populations
    )


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
        for band in list_bands(terms, population):
            sort = band.characteristic.find_value("sort")
            if sort == "sex" and band.word.lower() in _GENDERS_BY_WORD:
                people["gender"] = _GENDERS_BY_WORD[band.word.lower()]
            elif sort == "age" and band.amount is not None:
                people["age"] = to_range(band.amount)
    return drop_empty({"appliesTo": applies_to, **people})
