"""The highest doses that may be given, beside each other."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, disjoint, in_unit, peak, said
from bmkit.rules.derived.facts import explanations, is_explained
from bmkit.rules.derived.hierarchy import lineage
from bmkit.rules.derived.value import quantity_of, text
from bmkit.rules.medication.dose_limits import MAXIMA
from bmkit.rules.medication.populations import traits
from bmkit.rules.medication.regimens import of_same
from bmkit.rules.rule import Fault, Faults, rule
from bmkit.wording import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

# Words for patients whose kidneys or liver do not clear the medicine as others' do, and for those of them
# who may often be given as much as others.
_WEAKER = ("renal", "kidney", "hepatic", "liver")
_HARDLY = ("mild", "moderate")
_LIMITING = (("dose-limit", MAXIMA), ("dosing", ("course_limit",)))
# What beside product, route and patients tells one limit from another.
_APART = ("per", "form", "phase")


def _limit(name: str, value: int, population: str = "", **fields: Any) -> dict[str, Any]:
    made = {"id": name, "product": "bonefos", "route": "oral", "per": "per day"}
    most = {"value": value, "comparator": "<=", "unit": "mg/d"}
    return {**made, "maximum_daily": most, **({"population": population} if population else {}), **fields}


def _of(*limits: dict[str, Any]) -> dict[str, Any]:
    return {**_TERMS, "dose-limit": list(limits)}


def _week(name: str, value: int) -> dict[str, Any]:
    longest = {"value": value, "comparator": "<=", "unit": "d"}
    return {"id": name, "product": "bonefos", "route": "intravenous", "course_limit": longest}


_TERMS = {
    "population": [
        {"id": "renal-failure", "label": "patients with renal failure", "conditions": ["renal-failure"]},
        {"id": "osteolysis", "label": "patients with osteolysis", "conditions": ["osteolysis"]},
        {"id": "mild", "label": "patients with mild failure", "conditions": ["mild-renal-failure"]},
    ],
    "condition": [
        {"id": "renal-failure", "label": "renal failure"},
        {"id": "mild-renal-failure", "label": "mild renal failure", "parent": "renal-failure"},
        {"id": "osteolysis", "label": "osteolysis"},
    ],
    "editorial-note": [
        {"id": "two-maxima", "category": "contradiction", "article_says": "3,600 mg, then 2,400 mg"},
        {"id": "other-words", "category": "contradiction", "article_says": "seldom, then often"},
    ],
}
_GOOD = _of(_limit("all", 3600), _limit("renal", 1600, "renal-failure"))
_NOTED: dict[str, Any] = {"notes": ["two-maxima"]}
_OTHER: dict[str, Any] = {"notes": ["other-words"]}


@rule(
    Severity.ERROR,
    good=_GOOD,
    bad=[
        _of(_limit("all", 3600), _limit("renal", 16000, "renal-failure")),
        _of(_limit("some", 1600, "osteolysis"), _limit("renal", 3600, "renal-failure")),
    ],
)
def renal_above_general(content: Content) -> Faults:
    """A maximum for weak kidneys or a weak liver is above the maximum for others.

    These patients clear the medicine more slowly and may be given less, not more: the two were mixed up, or
    one of them is mistyped.
    """
    for record, name, mine, others in _beside_others(content):
        if all(mine.high > one.high for _, one in others):
            yield _said(record, name, "is above", others)


@rule(
    Severity.WARNING,
    good=[
        _GOOD,
        _of(_limit("all", 3600), _limit("renal", 3600, "mild")),
        _of(_limit("all", 3600, **_OTHER), _limit("renal", 3600, "renal-failure", **_OTHER)),
    ],
    bad=_of(_limit("all", 3600), _limit("renal", 3600, "renal-failure")),
)
def renal_as_general(content: Content) -> Faults:
    """A maximum for weak kidneys or a weak liver is the same as for others.

    It tells these patients nothing that the other does not; most likely one of them was copied.
    """
    for record, name, mine, others in _beside_others(content):
        greatest = max(others, key=lambda pair: pair[1].high)
        is_hardly = any(word in one for one in _conditions(record, content) for word in _HARDLY)
        if mine.high == greatest[1].high and not is_hardly and not is_explained(record, greatest[0], content):
            yield _said(record, name, "is no less than", others)


@rule(
    Severity.ERROR,
    good=[
        _GOOD,
        _of(_limit("all", 3600), _limit("again", 3600)),
        _of(_limit("all", 3600), _limit("infused", 300, route="intravenous")),
        _of(_limit("all", 3600, **_NOTED), _limit("other", 2400, **_NOTED)),
        {"dosing": [_week("one", 7), _week("two", 7)]},
    ],
    bad=[
        _of(_limit("all", 3600), _limit("other", 2400)),
        _of(_limit("all", 3600, **_OTHER), _limit("other", 2400, **_OTHER)),
        {"dosing": [_week("one", 7), _week("two", 70)]},
    ],
)
def maxima_differ(content: Content) -> Faults:
    """Two limits for the same patients are not the same.

    "At most 1600 mg" and "at most 2400 mg" can both be true, but a limit is the highest that may be given,
    and whoever reads the higher one takes it for that.  Where the article states both, both facts name the
    editorial note that says so, with both numbers.
    """
    for kind, names in _LIMITING:
        for name in names:
            seen: dict[tuple[Any, ...], list[tuple[Record, Amount]]] = {}
            for record in content.of(kind):
                most = quantity_of(record, name)
                if most is None or most.is_open():
                    continue
                about = (
                    record.folder,
                    text(record, "product"),
                    text(record, "route"),
                    traits(record, content),
                )
                same = seen.setdefault((*about, *(text(record, one) for one in _APART)), [])
                for other, its in same:
                    turned = in_unit(its, most.unit)
                    # That two numbers contradict each other is told of all facts alike.
                    if turned is None or turned[:2] == most[:2] or disjoint(turned, most):
                        continue
                    if not _is_told(record, other, name, content):
                        message = (
                            f'{name} {bare(record[name])} is not the {bare(other[name])} of "{other.id}"'
                        )
                        hint = "correct one, or let both name a note on the contradiction, with both numbers"
                        yield record.at(name, peak(record[name])), message, hint
                        break
                same.append((record, most))


def _is_told(one: Record, other: Record, name: str, content: Content) -> bool:
    """Say whether both limits name a note on a contradiction that has the numbers of both.

    A copy of a limit names the notes of the first, which may be about something else.
    """
    numbers = [one.value[name].get("value"), other.value[name].get("value")]
    for note in explanations(one, other, content):
        words = " ".join(value for value in note.value.values() if isinstance(value, str)) if note else ""
        stated = {Decimal(found) for found in re.findall(r"\d+(?:\.\d+)?", words.replace(",", ""))}
        if note is None or stated.issuperset(number for number in numbers if number is not None):
            return True
    return False


def _beside_others(content: Content) -> Iterator[tuple[Record, str, Amount, list[tuple[Record, Amount]]]]:
    """Give the maxima for weak kidneys or a weak liver, each with those for others: all, or some patients."""
    for record in content.of("dose-limit"):
        whole = content.whole(record, "dose-limit", "population", "condition")
        if not whole or not _is_weaker(record, content):
            continue
        others = [other for other in of_same(record, content, "dose-limit") if not _is_weaker(other, content)]
        general = [other for other in others if not traits(other, content)]
        for name in MAXIMA:
            mine = quantity_of(record, name)
            bounds = [(other, quantity_of(other, name)) for other in general or others]
            known = [
                (other, turned)
                for other, one in bounds
                if mine and one and (turned := in_unit(one, mine.unit))
            ]
            if mine is not None and known:
                yield record, name, mine, known


def _said(record: Record, name: str, how: str, others: list[tuple[Record, Amount]]) -> Fault:
    other, one = max(others, key=lambda pair: pair[1].high)
    message = f'{name} {bare(record[name])} {how} the {said(one)} for others, of "{other.id}"'
    return record.at(name, peak(record[name])), message, "correct one of the two"


def _conditions(limit: Record, content: Content) -> list[str]:
    """Give the conditions of a limit's patients, and what these belong to."""
    names = [value for name, value in traits(limit, content) if name == "conditions"]
    return [one for name in names for one in lineage(content, "condition", name, limit)]


def _is_weaker(limit: Record, content: Content) -> bool:
    """Say whether a limit is for patients with weak kidneys or a weak liver."""
    return any(word in one for one in _conditions(limit, content) for word in _WEAKER)
