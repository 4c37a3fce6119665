"""What a schema declares of the values of its fields: relations between them, and plausible ranges."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

RELATIONS = ("x-below", "x-at-most", "x-same-dimension", "x-sum")


class Relation(NamedTuple):
    """What must hold between a field and another.

    `name` is one of RELATIONS.  The other is `field`: of the same object ("end"); of the record that a field
    of the same object refers to ("parent.end"); or, with `kind`, of the records of that kind whose fields
    `same` suit the record's own.  For "x-sum" the values of all records whose fields `same` agree are parts
    of one whole, and `field` tells the parts apart.
    """

    name: str
    field: str
    kind: str = ""
    same: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say the relation as a reader of the field wants it, such as "at most course_limit"."""
        words = self.name.removeprefix("x-").replace("-", " ")
        if self.name == "x-sum":
            return f"all {self.field} of one {' and '.join(self.same)} are parts of a whole"
        if self.name == "x-same-dimension":
            words = "of the same dimension as"
        if self.kind:
            return f"{words} {self.kind}.{self.field} of the same {', '.join(self.same)}"
        return f"{words} {self.field}"


class Plausible(NamedTuple):
    """The range in which a quantity is to be expected, its ends included; what lies outside is a slip."""

    low: int | Decimal
    high: int | Decimal
    unit: str


def relations_of(node: dict[str, Any]) -> tuple[Relation, ...]:
    """Give the relations that the schema of a field declares; one that is ill-formed is passed over.

    The check of the schemas says what is wrong with it.
    """
    made = (_relation(name, node[name]) for name in RELATIONS if name in node)
    return tuple(relation for relation in made if relation is not None)


def _relation(name: str, value: Any) -> Relation | None:
    if isinstance(value, str) and name != "x-sum":
        return Relation(name, value)
    if not isinstance(value, dict) or name in {"x-below", "x-same-dimension"}:
        return None
    field, kind, same = (
        value.get("part" if name == "x-sum" else "field"),
        value.get("kind", ""),
        value.get("same"),
    )
    named = isinstance(same, list) and bool(same) and all(isinstance(item, str) for item in same)
    if not isinstance(field, str) or not isinstance(kind, str) or not named:
        return None
    return Relation(name, field, kind, tuple(same or ()))


def plausible_of(node: dict[str, Any]) -> Plausible | None:
    """Give the range that the schema of a field calls plausible, None if it has none or an ill-formed one."""
    value = node.get("x-plausible")
    if not isinstance(value, dict):
        return None
    low, high, unit = value.get("low"), value.get("high"), value.get("unit")
    if isinstance(low, int | Decimal) and isinstance(high, int | Decimal) and isinstance(unit, str):
        return Plausible(low, high, unit)
    return None
