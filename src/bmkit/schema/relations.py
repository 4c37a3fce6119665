"""The relations that a schema declares of its fields: x-below, x-at-most, x-same-dimension and x-sum."""

from __future__ import annotations

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
