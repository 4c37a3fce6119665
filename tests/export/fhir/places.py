"""Where each number of a record is to be read in the resources about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .reading import Amount, Json, evaluate, parse_amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.content import Record

    from .reading import BundleReader

# Where an amount was found, the amount, and the words beside it.
Place = tuple[str, Amount, str]


def find_places(reader: BundleReader, record: Record, name: str) -> Iterator[Place]:
    """Every place where the resources about a record say one of its numbers."""
    record_name = f"{record.folder}/{record.kind.name}/{record.id}"
    for resource in reader.resources_by_name.get(record_name, []):
        for find in _FINDERS_BY_TYPE.get(resource["resourceType"], ()):
            yield from find(reader, resource, record, name)
    for resource in reader.unidentified:
        yield from _find_storage(resource, record, name)


def _find_in_statistics(_: BundleReader, resource: Json, __: Record, name: str) -> Iterator[Place]:
    path = f"statistic.where(id = '{name}')"
    for element in evaluate(resource, f"{path}.quantity | {path}.attributeEstimate.range"):
        yield path, parse_amount(element), " ".join(evaluate(resource, f"{path}.description"))


def _find_in_variables(reader: BundleReader, resource: Json, _: Record, name: str) -> Iterator[Place]:
    for variable in reader.follow_references(resource, "variableDefinition.observed"):
        yield from _find_in_characteristics(reader, variable, _, name)


def _find_in_circumstances(
    reader: BundleReader, resource: Json, record: Record, name: str
) -> Iterator[Place]:
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    for variable in reader.list_dependencies(resource):
        if own in str(evaluate(variable, "identifier.value")):
            yield from _find_in_characteristics(reader, variable, record, name)


def _find_offset(_: BundleReader, resource: Json, record: Record, name: str) -> Iterator[Place]:
    if name == "before":
        for element in evaluate(resource, f"action.where(id = '{record.id}').relatedAction.offset"):
            yield "relatedAction.offset", parse_amount(element), ""


def _find_strength(_: BundleReader, resource: Json, __: Record, name: str) -> Iterator[Place]:
    if name in ("strength", "concentration"):
        for element in evaluate(resource, "ingredient.strength.where(code.exists())"):
            yield "ingredient.strength", parse_amount(element), ""
        # R4B: so much in one.
        for element in evaluate(resource, "ingredient.children().where(numerator.exists())"):
            assert (element["denominator"]["value"], element["denominator"]["code"]) == (1, "1")
            yield "ingredient.strength", parse_amount(element["numerator"]), ""


def _find_in_characteristics(_: BundleReader, resource: Json, __: Record, name: str) -> Iterator[Place]:
    # A characteristic is found by its own id, or by the code of the field it came from.
    path = f"characteristic.where(id = '{name}')"
    for element in evaluate(
        resource, f"{path}.definitionByTypeAndValue.value.where($this is Quantity or $this is Range)"
    ):
        yield path, parse_amount(element), " ".join(evaluate(resource, f"{path}.description"))
    # In R4B a characteristic holds no number; a Group that it contains does.
    for name_of_group in evaluate(resource, f"{path}.definitionReference.reference"):
        group = f"contained.where(id = '{name_of_group.removeprefix('#')}')"
        for element in evaluate(resource, f"{group}.characteristic.value"):
            yield path, parse_amount(element), " ".join(evaluate(resource, f"{path}.description"))
    path = f"characteristic.where(code.coding.code.single().endsWith('.{name}'))"
    if resource["resourceType"] == "Group":
        for element in evaluate(resource, f"{path}.value"):
            yield path, parse_amount(element), str(resource.get("name"))


def _find_in_knowledge(_: BundleReader, resource: Json, record: Record, name: str) -> Iterator[Place]:
    guideline = f"storageGuideline.where(id = '{record.kind.name}.{record.id}')"
    paths = {
        "time": f"{guideline}.stabilityDuration",
        "strength": "definitional.ingredient.strength",
    }
    typed_value = f"where(type.coding.code.single() = '{record.kind.name}.{name}').value"
    others = (
        f"{guideline}.environmentalSetting.{typed_value}",
        f"definitional.drugCharacteristic.{typed_value}",
    )
    for path in (paths.get(name, ""), *others, f"drugCharacteristic.{typed_value}Quantity"):
        for element in evaluate(resource, path) if path else []:
            yield path, parse_amount(element), ""
    if name == "strength":
        yield from _find_strength(_, resource, record, name)


def _find_storage(resource: Json, record: Record, name: str) -> Iterator[Place]:
    """What R4B says of storage: characteristics of the medicine, of a range its two ends."""
    field_id = f"{record.kind.name}.{record.id}.{name}"
    path = f"drugCharacteristic.where(id = '{field_id}')"
    for element in evaluate(resource, f"{path}.valueQuantity"):
        yield path, parse_amount(element), ""
    low, high = (
        evaluate(resource, f"drugCharacteristic.where(id = '{field_id}.{end}').valueQuantity")
        for end in ("low", "high")
    )
    for low_end, high_end in zip(low, high, strict=True):
        yield path, parse_amount({"low": low_end, "high": high_end}), ""
        type_paths = [
            f"drugCharacteristic.where(id = '{field_id}.{end}').type.text" for end in ("low", "high")
        ]
        assert [evaluate(resource, path)[0].split(", ")[1] for path in type_paths] == ["at least", "at most"]


_TIMING = "dosage.timing.repeat"
_DAILY = f"{_TIMING}.where(frequency = 1 and period = 1 and periodUnit = 'd')"


def _find_in_dosage(_: BundleReader, resource: Json, __: Record, name: str) -> Iterator[Place]:
    """What a Dosage says of a field of a regimen, a course or a limit."""
    text = " ".join(evaluate(resource, "dosage.text"))
    for path, element in AMOUNT_FINDERS[name](resource) if name in AMOUNT_FINDERS else ():
        yield path, parse_amount(element), text


ElementPlaces = Iterator[tuple[str, Json]]


def _find_dose(resource: Json) -> ElementPlaces:
    yield from (("dose", element) for element in evaluate(resource, "dosage.doseAndRate.dose"))


def _drop_time(element: Json) -> Json:
    """A rate as the amount of its time: 1600 mg/d as 1600 mg."""
    if "code" in element:
        return {**element, "code": element["code"].rpartition("/")[0]}
    return {end: _drop_time(element[end]) for end in ("low", "high") if end in element}


def _find_total(resource: Json) -> ElementPlaces:
    rates = evaluate(resource, "dosage.doseAndRate.rate.where($this is Quantity or $this is Range)")
    yield from (("rate", _drop_time(element)) for element in rates)
    if evaluate(resource, _DAILY) and not rates:
        yield from (("dose of a day", element) for element in evaluate(resource, "dosage.doseAndRate.dose"))


def _find_volume(resource: Json) -> ElementPlaces:
    yield from (
        ("rate.numerator", element) for element in evaluate(resource, "dosage.doseAndRate.rate.numerator")
    )


def _find_infusion_time(resource: Json) -> ElementPlaces:
    yield from _find_period(resource, "duration")
    yield from (
        ("rate.denominator", element) for element in evaluate(resource, "dosage.doseAndRate.rate.denominator")
    )


def _find_frequency(resource: Json) -> ElementPlaces:
    if evaluate(resource, f"{_TIMING}.periodUnit") == ["d"]:
        assert evaluate(resource, f"{_TIMING}.period") == [1]
        yield from (
            ("frequency", _build_quantity(number, "1"))
            for number in evaluate(resource, f"{_TIMING}.frequency")
        )


def _find_course(resource: Json) -> ElementPlaces:
    for element in evaluate(resource, f"{_TIMING}.bounds"):
        yield "bounds", element["low"] if "low" in element and "high" in element else element


def _find_course_limit(resource: Json) -> ElementPlaces:
    for element in evaluate(resource, f"{_TIMING}.bounds"):
        yield "bounds limit", {"high": element["high"]} if "high" in element else element


def _find_maximum(resource: Json) -> ElementPlaces:
    yield from (("max", element) for element in evaluate(resource, "dosage.maxDosePerAdministration"))
    for element in evaluate(resource, "dosage.maxDosePerPeriod"):
        yield "max of a period", element["numerator"]


def _find_window(resource: Json) -> ElementPlaces:
    for element in evaluate(resource, "dosage.maxDosePerPeriod"):
        yield "period of a max", element["denominator"]


def _find_total_in(resource: Json) -> ElementPlaces:
    """The period of a rate, or that of a dose that is all of a day's."""
    for element in evaluate(resource, "dosage.doseAndRate.rate.where($this is Quantity)"):
        yield "time of the rate", _build_quantity(1, element["code"].rpartition("/")[2])
    for element in evaluate(resource, "dosage.doseAndRate.rate.where($this is Range)"):
        code = element.get("low", element.get("high"))["code"]
        yield "time of the rate", _build_quantity(1, code.rpartition("/")[2])
    if evaluate(resource, _DAILY) and evaluate(resource, "dosage.doseAndRate.dose"):
        yield "day of the dose", _build_quantity(1, "d")


def _find_period(resource: Json, name: str) -> ElementPlaces:
    low, high = evaluate(resource, f"{_TIMING}.{name}"), evaluate(resource, f"{_TIMING}.{name}Max")
    for unit in evaluate(resource, f"{_TIMING}.{name}Unit"):
        if low and high:
            yield name, {"low": _build_quantity(low[0], unit), "high": _build_quantity(high[0], unit)}
        elif low:
            yield name, _build_quantity(low[0], unit)


def _build_quantity(number: Any, code: str) -> Json:
    return {"value": number, "unit": code, "system": "http://unitsofmeasure.org", "code": code}


AMOUNT_FINDERS: dict[str, Callable[[Json], ElementPlaces]] = {
    "dose": _find_dose,
    "total": _find_total,
    "volume": _find_volume,
    "administration_time": _find_infusion_time,
    "interval": lambda resource: _find_period(resource, "period"),
    "times_per_day": _find_frequency,
    "course": _find_course,
    "duration": _find_course,
    "course_limit": _find_course_limit,
    "maximum": _find_maximum,
    "window": _find_window,
    "total_in": _find_total_in,
}
_FINDERS_BY_TYPE: dict[str, tuple[Callable[[BundleReader, Json, Record, str], Iterator[Place]], ...]] = {
    "Evidence": (_find_in_statistics, _find_in_variables),
    "ActivityDefinition": (_find_in_circumstances, _find_in_dosage),
    "PlanDefinition": (_find_in_circumstances, _find_offset),
    "MedicationKnowledge": (_find_in_knowledge,),
    "Medication": (_find_strength,),
    "EvidenceVariable": (_find_in_characteristics,),
    "Group": (_find_in_characteristics,),
}
