"""Group of the people whom a study or a treatment takes or leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.characteristics import refer_to_population
from bmkit.export.fhir.ids import make_record_path

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

# Words that leave people out.
_EXCLUDING_WORDS = frozenset({"leaves out", "excludes", "exclusion"})


def add_eligibility_group(resources: Resources, record: Record) -> None:
    """Add the Group of a criterion: its people are among the population, or are not.

    All characteristics of a Group must hold, and "not all of these" is none of them, so the population is one
    characteristic, by reference.
    """
    terms = resources.terms
    is_excluding = str(record.find_value("inclusion") or "").lower() in _EXCLUDING_WORDS
    characteristics: list[Json] = []
    for role in ("population", "condition"):
        field = record.kind.find_role_field(role)
        if field is None:
            continue
        for term in terms.iter_field_terms(record, field):
            value: Json = (
                {"valueReference": refer_to_population(resources, term)}
                if role == "population"
                else {"valueCodeableConcept": terms.build_term_concept(term)}
            )
            code = terms.build_field_concept(record.kind.name, field)
            characteristics.append({"code": code, **value, "exclude": is_excluding})
    sentence = terms.describe_record(record)
    body: Json = {"type": "person", "membership": "definitional", "name": sentence, "description": sentence}
    if characteristics:
        body["characteristic"] = characteristics
    resources.add_resource("Group", make_record_path(record), [sentence], body, record)
