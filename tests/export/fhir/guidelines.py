"""The guidelines of a MedicationKnowledge, compared with the facts about doses of the product."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .places import AMOUNT_FINDERS
from .reading import Json, evaluate, parse_amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

    from .reading import BundleReader

_KINDS = ("regimen", "course", "dose-limit")
# Numbers that a guideline may have from a limit beside the fact that it is about.
_MAXIMUM_PATHS = {
    "administration": "dosage.maxDosePerAdministration",
    "time": "dosage.maxDosePerPeriod",
}


class Guideline(NamedTuple):
    """One guideline: its Dosages as they would stand in an ActivityDefinition, for what and for whom."""

    dosages: Json
    conditions: list[str]
    people: list[str]


def find_wrong_guidelines(content: Content, reader: BundleReader) -> Iterator[str]:
    """Every guideline that differs from its fact, and every fact about a dose that has none."""
    for product in content.list_records("product"):
        guidelines = dict(_iter_guidelines(reader, product.id))
        facts = [
            fact for kind in _KINDS for fact in content.list_records(kind) if fact["product"] == product.id
        ]
        yield from _compare_routes(content, reader, product.id, facts)
        limits = [fact for fact in facts if fact.kind.name == "dose-limit"]
        facts_with_guideline = [fact for fact in facts if _make_guideline_id(fact) in guidelines]
        for fact in facts:
            if fact in facts_with_guideline:
                yield from _compare_guideline(reader, fact, guidelines[_make_guideline_id(fact)], limits)
            elif not any(_is_part_of(fact, other) for other in facts_with_guideline):
                yield f"{_make_guideline_id(fact)}: MedicationKnowledge of {product.id} has no guideline"
        for name in guidelines.keys() - {_make_guideline_id(fact) for fact in facts}:
            yield f"{name}: is a guideline of {product.id}, but no fact about it"


def _compare_routes(
    content: Content, reader: BundleReader, product: str, facts: list[Record]
) -> Iterator[str]:
    """A product is meant for every route that a fact gives it by, and for no other."""
    kinds = ("drug-classification", "presentation")
    others = [
        record for kind in kinds for record in content.list_records(kind) if record["product"] == product
    ]
    expected = list(
        dict.fromkeys(record["route"] for record in (*others, *facts) if record["route"] is not None)
    )
    for resource in reader.resource_by_url.values():
        if resource["resourceType"] == "MedicationKnowledge" and any(
            f"terms/product/{product}" in reader.list_names(medication)
            for medication in reader.follow_references(resource, "associatedMedication")
        ):
            routes = reader.list_terms(resource, "definitional.intendedRoute | intendedRoute")
            if routes != expected:
                yield f"{product}: is meant for {routes}, not {expected}"


def _make_guideline_id(fact: Record) -> str:
    return f"{fact.kind.name}.{fact.id}"


def _is_part_of(fact: Record, other: Record) -> bool:
    """Whether another fact says all that this one says."""
    fields = {name: value for name, value in fact.value.items() if name not in ("id", "notes", "source")}
    return fact.kind is other.kind and fields.items() <= {**other.value, "id": ""}.items()


def _iter_guidelines(reader: BundleReader, product: str) -> Iterator[tuple[str, Guideline]]:
    for resource in reader.resource_by_url.values():
        if resource["resourceType"] != "MedicationKnowledge":
            continue
        if reader.list_terms(resource, "associatedMedication") != [product]:
            continue
        for indication_guideline in evaluate(resource, "indicationGuideline"):
            conditions = [
                name
                for concept in indication_guideline.get("indication", ())
                for name in reader.iter_terms(concept)
            ]
            for guideline in indication_guideline["dosingGuideline"]:
                people = [
                    name
                    for part in guideline.get("patientCharacteristic", ())
                    for name in reader.iter_terms(part["valueCodeableConcept"])
                ]
                for name, dosages in _iter_dosages(guideline):
                    yield name, Guideline(dosages, conditions, people)
        for guideline in evaluate(resource, "administrationGuidelines"):  # R4B, where people are only words
            conditions = list(reader.iter_terms(guideline.get("indicationCodeableConcept", {})))
            people = [text for part in guideline.get("patientCharacteristics", ()) for text in part["value"]]
            for name, dosages in _iter_dosages(guideline):
                yield name, Guideline(dosages, conditions, people)


def _iter_dosages(guideline: Json) -> Iterator[tuple[str, Json]]:
    """The Dosages of each fact: of the steps of a plan each has its id, else the guideline has it."""
    for part in guideline["dosage"]:
        yield (
            part.get("id", guideline["id"]),
            {"resourceType": "ActivityDefinition", "dosage": part["dosage"]},
        )


def _compare_guideline(
    reader: BundleReader, fact: Record, guideline: Guideline, limits: list[Record]
) -> Iterator[str]:
    name = _make_guideline_id(fact)
    definition = reader.main_resources["ActivityDefinition", f"{fact.folder}/{fact.kind.name}/{fact.id}"]
    for field in fact.kind.quantity_fields:
        if field.name in AMOUNT_FINDERS and field.name not in _MAXIMUM_PATHS and fact[field.name] is not None:
            # The definition of the fact is compared with the content, number by number, elsewhere.
            defined_amounts, guideline_amounts = (
                [(path, parse_amount(element)) for path, element in AMOUNT_FINDERS[field.name](holder)]
                for holder in (definition, guideline.dosages)
            )
            if defined_amounts != guideline_amounts:
                yield (
                    f"{name} {field.name}: {guideline_amounts} in MedicationKnowledge, "
                    f"{defined_amounts} in the definition"
                )
    # An order must say as much as the guideline.
    if guideline.dosages["dosage"] != definition["dosage"]:
        yield f"{name}: the Dosage is another in MedicationKnowledge"
    if reader.list_terms(guideline.dosages, "dosage.route") != ([fact["route"]] if fact["route"] else []):
        yield f"{name}: the route is another in MedicationKnowledge"
    condition = fact["condition"] if "condition" in fact.kind else None
    if guideline.conditions != ([condition] if condition else []):
        yield f"{name}: MedicationKnowledge has it for {guideline.conditions}, not {condition}"
    expected = set(_iter_population_names(reader, fact["population"]))
    if not (expected & set(guideline.people) if expected else not guideline.people):
        yield f"{name}: MedicationKnowledge has it for {guideline.people}, not {fact['population']}"
    yield from _compare_maxima(
        fact, guideline, [limit for limit in (*limits, fact) if _is_applicable_limit(limit, fact)]
    )
    yield from _find_missing_instructions(reader, fact, guideline, limits)


def _iter_population_names(reader: BundleReader, population: str | None) -> Iterator[str]:
    if population is not None:
        yield population
        yield from evaluate(reader.main_resources["Group", f"terms/population/{population}"], "name")


def _leaves_out(reader: BundleReader, population: str, condition: str | None) -> bool:
    """Whether nobody of a population has a condition, or one that it is a form of."""
    group = reader.main_resources["Group", f"terms/population/{population}"]
    left_out = evaluate(group, "characteristic.where(exclude = true).valueCodeableConcept.coding.code")
    (system,) = (
        resource
        for resource in reader.resource_by_url.values()
        if resource["resourceType"] == "CodeSystem" and resource["url"].endswith("/CodeSystem/condition")
    )
    conditions = [condition]
    for code in conditions:
        concept = f"concept.where(code = '{code}')"
        conditions += evaluate(system, f"{concept}.property.where(code = 'parent').valueCode")
    return not set(left_out).isdisjoint(conditions)


def _is_applicable_limit(limit: Record, fact: Record) -> bool:
    """Whether a limit is one of the fact: it is about the same medicine, and about nobody else."""
    if limit is fact:
        return True
    if fact.kind.name != "regimen":
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


def _find_missing_instructions(
    reader: BundleReader, fact: Record, guideline: Guideline, limits: list[Record]
) -> Iterator[str]:
    """Everything that the instructions of a regimen must say in words, and do not."""
    if fact.kind.name != "regimen":
        return
    instructions = [str(text) for text in evaluate(guideline.dosages, "dosage.additionalInstruction.text")]
    needed_words: list[tuple[str, ...]] = [(fact["frequency"],)] if fact["frequency"] else []
    for name in ("dose", "total", "interval", "times_per_day"):
        field_value = fact[name]
        if field_value is not None and field_value.get("comparator") in _OPEN:
            amount_text = (
                f"{_OPEN[field_value['comparator']]} {field_value.get('value', field_value.get('low')):,}"
            )
            # An amount that is open above is when the regimen holds, and no dose.
            is_condition = field_value["comparator"] in (">", ">=") and name in ("dose", "total")
            needed_words.append(("only where", amount_text) if is_condition else (amount_text,))
    for limit in limits:
        is_same_medicine = (limit["product"], limit["route"]) == (fact["product"], fact["route"])
        if (
            is_same_medicine
            and not _is_applicable_limit(limit, fact)
            and limit["population"]
            and not limit["condition"]
            and not _leaves_out(reader, limit["population"], fact["condition"])
        ):
            amount = limit["maximum"]
            _, *names = _iter_population_names(reader, limit["population"])
            needed_words.append((*names, f"at most {amount['value']:,}"))
    for words in needed_words:
        if not any(all(word in text for word in words) for text in instructions):
            yield f"{_make_guideline_id(fact)}: no instruction says {words}"


def _compare_maxima(fact: Record, guideline: Guideline, limits: list[Record]) -> Iterator[str]:
    for per, path in _MAXIMUM_PATHS.items():
        found_amounts = [
            parse_amount(element.get("numerator", element)) for element in evaluate(guideline.dosages, path)
        ]
        for denominator in evaluate(guideline.dosages, f"{path}.denominator"):
            if (denominator["value"], denominator["code"]) != (1, "d"):
                period = f"{denominator['value']} {denominator['code']}"
                yield f"{_make_guideline_id(fact)}: the maximum is for {period}"
        limit_amounts = [limit["maximum"] for limit in limits if limit.value.get("per") == per]
        expected = [("value", amount["value"], "", amount["unit"]) for amount in limit_amounts]
        # A day's amount that must not be exceeded is a ceiling of the fact's own.
        total = fact["total"] if "total" in fact.kind and per == "time" else None
        own_amounts = (
            [("value", total["value"], "", total["unit"])]
            if total and total.get("comparator") in ("<", "<=")
            else []
        )
        if [amount for amount in expected if amount not in found_amounts] or [
            amount for amount in found_amounts if amount not in (*expected, *own_amounts)
        ]:
            guideline_id = _make_guideline_id(fact)
            yield f"{guideline_id}: {path} is {found_amounts} in MedicationKnowledge, not {expected}"
