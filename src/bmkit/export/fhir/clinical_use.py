"""ClinicalUseDefinition: what a medicine is for, what it must not meet, what it may do, and its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import codeable
from bmkit.export.fhir.characteristics import population
from bmkit.export.fhir.evidence import evidence
from bmkit.export.fhir.evidence_roles import Finding
from bmkit.export.fhir.medication import formed
from bmkit.wording import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making

# What these facts say beyond a ClinicalUseDefinition is said once more, whole, as Evidence.
INDICATION = Finding(
    population=("population",),
    exposure=("product",),
    measured=("goal", "condition", "lesion_type"),
    result=("goal_effect", "timing", "frequency"),
)
INTERACTION = Finding(
    exposure=("product", "form"),
    reference=("substance",),
    measured=("process", "of_substance"),
    result=("effect", "stance", "amount"),
)


def indication(making: Making, record: Record) -> None:
    """Make what a medicine is given for, and the Evidence of the goal.

    That it acts somewhere, or gives good results, is a claim and does not say that it is to be given there: a
    fact with a claim, whichever it is, is Evidence alone.
    """
    if record["claim"] is None:
        body: Json = {}
        if (disease := _disease(making, record)) is not None:
            body["diseaseSymptomProcedure"] = {"concept": disease}
        if (goal := _directed(making, record, "goal_effect", "goal")) is not None:
            body["intendedEffect"] = {"concept": goal}
        body = body or _words(making, record)
        if when := _said(making, record, "timing", "frequency"):
            body["durationString"] = ", ".join(when)
        _use(making, record, "indication", {"indication": body})
    evidence(making, record, INDICATION)


def _disease(making: Making, record: Record) -> Json | None:
    """What is treated, with what narrows it in words beside its codes."""
    found = making.concept(record, "condition")
    if found is None:
        return making.concept(record, "lesion_type")
    more = _said(making, record, "extent", "lesion_type")
    return _worded(found, found["text"], *(f"({one})" for one in more))


def interaction(making: Making, record: Record) -> None:
    """Make what must not come together with a medicine, and the Evidence of how it acts."""
    [substance] = making.terms(record, "substance")
    item = making.ref("Substance", making.path(substance), substance["label"])
    body: Json = {"interactant": [{"itemReference": item}]}
    if (effect := _directed(making, record, "effect", "process", "of_substance")) is not None:
        body["effect"] = {"concept": effect}
    if (stance := making.concept(record, "stance")) is not None:
        # What is to be avoided for two hours may be taken in the third.
        amount = [f"(amount: {one})" for one in _said(making, record, "amount")]
        time = [f"for {one}" for one in _said(making, record, "lasting")]
        body["management"] = [
            _worded(stance, stance["text"], *amount, *time, *_said(making, record, "relation"))
        ]
    _use(making, record, "interaction", {"interaction": body})
    evidence(making, record, INTERACTION)


def adverse_effect(making: Making, record: Record) -> None:
    """Make an unwanted effect of a medicine; that of a whole class has no subject and is Evidence alone."""
    if record["product"] is None:
        return
    body: Json = {}
    if (condition := making.concept(record, "condition")) is not None:
        # An ulcer after chewing is no ulcer of those who swallow.
        cause = [f"after {one}" for one in _said(making, record, "activity")]
        form = [f"({one})" for one in _said(making, record, "form") if cause]
        first = [f"during the first {one} after the infusion" for one in _said(making, record, "onset")]
        told = _worded(condition, condition["text"], *cause, *form, *first)
        body["symptomConditionEffect"] = {"concept": told}
    if (frequency := making.concept(record, "frequency")) is not None:
        body["frequencyOfOccurrence"] = frequency
    _use(making, record, "undesirable-effect", {"undesirableEffect": body})


def limit(making: Making, record: Record) -> None:
    """Make the warning of a dose limit, beside the Dosage that holds its number."""
    code = codeable.named(making.base, record.kind.name, record.kind.title)
    _use(making, record, "warning", {"warning": {"description": making.say(record), "code": code}})


def _directed(making: Making, record: Record, effect: str, name: str, of: str = "") -> Json | None:
    """What is changed and which way, in words: the code of "pain" alone would make pain the aim.

    Where no direction is said, what is named is the whole, and is coded; the parts are coded in the Evidence.
    """
    if record[effect] is None or record[name] is None:
        return making.concept(record, name)
    parts = [
        format_value(record[one], record.kind.get_field(one), making.content, record)
        for one in (effect, name)
    ]
    if of and record[of] is not None:
        parts = [
            parts[0],
            "the",
            parts[1],
            "of",
            format_value(record[of], record.kind.get_field(of), making.content, record),
        ]
    return {"text": " ".join(parts)}


def _said(making: Making, record: Record, *names: str) -> list[str]:
    """The values of those fields that have one, in words."""
    found = [format_value(record[one], record.kind.get_field(one), making.content, record) for one in names]
    return [one for one in found if one]


def _worded(concept: Json, *words: str) -> Json:
    """A concept with its codes, and in its text also what they do not say."""
    return {**concept, "text": " ".join(words)}


def _words(making: Making, record: Record) -> Json:
    # An indication must not be empty, or no machine would see that there is one.
    field = record.kind.get_field("population")
    said = format_value(record["population"], field, making.content, record) or making.say(record)
    return {"diseaseSymptomProcedure": {"concept": {"text": said}}}


def _use(making: Making, record: Record, kind: str, body: Json) -> None:
    head: Json = {"type": kind, "subject": [formed(making, record)]}
    people = list(_people(making, record))
    if people:
        head["population"] = people
    making.add("ClinicalUseDefinition", making.path(record), [making.say(record)], {**head, **body}, record)


def _people(making: Making, record: Record) -> Iterator[Json]:
    if "population" in record.kind:
        for term in making.terms(record, "population"):
            yield population(making, term)
