"""Patients: for whom a record holds, and whether what holds for some patients holds for others."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import per_content
from bmkit.rules.derived.amounts import Amount, is_quantity, to_amount
from bmkit.rules.derived.bands import iter_band_members, to_band
from bmkit.rules.derived.hierarchy import find_lineage
from bmkit.rules.derived.roles import find_role_text, list_role_texts
from bmkit.schema.roles import FRAME_FIELDS, load_sorts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content import Content, Record
    from bmkit.rules.derived.bands import Band
    from bmkit.schema import Field

_POPULATION, _CONDITION, _BANDS = "population", "condition", "bands"
_EXCLUDING_ROLE = "without"
_WEAKENS, _SORT = "weakens", "sort"
_ORGAN_BY_SORT = {"kidney function": "kidney", "liver function": "liver"}
_CLEARANCES = "kidney-function"
AGE, BODY_WEIGHT, BODY_SURFACE = "age", "body weight", "body-surface area"
"""The sorts of characteristics that say how big patients are."""
_WEIGHT_SORTS = frozenset((BODY_WEIGHT, BODY_SURFACE))


class Trait(NamedTuple):
    """What tells patients apart: one of some terms or words, or a band of a characteristic.

    `name` is the kind of the terms, the id of the characteristic, or the name of the field.  `is_excluded`
    says that the patients are without it.  `sort` is that of the characteristic; `organ` the one whose
    function the condition or a low value of the characteristic weakens.
    """

    name: str
    words: frozenset[str] = frozenset()
    band: Band | None = None
    is_term: bool = False
    is_excluded: bool = False
    sort: str = ""
    organ: str = ""


_ADULT = Amount(Fraction(18), Fraction(18), "a", ">=")

Patients = frozenset[Trait]
"""What all patients of a record have in common; nothing if it is for all."""


def find_patients(record: Record, content: Content) -> Patients:
    """Return the traits of the patients of a record, by its population, condition and bands."""
    patients_by_record = _get_patients_cache(content)
    if id(record) not in patients_by_record:
        # With the record, so that no other one comes to have its identity.
        patients_by_record[id(record)] = (record, frozenset(_iter_traits(record, content)))
    return patients_by_record[id(record)][1]


def list_patient_terms(content: Content, *records: Record) -> list[Record]:
    """Return the terms by which records say which patients they are for."""
    return [
        term
        for record in records
        for role in (_POPULATION, _CONDITION)
        if (field := record.kind.find_role_field(role)) is not None
        for term_id in list_role_texts(record, role)
        if (term := content.find_record(field.target_kind, term_id, record)) is not None
    ]


def are_among(patients: Patients, wider: Patients, content: Content, near: Record) -> bool:
    """Return whether all patients are among the wider ones: severe forms of a condition are the condition."""
    return all(
        any(_implies(trait, wider_trait, content, near) for trait in patients) for wider_trait in wider
    )


def are_apart(patients: Patients, others: Patients, content: Content, near: Record) -> bool:
    """Return whether nobody belongs to both: by bands that do not overlap, or by what one is without."""
    return any(
        _exclude_each_other(trait, other_trait, content, near) for trait in patients for other_trait in others
    )


def holds_for(general: Record, record: Record, content: Content) -> bool:
    """Return whether a record for some patients holds for the patients of another record."""
    return are_among(find_patients(record, content), find_patients(general, content), content, record)


def may_share_patients(record: Record, other: Record, content: Content) -> bool:
    """Return whether there may be patients for whom both records hold."""
    return not are_apart(find_patients(record, content), find_patients(other, content), content, record)


def are_alike(record: Record, other: Record, content: Content) -> bool:
    """Return whether what one of two records leaves out about its patients may be said by the other.

    They have the same conditions, or one has more; bands that do not exclude each other do not matter: the
    rows of a table by kidney function leave out what is said for adults.
    """
    own_traits, other_traits = (
        frozenset(trait for trait in find_patients(each, content) if trait.band is None)
        for each in (record, other)
    )
    return may_share_patients(record, other, content) and (
        are_among(own_traits, other_traits, content, record)
        or are_among(other_traits, own_traits, content, record)
    )


def have_same_patients(record: Record, other: Record, content: Content) -> bool:
    """Return whether two records hold for the same patients."""
    return holds_for(record, other, content) and holds_for(other, record, content)


def most_specific(records: Iterable[Record], record: Record, content: Content) -> list[Record]:
    """Return the records that hold for a record's patients, without those that a more specific one overrides.

    A record on patients with renal failure and a record on all patients both hold for a patient with renal
    failure; the first counts.
    """
    return drop_overridden([other for other in records if holds_for(other, record, content)], content)


def drop_overridden(records: list[Record], content: Content) -> list[Record]:
    """Return the records without those of which another is for some of the patients only."""
    # Many records may be for the same patients.
    first_records = {(record.folder, find_patients(record, content)): record for record in reversed(records)}
    overridden_keys = {
        key
        for key, record in first_records.items()
        if any(
            holds_for(record, other, content) and not holds_for(other, record, content)
            for other in first_records.values()
        )
    }
    return [
        record for record in records if (record.folder, find_patients(record, content)) not in overridden_keys
    ]


def find_weak_organs(record: Record, content: Content) -> frozenset[str]:
    """Return the organs whose function is weakened in the patients of a record, "kidney" or "liver"."""
    return frozenset(trait.organ for trait in find_patients(record, content) if trait.organ)


def are_exceptional(record: Record, general: Record, content: Content) -> bool:
    """Return whether the patients of a record are an exception among those of a general one.

    They are children, their kidneys are weak, or the like: less, or less often, is given to them.
    """
    return any(
        _is_exception(trait) for trait in find_patients(record, content) - find_patients(general, content)
    )


def are_weighed(record: Record, content: Content) -> bool:
    """Return whether the patients of a record are told apart by body weight or body surface."""
    return any(trait.sort in _WEIGHT_SORTS for trait in find_patients(record, content))


def find_size_traits(record: Record, content: Content) -> Patients:
    """Return the bands that say how big the patients of a record are: age, body weight or body surface."""
    return frozenset(
        trait
        for trait in find_patients(record, content)
        if trait.band is not None and (trait.sort == AGE or trait.sort in _WEIGHT_SORTS)
    )


def is_of_children(trait: Trait) -> bool:
    """Return whether a band is an age below that of adults, or a weight, of which less is always less."""
    return trait.band is not None and (trait.sort in _WEIGHT_SORTS or trait.band.is_below(to_band(_ADULT)))


def is_degree_of_weakness(record: Record, content: Content) -> bool:
    """Return whether the patients have one of several degrees of a weakness, such as mild renal failure.

    Of a mild form as much may be given as to others.
    """
    return any(
        trait.organ
        and (
            trait.band is not None
            or any(
                _find_organ_of_terms(
                    trait.name, find_lineage(content, trait.name, word, record)[1:], record, content
                )
                for word in (trait.words if trait.is_term else ())
            )
        )
        for trait in find_patients(record, content)
    )


@per_content
def _get_patients_cache(_: Content) -> dict[int, tuple[Record, Patients]]:
    """Return a place to keep the traits of the patients of each record, by its identity."""
    return {}


def _implies(trait: Trait, wider: Trait, content: Content, near: Record) -> bool:
    """Return whether whoever has a trait has the wider one, too."""
    if trait == wider:
        return True
    if trait.name != wider.name or trait.is_excluded != wider.is_excluded:
        return False
    if trait.band is not None or wider.band is not None:
        return trait.band is not None and wider.band is not None and trait.band.is_within(wider.band)
    if not trait.is_term:
        return trait.words <= wider.words
    # Who has no cancer has no lung cancer.
    narrow, broad = (wider, trait) if trait.is_excluded else (trait, wider)
    return all(
        not broad.words.isdisjoint(find_lineage(content, trait.name, word, near)) for word in narrow.words
    )


def _exclude_each_other(trait: Trait, other: Trait, content: Content, near: Record) -> bool:
    if trait.name != other.name:
        return False
    if trait.band is not None and other.band is not None:
        return trait.band.is_below(other.band) or other.band.is_below(trait.band)
    if trait.is_excluded != other.is_excluded and trait.is_term:
        present, absent = (other, trait) if trait.is_excluded else (trait, other)
        return all(
            not absent.words.isdisjoint(find_lineage(content, trait.name, word, near))
            for word in present.words
        )
    # Words of one characteristic exclude each other; patients may have several conditions.
    return (
        not trait.is_term
        and trait.band is None
        and other.band is None
        and trait.words.isdisjoint(other.words)
    )


def _iter_traits(record: Record, content: Content) -> Iterator[Trait]:
    condition = record.kind.find_role_field(_CONDITION)
    if condition is not None:
        yield from _iter_field_traits(record, condition, content)
    yield from _iter_band_traits(record, content)
    population_field = record.kind.find_role_field(_POPULATION)
    population_ids = list_role_texts(record, _POPULATION)
    if population_field is None or not population_ids:
        return
    if len(population_ids) > 1:
        yield Trait(population_field.target_kind, frozenset(population_ids), is_term=True)
        return
    traits = _find_population_traits(population_field.target_kind, population_ids[0], record, content)
    # A population that nothing describes is known by its id only.
    yield from traits or [Trait(population_field.target_kind, frozenset(population_ids), is_term=True)]


def _find_population_traits(kind: str, population_id: str, near: Record, content: Content) -> list[Trait]:
    """Return what describes a population, and the populations that it is part of."""
    traits: list[Trait] = []
    for ancestor_id in find_lineage(content, kind, population_id, near):
        population = content.find_record(kind, ancestor_id, near)
        if population is not None:
            traits += _iter_band_traits(population, content)
            for field in population.kind.fields:
                if field.name not in FRAME_FIELDS and field.role != _BANDS:
                    traits += _iter_field_traits(population, field, content)
    return traits


def _iter_field_traits(record: Record, field: Field, content: Content) -> Iterator[Trait]:
    """Yield the traits that a field says: a condition, a tumour, how many lesions."""
    value = record.value.get(field.name)
    if value is None:
        return
    if is_quantity(value):
        yield Trait(field.name, band=to_band(to_amount(value, field.dimension)))
        return
    words = [str(word) for word in (value if isinstance(value, list) else [value])]
    is_excluded = field.role == _EXCLUDING_ROLE
    if field.type != "reference":
        yield Trait(field.name, frozenset(words))
        return
    groups = [words] if field.joined_by == "any" and not is_excluded else [[word] for word in words]
    for group in groups:
        lineages = (find_lineage(content, field.target_kind, word, record) for word in group)
        organs = {_find_organ_of_terms(field.target_kind, lineage, record, content) for lineage in lineages}
        yield Trait(
            field.target_kind,
            frozenset(group),
            is_term=True,
            is_excluded=is_excluded,
            organ=organs.pop() if len(organs) == 1 and not is_excluded else "",
        )


def _find_organ_of_terms(kind: str, term_ids: Iterable[str], near: Record, content: Content) -> str:
    """Return the organ that the first of some conditions weakens that weakens one, "" if there is none."""
    for term_id in term_ids:
        condition = content.find_record(kind, term_id, near)
        organ = find_role_text(condition, _WEAKENS) if condition is not None else ""
        if organ in _ORGAN_BY_SORT.values():
            return organ
    return ""


def _iter_band_traits(record: Record, content: Content) -> Iterator[Trait]:
    field = record.kind.find_role_field(_BANDS)
    bands = record.value.get(field.name) if field is not None else None
    if field is None or bands is None:
        return
    for characteristic_id, term, member, value in iter_band_members(record, field, content, bands):
        sort = find_role_text(term, _SORT) if term is not None else ""
        organ = _ORGAN_BY_SORT.get(sort, "")
        if is_quantity(value):
            band = to_band(to_amount(value, member.dimension))
            is_weak = organ and _is_weak_function(band)
            yield Trait(characteristic_id, band=band, sort=sort, organ=organ if is_weak else "")
        else:
            yield Trait(characteristic_id, frozenset([str(value)]), sort=sort, organ=organ)


def _is_exception(trait: Trait) -> bool:
    sort = load_sorts().get(trait.sort)
    if trait.organ or sort is None:
        return bool(trait.organ)
    return sort.is_exception or any(
        trait.band is not None and trait.band.is_within(to_band(to_amount(exception)))
        for exception in sort.exceptional_ranges
    )


def _is_weak_function(band: Band) -> bool:
    """Return whether a band is one of weak function: of a low clearance, or of a high level in the blood."""
    from bmkit.ucum.dimensions import list_members

    return (band.high if band.dimension in list_members(_CLEARANCES) else band.low) is not None
