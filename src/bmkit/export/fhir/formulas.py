"""EvidenceVariable of a formula: what it calculates, and the expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.characteristics import (
    build_characteristics,
    build_variable_characteristics,
    find_unplaced_fields,
)
from bmkit.export.fhir.ids import get_label, make_record_path

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

_EXPRESSION_ROLE = "expression"


def add_formula_variable(resources: Resources, term: Record) -> None:
    """Add the variable that a formula calculates; an expression for people is in no language of programs."""
    expression = term.find_value(_EXPRESSION_ROLE)
    sentence = resources.terms.describe_record(term)
    characteristics = list(
        build_variable_characteristics(
            build_characteristics(resources.terms, term, find_unplaced_fields(term, {_EXPRESSION_ROLE}))
        )
    )
    if expression:
        characteristics.insert(
            0,
            {
                "id": _EXPRESSION_ROLE,
                "linkId": "c0",
                "description": f"{get_label(term)}: {expression}",
                "exclude": False,
                "definitionExpression": {"description": get_label(term), "expression": str(expression)},
            },
        )
    if characteristics:
        body: Json = {"characteristic": characteristics}
        resources.add_definition("EvidenceVariable", make_record_path(term), sentence, body)
