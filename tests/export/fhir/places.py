"""Where each number of a record is to be read in the resources about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .reading import Amount, Json, amount, ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.content import Record

    from .reading import Reading

# Where an amount was found, the amount, and the words beside it.
Found = tuple[str, Amount, str]


def found(reading: Reading, record: Record, name: str) -> Iterator[Found]:
    """Every place where the resources about a record say one of its numbers."""
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    for made in reading.about.get(own, []):
        for way in _WAYS.get(made["resourceType"], ()):
            yield from way(reading, made, record, name)
    for made in reading.unnamed:
        yield from _stored(made, record, name)


def _statistics(_: Reading, made: Json, __: Record, name: str) -> Iterator[Found]:
    path = f"statistic.where(id = '{name}')"
    for held in ask(made, f"{path}.quantity | {path}.attributeEstimate.range"):
        yield path, amount(held), " ".join(ask(made, f"{path}.description"))


def _variables(reading: Reading, made: Json, _: Record, name: str) -> Iterator[Found]:
    for variable in reading.follow(made, "variableDefinition.observed"):
        yield from _traits(reading, variable, _, name)


def _circumstances(reading: Reading, made: Json, record: Record, name: str) -> Iterator[Found]:
    own = f"{record.folder}/{record.kind.name}/{record.id}"
    for variable in reading.needed(made):
        if own in str(ask(variable, "identifier.value")):
            yield from _traits(reading, variable, record, name)


def _offset(_: Reading, made: Json, record: Record, name: str) -> Iterator[Found]:
    if name == "before":
        for held in ask(made, f"action.where(id = '{record.id}').relatedAction.offset"):
            yield "relatedAction.offset", amount(held), ""


def _strength(_: Reading, made: Json, __: Record, name: str) -> Iterator[Found]:
    if name in ("strength", "concentration"):
        for held in ask(made, "ingredient.strength.where(code.exists())"):
            yield "ingredient.strength", amount(held), ""
        # R4B: so much in one.
        for held in ask(made, "ingredient.children().where(numerator.exists())"):
            assert (held["denominator"]["value"], held["denominator"]["code"]) == (1, "1")
            yield "ingredient.strength", amount(held["numerator"]), ""


def _traits(_: Reading, made: Json, __: Record, name: str) -> Iterator[Found]:
    # A characteristic is found by its own id, or by the code of the field it came from.
    path = f"characteristic.where(id = '{name}')"
    for held in ask(
        made, f"{path}.definitionByTypeAndValue.value.where($this is Quantity or $this is Range)"
    ):
        yield path, amount(held), " ".join(ask(made, f"{path}.description"))
    # In R4B a characteristic holds no number; a Group that it contains does.
    for name_of_group in ask(made, f"{path}.definitionReference.reference"):
        group = f"contained.where(id = '{name_of_group.removeprefix('#')}')"
        for held in ask(made, f"{group}.characteristic.value"):
            yield path, amount(held), " ".join(ask(made, f"{path}.description"))
    path = f"characteristic.where(code.coding.code.single().endsWith('.{name}'))"
    if made["resourceType"] == "Group":
        for held in ask(made, f"{path}.value"):
            yield path, amount(held), str(made.get("name"))


def _known(_: Reading, made: Json, record: Record, name: str) -> Iterator[Found]:
    guide = f"storageGuideline.where(id = '{record.kind.name}.{record.id}')"
    paths = {
        "time": f"{guide}.stabilityDuration",
        "strength": "definitional.ingredient.strength",
    }
    named = f"where(type.coding.code.single() = '{record.kind.name}.{name}').value"
    others = (f"{guide}.environmentalSetting.{named}", f"definitional.drugCharacteristic.{named}")
    for path in (paths.get(name, ""), *others, f"drugCharacteristic.{named}Quantity"):
        for held in ask(made, path) if path else []:
            yield path, amount(held), ""
    if name == "strength":
        yield from _strength(_, made, record, name)


def _stored(made: Json, record: Record, name: str) -> Iterator[Found]:
    """What R4B says of storage: characteristics of the medicine, of a range its two ends."""
    mark = f"{record.kind.name}.{record.id}.{name}"
    path = f"drugCharacteristic.where(id = '{mark}')"
    for held in ask(made, f"{path}.valueQuantity"):
        yield path, amount(held), ""
    low, high = (
        ask(made, f"drugCharacteristic.where(id = '{mark}.{end}').valueQuantity") for end in ("low", "high")
    )
    for one, other in zip(low, high, strict=True):
        yield path, amount({"low": one, "high": other}), ""
        named = [f"drugCharacteristic.where(id = '{mark}.{end}').type.text" for end in ("low", "high")]
        assert [ask(made, path)[0].split(", ")[1] for path in named] == ["at least", "at most"]


_TIMING = "dosage.timing.repeat"
_DAILY = f"{_TIMING}.where(frequency = 1 and period = 1 and periodUnit = 'd')"


def _dosage(_: Reading, made: Json, __: Record, name: str) -> Iterator[Found]:
    """What a Dosage says of a field of a dosing fact, a course or a limit."""
    text = " ".join(ask(made, "dosage.text"))
    for path, held in AMOUNTS[name](made) if name in AMOUNTS else ():
        yield path, amount(held), text


Held = Iterator[tuple[str, Json]]


def _dose(made: Json) -> Held:
    yield from (("dose", held) for held in ask(made, "dosage.doseAndRate.dose"))


def _daily(made: Json) -> Held:
    rates = ask(made, "dosage.doseAndRate.rate.where($this is Quantity or $this is Range)")
    yield from (("rate", held) for held in rates)
    if ask(made, _DAILY) and not rates:
        yield from (("dose of a day", held) for held in ask(made, "dosage.doseAndRate.dose"))


def _volume(made: Json) -> Held:
    yield from (("rate.numerator", held) for held in ask(made, "dosage.doseAndRate.rate.numerator"))


def _infusion(made: Json) -> Held:
    yield from _spread(made, "duration")
    yield from (("rate.denominator", held) for held in ask(made, "dosage.doseAndRate.rate.denominator"))


def _times(made: Json) -> Held:
    if ask(made, f"{_TIMING}.periodUnit") == ["d"]:
        assert ask(made, f"{_TIMING}.period") == [1]
        yield from (("frequency", _quantity(number, "1")) for number in ask(made, f"{_TIMING}.frequency"))


def _course(made: Json) -> Held:
    for held in ask(made, f"{_TIMING}.bounds"):
        yield "bounds", held["low"] if "low" in held and "high" in held else held


def _limit(made: Json) -> Held:
    for held in ask(made, f"{_TIMING}.bounds"):
        yield "bounds limit", {"high": held["high"]} if "high" in held else held


def _maximum(made: Json) -> Held:
    yield from (("max", held) for held in ask(made, "dosage.maxDosePerAdministration"))


def _ceiling(made: Json) -> Held:
    for held in ask(made, "dosage.maxDosePerPeriod"):
        assert held["denominator"]["value"] == 1
        assert held["denominator"]["code"] == "d"
        yield "max of a day", held["numerator"]


def _spread(made: Json, name: str) -> Held:
    low, high = ask(made, f"{_TIMING}.{name}"), ask(made, f"{_TIMING}.{name}Max")
    for unit in ask(made, f"{_TIMING}.{name}Unit"):
        if low and high:
            yield name, {"low": _quantity(low[0], unit), "high": _quantity(high[0], unit)}
        elif low:
            yield name, _quantity(low[0], unit)


def _quantity(number: Any, code: str) -> Json:
    return {"value": number, "unit": code, "system": "http://unitsofmeasure.org", "code": code}


AMOUNTS: dict[str, Callable[[Json], Held]] = {
    "dose": _dose,
    "daily_dose": _daily,
    "volume": _volume,
    "infusion_time": _infusion,
    "interval": lambda made: _spread(made, "period"),
    "doses_per_day": _times,
    "infusions_per_day": _times,
    "course": _course,
    "duration": _course,
    "course_limit": _limit,
    "maximum": _maximum,
    "maximum_daily": _ceiling,
}
_WAYS: dict[str, tuple[Callable[[Reading, Json, Record, str], Iterator[Found]], ...]] = {
    "Evidence": (_statistics, _variables),
    "ActivityDefinition": (_circumstances, _dosage),
    "PlanDefinition": (_circumstances, _offset),
    "MedicationKnowledge": (_known,),
    "Medication": (_strength,),
    "EvidenceVariable": (_traits,),
    "Group": (_traits,),
}
