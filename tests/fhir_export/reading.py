"""Reads the content back out of a Bundle with FHIRPath alone, and says where the two differ.

Nothing here uses the code that made the Bundle: what a Dosage or an Evidence means is written down a second time, so
that a wrong mapping shows as a difference.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import fhirpathpy
from fhirpathpy.models import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bmkit.content import Content, Record

Json = dict[str, Any]

# An amount as content has it: value and comparator, or low and high, with the unit.
Amount = tuple[Any, ...]


@cache
def _compiled(path: str) -> Callable[[Json], list[Any]]:
    compiled = fhirpathpy.compile(path, models["r5"])
    return lambda held: list(compiled(held, None))


def ask(held: Json, path: str) -> list[Any]:
    """What FHIRPath finds in a resource."""
    return _compiled(path)(held)


class Reading:
    """A Bundle, with its resources by their fullUrl and by the facts and terms that they are about."""

    def __init__(self, bundle: Json) -> None:
        self.by_url: dict[str, Json] = {}
        self.about: dict[str, list[Json]] = {}
        for entry in bundle["entry"]:
            made = entry["resource"]
            self.by_url[entry["fullUrl"]] = made
            for name in ask(made, "identifier.value"):
                self.about.setdefault(name, []).append(made)

    def of(self, kind: str, name: str) -> list[Json]:
        return [made for made in self.about.get(name, []) if made["resourceType"] == kind]

    def follow(self, made: Json, path: str) -> list[Json]:
        """The resources that the references at a path lead to."""
        return [self.by_url[url] for url in ask(made, f"{path}.reference")]


def amount(held: Json) -> Amount:
    """The amount of a Quantity or a Range."""
    if "low" in held and "high" in held:
        assert held["low"]["system"] == held["high"]["system"] == "http://unitsofmeasure.org"
        assert held["low"]["code"] == held["high"]["code"]
        return ("range", Decimal(held["low"]["value"]), Decimal(held["high"]["value"]), held["low"]["code"])
    if "low" in held or "high" in held:
        end, sign = ("low", ">=") if "low" in held else ("high", "<=")
        one = held[end]
    else:
        one, sign = held, held.get("comparator", "")
    assert one["system"] == "http://unitsofmeasure.org"
    assert one["unit"]
    return ("value", Decimal(one["value"]), sign, one["code"])


def meant(value: Json) -> Amount:
    """The amount that content holds; "about" is told in words."""
    if "low" in value:
        return ("range", Decimal(value["low"]), Decimal(value["high"]), value["unit"])
    comparator = value.get("comparator", "")
    return ("value", Decimal(value["value"]), "" if comparator == "about" else comparator, value["unit"])


def differences(content: Content, bundle: Json) -> list[str]:
    """Every number of a fact or a term that the Bundle does not give back as it is."""
    reading = Reading(bundle)
    said: list[str] = []
    for kind in content.kinds():
        for record in content.of(kind.name):
            for field in kind.quantities:
                if record[field.name] is not None:
                    said += _differs(reading, record, field.name)
            said += _wrong_subject(reading, record)
            said += _wrong_stance(reading, record)
    return said


def _differs(reading: Reading, record: Record, name: str) -> Iterator[str]:
    value = record[name]
    found = list(_found(reading, record, name))
    where = f"{record.kind.name} {record.id} {name}"
    if not found:
        yield f"{where}: is not in the Bundle"
    exact = meant(value)
    for path, one, text in found:
        if not _same(one, exact, path):
            yield f"{where}: {one} at {path}, not {exact}"
        if value.get("comparator") == "about" and "about" not in text:
            yield f"{where}: nothing at {path} says about"
    # A ceiling, and the amount of a day, say in their element what content says with a comparator or a unit.
    if found and not any(one == exact or "max" in path or "day" in path for path, one, _ in found):
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
    # Where no comparator is allowed a limit has lost its strictness (it is kept beside), or its unit was changed.
    loose = {"<": "<=", ">": ">="}.get(sign, sign)
    weeks = (number * 7, sign, "d") if unit == "wk" else None
    return one[1:] in (
        (number, loose, unit),
        (number, "", unit) if "max" in path or "limit" in path else None,
        weeks,
    )


def _found(reading: Reading, record: Record, name: str) -> Iterator[tuple[str, Amount, str]]:
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    for made in reading.of("Evidence", own):
        path = f"statistic.where(id = '{name}')"
        for held in ask(made, f"{path}.quantity | {path}.attributeEstimate.range"):
            yield path, amount(held), " ".join(ask(made, f"{path}.description"))
        for path in ("variableDefinition.observed",):
            for variable in reading.follow(made, path):
                yield from _traits(variable, name)
    for made in reading.of("ActivityDefinition", own) + reading.of("PlanDefinition", own):
        for variable in reading.follow(made, "relatedArtifact.where(type = 'depends-on').resourceReference"):
            if own in str(ask(variable, "identifier.value")):
                yield from _traits(variable, name)
        for path, held, text in _dosage(made, record.kind.name, name):
            yield path, amount(held), text
        if name == "before":
            for held in ask(made, f"action.where(id = '{record.id}').relatedAction.offset"):
                yield "relatedAction.offset", amount(held), ""
    for made in reading.of("MedicationKnowledge", own):
        yield from _known(made, record, name)
    for kind in ("EvidenceVariable", "Group"):
        for made in reading.of(kind, own):
            yield from _traits(made, name)
    for made in reading.of("Medication", own):
        for held in ask(made, "ingredient.strength"):
            if name in ("strength", "concentration"):
                yield "ingredient.strength", amount(held), ""


def _traits(made: Json, name: str) -> Iterator[tuple[str, Amount, str]]:
    # A characteristic is found by its own id, or by the code of the field it came from.
    path = f"characteristic.where(id = '{name}')"
    for held in ask(
        made, f"{path}.definitionByTypeAndValue.value.where($this is Quantity or $this is Range)"
    ):
        yield path, amount(held), " ".join(ask(made, f"{path}.description"))
    path = f"characteristic.where(code.coding.code.single().endsWith('.{name}'))"
    if made["resourceType"] == "Group":
        for held in ask(made, f"{path}.value"):
            yield path, amount(held), str(made.get("name"))


def _known(made: Json, record: Record, name: str) -> Iterator[tuple[str, Amount, str]]:
    guide = f"storageGuideline.where(id = '{record.kind.name}.{record.id}')"
    paths = {
        "time": f"{guide}.stabilityDuration",
        "strength": "definitional.ingredient.strength",
    }
    others = (
        f"{guide}.environmentalSetting.where(type.coding.code.single() = '{record.kind.name}.{name}').value",
        f"definitional.drugCharacteristic.where(type.coding.code.single() = '{record.kind.name}.{name}').value",
    )
    for path in (paths.get(name, ""), *others):
        for held in ask(made, path) if path else []:
            yield path, amount(held), ""


_TIMING = "dosage.timing.repeat"


def _dosage(made: Json, kind: str, name: str) -> Iterator[tuple[str, Json, str]]:
    """What a Dosage says of a field of a dosing fact, a course or a limit, as Quantity or Range."""
    text = " ".join(ask(made, "dosage.text"))
    daily = ask(made, f"{_TIMING}.where(frequency = 1 and period = 1 and periodUnit = 'd')")
    if name == "dose" and not ask(made, "dosage.doseAndRate.rate.where($this is Range)"):
        yield from (("dose", held, text) for held in ask(made, "dosage.doseAndRate.dose"))
    if name == "daily_dose":
        rates = ask(made, "dosage.doseAndRate.rate.where($this is Quantity or $this is Range)")
        yield from (("rate", held, text) for held in rates)
        if daily and kind == "dosing" and not rates:
            yield from (("dose of a day", held, text) for held in ask(made, "dosage.doseAndRate.dose"))
    if name == "volume":
        for held in ask(made, "dosage.doseAndRate.rate.numerator"):
            yield "rate.numerator", held, text
    if name == "infusion_time":
        yield from _spread(made, "duration", text)
        for held in ask(made, "dosage.doseAndRate.rate.denominator"):
            yield "rate.denominator", held, text
    if name == "interval":
        yield from _spread(made, "period", text)
    if name in ("doses_per_day", "infusions_per_day") and ask(made, f"{_TIMING}.periodUnit") == ["d"]:
        assert ask(made, f"{_TIMING}.period") == [1]
        for number in ask(made, f"{_TIMING}.frequency"):
            yield "frequency", _quantity(number, "1"), text
    bounds = ask(made, f"{_TIMING}.bounds")
    for held in bounds:
        if name in ("course", "duration"):
            yield "bounds", held.get("low", held) if "low" in held and "high" in held else held, text
        if name == "course_limit":
            yield "bounds limit", {"high": held["high"]} if "high" in held else held, text
    if name == "maximum":
        yield from (("max", held, text) for held in ask(made, "dosage.maxDosePerAdministration"))
    if name == "maximum_daily":
        for held in ask(made, "dosage.maxDosePerPeriod"):
            assert held["denominator"]["value"] == 1
            assert held["denominator"]["code"] == "d"
            yield "max of a day", held["numerator"], text


def _spread(made: Json, name: str, text: str) -> Iterator[tuple[str, Json, str]]:
    low, high = ask(made, f"{_TIMING}.{name}"), ask(made, f"{_TIMING}.{name}Max")
    for unit in ask(made, f"{_TIMING}.{name}Unit"):
        if low and high:
            yield name, {"low": _quantity(low[0], unit), "high": _quantity(high[0], unit)}, text
        elif low:
            yield name, _quantity(low[0], unit), text


def _quantity(number: Any, code: str) -> Json:
    return {"value": number, "unit": code, "system": "http://unitsofmeasure.org", "code": code}


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
}
_OTHERS = {
    "ActivityDefinition": {"product": "productReference", "population": "subjectReference"},
    "ClinicalUseDefinition": {"product": "subject", "population": "population"},
    "MedicationKnowledge": {"product": "associatedMedication"},
}


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
            codes = {code for one in reading.follow(made, path) for code in codes_in(one)}
            missing = set(value if isinstance(value, list) else [value]) - codes
            if missing:
                yield f"{own} {kind}: {name} is {value}, {path} has {sorted(codes)}"


# What the article says no to; an order made from it must not be an order to do it.
_NO = ("not practised", "not recommended", "to be avoided", "contraindicated", "strictly prohibited")


def _wrong_stance(reading: Reading, record: Record) -> Iterator[str]:
    if "stance" not in record.kind:
        return
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    for made in reading.of("ActivityDefinition", own):
        if ask(made, "doNotPerform = true") != ([True] if record["stance"] in _NO else []):
            yield f"{own}: {record['stance']}, but doNotPerform is {made.get('doNotPerform')}"


def codes_in(made: Any) -> Iterator[str]:
    """Every code in a resource, and the words of a closed list as they are shown."""
    if isinstance(made, dict):
        if isinstance(made.get("code"), str) and "system" in made:
            yield made["code"]
            yield str(made.get("display"))
        for part in made.values():
            yield from codes_in(part)
    elif isinstance(made, list):
        for part in made:
            yield from codes_in(part)


def uncoded(reading: Reading, record: Record) -> list[str]:
    """The fields of a fact whose value is nowhere coded in what states it, or in the variables of that."""
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    made = list(reading.about.get(own, []))
    paths = (
        "(variableDefinition.observed | relatedArtifact.resourceReference | subjectReference | population)"
    )
    for one in list(made):
        near = [url for url in ask(one, f"{paths}.reference") if url in reading.by_url]
        made += [reading.by_url[url] for url in near]
        made += [
            reading.by_url[url] for url in ask(one, "(productReference | subject | definition).reference")
        ]
    codes = {code for one in made for code in codes_in(one)}
    texts = {text for one in made for text in ask(one, "endorser.name")}
    found: list[str] = []
    for field in record.kind.fields:
        value = record[field.name]
        if (
            value is None
            or field.name in ("id", "notes", "source")
            or field.type not in ("reference", "text")
        ):
            continue
        for one in value if isinstance(value, list) else [value]:
            if str(one) not in codes and not (field.type == "reference" and texts):
                found.append(field.name)
    return found
