"""What a schema declares that must hold between a field and others (x-within, x-order, …)."""

from __future__ import annotations

from typing import Any, NamedTuple

WITHIN, NOT, ORDER, UNIQUE = "x-within", "x-not", "x-order", "x-unique"
DISJOINT, SUM, SAME_AS = "x-disjoint", "x-sum", "x-same-as"
RELATION_KEYWORDS = (WITHIN, NOT, ORDER, UNIQUE, DISJOINT, SUM, SAME_AS)

Conditions = tuple[tuple[str, tuple[str | bool, ...]], ...]
"""Fields, each with the words of which a record has one there; () for all records."""


class Relation(NamedTuple):
    """What must hold between a field and another.

    `keyword` is one of RELATION_KEYWORDS.  The other is `other_field`: of the same object ("end"); of the
    record that a field of the same object refers to ("parent.end"); or, with `kind`, of the records of that
    kind whose `shared_fields` suit the record's own.  "" where a keyword needs no other field.

    * x-within: with `is_either` one of two terms may belong to the other, whichever.
    * x-not: only for terms, named by the other field, that meet the `conditions`.
    * x-order: the value comes before the other one, or with `is_either` at the same place.  With `along` the
      values of all records whose `shared_fields` agree rise with that field; with `after` the value comes
      after that of the record whose `other_field` the field `after` names.
    * x-unique, x-disjoint: among the records whose `shared_fields` agree; the range of a number goes on
      until `other_field`.
    * x-sum: the values of all records whose `shared_fields` agree are parts of one whole, and `other_field`
      tells the parts apart; `whole` is the field of a record that the parts refer to
      ("study.population_size"), "" where the whole is the maximum of the field, and `part_count` the field
      of it that says how many parts there are.
    * x-same-as: the same in other units, if need be by the `factor`, the mass of a mole in a record referred
      to; or with `kind` the same as that of one of the records.
    """

    keyword: str
    other_field: str = ""
    kind: str = ""
    shared_fields: tuple[str, ...] = ()
    is_either: bool = False
    conditions: Conditions = ()
    along: str = ""
    after: str = ""
    factor: str = ""
    whole: str = ""
    part_count: str = ""

    @property
    def is_between_records(self) -> bool:
        """Whether it is about several records of one kind."""
        is_sequence = self.keyword == ORDER and bool(self.along or self.after)
        return is_sequence or self.keyword in {UNIQUE, DISJOINT, SUM}

    def __str__(self) -> str:
        """Return the relation in words for a reader of the field, such as "inside course_limit"."""
        of_same = f" of one {' and '.join(self.shared_fields)}" if self.shared_fields else ""
        other = f"{self.kind}.{self.other_field}" if self.kind else self.other_field
        if self.keyword == SUM:
            return f"all {other}{of_same} are parts of {self.whole or 'a whole'}"
        if self.keyword == UNIQUE:
            return f"unique{of_same}"
        if self.keyword == DISJOINT:
            return f"{f'to {other} ' if other else ''}without overlap{of_same}"
        if self.keyword == ORDER and self.along:
            return f"rising with {self.along}{of_same}"
        if self.keyword == ORDER and self.after:
            return f"above that of the {other} in {self.after}"
        words = {
            WITHIN: "inside or around" if self.is_either else "inside",
            NOT: "not",
            ORDER: "not after" if self.is_either else "before",
            SAME_AS: "the same as",
        }[self.keyword]
        shared = f" of the same {', '.join(self.shared_fields)}" if self.kind and self.shared_fields else ""
        by_factor = f" by {self.factor}" if self.factor else ""
        return f"{words} {other}{shared}{by_factor}"


def parse_relations(subschema: dict[str, Any]) -> tuple[Relation, ...]:
    """Return the relations that the schema of a field declares, without ill-formed ones.

    The check of the schemas reports those.
    """
    relations = (
        _parse_relation(keyword, subschema[keyword]) for keyword in RELATION_KEYWORDS if keyword in subschema
    )
    return tuple(relation for relation in relations if relation is not None)


def _parse_relation(keyword: str, value: Any) -> Relation | None:
    if isinstance(value, str):
        value = {"field": value}
    if not isinstance(value, dict):
        return None
    names = {name: value.get(key, "") for name, key in _NAME_KEYS[keyword].items()}
    shared_fields, conditions = value.get("same", []), parse_conditions(value.get("where", {}))
    is_well_formed = (
        all(isinstance(name, str) for name in names.values())
        and isinstance(shared_fields, list)
        and all(isinstance(name, str) for name in shared_fields)
        and conditions is not None
        and value.keys() <= _ALL_KEYS
    )
    if not is_well_formed:
        return None
    relation = Relation(
        keyword,
        shared_fields=tuple(shared_fields),
        is_either=value.get("either") is True or value.get("equal") is True,
        conditions=conditions or (),
        **names,
    )
    needs_other_field = keyword in {WITHIN, NOT, SAME_AS, SUM} or (keyword == ORDER and not relation.along)
    return None if needs_other_field and not relation.other_field else relation


# For each keyword the names of what it holds, and the keys that they stand under.
_NAME_KEYS = {
    WITHIN: {"other_field": "field", "kind": "kind"},
    NOT: {"other_field": "field"},
    ORDER: {"other_field": "field", "along": "along", "after": "after"},
    UNIQUE: {},
    DISJOINT: {"other_field": "until"},
    SUM: {"other_field": "part", "whole": "whole", "part_count": "parts"},
    SAME_AS: {"other_field": "field", "kind": "kind", "factor": "factor"},
}
_ALL_KEYS = {
    *(key for keys in _NAME_KEYS.values() for key in keys.values()),
    *("same", "either", "equal", "where"),
}


def parse_conditions(where: Any) -> Conditions | None:
    """Return fields with the words that a record has one of there, None if they are ill-formed."""
    if not isinstance(where, dict):
        return None
    conditions = tuple(
        (name, tuple(value) if isinstance(value, list) else (value,)) for name, value in where.items()
    )
    words = (word for _, values in conditions for word in values)
    return conditions if all(isinstance(word, str | bool) for word in words) else None


def meet_conditions(record_value: dict[str, Any], conditions: Conditions) -> bool:
    """Return whether a record with these fields meets the conditions."""
    return all(_has_any_value(record_value.get(field_name), values) for field_name, values in conditions)


def _has_any_value(value: Any, values: tuple[str | bool, ...]) -> bool:
    return any(item in values for item in value) if isinstance(value, list) else value in values
