"""Infusions: over what time, in what volume and how fast a dose goes into a vein."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, in_unit, peak, said
from bmkit.rules.derived.hierarchy import belongs, lineage
from bmkit.rules.derived.value import has, quantity_of, text
from bmkit.rules.medication.regimens import PEERS, dose_of, is_infused, is_told, peers, regimens, to_whom
from bmkit.rules.medication.usual_doses import usual_of
from bmkit.rules.rule import Faults, rule
from bmkit.wording import quantity

if TYPE_CHECKING:
    from bmkit.content import Content, Record

_BY_MOUTH = "oral"
_INJECTED = ("form", "route")
_INFUSED = ("infusion_time", "infusions_per_day")
# mL/h: slower than a syringe pump is set, faster than an infusion pump runs.
_SLOWEST, _FASTEST = Fraction(1), Fraction(1200)


def _dosing(**fields: Any) -> dict[str, Any]:
    made = {
        "id": "zometa-4-mg",
        "product": "zometa",
        "route": "intravenous",
        "dose": {"value": 4, "unit": "mg"},
        "volume": {"value": 100, "unit": "mL"},
        "infusion_time": {"value": 15, "unit": "min"},
        **fields,
    }
    return {name: value for name, value in made.items() if value is not None}


def _dilution(name: str, mls: int) -> dict[str, Any]:
    return {"id": name, "product": "zometa", "volume": {"value": mls, "unit": "mL"}}


def _minutes(value: int, comparator: str = "") -> dict[str, Any]:
    sign = {"comparator": comparator} if comparator else {}
    return {"infusion_time": {"value": value, **sign, "unit": "min"}}


_GOOD = {"dosing": [_dosing()]}
_ROUTES = [{"id": "intravenous"}, {"id": "intravenous-injection", "parent": "intravenous"}]
_RANGE = {"id": "usual", "label": "Zometa", "product": "zometa", "route": "intravenous"}
_USUAL = {"dose-range": [{**_RANGE, **_minutes(15)}]}


@rule(
    Severity.WARNING,
    good=[
        _GOOD,
        {"dosing": [_dosing(route="oral", infusion_time=None)]},
        {"dosing": [_dosing(form="solution-for-injection", infusion_time=None, volume=None)]},
        {"route": _ROUTES, "dosing": [_dosing(route="intravenous-injection", infusion_time=None)]},
    ],
    bad={"dosing": [_dosing(infusion_time=None)]},
)
def no_time(content: Content) -> Faults:
    """A dose goes into a vein, and nothing says over what time.

    Given too fast, many medicines harm the kidneys or stop the heart.  Of an injection nobody asks it: its
    form or its route has the word injection in its id, "solution-for-injection", and not the word infusion.
    """
    for record in regimens(content):
        told = _is_injected(record, content) or is_told(record, content, ("infusion_time",))
        if is_infused(record, content) and not told and content.whole(record, *PEERS):
            given = f'this dose of "{text(record, "product")}"'
            message = f"nothing says over what time {given} is infused{to_whom(record)}"
            yield record.at(dose_of(record)), message, "give the infusion time, or of an injection its form"


@rule(
    Severity.WARNING,
    good=[
        _GOOD,
        {
            "dosing": [_dosing(volume=None)],
            "dilution": [{"id": "one", "product": "zometa", "volume": {"value": 100, "unit": "mL"}}],
        },
        {"dosing": [_dosing(form="solution-for-injection", volume=None)]},
    ],
    bad={"dosing": [_dosing(volume=None)]},
)
def no_volume(content: Content) -> Faults:
    """A dose goes into a vein, and nothing says in what volume.

    Undiluted, a concentrate burns the vein; diluted too much, it loads the heart.  Of an injection
    nobody asks it: its form or its route has the word injection in its id, and not the word infusion.
    """
    for record in regimens(content):
        told = (
            _is_injected(record, content)
            or is_told(record, content, ("volume",))
            or any(has(dilution, "volume") for dilution in peers(record, content, "dilution"))
        )
        if is_infused(record, content) and not told and content.whole(record, *PEERS, "dilution"):
            given = f'this dose of "{text(record, "product")}"'
            message = f"nothing says in what volume {given} is infused{to_whom(record)}"
            yield (
                record.at(dose_of(record)),
                message,
                "give the volume, or a dilution, or of an injection its form",
            )


@rule(
    Severity.ERROR,
    good=[
        {**_USUAL, "dosing": [_dosing()]},
        {**_USUAL, "dosing": [_dosing(**_minutes(15, ">="))]},
        {**_USUAL, "dosing": [_dosing(**_minutes(60, "<=")), _dosing(id="least", **_minutes(15, ">="))]},
        {"dose-range": [{**_RANGE, **_minutes(5, "<=")}], "dosing": [_dosing(**_minutes(5, "<="))]},
        {"dosing": [_dosing(**_minutes(15, "<="))]},
    ],
    bad=[
        {**_USUAL, "dosing": [_dosing(**_minutes(15, "<="))]},
        {**_USUAL, "dosing": [_dosing(**_minutes(60, "<")), _dosing(id="least", **_minutes(5, ">="))]},
    ],
)
def no_least_time(content: Content) -> Faults:
    """The time of an infusion is stated as the longest, and lets it be faster than is usual.

    "Within 15 minutes" lets it run in two.  The usual times are those in the list of dose ranges; what is
    given as fast as can be has "at most" there too.  Another fact may state the least time, as "at least".
    """
    for record in content.of("dosing"):
        time = quantity_of(record, "infusion_time")
        if time is None or not time.is_capped() or not content.whole(record, *PEERS):
            continue
        usual = [one for one in usual_of(record, "infusion_time", content) if not one.ends.is_capped()]
        least = min(usual, key=lambda one: one.ends.low, default=None)
        if least is not None and least.ends.low > 0 and not _has_least(record, least.ends, content):
            stated = quantity(record["infusion_time"])
            message = f"infusion_time {stated} lets it be faster than the usual {least.shown}"
            place = record.at("infusion_time", peak(record["infusion_time"]))
            yield place, message, f"state the least time, or correct the usual one in {least.range_.file}"


@rule(
    Severity.ERROR,
    good=[_GOOD, {"dosing": [_dosing(route="oral", infusion_time=None, volume=None)]}],
    bad=[
        {"dosing": [_dosing(route="oral")]},
        {"dosing": [_dosing(route="oral", infusion_time=None, infusions_per_day={"value": 1, "unit": "1"})]},
    ],
)
def swallowed(content: Content) -> Faults:
    """A dose is given by mouth, and infused.

    It can only be one of the two; of many medicines the dose by mouth is a hundred times the dose by vein.
    """
    for record in content.of("dosing"):
        if has(record, "route") and belongs(content, "route", text(record, "route"), _BY_MOUTH, record):
            for name in _INFUSED:
                if has(record, name):
                    message = f'route "{text(record, "route")}" has {name} {quantity(record[name])}'
                    yield record.at("route"), message, "correct the route, or take the infusion out"
                    break


@rule(
    Severity.ERROR,
    good=[
        _GOOD,
        {"dosing": [_dosing(volume=None)], "dilution": [_dilution("small", 100), _dilution("large", 5000)]},
    ],
    bad=[
        {"dosing": [_dosing(volume={"value": 1000, "unit": "mL"})]},
        {"dosing": [_dosing(infusion_time={"value": 200, "unit": "h"})]},
        {
            "dosing": [_dosing(volume=None, infusion_time={"value": 1, "unit": "min"})],
            "dilution": [_dilution("saline", 100)],
        },
    ],
)
def implausible_rate(content: Content) -> Faults:
    """A volume cannot be infused in the time that is stated for it.

    Above 1200 mL an hour or below 1 mL an hour no infusion of a medicine runs: one of the two is wrong.
    """
    for record in content.of("dosing"):
        time = quantity_of(record, "infusion_time")
        hours = in_unit(time, "h") if time is not None else None
        if hours is None or hours.low <= 0:
            continue
        # Where the regimen does not state its volume its dilutions do; one of them may be for others.
        holders = [record] if has(record, "volume") else peers(record, content, "dilution")
        volumes = [(holder, mls) for holder in holders if (mls := _mls(holder)) is not None]
        rates = [(holder, mls.low / hours.high, mls.high / hours.low) for holder, mls in volumes]
        if rates and all(fast > _FASTEST or slow < _SLOWEST for _, slow, fast in rates):
            holder, slow, fast = rates[0]
            rate = said(Amount(slow, fast, "mL/h"))
            limit = f"above {_FASTEST}" if fast > _FASTEST else f"below {_SLOWEST}"
            whose = "" if holder is record else f' of "{holder.id}"'
            given = f"{quantity(holder['volume'])}{whose} over {quantity(record['infusion_time'])}"
            place = record.at("infusion_time", peak(record["infusion_time"]))
            hint = "correct the volume or the time, or the unit of one"
            yield place, f"{given} is {rate}, {limit}", hint


def _has_least(record: Record, usual: Amount, content: Content) -> bool:
    """Say whether a fact about the same patients states a least time, and one that is usual."""
    times = [quantity_of(other, "infusion_time") for other in peers(record, content)]
    turned = [in_unit(time, usual.unit) for time in times if time is not None and time.is_open()]
    return any(one.low >= usual.low for one in turned if one is not None)


def _is_injected(record: Record, content: Content) -> bool:
    """Say whether a dose is given as an injection, by the id of its form or route or of one above it."""
    names = [one for kind in _INJECTED for one in lineage(content, kind, text(record, kind), record)]
    words = {word for name in names for word in name.split("-")}
    return "injection" in words and "infusion" not in words


def _mls(record: Record) -> Amount | None:
    volume = quantity_of(record, "volume")
    return in_unit(volume, "mL") if volume is not None else None
