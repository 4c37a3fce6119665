"""Results: shares against their events, P values against their intervals, ratios with what they compare."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import (
    Amount,
    convert_to,
    format_amount,
    name_upper_end,
    to_amount,
    to_rounded_amount,
)
from bmkit.rules.derived.roles import find_role_amount, list_facts_with_roles, locate_role, locate_role_end
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity

if TYPE_CHECKING:
    from bmkit.content import Content, Record

_NO_DIFFERENCE_BY_STATISTIC = {
    **dict.fromkeys(("hazard ratio", "odds ratio", "risk ratio", "rate ratio"), 1),
    **dict.fromkeys(
        ("risk difference", "mean difference", "standardised mean difference", "relative risk reduction"), 0
    ),
}
_COMPARING_STATISTICS = (
    *_NO_DIFFERENCE_BY_STATISTIC,
    "number needed to treat",
    "number needed to harm",
)
_SUBJECT_PARTS = ("population", "exposure", "comparator", "outcome", "time", "by")
# The P value and the interval may come from tests that differ a little.
_CLEARLY_BELOW, _CLEARLY_ABOVE = Fraction(4, 5), Fraction(5, 4)


@rule(Severity.ERROR, fix="correct the share, the events or the sample size")
def share_of_events(content: Content) -> Faults:
    """A share is not that of the events in the sample that stand beside it.

    One of the three numbers is wrong.  What rounding explains is let pass.
    """
    for record in list_facts_with_roles(content, "events", "sample-size", "estimate"):
        events, sample_size, estimate = (
            record.find_value(role) for role in ("events", "sample-size", "estimate")
        )
        if record.find_value("statistic") != "share" or "value" not in estimate or "comparator" in estimate:
            continue
        percent = Fraction(events, sample_size) * 100
        stated = convert_to(to_rounded_amount(estimate, "value"), "%")
        if stated is not None and not stated.low <= percent <= stated.high:
            share_text = format_amount(Amount(percent, percent, "%"))
            message = f"{events} of {sample_size} are {share_text}, not {format_quantity(estimate)}"
            yield locate_role(record, "estimate", "value"), message, "correct one of the three numbers"


@rule(Severity.WARNING, fix="correct the P value, the interval or its level")
def p_value_against_interval(content: Content) -> Faults:
    """A P value says that there is a difference where the confidence interval does not, or the reverse.

    A 95 % interval that leaves out "no difference" (1 of a ratio, 0 of a difference) goes with a P value
    below 0.05, but for rounding.  One of the numbers is wrong, or the P value is of another test.
    """
    for record in list_facts_with_roles(
        content, "statistic", "estimate-interval", "interval-level", "p-value"
    ):
        no_difference = _NO_DIFFERENCE_BY_STATISTIC.get(record.find_value("statistic"))
        level = find_role_amount(record, "interval-level")
        if no_difference is None or level is None or record.find_value("interval-kind") != "confidence":
            continue
        interval, p_value = record.find_value("estimate-interval"), record.find_value("p-value")
        chance = 1 - level.high / 100
        may_be_none = _holds_number(interval, no_difference)
        is_likely_none = _lies_above(p_value, chance)
        if None not in (may_be_none, is_likely_none) and may_be_none != is_likely_none:
            verb = "has" if may_be_none else "leaves out"
            message = (
                f"P value {format_quantity(p_value)} does not go with the {format_amount(level)} interval "
                f"{format_quantity(interval)}, which {verb} {no_difference}"
            )
            yield locate_role(record, "p-value", name_upper_end(p_value)), message


@rule(Severity.ERROR, fix="correct one of the shares or of the times")
def survival_rises(content: Content) -> Faults:
    """More patients are alive after a longer time than after a shorter one.

    Nobody comes back: one of the shares or of the times is wrong.
    """
    shares_by_subject: dict[tuple[Any, ...], list[tuple[Fraction, Amount, Record]]] = {}
    for record in list_facts_with_roles(content, "statistic", "estimate", "time-point"):
        share = find_role_amount(record, "estimate")
        if record.find_value("statistic") == "survival share" and share is not None:
            shares = shares_by_subject.setdefault(_find_survivors(record), [])
            shares.append((_find_time(record), share, record))
    for shares in shares_by_subject.values():
        shares.sort(key=lambda share: share[0])
        # Of all earlier shares the lowest is the one to hold a later one against.
        lowest: tuple[Amount, Record] | None = None
        for _, shares_of_time in groupby(shares, key=lambda share: share[0]):
            for _, share, record in (same_time := list(shares_of_time)):
                if lowest is not None and share.low > lowest[0].high:
                    first, second = sorted((record, lowest[1]), key=lambda each: each.index)
                    message = (
                        f"{format_quantity(second.find_value('estimate'))} after "
                        f"{format_quantity(second.find_value('time-point'))} do not go with "
                        f"{format_quantity(first.find_value('estimate'))} after "
                        f'{format_quantity(first.find_value("time-point"))} of "{first.id}"'
                    )
                    yield locate_role_end(second, "estimate"), message, "", (first,)
            candidates = [(share, record) for _, share, record in same_time] + ([lowest] if lowest else [])
            lowest = min(candidates, key=lambda candidate: candidate[0].high)


def _find_survivors(record: Record) -> tuple[Any, ...]:
    """Return what a share of survivors is of: all but the time after which it was counted, and the share."""
    return (
        record.folder,
        record.kind.name,
        *(
            repr(record.value.get(field.name))
            for field in record.kind.fields
            if field.part in _SUBJECT_PARTS and field.role != "time-point"
        ),
    )


def _find_time(record: Record) -> Fraction:
    """Return the days after which something was counted."""
    days = convert_to(to_amount(record.find_value("time-point")), "d")
    return days.high if days is not None else Fraction(0)


def _holds_number(interval: dict[str, Any], number: int) -> bool | None:
    """Return whether a number lies in an interval; None where rounding may decide, or an end is missing."""
    if "low" not in interval:
        return None
    low, high = (to_rounded_amount(interval, end) for end in ("low", "high"))
    if low.high < number < high.low:
        return True
    return False if number < low.low or number > high.high else None


def _lies_above(p_value: dict[str, Any], chance: Fraction) -> bool | None:
    """Return whether a P value is well above a limit; None where it is near, or its comparator hides it."""
    value, comparator = p_value.get("value"), p_value.get("comparator", "")
    if value is None:
        return None
    if Fraction(value) <= chance * _CLEARLY_BELOW and comparator not in {">", ">="}:
        return False
    return True if Fraction(value) >= chance * _CLEARLY_ABOVE and comparator not in {"<", "<="} else None


@rule(Severity.WARNING, fix="add what it is compared with, or the factor that the groups differ in")
def without_comparison(content: Content) -> Faults:
    """A ratio or difference does not say between what.

    "A hazard ratio of 0.8" tells for one thing and against the other: without the other one it can be read
    either way.
    """
    for kind in content.list_kinds():
        fields = [
            field
            for field in kind.fields
            if field.part == "comparator"
            or (field.part == "exposure" and content.schemas.get_kind_role(field.target_kind) == "condition")
        ]
        for record in content.list_records(kind.name) if kind.group == "fact" and fields else ():
            statistic = record.find_value("statistic")
            if statistic in _COMPARING_STATISTICS and not any(field.name in record.value for field in fields):
                yield locate_role(record, "statistic"), f"it is not said what the {statistic} compares"
