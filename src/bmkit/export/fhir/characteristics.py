"""Characteristics of people and things, from the fields of a record; the Groups and variables with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.export.fhir.datatypes import build_quantity, build_quantity_or_range
from bmkit.export.fhir.ids import get_label, make_record_path
from bmkit.schema.roles import FRAME_FIELDS
from bmkit.wording import format_quantity, format_value, join_phrases

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json, ResourcePath
    from bmkit.export.fhir.resources import Resources
    from bmkit.export.fhir.terms import Terms
    from bmkit.schema import Field


class Characteristic(NamedTuple):
    """One characteristic: `code` is what is described, `value` its valueCodeableConcept, valueQuantity ….

    `text` has both in words, `value_text` the value alone.  `term` is the term that the value refers to, if
    any; `role` that of its field, which with `is_plain` means no more than the kind of the term.  Of
    `alternatives` one is enough; then there is no value.
    """

    name: str
    code: Json
    value: Json
    text: str
    value_text: str
    term: Record | None = None
    exclude: bool = False
    alternatives: tuple[Characteristic, ...] = ()
    role: str = ""
    is_plain: bool = False


# The role of fields for what people do not have.
_EXCLUDING_ROLE = "without"


def build_characteristics(terms: Terms, record: Record, fields: Iterable[Field]) -> list[Characteristic]:
    """The characteristics from those fields of a record: one for each value, or one for all alternatives."""
    return [
        characteristic
        for field in fields
        for characteristic in _build_field_characteristics(terms, record, field)
    ]


def build_kind_characteristic(terms: Terms, record: Record) -> Characteristic:
    """The name of a kind of fact as a characteristic."""
    title = record.kind.title
    return Characteristic("kind", terms.build_name_concept(record.kind.name, title), {}, title, title)


def format_characteristics(characteristics: Sequence[Characteristic]) -> str:
    """All characteristics in words; what happens to a cause is beside the cause."""
    roles = {characteristic.role for characteristic in characteristics}
    change_by_role = {
        _CHANGED_ROLES[characteristic.role]: characteristic.value_text
        for characteristic in characteristics
        if _CHANGED_ROLES.get(characteristic.role) in roles
    }
    return "; ".join(
        characteristic.text.replace(": ", f": {change_by_role[characteristic.role]} ", 1)
        if characteristic.role in change_by_role
        else characteristic.text
        for characteristic in characteristics
        if _CHANGED_ROLES.get(characteristic.role) not in change_by_role
    )


# Roles of a change, and of what is changed.
_CHANGED_ROLES = {"cause-effect": "cause"}


def _build_field_characteristics(terms: Terms, record: Record, field: Field) -> Iterator[Characteristic]:
    characteristics = list(_build_value_characteristics(terms, record, field))
    if field.joined_by != "any" or len(characteristics) <= 1:
        yield from characteristics
        return
    value_text = join_phrases([characteristic.value_text for characteristic in characteristics], "or")
    text = f"{field.title}: {value_text}"
    yield Characteristic(
        field.name,
        characteristics[0].code,
        {},
        text,
        value_text,
        alternatives=tuple(characteristics),
        role=field.role,
    )


def _build_value_characteristics(terms: Terms, record: Record, field: Field) -> Iterator[Characteristic]:
    field_value = record[field.name]
    if field_value is None:
        return
    if field.role == "bands":
        name_by_role = {member.role: member.name for member in field.fields}
        for band in field_value:
            # The schema of a kind of one's own may let a band pass that says nothing.
            said_roles = {role for role, name in name_by_role.items() if band.get(name) is not None}
            if "characteristic" in said_roles and said_roles & {"range", "band-word"}:
                yield _build_band_characteristic(terms, record, field, band)
        return
    code = terms.build_field_concept(record.kind.name, field)
    for item in field_value if isinstance(field_value, list) else [field_value]:
        value_text = format_value(item, field._replace(is_list=False), terms.content, record)
        # A word that is its own title ("also") is not repeated.
        text = value_text if value_text.lower() == field.title.lower() else f"{field.title}: {value_text}"
        term = terms.find_term(field.target_kind, item, record) if field.type == "reference" else None
        yield Characteristic(
            field.name,
            code,
            _build_characteristic_value(terms, record, field, item, value_text),
            text,
            value_text,
            term,
            field.role == _EXCLUDING_ROLE,
            role=field.role,
            is_plain=term is not None and _means_its_kind(record, field, term),
        )


def _means_its_kind(record: Record, field: Field, term: Record) -> bool:
    """Whether a field says no more than what kind of term it names.

    It has the role of that kind; where that has none, no other field of the record may name such a term.
    """
    if term.kind.role:
        return field.role == term.kind.role
    return [other.name for other in record.kind.reference_fields if other.target_kind == term.kind.name] == [
        field.name
    ]


def _build_band_characteristic(terms: Terms, record: Record, field: Field, band: Json) -> Characteristic:
    """A characteristic of patients with the range, value or word that they have."""
    member_by_role = {member.role: member for member in field.fields}
    values_by_role: Json = {role: band.get(member.name) for role, member in member_by_role.items()}
    characteristic_field = member_by_role["characteristic"]
    term = terms.find_term(characteristic_field.target_kind, values_by_role["characteristic"], record)
    amount, word = values_by_role.get("range"), values_by_role.get("band-word")
    if amount is not None:
        value_text = format_quantity(amount)
        value_element = build_quantity_or_range("value", amount, get_label(term))
    else:
        value_text = str(word)
        value_element = {"valueCodeableConcept": {"text": value_text}}
    text = f"{get_label(term)}: {value_text}"
    return Characteristic(
        field.name, terms.build_term_concept(term), value_element, text, value_text, role=field.role
    )


def _build_characteristic_value(terms: Terms, record: Record, field: Any, item: Any, value_text: str) -> Json:
    if field.type == "quantity":
        return build_quantity_or_range("value", item, field.title.lower())
    if field.type in ("integer", "number"):
        return {"valueQuantity": build_quantity(item, "1", counted_unit=field.title.lower())}
    if field.type == "boolean":
        return {"valueBoolean": item}
    if field.type == "object":
        return {"valueCodeableConcept": {"text": value_text}}
    if field.type == "text" and not field.values:
        return {"valueCodeableConcept": {"text": item}}
    return {"valueCodeableConcept": terms.build_value_concept(record, field, item)}


def build_term_characteristic(terms: Terms, term: Record, name: str, code: Json) -> Characteristic:
    """A term as characteristic; `code` is its role."""
    value_element = {"valueCodeableConcept": terms.build_term_concept(term)}
    value_text = terms.describe_record(term)
    return Characteristic(name, code, value_element, f"{term.kind.title}: {value_text}", value_text, term)


def refer_to_group(
    resources: Resources, characteristics: Sequence[Characteristic], path: ResourcePath
) -> Json:
    """A reference to the Group of people with these characteristics; all facts share that of one term."""
    only_term = _find_only_term(characteristics) or _find_only_people(characteristics)
    if only_term is not None and only_term.kind.role == "population":
        return refer_to_population(resources, only_term)
    if only_term is not None:
        path, characteristics = (
            make_record_path(only_term),
            [_build_shared_characteristic(resources.terms, only_term)],
        )
    elif (population_term := _find_known_population(resources.terms, characteristics)) is not None:
        return refer_to_population(resources, population_term)
    name = _describe_people(characteristics)
    if not resources.has_resource("Group", path):
        _add_group(resources, path, name, characteristics)
    return resources.refer_to("Group", path, name)


def _find_known_population(terms: Terms, characteristics: Sequence[Characteristic]) -> Record | None:
    """The population term that has these characteristics and no others."""
    term_keys = _collect_required_terms(characteristics)
    for term in terms.list_records("population") if term_keys else ():
        if (
            _collect_required_terms(build_characteristics(terms, term, find_unplaced_fields(term)))
            == term_keys
        ):
            return term
    return None


def _collect_required_terms(characteristics: Sequence[Characteristic]) -> set[tuple[str, str]]:
    """The terms that must all hold; none if any characteristic is not a term."""
    term_keys = {
        (characteristic.term.kind.name, characteristic.term.id)
        for characteristic in characteristics
        if characteristic.term is not None and not characteristic.exclude
    }
    return term_keys if len(term_keys) == len(characteristics) else set()


def _describe_people(characteristics: Sequence[Characteristic]) -> str:
    """Who people are: what they have names them; other characteristics (a site, an age) need their name."""
    condition_texts: list[str] = []
    other_texts: list[str] = []
    for characteristic in characteristics:
        if characteristic.term is not None and characteristic.term.kind.role == "condition":
            condition_texts.append(characteristic.value_text)
        else:
            other_texts.append(characteristic.text)
    people_text = f"people with {join_phrases(condition_texts)}" if condition_texts else "people"
    return "; ".join([people_text, *other_texts])


def refer_to_population(resources: Resources, term: Record) -> Json:
    """A reference to the Group of a population term."""
    path = make_record_path(term)
    if not resources.has_resource("Group", path):
        own_characteristic = _build_shared_characteristic(resources.terms, term)
        _add_group(
            resources,
            path,
            get_label(term),
            [
                own_characteristic,
                *build_characteristics(resources.terms, term, find_unplaced_fields(term)),
            ],
        )
    return resources.refer_to("Group", path, get_label(term))


def refer_to_variable(
    resources: Resources, characteristics: Sequence[Characteristic], path: ResourcePath, title: str = ""
) -> Json:
    """A reference to the EvidenceVariable of these characteristics.

    Without a title of its own facts share that of one term: what it is to a fact, its role there says.
    """
    only_term = None if title else _find_only_term(characteristics)
    if only_term is not None:
        path, title = make_record_path(only_term), resources.terms.describe_record(only_term)
        characteristics = [_build_shared_characteristic(resources.terms, only_term)]
    title = title or format_characteristics(characteristics)
    if not resources.has_resource("EvidenceVariable", path):
        resources.add_definition(
            "EvidenceVariable",
            path,
            title,
            {"characteristic": list(build_variable_characteristics(characteristics))},
        )
    return resources.refer_to("EvidenceVariable", path, title)


def _find_only_term(characteristics: Sequence[Characteristic]) -> Record | None:
    """The term of the only characteristic, if its field means no more than its kind; else None.

    That a site is the one to be spared, for example, must not be lost in a variable about the site alone.
    """
    [first, *others] = characteristics
    return first.term if first.is_plain and not others and not first.exclude else None


def _find_only_people(characteristics: Sequence[Characteristic]) -> Record | None:
    """The population or condition of the only characteristic of people: it is who they are."""
    [first, *others] = characteristics
    is_who = first.term is not None and first.term.kind.role in ("population", "condition")
    return first.term if is_who and not others and not first.exclude else None


def _build_shared_characteristic(terms: Terms, term: Record) -> Characteristic:
    """A term as a characteristic of its kind, the same whatever field of an article refers to it."""
    return build_term_characteristic(
        terms,
        term,
        term.kind.name,
        terms.build_kind_concept(term.kind),
    )


def refer_to_group_of(
    resources: Resources, characteristics: Sequence[Characteristic], path: ResourcePath, name: str
) -> Json:
    """A reference to the Group of people with just these characteristics, added at `path`."""
    _add_group(resources, path, name, characteristics)
    return resources.refer_to("Group", path, name)


def _add_group(
    resources: Resources, path: ResourcePath, name: str, characteristics: Sequence[Characteristic]
) -> None:
    elements = build_group_characteristics(resources, characteristics, path)
    body: Json = {"type": "person", "membership": "definitional", "name": name}
    resources.add_resource("Group", path, [name], {**body, "characteristic": elements})


def build_group_characteristics(
    resources: Resources, characteristics: Sequence[Characteristic], path: ResourcePath
) -> list[Json]:
    """The elements of the Group at `path` for characteristics, all of which must hold."""
    elements: list[Json] = []
    for characteristic in characteristics:
        value_element = characteristic.value
        if characteristic.alternatives:
            # All characteristics of a Group must hold, so "one of these" is a variable.
            value_element = {
                "valueReference": refer_to_variable(resources, [characteristic], (*path, characteristic.name))
            }
        elements.append({"code": characteristic.code, **value_element, "exclude": characteristic.exclude})
    return elements


def build_variable_characteristics(characteristics: Sequence[Characteristic]) -> Iterator[Json]:
    """The elements of an EvidenceVariable for characteristics, each with an id of its own."""
    for number, (element_id, characteristic) in enumerate(number_characteristics(characteristics), 1):
        yield _to_variable_characteristic(characteristic, element_id, f"c{number}")


def number_characteristics(
    characteristics: Iterable[Characteristic],
) -> Iterator[tuple[str, Characteristic]]:
    """Each characteristic with its name; of several of one name the later ones have a number behind it."""
    counts: dict[str, int] = {}
    for characteristic in characteristics:
        occurrence = counts[characteristic.name] = counts.get(characteristic.name, 0) + 1
        yield (
            characteristic.name if occurrence == 1 else f"{characteristic.name}.{occurrence}",
            characteristic,
        )


def _to_variable_characteristic(characteristic: Characteristic, element_id: str, link_id: str) -> Json:
    element: Json = {
        "id": element_id,
        "linkId": link_id,
        "description": characteristic.text,
        "exclude": characteristic.exclude,
    }
    if characteristic.alternatives:
        alternative_elements = [
            _to_variable_characteristic(alternative, f"{element_id}.or-{number}", f"{link_id}.{number}")
            for number, alternative in enumerate(characteristic.alternatives, 1)
        ]
        return {
            **element,
            "definitionByCombination": {"code": "any-of", "characteristic": alternative_elements},
        }
    if not characteristic.value:
        return {**element, "definitionCodeableConcept": characteristic.code}
    return {**element, "definitionByTypeAndValue": {"type": characteristic.code, **characteristic.value}}


def find_unplaced_fields(record: Record, placed_roles: Collection[str] = ()) -> list[Field]:
    """The fields that have a value and, by their roles, no place yet, in the order of the schema."""
    return [
        field
        for field in record.kind.fields
        if field.name not in FRAME_FIELDS
        and record[field.name] not in (None, [], "")
        and not (field.role and field.role in placed_roles)
    ]
