"""Whether a regimen is for patients who must not be given the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.dose_text import WHO_GOOD_PRESCRIBING
from bmkit.rules.derived.roles import (
    are_role_terms_related,
    find_role_lineage,
    find_role_term,
    find_role_text,
    has_role_value,
    iter_visible_records_of_role,
    locate_role,
    name_role_field,
)
from bmkit.rules.medication.populations import find_patients, holds_for, list_patient_terms
from bmkit.rules.medication.regimens import find_dose_role, iter_regimens
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record

_FORBIDDING_STANCES = ("contraindicated", "strictly prohibited")
# A caution about one of these is none about the product alone.
_CIRCUMSTANCE_ROLES = ("given-with", "with-class", "substance", "treatment", "activity")


@rule(Severity.ERROR, source=WHO_GOOD_PRESCRIBING)
def contraindicated(content: Content) -> Faults:
    """A dose is for patients for whom the product is contraindicated.

    All of them are among those of a caution about the product, or about its class.
    """
    for record in iter_regimens(content):
        caution = next(
            (
                caution
                for caution in iter_visible_records_of_role(content, "caution", record)
                if _forbids_product(caution, record, content)
            ),
            None,
        )
        if caution is not None:
            role = "population" if has_role_value(record, "population") else find_dose_role(record)
            product, stance = find_role_text(record, "product"), find_role_text(caution, "stance")
            message = f'"{product}" is {stance} for these patients, by "{caution.id}" ({caution.file})'
            yield (
                locate_role(record, role),
                message,
                f"correct the {name_role_field(record, role)} or the caution",
                (caution, *list_patient_terms(content, record, caution)),
            )


def _forbids_product(caution: Record, record: Record, content: Content) -> bool:
    """Return whether a caution forbids the product of a record for all its patients, and not for all."""
    return (
        find_role_text(caution, "stance") in _FORBIDDING_STANCES
        and not any(has_role_value(caution, role) for role in _CIRCUMSTANCE_ROLES)
        and _is_about_product(caution, record, content)
        and all(
            not has_role_value(caution, role) or are_role_terms_related(caution, record, role, content)
            for role in ("route", "form")
        )
        and bool(find_patients(caution, content))
        and holds_for(caution, record, content)
    )


def _is_about_product(caution: Record, record: Record, content: Content) -> bool:
    product = find_role_text(caution, "product")
    if product:
        return product == find_role_text(record, "product")
    term = find_role_term(record, "product", content)
    class_id = find_role_text(caution, "drug-class")
    return term is not None and bool(class_id) and class_id in find_role_lineage(term, "drug-class", content)
