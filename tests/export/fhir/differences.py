"""Where a Bundle differs from the content: numbers, what they are about, codes, prohibitions.

What a Dosage or an Evidence means is written down here a second time, so that a wrong mapping shows.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from . import codings, guidelines, paths, spans
from .places import found
from .reading import ask, codes_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

    from .reading import Amount, Json, Reading


def meant(value: Json) -> Amount:
    """The amount that content holds; "about" is told in words."""
    if "low" in value:
        return ("range", Decimal(value["low"]), Decimal(value["high"]), value["unit"])
    comparator = value.get("comparator", "")
    return ("value", Decimal(value["value"]), "" if comparator == "about" else comparator, value["unit"])


def differences(content: Content, reading: Reading) -> Iterator[str]:
    """Everything in which the Bundle is not what the content says, found one after the other."""
    yield from guidelines.wrong(content, reading)
    yield from spans.wrong(content, reading)
    yield from codings.wrong(content, reading)
    yield from _endorsed(reading)
    every = [record for kind in content.list_kinds() for record in content.list_records(kind.name)]
    for way in (paths.wrong, _wrong_stance, _wrong_statistic, _wrong_subject, _wrong_numbers):
        for record in every:
            yield from way(reading, record)


def _endorsed(reading: Reading) -> Iterator[str]:
    """Nobody has endorsed what is written here: whom an article names is no endorser of its definitions."""
    for made in reading.by_url.values():
        if "endorser" in made:
            yield f"{made['resourceType']} {made['id']}: is endorsed by {made['endorser']}"


def _wrong_numbers(reading: Reading, record: Record) -> Iterator[str]:
    for field in record.kind.quantity_fields:
        if record[field.name] is not None:
            yield from _differs(reading, record, field.name)


def _differs(reading: Reading, record: Record, name: str) -> Iterator[str]:
    value = record[name]
    places = list(found(reading, record, name))
    where = f"{record.kind.name} {record.id} {name}"
    if not places:
        yield f"{where}: is not in the Bundle"
    exact = meant(value)
    for path, one, text in places:
        if not _same(one, exact, path):
            yield f"{where}: {one} at {path}, not {exact}"
        if value.get("comparator") == "about" and "about" not in text:
            yield f"{where}: nothing at {path} says about"
    # A ceiling, and the amount of a day, say in their element what content says with a comparator or a unit.
    if places and not any(one == exact or "max" in path or "day" in path for path, one, _ in places):
        yield f"{where}: {exact} is nowhere exact"


def _same(one: Amount, exact: Amount, path: str) -> bool:
    if one == exact:
        return True
    kind, *rest = exact
    if kind != "value" or one[0] != "value":
        return False
    number, sign, unit = rest
    if "day" in path and unit.endswith("/d"):
        # The amount of a day, given once a day or as a ceiling, without the "/d".
        return one[1:] in ((number, sign, unit[:-2]), (number, "", unit[:-2]))
    # Where no comparator is allowed a limit has lost its strictness (it is kept beside), or its unit was
    # changed.
    loose = {"<": "<=", ">": ">="}.get(sign, sign)
    weeks = (number * 7, sign, "d") if unit == "wk" else None
    return one[1:] in (
        (number, loose, unit),
        (number, "", unit) if "max" in path or "limit" in path else None,
        weeks,
    )


# The role in which the field that a number is about must stand.
_ROLES = {
    "incidence": {"tumour": "population"},
    "survival": {"tumour": "population"},
    "metastatic-site": {"tumour": "population", "site": "measuredVariable"},
    "treatment-response": {
        "treatment": "exposure",
        "outcome": "measuredVariable",
        "population": "population",
    },
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
    "interaction": {"product": "exposure", "substance": "referenceExposure"},
}
_OTHERS = {
    "ActivityDefinition": {"product": "productReference", "population": "subjectReference"},
    "ClinicalUseDefinition": {"product": "subject", "population": "population"},
    "MedicationKnowledge": {"product": "associatedMedication"},
}

_ADVICE = ("instruction", "dilution")


def _wrong_subject(reading: Reading, record: Record) -> Iterator[str]:
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    paths = [
        (
            "Evidence",
            name,
            f"variableDefinition.where(id = '{role}' and variableRole.coding.code.single() = id).observed",
        )
        for name, role in _ROLES.get(record.kind.name, {}).items()
    ]
    paths += [(kind, name, path) for kind, fields in _OTHERS.items() for name, path in fields.items()]
    for kind, name, path in paths:
        value = record[name] if name in record.kind else None
        for made in reading.of(kind, own) if value is not None else ():
            # Advice about a medicine is no order of it, and names it among its circumstances.
            if path == "productReference" and path not in made and record.kind.name in _ADVICE:
                continue
            # No service may name a product, so what it is done with is a circumstance, and in its words.
            if path == "productReference" and made.get("kind") == "ServiceRequest":
                yield from _service_with(reading, record, made)
                continue
            codes = {code for one in reading.follow(made, path) for code in codes_in(one)}
            if made.get("kind") == "CommunicationRequest":  # what is told is about a product, and gives none
                codes |= {*codes_in(made["useContext"])} if name == "product" else set()
            if name == "treatment" and record.kind.name == "procedure-use":
                yield from _acts(reading, record, made)
            missing = set(value if isinstance(value, list) else [value]) - codes
            if missing:
                yield f"{own} {kind}: {name} is {value}, {path} has {sorted(codes)}"


def _acts(reading: Reading, record: Record, made: Json) -> Iterator[str]:
    """The treatment that a procedure makes possible does not act in it."""
    acting = reading.follow(made, "variableDefinition.where(id = 'exposure').observed")
    if record["treatment"] in {code for one in acting for code in codes_in(one)}:
        yield f"procedure-use {record.id}: {record['treatment']} is what acts"


def _service_with(reading: Reading, record: Record, made: Json) -> Iterator[str]:
    path = "characteristic.where(id = 'product').definitionByTypeAndValue.value | "
    path += "characteristic.where(id = 'product').definitionCodeableConcept"
    found = [name for beside in reading.needed(made) for name in reading.named(beside, path)]
    if found != [record["product"]]:
        yield f"{record.kind.name} {record.id}: is done with {found}, not {record['product']}"
    [label] = {one["text"] for beside in reading.needed(made) for one in ask(beside, path)} or {"?"}
    if label not in made["code"]["text"]:
        yield f"{record.kind.name} {record.id}: {made['code']['text']!r} does not say {label}"


# What the article says no to; an order made from it must not be an order to do it.
_NO = ("not practised", "not recommended", "to be avoided", "contraindicated", "strictly prohibited")


def _wrong_stance(reading: Reading, record: Record) -> Iterator[str]:
    if "stance" not in record.kind:
        return
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    for made in reading.of("ActivityDefinition", own):
        # What is told is not left undone: its words forbid.
        told = made["kind"] == "CommunicationRequest"
        if told and record["stance"] not in made["description"]:
            yield f"{own}: {record['stance']} is not in {made['description']!r}"
        if ask(made, "doNotPerform = true") != ([True] if record["stance"] in _NO and not told else []):
            yield f"{own}: {record['stance']}, but doNotPerform is {made.get('doNotPerform')}"


# The statistic that a number is; all others are only described.
_PROPORTIONS = (("incidence", "share"), ("treatment-response", "share"))
_MEDIAN = "C28007"
_PROPORTION = "C44256"
_RANGE = "C38013"
# Beside the code of HL7 the word of the article may stand.
_STATISTIC = "statisticType.coding.where(system.endsWith('/statistic-type')).code"


def _wrong_statistic(reading: Reading, record: Record) -> Iterator[str]:
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    for made in reading.of("Evidence", own):
        for one in made.get("statistic", ()):
            name = (record.kind.name, one["id"])
            expected = _PROPORTION if name in _PROPORTIONS else "descriptive"
            if name == ("survival", "time") and record["statistic"] == "median":
                expected = _MEDIAN
            if (found := ask(one, _STATISTIC)) != [expected]:
                yield f"{own}: {one['id']} is the statistic {found}, not {expected}"
            estimates = ask(one, "attributeEstimate.type.coding.code")
            if estimates and estimates != [_RANGE]:
                yield f"{own}: {one['id']} is the estimate {estimates}, not {_RANGE}"
