"""Relations: what the schema declares to hold between the fields of records."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.relations import (
    Declared,
    beside,
    bottom,
    comparable,
    declared,
    elsewhere,
    greatest,
    said,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content

_NUMBER = {"type": "integer"}
_MASS = {"$ref": "common/quantity.schema.json#/$defs/mass"}
_SHARE = {"$ref": "common/quantity.schema.json#/$defs/share"}
_TEXT = {"type": "string"}
_PAGES = {"chapter": {"first": {**_NUMBER, "x-at-most": "last"}, "last": _NUMBER}}
_SHELVES = {
    "jar": {
        "shelf": {**_TEXT, "x-ref": "shelf"},
        "load": {**_MASS, "x-at-most": "shelf.strength"},
    },
    "shelf": {"strength": _MASS},
}
_PORTIONS = {
    "portion": {
        "dish": _TEXT,
        "salt": {**_MASS, "x-at-most": {"kind": "allowance", "field": "salt", "same": ["dish"]}},
    },
    "allowance": {"dish": _TEXT, "salt": _MASS},
}
_BLENDS = {
    "blend": {"tea": _TEXT, "herb": _TEXT, "share": {**_SHARE, "x-sum": {"part": "herb", "same": ["tea"]}}}
}
_ANY_UNIT = {**_MASS, "x-unit": ["g", "mg"], "x-same-dimension": "reference"}


def _mg(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "mg"}


def _percent(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "%"}


@rule(
    Severity.ERROR,
    good={"schemas": _PAGES, "chapter": [{"id": "one", "first": 5, "last": 9}]},
    bad=[
        {"schemas": _PAGES, "chapter": [{"id": "one", "first": 9, "last": 5}]},
        {"section": [{"id": "one", "start": 10, "end": 10}]},
    ],
)
def out_of_order(content: Content) -> Faults:
    """Two fields of a record stand in another order than its schema declares.

    A start behind the end leaves nothing between them, and a part that is longer than the whole is wrong, or
    the whole is.
    """
    for one, limit in beside(content):
        if one.breaks(limit):
            words = "is above" if one.relation.name == "x-at-most" else "is not below"
            message = f"{one.field.name} {said(one.value)} {words} {one.relation.field} {said(limit)}"
            yield one.place, message, "swap them, or correct one of the two"


@rule(
    Severity.ERROR,
    good={
        "schemas": _PORTIONS,
        "portion": [{"id": "one", "dish": "soup", "salt": _mg(900)}],
        "allowance": [{"id": "all", "salt": _mg(500)}, {"id": "soup", "dish": "soup", "salt": _mg(1000)}],
    },
    bad=[
        {
            "schemas": _PORTIONS,
            "portion": [{"id": "one", "dish": "stew", "salt": _mg(900)}],
            "allowance": [{"id": "all", "salt": _mg(500)}, {"id": "soup", "dish": "soup", "salt": _mg(1000)}],
        },
        {
            "schemas": _SHELVES,
            "jar": [{"id": "one", "shelf": "top", "load": _mg(30)}],
            "shelf": [{"id": "top", "strength": _mg(20)}],
        },
    ],
    fix="correct the value, or the limit in the other record",
)
def above_limit(content: Content) -> Faults:
    """A value is above the limit that its schema says another record holds.

    One of the two records is wrong, and who reads only one of them does not notice.
    """
    for one, limits in elsewhere(content):
        kinds = (one.relation.kind, *_meant(one)) if one.relation.kind else ()
        if not limits or (kinds and not content.whole(one.record, *kinds)):
            continue
        if all(one.breaks(limit) for _, limit in limits):
            other, limit = greatest(limits)
            name = one.relation.field.rpartition(".")[2]
            words = f'is above the {name} {said(limit)} of "{other.id}"'
            yield (
                one.place,
                f"{one.field.name} {said(one.value)} {words}",
                f"correct one of the two ({other.file})",
            )


@rule(
    Severity.ERROR,
    good={
        "schemas": _BLENDS,
        "blend": [
            {"id": "one", "tea": "mild", "herb": "mint", "share": _percent(70)},
            {"id": "two", "tea": "mild", "herb": "sage", "share": _percent(30)},
            {"id": "three", "tea": "plain", "herb": "mint", "share": _percent(100)},
        ],
    },
    bad={
        "schemas": _BLENDS,
        "blend": [
            {"id": "one", "tea": "mild", "herb": "mint", "share": _percent(70)},
            {"id": "two", "tea": "mild", "herb": "sage", "share": _percent(40)},
        ],
    },
    fix="correct the share that is wrong, or tell the two wholes apart",
)
def above_whole(content: Content) -> Faults:
    """The parts of one whole add up to more than the whole.

    At least one of the shares is wrong, or they are not shares of the same.
    """
    wholes: dict[tuple[Any, ...], dict[str, Declared]] = {}
    for one in declared(content, "x-sum"):
        record, relation = one.record, one.relation
        same = (str(record.value.get(name)) for name in relation.same)
        key = (record.folder, record.kind.name, one.field.path, *same)
        part = str(record.value.get(relation.field))
        first = wholes.setdefault(key, {}).setdefault(part, one)
        # A part that is stated twice is one part.
        if bottom(one.value) < bottom(first.value):
            wholes[key][part] = one
    for parts in wholes.values():
        total = sum(bottom(one.value) for one in parts.values())
        last = next(reversed(parts.values()))
        if last.field.maximum is not None and total > Fraction(last.field.maximum):
            whole = " and ".join(str(last.record.value.get(name)) for name in last.relation.same)
            unit = f" {last.value['unit']}" if isinstance(last.value, dict) else ""
            message = (
                f"the parts of {whole} add up to {float(total):g}{unit}, above {last.field.maximum}{unit}"
            )
            yield last.place, message, f"they are those of {', '.join(parts)}"


@rule(
    Severity.ERROR,
    good={
        "schemas": {"level": {"found": _ANY_UNIT, "reference": _MASS}},
        "level": [{"id": "one", "found": _mg(4), "reference": {"value": 1, "unit": "g"}}],
    },
    bad={
        "schemas": {"level": {"found": _ANY_UNIT, "reference": _MASS}},
        "level": [{"id": "one", "found": {"value": 4, "unit": "mL"}, "reference": _mg(1)}],
    },
)
def unlike_dimension(content: Content) -> Faults:
    """Two quantities that the schema compares do not measure the same.

    No conversion leads from one to the other, so nobody can tell which of them is more.
    """
    same = [(one, one.beside()) for one in declared(content, "x-same-dimension")]
    near = [(one, [(one.record, limit)]) for one, limit in [*same, *beside(content)] if limit is not None]
    far = [(one, one.elsewhere(content)) for one, limit in same if limit is None]
    for one, others in [*near, *far, *elsewhere(content)]:
        for other, limit in others:
            if not comparable(one.value, limit):
                where = "" if other is one.record else f' of "{other.id}"'
                message = f"{one.value['unit']} does not measure what {limit['unit']} does"
                message = f"{message}, the unit of {one.relation.field}{where}"
                yield one.record.at(*one.parts, "unit"), message, "correct one of the two units"
                break


def _meant(one: Declared) -> list[str]:
    """Give the kinds of the terms by which other records are told to be about the same."""
    fields = [one.record.kind.field(name) for name in one.relation.same if name in one.record.kind]
    return [field.ref for field in fields if field.ref]
