"""The words for each mistake of shape, made from keyword, schema and value: all engines say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.shape import choice, form, messages_fields, messages_values
from bmkit.shape.context import Case, Said, leave_out, nobody
from bmkit.shape.values import a_value, literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.shape.faults import Schema
    from bmkit.shape.mistakes import Mistake

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


_NAMELESS = ("the file", "records", "the record")


def say(
    mistake: Mistake,
    schema: Schema,
    value: Any,
    kind: str,
    meant: Callable[[str, str], str] = nobody,
) -> Said:
    """Say what is wrong with `value`, in a file of that kind; `meant` is as in a case."""
    fault = mistake.fault
    names = [part for part in fault.path if isinstance(part, str)]
    inside = names[1:] if names[:1] == ["records"] else names
    if len(inside) > 1 and inside[-1] == "value":
        inside.pop()  # the value of a share is best called the share
    name = inside[-1] if inside else _NAMELESS[min(len(fault.path), 2)]
    owner = inside[-2] if len(inside) > 1 else kind
    case = Case(mistake, schema, value, schema.want(fault), schema.holder(fault), name, owner, meant)
    return _WORDS.get(fault.keyword, _other)(case)


def _const(case: Case) -> Said:
    return Said("value", f"{case.name} is {literal(case.value)}, but must be {literal(case.want)}")


def _format(case: Case) -> Said:
    if case.want != "date":
        return Said("format", f"{literal(case.value)} is not a valid {case.want}")
    if _DAY.fullmatch(case.value):
        return Said("date", f"{literal(case.value)} is not a day of the calendar")
    return Said("date", f"{literal(case.value)} is not a date", "write year, month and day, like 2025-07-07")


def _limit(fault: str, words: str) -> Callable[[Case], Said]:
    def said(case: Case) -> Said:
        return Said(fault, f"{case.name} {literal(case.value)} {words.format(literal(case.want))}")

    return said


def _size(fault: str, unit: str, words: str) -> Callable[[Case], Said]:
    def said(case: Case) -> Said:
        size = len(case.value)
        has = f"has {size} {unit if size == 1 else f'{unit}s'}" if size else "is empty"
        return Said(fault, f"{case.name} {has}, {words.format(case.want)}", "" if size else leave_out(case))

    return said


def _unique(case: Case) -> Said:
    first, again = (int(name) for name in case.mistake.names)
    message = f"{literal(case.value[again])} is in {case.name} already, at position {first + 1}"
    return Said("repeated-item", message, "remove one", (again,))


def _other(case: Case) -> Said:
    return Said(
        "other", f"{a_value(case.value)} does not fit {case.mistake.fault.keyword} {literal(case.want)}"
    )


_WORDS: dict[str, Callable[[Case], Said]] = {
    "type": messages_values.wrong,
    "enum": choice.none_of,
    "const": _const,
    "format": _format,
    "pattern": form.unfit,
    "minimum": _limit("too-low", "is below {}, the least allowed"),
    "maximum": _limit("too-high", "is above {}, the most allowed"),
    "exclusiveMinimum": _limit("too-low", "is not above {}"),
    "exclusiveMaximum": _limit("too-high", "is not below {}"),
    "multipleOf": _limit("not-a-multiple", "is not a multiple of {}"),
    "minLength": _size("too-short", "character", "at least {} needed"),
    "maxLength": _size("too-long", "character", "at most {} allowed"),
    "minItems": _size("too-few", "item", "at least {} needed"),
    "maxItems": _size("too-many", "item", "at most {} allowed"),
    "uniqueItems": _unique,
    "additionalProperties": messages_fields.unknown,
    "required": messages_fields.missing,
    "dependentRequired": messages_fields.missing,
    "false": messages_fields.forbidden,
    "anyOf": messages_fields.alternatives,
    "oneOf": messages_fields.alternatives,
    "not": messages_fields.together,
}
