"""Evidence: population, exposure, outcome and statistics of a fact, by the parts of its statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.characteristics import (
    build_characteristics,
    build_kind_characteristic,
    find_unplaced_fields,
    refer_to_group,
    refer_to_variable,
)
from bmkit.export.fhir.codeable import build_hl7_concept
from bmkit.export.fhir.evidence_statistics import build_statistics, select_statistic_fields
from bmkit.export.fhir.ids import make_record_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources
    from bmkit.export.fhir.terms import Terms
    from bmkit.schema import Field

# HL7's code and display of the role of a variable, and the parts of a statement that it has.  What no other
# variable has is measured.
_VARIABLE_ROLES = {
    "population": ("population", "population"),
    "exposure": ("exposure", "exposure"),
    "comparator": ("referenceExposure", "reference exposure"),
    "confounder": ("confounder", "confounder"),
    "": ("measuredVariable", "measured variable"),
}
# The role of what an estimate is adjusted for, which did not act.
_ADJUSTED_ROLE = "adjusted"
# What somebody says beside the statement, in words.
_REMARK_PART = "remark"


def add_evidence(resources: Resources, record: Record) -> None:
    """Add the Evidence of a fact, with its Group and EvidenceVariables.

    A fact without any part but remarks says nothing that could be measured, and has none.
    """
    fields = find_unplaced_fields(record)
    if fields and all(field.part == _REMARK_PART and not field.is_free_text for field in fields):
        return
    sentence = resources.terms.describe_record(record)
    body = {
        "assertion": sentence,
        "description": "; ".join(_iter_unsaid_remarks(resources.terms, record, fields, sentence)),
        "variableDefinition": list(_build_variable_definitions(resources, record, fields)),
        "statistic": list(build_statistics(resources, record, fields)),
    }
    resources.add_definition("Evidence", make_record_path(record), sentence, body, record)


def _is_free_remark(field: Field) -> bool:
    return field.part == _REMARK_PART and field.is_free_text


def _iter_unsaid_remarks(terms: Terms, record: Record, fields: list[Field], sentence: str) -> Iterator[str]:
    """The remarks in free words that the sentence of a fact leaves out."""
    for field in fields:
        remark = terms.format_field_value(record, field)
        if _is_free_remark(field) and remark.lower() not in sentence.lower():
            yield f"{field.title}: {remark}"


def _build_variable_definitions(resources: Resources, record: Record, fields: list[Field]) -> Iterator[Json]:
    fields_by_part: dict[str, list[Field]] = {part: [] for part in _VARIABLE_ROLES}
    statistic_fields = select_statistic_fields(fields)
    for field in fields:
        if field not in statistic_fields and not _is_free_remark(field):
            part = "confounder" if field.role == _ADJUSTED_ROLE else field.part
            fields_by_part[part if part in fields_by_part else ""].append(field)
    for part, (code, display) in _VARIABLE_ROLES.items():
        characteristics = build_characteristics(resources.terms, record, fields_by_part[part])
        if not part and all(field.part != "outcome" for field in fields_by_part[part]):
            # What is measured is what the kind is called: survival, for example.
            characteristics.insert(0, build_kind_characteristic(resources.terms, record))
        if characteristics:
            path = make_record_path(record, code)
            yield {
                "id": code,
                "variableRole": build_hl7_concept("variable-role", code, display),
                "observed": (refer_to_group if part == "population" else refer_to_variable)(
                    resources, characteristics, path
                ),
            }
