"""ActivityDefinition of diagnostics: examinations that an article says are done, and steps of procedures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.activity_definition import SERVICE_REQUEST, ActivityRoles, add_activity_definition

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.resources import Resources

# What an article says of an examination that is, or should be, done.  All else is what it can show: that
# something "detects" is no reason to order it.
DONE_ABILITIES = frozenset({"is used to diagnose", "is recommended for", "is strongly recommended"})
# Nobody has decided anything: the article speaks of patients that it has not seen.
_PROPOSAL_INTENT = "proposal"
_EXAMINATION_ROLES = ActivityRoles(
    SERVICE_REQUEST,
    code_field="procedure",
    product_field="product",
    focus_field="condition",
    intent=_PROPOSAL_INTENT,
)
# "Administration" alone would not say of what.
_STEP_ROLES = ActivityRoles(
    SERVICE_REQUEST,
    code_field="step",
    product_field="product",
    sites_field="sites",
    intent=_PROPOSAL_INTENT,
    code_text_is_sentence=True,
)


def add_examination_definition(resources: Resources, record: Record) -> None:
    """Make the definition of an examination, if the article says that it is done."""
    if record["ability"] in DONE_ABILITIES:
        add_activity_definition(resources, record, _EXAMINATION_ROLES)


def add_step_definition(resources: Resources, record: Record, plan_fields: set[str]) -> str:
    """Make the definition of a step, and give its canonical URL; the plan has the fields `held`."""
    add_activity_definition(resources, record, _STEP_ROLES, plan_fields)
    return resources.make_url("ActivityDefinition", resources.make_path(record))
