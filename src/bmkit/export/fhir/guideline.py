"""Dosing guidelines of a product: its regimens, courses and limits, and what is to be heeded with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import coding, remark
from bmkit.export.fhir.dosage import applies, ceilings, partial
from bmkit.export.fhir.trait import traits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.identity import Json
    from bmkit.export.fhir.making import Making

GUIDED = ("dosing", "course", "dose-limit")


def guided(facts: Sequence[Record]) -> list[Record]:
    """The facts that a guideline is made of: not those of which a fuller one says all and more."""
    return [fact for fact in facts if fact.kind.name != "dosing" or not partial(fact, facts)]


def guidelines(making: Making, facts: Sequence[Record]) -> Iterator[Json]:
    """One guideline a condition, in the order in which the conditions are first met."""
    kept = guided(facts)
    conditions = dict.fromkeys(_condition(fact) for fact in kept)
    limits = [fact for fact in kept if fact.kind.name == "dose-limit"]
    for name in conditions:
        own = [fact for fact in kept if _condition(fact) == name]
        made: Json = {"dosingGuideline": [_dosing(making, fact, limits) for fact in own]}
        if name:
            made = {"indication": [{"concept": making.concept(own[0], "condition")}], **made}
        yield made


def instructions(making: Making, fact: Record) -> list[Json]:
    """How a regimen is taken, by the instructions for its product that hold for its form and route.

    Only words: a code of what is done would not say whether to do it.  Instructions that carry the same notes
    are read together, as the notes say (two distances from a meal, say, that the article joins with "or").
    """
    together: dict[tuple[str, ...], list[Record]] = {}
    for one in making.content.of("instruction"):
        if one["product"] == fact["product"] and _holds(making, one, fact):
            # One that carries no note stands alone.
            together.setdefault(tuple(one.value.get("notes", ())) or (one.id, ""), []).append(one)
    return [{"text": _words(making, several)} for several in together.values()]


def _words(making: Making, several: Sequence[Record]) -> str:
    said = "; and ".join(making.say(one) for one in several)
    notes = remark.open_notes(making, several[0])
    return ". ".join([said, *(f"Note: {one.rstrip('.')}" for one in notes)])


def _holds(making: Making, instruction: Record, fact: Record) -> bool:
    form, route = instruction["form"], instruction["route"]
    if form is not None and fact["form"] not in (None, form):
        return False
    # What is said of a form holds for the routes by which the product is given in that form.
    routes = {route} if route is not None else _routes(making, instruction["product"], form)
    return not routes or fact["route"] in routes


def _routes(making: Making, product: str, form: str | None) -> set[str]:
    if form is None:
        return set()
    known = making.content.of("product-presentation")
    return {
        one["route"]
        for one in known
        if one["product"] == product and one["form"] == form and one["route"] is not None
    }


def _condition(fact: Record) -> str:
    return (fact["condition"] or "") if "condition" in fact.kind else ""


def _dosing(making: Making, fact: Record, limits: Sequence[Record]) -> Json:
    # The same Dosage as in the ActivityDefinition of the fact, which has been made before.
    definition = making.resources["ActivityDefinition", making.path(fact)]
    [dosage] = definition["dosage"]
    if fact.kind.name == "dosing":
        for one in limits:
            if applies(one, fact):
                dosage = {**dosage, **ceilings(one)}
        if heeded := instructions(making, fact):
            dosage = {**dosage, "additionalInstruction": [*dosage.get("additionalInstruction", ()), *heeded]}
    phase = making.concept(fact, "phase") if "phase" in fact.kind else None
    made: Json = {
        "id": f"{fact.kind.name}.{fact.id}",
        "dosage": [
            {"type": phase or coding.named(making.base, fact.kind.name, fact.kind.title), "dosage": [dosage]}
        ],
    }
    people = traits(making, fact, ["population"] if "population" in fact.kind else [])
    if people:
        made["patientCharacteristic"] = [{"type": one.code, **one.value} for one in people]
    return made
