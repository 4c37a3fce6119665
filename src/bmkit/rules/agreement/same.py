"""Facts of one kind that speak of the same thing state the same measure of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import are_unequal, contradict, find_quantity, name_upper_end, to_amount
from bmkit.rules.derived.facts import find_subject, is_contradiction_explained
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity, format_without_comparator

if TYPE_CHECKING:
    from bmkit.content import Content, Record

    Pair = tuple[Record, Record, str]
    Subject = frozenset[tuple[str, str]]

# A product exists in several strengths.
_MANY = (("product-presentation", "strength"),)
_HINT = "correct one, or let both name a note on the contradiction that gives both values"
_NOTES = [
    {"id": "survival", "category": "contradiction", "reading": "6 to 7 months, or 8 to 9"},
    {"id": "style", "category": "style", "reading": "6 to 7 months, or 8 to 9"},
]


def _survival(name: str, low: int, high: int, **fields: Any) -> dict[str, Any]:
    time = {"low": low, "high": high, "unit": "mo"}
    return {"id": name, "tumour": "lung-cancer", "statistic": "reported", "time": time, **fields}


def _two(*others: dict[str, Any]) -> dict[str, Any]:
    return {"editorial-note": _NOTES, "survival": [_survival("one", 6, 7), *others]}


def _dosing(name: str, minutes: int, **fields: Any) -> dict[str, Any]:
    return {"id": name, "product": "zometa", "infusion_time": {"value": minutes, "unit": "min"}, **fields}


@rule(
    Severity.ERROR,
    good=[
        _two(_survival("two", 6, 7)),
        _two(_survival("two", 8, 9, statistic="median")),
        {
            "editorial-note": _NOTES,
            "survival": [
                _survival("one", 6, 7, notes=["survival"]),
                _survival("two", 8, 9, notes=["survival"]),
            ],
        },
    ],
    bad=[
        _two(_survival("two", 8, 9)),
        {
            "editorial-note": _NOTES,
            "survival": [_survival("one", 6, 7, notes=["style"]), _survival("two", 8, 9, notes=["style"])],
        },
        {
            "editorial-note": _NOTES,
            "survival": [
                _survival("one", 6, 7, notes=["survival"]),
                _survival("two", 18, 19, notes=["survival"]),
            ],
        },
    ],
)
def contradiction(content: Content) -> Faults:
    """Two facts about the same thing state values that cannot both be true.

    A value that the article states twice was changed once.  Where the article contradicts itself, both facts
    name the editorial note that says so, with the numbers of both in its text.
    """
    for one, other, name in content.compute_once(_same):
        if contradict(one[name], other[name]):
            message = f'{name} {format_quantity(other[name])} contradicts {format_quantity(one[name])} of "{one.id}"'
            yield other.locate_field(name, name_upper_end(other[name])), message, _HINT


@rule(
    Severity.WARNING,
    good=[_two(_survival("two", 6, 7)), _two(_survival("two", 8, 9))],
    bad=_two(_survival("two", 6, 8)),
)
def differs(content: Content) -> Faults:
    """Two facts about the same thing state different values, though both may be true.

    One of them is less exact than the other, or was rounded in an edit.
    """
    for one, other, name in content.compute_once(_same):
        bounded = to_amount(one[name]).is_bounded() or to_amount(other[name]).is_bounded()
        if not bounded and not contradict(one[name], other[name]) and are_unequal(one[name], other[name]):
            message = f'{name} {format_without_comparator(other[name])} is not the {format_without_comparator(one[name])} of "{one.id}"'
            yield (
                other.locate_field(name, name_upper_end(other[name])),
                message,
                "state it in the same way in both",
            )


@rule(
    Severity.WARNING,
    good={"dosing": [_dosing("all", 15), _dosing("some", 15, population="renal-failure")]},
    bad={"dosing": [_dosing("all", 15), _dosing("some", 45, population="renal-failure")]},
)
def unlike_general(content: Content) -> Faults:
    """A fact about some cases states another value than the fact about all of them.

    It may be an exception; without a note nobody can tell it from a slip.
    """
    for one, other, name in content.compute_once(_narrower):
        bounded = to_amount(one[name]).is_bounded() or to_amount(other[name]).is_bounded()
        if not bounded and contradict(one[name], other[name]):
            general = f'the {format_without_comparator(one[name])} that "{one.id}" states for all'
            message = f"{name} {format_without_comparator(other[name])} is not {general}"
            yield other.locate_field(name, name_upper_end(other[name])), message, _HINT


def _same(content: Content) -> list[Pair]:
    """Give pairs of facts that state one measure of the same subject, and its field.

    Pairs that a note on their contradiction explains are left out, here and below.
    """
    pairs = []
    for name, group in content.compute_once(_stating):
        seen: dict[Subject, dict[str, Record]] = {}
        for record, about in group:
            # Of facts that say the same only the first is held against others: not each against each.
            said = f"{record[name]} {record.value.get('notes')}"
            earlier = seen.setdefault(about, {})
            pairs += [
                (other, record, name)
                for words, other in earlier.items()
                if words != said
                and not is_contradiction_explained(record, other, content, (record[name], other[name]))
            ]
            earlier.setdefault(said, record)
    return pairs


def _narrower(content: Content) -> list[Pair]:
    """Give pairs of facts that state one measure, the second of a narrower subject, and its field."""
    pairs = []
    for name, group in content.compute_once(_stating):
        subjects: dict[Subject, list[Record]] = {}
        for record, about in group:
            subjects.setdefault(about, []).append(record)
        pairs += [
            (other, record, name)
            for about, records in subjects.items()
            for its, others in subjects.items()
            if its < about
            for record in records
            for other in others
            if not is_contradiction_explained(record, other, content, (record[name], other[name]))
        ]
    return pairs


def _stating(content: Content) -> list[tuple[str, list[tuple[Record, Subject]]]]:
    """Give, for each quantity of each kind of fact, its field and the facts of an article that state it."""
    groups = []
    for kind in content.list_kinds():
        names = [
            field.name
            for field in kind.quantity_fields
            if kind.group == "fact" and len(field.path) == 1 and (kind.name, field.name) not in _MANY
        ]
        told: dict[tuple[str, str], list[tuple[Record, Subject]]] = {}
        for record in content.list_records(kind.name) if names else ():
            stated = [name for name in names if find_quantity(record, name)]
            about = find_subject(record) if stated else frozenset()
            for name in stated:
                told.setdefault((record.folder, name), []).append((record, about))
        groups += [(name, group) for (_, name), group in told.items() if len(group) > 1]
    return groups
