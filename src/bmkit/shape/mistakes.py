"""From everything that an engine finds to one fault for each mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.shape.faults import Fault, Schema, value_at
from bmkit.shape.values import repeats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bmkit.content.record import Part

# A value that is wrong in several of these ways is one mistake, told by the first of them.
_VALUE = (
    "type", "const", "enum", "format", "pattern", "minLength", "maxLength", "minimum", "exclusiveMinimum",
    "maximum", "exclusiveMaximum", "multipleOf",
)  # fmt: skip
_CONDITIONS = ("then", "else", "anyOf", "oneOf", "not")
# How much each fault speaks against an alternative being the one that was meant.
_AGAINST_TYPE, _AGAINST_CONSTANT, _AGAINST_FIELDS = 100, 10, 2


class Mistake(NamedTuple):
    """One mistake: the fault that tells it, the fields it is about, and the one that was meant."""

    fault: Fault
    names: tuple[str, ...] = ()
    meant: str = ""


def mistakes(faults: Iterable[Fault], schema: Schema, document: Any) -> list[Mistake]:
    """Give one mistake for each thing that someone has to put right in the document."""
    # Engines find the same faults, each in its own order.
    told = sorted({leaf for fault in faults for leaf in _leaves(fault, schema)}, key=repr)
    places: dict[tuple[Part, ...], list[Fault]] = {}
    for fault in told:
        places.setdefault(fault.path, []).append(fault)
    made: list[Mistake] = []
    for here in places.values():
        value = value_at(document, here[0].path)
        made += _fields(here, schema, value) if isinstance(value, dict) else []
        for fault in _values(here):
            made += _repeats(fault, value) if fault.keyword == "uniqueItems" else [Mistake(fault)]
    return _once(made, schema)


def _leaves(fault: Fault, schema: Schema) -> list[Fault]:
    """Replace the fault of an anyOf or oneOf by those of the alternative that was most likely meant."""
    branches = fault.branches
    if not branches or all(_is_absence(inner, fault) for branch in branches for inner in branch):
        return [fault]
    best = min(branches, key=lambda branch: sum(_against(inner, fault, schema) for inner in branch))
    return [leaf for inner in best for leaf in _leaves(inner, schema)]


def _is_absence(inner: Fault, outer: Fault) -> bool:
    return inner.keyword == "required" and inner.path == outer.path


def _against(inner: Fault, outer: Fault, schema: Schema) -> int:
    if inner.path == outer.path:
        if inner.keyword == "type":
            return _AGAINST_TYPE
        return _AGAINST_FIELDS if inner.keyword in {"required", "additionalProperties"} else 1
    is_constant = inner.keyword == "const" or (inner.keyword == "enum" and len(schema.want(inner)) == 1)
    return _AGAINST_CONSTANT if is_constant else 1


def _values(here: Sequence[Fault]) -> list[Fault]:
    """Give the faults of one place that are about its value: one of the sort that exclude each other."""
    rest = [fault for fault in here if fault.keyword not in _VALUE and fault.keyword not in _ABOUT_FIELDS]
    value = sorted(
        (fault for fault in here if fault.keyword in _VALUE), key=lambda fault: _VALUE.index(fault.keyword)
    )
    return rest + value[:1]


_ABOUT_FIELDS = ("required", "dependentRequired", "additionalProperties")


def _fields(here: Sequence[Fault], schema: Schema, value: dict[str, Any]) -> list[Mistake]:
    """Give the mistakes about which fields an object has; a misspelt field is not a missing one as well."""
    groups: dict[tuple[Part, ...], tuple[Fault, list[str]]] = {}
    unknown: dict[str, Fault] = {}
    known: dict[str, None] = {}
    for fault in here:
        if fault.keyword == "required":
            missing = [name for name in schema.want(fault) if name not in value]
            groups.setdefault(fault.way, (fault, missing))
        elif fault.keyword == "dependentRequired":
            wanted = [names for name, names in schema.want(fault).items() if name in value]
            missing = list(dict.fromkeys(name for names in wanted for name in names if name not in value))
            groups.setdefault(fault.way, (fault, missing))
        elif fault.keyword == "additionalProperties":
            properties = schema.holder(fault).get("properties", {})
            known.update(dict.fromkeys(properties))
            unknown.update((name, fault) for name in value if name not in properties)
    made: list[Mistake] = []
    misspelt: set[str] = set()
    for name, fault in unknown.items():
        meant = _meant(name, [one for one in known if one not in value]) or _meant(name, list(known))
        misspelt.add(meant)
        made.append(Mistake(fault, (name,), meant))
    for fault, missing in groups.values():
        if is_conditional(fault):
            others = schema.condition(fault.way)[1].get("required", ())
            made += [Mistake(fault, tuple(missing))] if misspelt.isdisjoint([*missing, *others]) else []
        else:
            made += [Mistake(fault, (name,)) for name in missing if name not in misspelt]
    return made


def _repeats(fault: Fault, items: list[Any]) -> list[Mistake]:
    """Give a mistake for each repeated item; its names are the positions, the first and the later one."""
    return [Mistake(fault, (str(first), str(again))) for first, again in repeats(items)]


def is_conditional(fault: Fault) -> bool:
    """Say whether a fault holds only because of something else in the document."""
    inner = fault.way[
        max((at for at, step in enumerate(fault.way) if step in {"properties", "items"}), default=0) :
    ]
    return fault.keyword == "dependentRequired" or any(step in _CONDITIONS for step in inner)


def _meant(name: str, names: list[str]) -> str:
    # Only a document with an unknown field pays for this import.
    from bmkit.suggest import suggest

    return suggest(name, names)


def _once(made: list[Mistake], schema: Schema) -> list[Mistake]:
    """Drop what was told twice: by two ways to one keyword, or because two fields exclude one other."""
    seen: set[tuple[Any, ...]] = set()
    kept: list[Mistake] = []
    for mistake in made:
        fault = mistake.fault
        if fault.keyword == "false":
            # {"value": 4, "low": 2, "high": 5}: low and high are one mistake, not two.
            key: tuple[Any, ...] = ("false", fault.path[:-1], fault.way[:-1])
        elif mistake.names:
            key = (fault.keyword, fault.path, mistake.names)
        else:
            key = (fault.keyword, fault.path, repr(schema.want(fault)))
        if key not in seen:
            seen.add(key)
            kept.append(mistake)
    return kept
