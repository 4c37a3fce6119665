"""The words for a value of the wrong type."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.shape.choice import advise_listed_values
from bmkit.shape.context import Message, advise_omission
from bmkit.shape.values import format_literal, format_type, format_typed_value

if TYPE_CHECKING:
    from bmkit.shape.context import MistakeContext

_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_UNIT_WORD = r"%|[^\W\d_]*"
_NUMBER_TYPES = frozenset(("number", "integer"))


def describe_wrong_type(context: MistakeContext) -> Message:
    """Say that a value is of another type than it should be, and how it is written right."""
    type_names = context.keyword_value if isinstance(context.keyword_value, list) else [context.keyword_value]
    expected, hint = _advise_quotes(context, type_names)
    if not expected:
        expected = " or ".join(format_type(type_name) for type_name in type_names)
        omission = advise_omission(context) if context.value is None else ""
        hint = omission or _advise_conversion(context, type_names) or _advise_example(context, type_names)
    if isinstance(context.value, dict | list):
        value_name = (
            f"an item of {context.name}" if context.is_item and context.name != "the record" else context.name
        )
        return Message(
            "type", f"{value_name} is {format_typed_value(context.value)}, and should be {expected}", hint
        )
    return Message("type", f"{format_typed_value(context.value)} should be {expected}", hint)


def _advise_quotes(context: MistakeContext, type_names: list[str]) -> tuple[str, str]:
    """Say what a value should be that only has quotes too many or too few, "" and "" for any other."""
    value = context.value
    if isinstance(value, str):
        if _NUMBER_TYPES & set(type_names) and _JSON_NUMBER.fullmatch(value):
            return f"the number {value}", "take the quotes away"
        if "boolean" in type_names and value in {"true", "false"}:
            return f"the value {value}", "take the quotes away"
    elif (
        type_names == ["string"]
        and isinstance(value, int | Decimal)
        and _is_allowed_text(format_literal(value), context.subschema)
    ):
        return f'the text "{format_literal(value)}"', "put it in quotes"
    return "", ""


def _is_allowed_text(text: str, schema: dict[str, Any]) -> bool:
    """Say whether a text, which was written without quotes, is one of those that the schema allows."""
    values = schema["enum"] if "enum" in schema else [schema["const"]] if "const" in schema else [text]
    pattern = schema.get("pattern", "")
    return text in values and (not pattern or re.search(pattern, text) is not None)


def _advise_conversion(context: MistakeContext, type_names: list[str]) -> str:
    """Give the value in the type that is wanted, as advice; "" if that is not plain."""
    value = context.value
    if type_names == ["array"] and isinstance(value, str):
        item_schema = context.schema.resolve_refs(context.subschema.get("items", {}), "pattern")
        return f"write {format_literal([value])}" if _is_allowed_text(value, item_schema) and value else ""
    if type_names == ["string"] and isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return f"write {format_literal(value[0])}"
    if type_names == ["string"] and isinstance(context.subschema.get("enum"), list):
        return advise_listed_values(context.subschema["enum"])
    if type_names == ["object"] and "x-unit" in context.subschema:
        return _advise_quantity(value, context.subschema)
    return _advise_number(context) if isinstance(value, str) and _NUMBER_TYPES & set(type_names) else ""


def _advise_quantity(value: Any, schema: dict[str, Any]) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    from bmkit.shape.spoken import parse_quantity_text

    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    suggestion = parse_quantity_text(text, schema)
    return f"write {format_literal(suggestion)}" if suggestion else ""


def _advise_number(context: MistakeContext) -> str:
    """Give the number that a text says; a unit that stands behind it must not get lost."""
    from bmkit.shape.spoken import list_unit_codes, split_quantity

    quantity_parts = split_quantity(context.value)
    if quantity_parts is None or "value" not in quantity_parts[0] or quantity_parts[1]:
        return ""
    advice = f"write {format_literal(quantity_parts[0]['value'])}"
    if not quantity_parts[2] or not context.quantity_schema:
        return advice if re.fullmatch(_UNIT_WORD, quantity_parts[2]) else ""
    from bmkit.ucum.spoken import suggest_unit

    unit = suggest_unit(quantity_parts[2], list_unit_codes(context.quantity_schema))
    return f'{advice}, and "unit": "{unit}" beside it' if unit else ""


def _advise_example(context: MistakeContext, type_names: list[str]) -> str:
    examples = context.subschema.get("examples")
    usable_examples = {"object", "array"} & set(type_names) and isinstance(examples, list) and examples
    return f"write it like {format_literal(examples[0])}" if usable_examples and examples else ""
