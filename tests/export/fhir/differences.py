"""Where a Bundle differs from the content: numbers, what they are about, codes, prohibitions.

What a Dosage or an Evidence means is written down here a second time, so that a wrong mapping shows.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from . import codings, guidelines, paths, spans
from .places import find_places
from .reading import evaluate, iter_codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

    from .reading import Amount, BundleReader, Json


def to_amount(value: Json) -> Amount:
    """The amount that content holds; "about" is in the words."""
    if "low" in value:
        return ("range", Decimal(value["low"]), Decimal(value["high"]), value["unit"])
    comparator = value.get("comparator", "")
    return ("value", Decimal(value["value"]), "" if comparator == "about" else comparator, value["unit"])


def find_differences(content: Content, reader: BundleReader) -> Iterator[str]:
    """Everything in which the Bundle is not what the content says, found one after the other."""
    yield from guidelines.find_wrong_guidelines(content, reader)
    yield from spans.find_wrong_spans(content, reader)
    yield from codings.find_wrong_codings(content, reader)
    yield from _find_endorsements(reader)
    records = [record for kind in content.list_kinds() for record in content.list_records(kind.name)]
    for find in (
        paths.find_wrong_paths,
        _find_wrong_stances,
        _find_wrong_statistics,
        _find_wrong_subjects,
        _find_wrong_numbers,
    ):
        for record in records:
            yield from find(reader, record)


def _find_endorsements(reader: BundleReader) -> Iterator[str]:
    """Nobody has endorsed what is written here: whom an article names is no endorser of its definitions."""
    for resource in reader.resource_by_url.values():
        if "endorser" in resource:
            yield f"{resource['resourceType']} {resource['id']}: is endorsed by {resource['endorser']}"


def _find_wrong_numbers(reader: BundleReader, record: Record) -> Iterator[str]:
    for field in record.kind.quantity_fields:
        # What is usual of a term is for the check of content, and no statement.
        is_stated = field.role != "usual-range" and record[field.path[0]] is not None
        if len(field.path) == 1 and is_stated:
            yield from _compare_number(reader, record, field.name)


def _compare_number(reader: BundleReader, record: Record, field_name: str) -> Iterator[str]:
    field_value = record[field_name]
    places = list(find_places(reader, record, field_name))
    number_name = f"{record.kind.name} {record.id} {field_name}"
    if not places:
        yield f"{number_name}: is not in the Bundle"
    expected = to_amount(field_value)
    for path, amount, text in places:
        if not _is_same_amount(amount, expected, path):
            yield f"{number_name}: {amount} at {path}, not {expected}"
        if field_value.get("comparator") == "about" and "about" not in text:
            yield f"{number_name}: nothing at {path} says about"
    # A ceiling, and the amount of a day, say in their element what content says with a comparator or a unit.
    if places and not any(amount == expected or "max" in path or "day" in path for path, amount, _ in places):
        yield f"{number_name}: {expected} is nowhere exact"


def _is_same_amount(amount: Amount, expected: Amount, path: str) -> bool:
    if amount == expected:
        return True
    kind, *rest = expected
    if kind != "value" or amount[0] != "value":
        return False
    number, sign, unit = rest
    if "day" in path and unit.endswith("/d"):
        # The amount of a day, given once a day or as a ceiling, without the "/d".
        return amount[1:] in ((number, sign, unit[:-2]), (number, "", unit[:-2]))
    # Where no comparator is allowed a limit has lost its strictness (it is kept beside), or its unit was
    # changed.
    inclusive_sign = {"<": "<=", ">": ">="}.get(sign, sign)
    amount_in_days = (number * 7, sign, "d") if unit == "wk" else None
    return amount[1:] in (
        (number, inclusive_sign, unit),
        (number, "", unit) if "max" in path or "limit" in path else None,
        amount_in_days,
    )


# The role in which the field that a number is about must stand.
_ROLES = {
    "result": {
        "tumour": "population",
        "population": "population",
        "treatment": "exposure",
        "event": "measuredVariable",
        "outcome": "measuredVariable",
    },
    "metastatic-site": {"tumour": "population", "site": "measuredVariable"},
    "adverse-effect": {"product": "exposure", "condition": "measuredVariable"},
    "drug-effect": {"product": "exposure", "outcome": "measuredVariable", "population": "population"},
    "comparison": {"product": "exposure", "comparator_products": "referenceExposure"},
    "suspected-primary": {"tumour": "measuredVariable", "site": "population"},
    "treatment-effect": {"treatment": "exposure", "outcome": "measuredVariable", "population": "population"},
    "drug-mechanism": {"product": "exposure", "process": "measuredVariable"},
    "drug-property": {"product": "exposure", "property": "measuredVariable"},
    "clinical-feature": {"condition": "measuredVariable", "population": "population"},
    "procedure-use": {"procedure": "exposure", "treatment": "measuredVariable"},
    "lab-marker": {"analyte": "measuredVariable"},
    "indication": {"product": "exposure"},
    "caution": {"product": "exposure", "substance": "exposure"},
}
_OTHERS = {
    "ActivityDefinition": {"product": "productReference", "population": "subjectReference"},
    "ClinicalUseDefinition": {"product": "subject", "population": "population"},
    "MedicationKnowledge": {"product": "associatedMedication"},
}

_ADVICE = ("instruction", "dilution")


def _find_wrong_subjects(reader: BundleReader, record: Record) -> Iterator[str]:
    record_name = f"{record.folder}/{record.kind.name}/{record.id}"
    paths = [
        (
            "Evidence",
            name,
            f"variableDefinition.where(id = '{role}' and variableRole.coding.code.single() = id).observed",
        )
        for name, role in _ROLES.get(record.kind.name, {}).items()
    ]
    paths += [
        (resource_type, name, path)
        for resource_type, fields in _OTHERS.items()
        for name, path in fields.items()
    ]
    for resource_type, name, path in paths:
        value = record[name] if name in record.kind else None
        for resource in reader.list_resources(resource_type, record_name) if value is not None else ():
            # Advice about a medicine is no order of it, and names it among its circumstances.
            if path == "productReference" and path not in resource and record.kind.name in _ADVICE:
                continue
            # No service may name a product, so what it is done with is a circumstance, and in its words.
            if path == "productReference" and resource.get("kind") == "ServiceRequest":
                yield from _compare_service_product(reader, record, resource)
                continue
            codes = {
                code for target in reader.follow_references(resource, path) for code in iter_codes(target)
            }
            if resource.get("kind") == "CommunicationRequest":  # it is about a product, and gives none
                codes |= {*iter_codes(resource["useContext"])} if name == "product" else set()
            if name == "treatment" and record.kind.name == "procedure-use":
                yield from _find_acting_treatment(reader, record, resource)
            missing_terms = set(value if isinstance(value, list) else [value]) - codes
            if missing_terms:
                yield f"{record_name} {resource_type}: {name} is {value}, {path} has {sorted(codes)}"


def _find_acting_treatment(reader: BundleReader, record: Record, resource: Json) -> Iterator[str]:
    """The treatment that a procedure makes possible does not act in it."""
    exposures = reader.follow_references(resource, "variableDefinition.where(id = 'exposure').observed")
    if record["treatment"] in {code for exposure in exposures for code in iter_codes(exposure)}:
        yield f"procedure-use {record.id}: {record['treatment']} is what acts"


def _compare_service_product(reader: BundleReader, record: Record, resource: Json) -> Iterator[str]:
    path = "characteristic.where(id = 'product').definitionByTypeAndValue.value | "
    path += "characteristic.where(id = 'product').definitionCodeableConcept"
    product_ids = [
        name
        for circumstances in reader.list_dependencies(resource)
        for name in reader.list_terms(circumstances, path)
    ]
    if product_ids != [record["product"]]:
        yield f"{record.kind.name} {record.id}: is done with {product_ids}, not {record['product']}"
    [label] = {
        concept["text"]
        for circumstances in reader.list_dependencies(resource)
        for concept in evaluate(circumstances, path)
    } or {"?"}
    if label not in resource["code"]["text"]:
        yield f"{record.kind.name} {record.id}: {resource['code']['text']!r} does not say {label}"


# What the article says no to; an order made from it must not be an order to do it.
_NO = ("not practised", "not recommended", "to be avoided", "contraindicated", "strictly prohibited")


def _find_wrong_stances(reader: BundleReader, record: Record) -> Iterator[str]:
    if "stance" not in record.kind:
        return
    record_name = f"{record.folder}/{record.kind.name}/{record.id}"
    for resource in reader.list_resources("ActivityDefinition", record_name):
        # A CommunicationRequest cannot be "not performed": its words forbid.
        is_communication = resource["kind"] == "CommunicationRequest"
        if is_communication and record["stance"] not in resource["description"]:
            yield f"{record_name}: {record['stance']} is not in {resource['description']!r}"
        if evaluate(resource, "doNotPerform = true") != (
            [True] if record["stance"] in _NO and not is_communication else []
        ):
            yield f"{record_name}: {record['stance']}, but doNotPerform is {resource.get('doNotPerform')}"


# The statistic that a number is; all others are only described.
_CODES_BY_STATISTIC = {"share": "C44256", "median": "C28007"}
_RANGE = "C38013"
# Beside the code of HL7 the word of the article may stand.
_STATISTIC = "statisticType.coding.where(system.endsWith('/statistic-type')).code"


def _find_wrong_statistics(reader: BundleReader, record: Record) -> Iterator[str]:
    record_name = f"{record.folder}/{record.kind.name}/{record.id}"
    for resource in reader.list_resources("Evidence", record_name):
        for statistic in resource.get("statistic", ()):
            word = record.value.get("statistic", "") if statistic["id"] == "estimate" else ""
            expected = _CODES_BY_STATISTIC.get(word, "descriptive")
            if (codes := evaluate(statistic, _STATISTIC)) != [expected]:
                yield f"{record_name}: {statistic['id']} is the statistic {codes}, not {expected}"
            estimates = evaluate(statistic, "attributeEstimate.type.coding.code")
            if estimates and estimates != [_RANGE]:
                yield f"{record_name}: {statistic['id']} is the estimate {estimates}, not {_RANGE}"
