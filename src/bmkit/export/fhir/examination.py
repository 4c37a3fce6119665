"""ActivityDefinition of diagnostics: examinations that an article says are done, and steps of procedures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.activity_definition import SERVICE, Activity, activity

if TYPE_CHECKING:
    from bmkit.content import Record
    from bmkit.export.fhir.resources import Making

# What an article says of an examination that is, or should be, done.  All else is what it can show: that
# something "detects" is no reason to order it.
DONE = frozenset({"is used to diagnose", "is recommended for", "is strongly recommended"})
# Nobody has decided anything: the article speaks of patients that it has not seen.
_INTENT = "proposal"
_EXAMINATION = Activity(SERVICE, code="procedure", product="product", focus="condition", intent=_INTENT)
# "Administration" alone would not say of what.
_STEP = Activity(SERVICE, code="step", product="product", sites="sites", intent=_INTENT, said=True)


def examination(making: Making, record: Record) -> None:
    """Make the definition of an examination, if the article says that it is done."""
    if record["ability"] in DONE:
        activity(making, record, _EXAMINATION)


def step(making: Making, record: Record, held: set[str]) -> str:
    """Make the definition of a step, and give its canonical URL; the plan has the fields `held`."""
    activity(making, record, _STEP, held)
    return making.url("ActivityDefinition", making.path(record))
