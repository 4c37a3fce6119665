"""What MedicationKnowledge says of the doses of a product, read back and held against the content."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .places import AMOUNTS
from .reading import Json, amount, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

    from .reading import Reading

_KINDS = ("dosing", "course", "dose-limit")
# Numbers that a guideline may have from a limit beside the fact that it is about.
_CEILINGS = {"maximum": "dosage.maxDosePerAdministration", "maximum_daily": "dosage.maxDosePerPeriod"}


class Guideline(NamedTuple):
    """One guideline: its Dosages as they would stand in an ActivityDefinition, for what and for whom."""

    dosages: Json
    conditions: list[str]
    people: list[str]


def wrong(content: Content, reading: Reading) -> Iterator[str]:
    """Every guideline that differs from its fact, and every fact about a dose that has none."""
    for product in content.list_records("product"):
        found = dict(_guidelines(reading, product.id))
        facts = [one for kind in _KINDS for one in content.list_records(kind) if one["product"] == product.id]
        yield from _routes(content, reading, product.id, facts)
        limits = [one for one in facts if one.kind.name == "dose-limit"]
        told = [one for one in facts if _name(one) in found]
        for fact in facts:
            if fact in told:
                yield from _differs(reading, fact, found[_name(fact)], limits)
            elif not any(_within(fact, other) for other in told):
                yield f"{_name(fact)}: MedicationKnowledge of {product.id} has no guideline"
        for name in found.keys() - {_name(one) for one in facts}:
            yield f"{name}: is a guideline of {product.id}, but no fact about it"


def _routes(content: Content, reading: Reading, product: str, facts: list[Record]) -> Iterator[str]:
    """A product is meant for every route that a fact gives it by, and for no other."""
    kinds = ("drug-classification", "product-presentation")
    others = [one for kind in kinds for one in content.list_records(kind) if one["product"] == product]
    expected = list(dict.fromkeys(one["route"] for one in (*others, *facts) if one["route"] is not None))
    for made in reading.by_url.values():
        if made["resourceType"] == "MedicationKnowledge" and any(
            f"terms/product/{product}" in reading.names_of(one)
            for one in reading.follow(made, "associatedMedication")
        ):
            found = reading.named(made, "definitional.intendedRoute | intendedRoute")
            if found != expected:
                yield f"{product}: is meant for {found}, not {expected}"


def _name(fact: Record) -> str:
    return f"{fact.kind.name}.{fact.id}"


def _within(fact: Record, other: Record) -> bool:
    """Whether another fact says all that this one says."""
    said = {name: value for name, value in fact.value.items() if name not in ("id", "notes", "source")}
    return fact.kind is other.kind and said.items() <= {**other.value, "id": ""}.items()


def _guidelines(reading: Reading, product: str) -> Iterator[tuple[str, Guideline]]:
    for made in reading.by_url.values():
        if made["resourceType"] != "MedicationKnowledge":
            continue
        if reading.named(made, "associatedMedication") != [product]:
            continue
        for above in ask(made, "indicationGuideline"):
            conditions = [name for one in above.get("indication", ()) for name in reading.names(one)]
            for one in above["dosingGuideline"]:
                people = [
                    name
                    for part in one.get("patientCharacteristic", ())
                    for name in reading.names(part["valueCodeableConcept"])
                ]
                yield one["id"], Guideline(_alone(one), conditions, people)
        for one in ask(made, "administrationGuidelines"):  # R4B, where people are only words
            conditions = list(reading.names(one.get("indicationCodeableConcept", {})))
            people = [text for part in one.get("patientCharacteristics", ()) for text in part["value"]]
            yield one["id"], Guideline(_alone(one), conditions, people)


def _alone(one: Json) -> Json:
    return {
        "resourceType": "ActivityDefinition",
        "dosage": [each for part in one["dosage"] for each in part["dosage"]],
    }


def _differs(reading: Reading, fact: Record, found: Guideline, limits: list[Record]) -> Iterator[str]:
    name = _name(fact)
    definition = reading.made_for["ActivityDefinition", f"{fact.folder}/{fact.kind.name}/{fact.id}"]
    for field in fact.kind.quantity_fields:
        if field.name in AMOUNTS and field.name not in _CEILINGS and fact[field.name] is not None:
            # The definition of the fact is held against the content, number by number.
            one, other = (
                [(path, amount(held)) for path, held in AMOUNTS[field.name](made)]
                for made in (definition, found.dosages)
            )
            if one != other:
                yield f"{name} {field.name}: {other} in MedicationKnowledge, {one} in the definition"
    # Who orders must be told as much as who reads.
    if found.dosages["dosage"] != definition["dosage"]:
        yield f"{name}: the Dosage is another in MedicationKnowledge"
    if reading.named(found.dosages, "dosage.route") != ([fact["route"]] if fact["route"] else []):
        yield f"{name}: the route is another in MedicationKnowledge"
    condition = fact["condition"] if "condition" in fact.kind else None
    if found.conditions != ([condition] if condition else []):
        yield f"{name}: MedicationKnowledge has it for {found.conditions}, not {condition}"
    expected = set(_called(reading, fact["population"]))
    if not (expected & set(found.people) if expected else not found.people):
        yield f"{name}: MedicationKnowledge has it for {found.people}, not {fact['population']}"
    yield from _ceilings(fact, found, [one for one in (*limits, fact) if _holds(one, fact)])
    yield from _unheard(reading, fact, found, limits)


def _called(reading: Reading, population: str | None) -> Iterator[str]:
    if population is not None:
        yield population
        yield from ask(reading.made_for["Group", f"terms/population/{population}"], "name")


def _holds(limit: Record, fact: Record) -> bool:
    """Whether a limit is one of the fact: it is about the same medicine, and about nobody else."""
    if limit is fact:
        return True
    if fact.kind.name != "dosing":
        return False
    same = (limit["product"], limit["route"]) == (fact["product"], fact["route"])
    return (
        same
        and limit["population"] in (None, fact["population"])
        and limit["condition"]
        in (
            None,
            fact["condition"],
        )
    )


# What no element of a Dosage says: for whom a limit is, an amount that is open, "about" and "usually".
_OPEN = {">": "above", ">=": "at least", "about": "about", "<": "below"}


def _unheard(reading: Reading, fact: Record, found: Guideline, limits: list[Record]) -> Iterator[str]:
    """Everything that the instructions of a regimen must say in words, and do not."""
    if fact.kind.name != "dosing":
        return
    told = [str(one) for one in ask(found.dosages, "dosage.additionalInstruction.text")]
    needed: list[tuple[str, ...]] = [(fact["frequency"],)] if fact["frequency"] else []
    for name in ("dose", "daily_dose", "interval", "doses_per_day", "infusions_per_day"):
        held = fact[name]
        if held is not None and held.get("comparator") in _OPEN:
            number = f"{_OPEN[held['comparator']]} {held.get('value', held.get('low')):,}"
            # An amount that is open above is when the regimen holds, and no dose.
            when = held["comparator"] in (">", ">=") and name in ("dose", "daily_dose")
            needed.append(("only where", number) if when else (number,))
    for one in limits:
        same = (one["product"], one["route"]) == (fact["product"], fact["route"])
        if same and not _holds(one, fact) and one["population"] and not one["condition"]:
            [amount] = [one[name] for name in _CEILINGS if one[name] is not None]
            _, *names = _called(reading, one["population"])
            needed.append((*names, f"at most {amount['value']:,}"))
    for words in needed:
        if not any(all(word in text for word in words) for text in told):
            yield f"{_name(fact)}: no instruction says {words}"


def _ceilings(fact: Record, found: Guideline, limits: list[Record]) -> Iterator[str]:
    for field, path in _CEILINGS.items():
        held = [amount(one.get("numerator", one)) for one in ask(found.dosages, path)]
        for one in ask(found.dosages, f"{path}.denominator"):
            if (one["value"], one["code"]) != (1, "d"):
                yield f"{_name(fact)}: the most is said for {one['value']} {one['code']}"
        said = [one[field] for one in limits if field in one.kind and one[field] is not None]
        expected = [("value", one["value"], "", one["unit"].removesuffix("/d")) for one in said]
        # A day's amount that must not be exceeded is a ceiling of the fact's own.
        daily = fact["daily_dose"] if "daily_dose" in fact.kind and field == "maximum_daily" else None
        own = (
            [("value", daily["value"], "", daily["unit"].removesuffix("/d"))]
            if daily and daily.get("comparator") in ("<", "<=")
            else []
        )
        if [one for one in expected if one not in held] or [
            one for one in held if one not in (*expected, *own)
        ]:
            yield f"{_name(fact)}: {path} is {held} in MedicationKnowledge, not {expected}"
