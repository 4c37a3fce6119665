"""Group of the people whom a study or a treatment takes or leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.characteristics import (
    Characteristic,
    build_characteristics,
    build_group_characteristics,
    find_unplaced_fields,
    refer_to_group_of,
    refer_to_population,
)
from bmkit.export.fhir.ids import make_record_path

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.resources import Resources

# Words that leave people out.
_EXCLUDING_WORDS = frozenset({"leaves out", "excludes", "exclusion"})


def add_eligibility_group(resources: Resources, record: Record) -> None:
    """Add the Group of a criterion: its people have these characteristics, or are without them.

    All characteristics of a Group must hold, and "not all of these" is none of them: where several are left
    out together they are a Group of their own, by reference.
    """
    terms = resources.terms
    sentence = terms.describe_record(record)
    is_excluding = str(record.find_value("inclusion") or "").lower() in _EXCLUDING_WORDS
    fields = [field for field in find_unplaced_fields(record) if field.part == "population"]
    characteristics = [
        _refer_to_people(resources, characteristic)
        for characteristic in build_characteristics(terms, record, fields)
    ]
    path = make_record_path(record)
    if is_excluding and len(characteristics) > 1:
        left_out = refer_to_group_of(resources, characteristics, (*path, "left-out"), sentence)
        kind_concept = terms.build_kind_concept(record.kind)
        characteristics = [
            Characteristic("left-out", kind_concept, {"valueReference": left_out}, sentence, sentence)
        ]
    elements = build_group_characteristics(
        resources, [characteristic._replace(exclude=is_excluding) for characteristic in characteristics], path
    )
    body = {"type": "person", "membership": "definitional", "name": sentence, "description": sentence}
    resources.add_resource("Group", path, [sentence], {**body, "characteristic": elements}, record)


def _refer_to_people(resources: Resources, characteristic: Characteristic) -> Characteristic:
    """A population as the Group that it is: its own characteristics hold together."""
    term = characteristic.term
    if term is None or term.kind.role != "population":
        return characteristic
    return characteristic._replace(value={"valueReference": refer_to_population(resources, term)})
