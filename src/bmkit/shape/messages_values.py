"""The words for a value of the wrong type."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.shape.choice import write_one
from bmkit.shape.context import Said, leave_out
from bmkit.shape.values import a_type, a_value, literal

if TYPE_CHECKING:
    from bmkit.shape.context import Case

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = r"%|[^\W\d_]*"
_NUMBERS = frozenset(("number", "integer"))


def wrong(case: Case) -> Said:
    """Say that a value is of another type than it should be, and how it is written right."""
    types = case.want if isinstance(case.want, list) else [case.want]
    should, hint = _quotes(case, types)
    if not should:
        should = " or ".join(a_type(one) for one in types)
        without = leave_out(case) if case.value is None else ""
        hint = without or _rewritten(case, types) or _like(case, types)
    if isinstance(case.value, dict | list):
        name = f"an item of {case.name}" if case.is_item and case.name != "the record" else case.name
        return Said("type", f"{name} is {a_value(case.value)}, and should be {should}", hint)
    return Said("type", f"{a_value(case.value)} should be {should}", hint)


def _quotes(case: Case, types: list[str]) -> tuple[str, str]:
    """Say what a value should be that only has quotes too many or too few, "" and "" for any other."""
    value = case.value
    if isinstance(value, str):
        if _NUMBERS & set(types) and _NUMBER.fullmatch(value):
            return f"the number {value}", "take the quotes away"
        if "boolean" in types and value in {"true", "false"}:
            return f"the value {value}", "take the quotes away"
    elif types == ["string"] and isinstance(value, int | Decimal) and _fits(literal(value), case.holder):
        return f'the text "{literal(value)}"', "put it in quotes"
    return "", ""


def _fits(text: str, schema: dict[str, Any]) -> bool:
    """Say whether a text, which was written without quotes, is one of those that the schema allows."""
    values = schema["enum"] if "enum" in schema else [schema["const"]] if "const" in schema else [text]
    pattern = schema.get("pattern", "")
    return text in values and (not pattern or re.search(pattern, text) is not None)


def _rewritten(case: Case, types: list[str]) -> str:
    """Give the value in the type that is wanted, as advice; "" if that is not plain."""
    value = case.value
    if types == ["array"] and isinstance(value, str):
        items = case.schema.plain(case.holder.get("items", {}), "pattern")
        return f"write {literal([value])}" if _fits(value, items) and value else ""
    if types == ["string"] and isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return f"write {literal(value[0])}"
    if types == ["string"] and isinstance(case.holder.get("enum"), list):
        return write_one(case.holder["enum"])
    if types == ["object"] and "x-unit" in case.holder:
        return _quantity(value, case.holder)
    return _number(case) if isinstance(value, str) and _NUMBERS & set(types) else ""


def _quantity(value: Any, schema: dict[str, Any]) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    from bmkit.shape.spoken import quantity

    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    meant = quantity(text, schema)
    return f"write {literal(meant)}" if meant else ""


def _number(case: Case) -> str:
    """Give the number that a text says; a unit that stands behind it must not get lost."""
    from bmkit.shape.spoken import measured, units_of

    read = measured(case.value)
    if read is None or "value" not in read[0] or read[1]:
        return ""
    advice = f"write {literal(read[0]['value'])}"
    if not read[2] or not case.quantity:
        return advice if re.fullmatch(_WORD, read[2]) else ""
    from bmkit.ucum.spoken import meant_of

    unit = meant_of(read[2], units_of(case.quantity))
    return f'{advice}, and "unit": "{unit}" beside it' if unit else ""


def _like(case: Case, types: list[str]) -> str:
    examples = case.holder.get("examples")
    shown = {"object", "array"} & set(types) and isinstance(examples, list) and examples
    return f"write it like {literal(examples[0])}" if shown and examples else ""
