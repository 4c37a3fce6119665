"""From all faults that an engine reports to one for each mistake."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.shape.faults import BundledSchema, ShapeFault, select_instance
from bmkit.shape.values import find_repeated_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bmkit.issue import PathPart

# A value that is wrong in several of these ways is one mistake, reported by the first of them.
_VALUE_KEYWORDS = (
    "type", "const", "enum", "format", "pattern", "minLength", "maxLength", "minimum", "exclusiveMinimum",
    "maximum", "exclusiveMaximum", "multipleOf",
)  # fmt: skip
_CONDITIONAL_KEYWORDS = ("then", "else", "anyOf", "oneOf", "not")
# How much each fault speaks against an alternative being the one that was meant.
_TYPE_PENALTY, _CONSTANT_PENALTY, _FIELDS_PENALTY = 100, 10, 2


class Mistake(NamedTuple):
    """One mistake: the fault that shows it, the fields it is about, and the one that was meant."""

    fault: ShapeFault
    names: tuple[str, ...] = ()
    suggestion: str = ""


def find_mistakes(faults: Iterable[ShapeFault], schema: BundledSchema, document: Any) -> list[Mistake]:
    """Return one mistake for each correction that the document needs."""
    # Engines find the same faults, each in its own order.
    distinct_faults = sorted(
        {leaf for fault in faults for leaf in _resolve_alternatives(fault, schema)}, key=repr
    )
    faults_by_path: dict[tuple[PathPart, ...], list[ShapeFault]] = {}
    for fault in distinct_faults:
        faults_by_path.setdefault(fault.instance_path, []).append(fault)
    mistakes: list[Mistake] = []
    for place_faults in faults_by_path.values():
        instance = select_instance(document, place_faults[0].instance_path)
        mistakes += _find_field_mistakes(place_faults, schema, instance) if isinstance(instance, dict) else []
        for fault in _select_value_faults(place_faults):
            mistakes += (
                _find_repeated_item_mistakes(fault, instance)
                if fault.keyword == "uniqueItems"
                else [Mistake(fault)]
            )
    return _drop_repeated_mistakes(mistakes, schema)


def _resolve_alternatives(fault: ShapeFault, schema: BundledSchema) -> list[ShapeFault]:
    """Replace the fault of an anyOf or oneOf by those of the alternative that was most likely meant."""
    branches = fault.branches
    if not branches or all(
        _is_missing_field(inner_fault, fault) for branch in branches for inner_fault in branch
    ):
        return [fault]
    likely_branch = min(
        branches,
        key=lambda branch: sum(_score_mismatch(inner_fault, fault, schema) for inner_fault in branch),
    )
    return [leaf for inner_fault in likely_branch for leaf in _resolve_alternatives(inner_fault, schema)]


def _is_missing_field(inner_fault: ShapeFault, outer_fault: ShapeFault) -> bool:
    return inner_fault.keyword == "required" and inner_fault.instance_path == outer_fault.instance_path


def _score_mismatch(inner_fault: ShapeFault, outer_fault: ShapeFault, schema: BundledSchema) -> int:
    if inner_fault.instance_path == outer_fault.instance_path:
        if inner_fault.keyword == "type":
            return _TYPE_PENALTY
        return _FIELDS_PENALTY if inner_fault.keyword in {"required", "additionalProperties"} else 1
    is_constant = inner_fault.keyword == "const" or (
        inner_fault.keyword == "enum" and len(schema.find_keyword_value(inner_fault)) == 1
    )
    return _CONSTANT_PENALTY if is_constant else 1


def _select_value_faults(place_faults: Sequence[ShapeFault]) -> list[ShapeFault]:
    """Return the faults of one place that are about its value: one of the sort that exclude each other."""
    other_faults = [
        fault
        for fault in place_faults
        if fault.keyword not in _VALUE_KEYWORDS and fault.keyword not in _FIELD_KEYWORDS
    ]
    value_faults = sorted(
        (fault for fault in place_faults if fault.keyword in _VALUE_KEYWORDS),
        key=lambda fault: _VALUE_KEYWORDS.index(fault.keyword),
    )
    return other_faults + value_faults[:1]


_FIELD_KEYWORDS = ("required", "dependentRequired", "additionalProperties")


def _find_field_mistakes(
    place_faults: Sequence[ShapeFault], schema: BundledSchema, instance: dict[str, Any]
) -> list[Mistake]:
    """Return the mistakes about which fields an object has; a misspelt field is not a missing one as well."""
    missing_by_path: dict[tuple[PathPart, ...], tuple[ShapeFault, list[str]]] = {}
    unknown_fields: dict[str, ShapeFault] = {}
    known_fields: dict[str, None] = {}
    for fault in place_faults:
        if fault.keyword == "required":
            missing_names = [name for name in schema.find_keyword_value(fault) if name not in instance]
            missing_by_path.setdefault(fault.schema_path, (fault, missing_names))
        elif fault.keyword == "dependentRequired":
            required_lists = [
                names for name, names in schema.find_keyword_value(fault).items() if name in instance
            ]
            missing_names = list(
                dict.fromkeys(name for names in required_lists for name in names if name not in instance)
            )
            missing_by_path.setdefault(fault.schema_path, (fault, missing_names))
        elif fault.keyword == "additionalProperties":
            properties = schema.find_failed_subschema(fault).get("properties", {})
            known_fields.update(dict.fromkeys(properties))
            unknown_fields.update((name, fault) for name in instance if name not in properties)
    mistakes: list[Mistake] = []
    meant_names: set[str] = set()
    for name, fault in unknown_fields.items():
        suggestion = _suggest_field(
            name, tuple(field_name for field_name in known_fields if field_name not in instance)
        ) or _suggest_field(name, tuple(known_fields))
        meant_names.add(suggestion)
        mistakes.append(Mistake(fault, (name,), suggestion))
    for fault, missing_names in missing_by_path.values():
        if is_conditional(fault):
            condition_names = schema.find_condition(fault.schema_path)[1].get("required", ())
            mistakes += (
                [Mistake(fault, tuple(missing_names))]
                if meant_names.isdisjoint([*missing_names, *condition_names])
                else []
            )
        else:
            mistakes += [Mistake(fault, (name,)) for name in missing_names if name not in meant_names]
    return mistakes


def _find_repeated_item_mistakes(fault: ShapeFault, items: list[Any]) -> list[Mistake]:
    """Return a mistake for each repeated item; its names are the positions, the first and the later one."""
    return [Mistake(fault, (str(first), str(repeat))) for first, repeat in find_repeated_items(items)]


def is_conditional(fault: ShapeFault) -> bool:
    """Return whether a fault holds only because of something else in the document."""
    inner_path = fault.schema_path[
        max(
            (index for index, step in enumerate(fault.schema_path) if step in {"properties", "items"}),
            default=0,
        ) :
    ]
    return fault.keyword == "dependentRequired" or any(step in _CONDITIONAL_KEYWORDS for step in inner_path)


@lru_cache
def _suggest_field(unknown_name: str, known_names: tuple[str, ...]) -> str:
    # Only a document with an unknown field pays for this import.
    from bmkit.suggest import suggest_candidate

    return suggest_candidate(unknown_name, known_names)


def _drop_repeated_mistakes(mistakes: list[Mistake], schema: BundledSchema) -> list[Mistake]:
    """Drop what is reported twice: by two ways to one keyword, or because two fields exclude one other."""
    seen_keys: set[tuple[Any, ...]] = set()
    distinct_mistakes: list[Mistake] = []
    for mistake in mistakes:
        fault = mistake.fault
        if fault.keyword == "false":
            # {"value": 4, "low": 2, "high": 5}: low and high are one mistake, not two.
            key: tuple[Any, ...] = ("false", fault.instance_path[:-1], fault.schema_path[:-1])
        elif mistake.names:
            key = (fault.keyword, fault.instance_path, mistake.names)
        else:
            key = (fault.keyword, fault.instance_path, repr(schema.find_keyword_value(fault)))
        if key not in seen_keys:
            seen_keys.add(key)
            distinct_mistakes.append(mistake)
    return distinct_mistakes
