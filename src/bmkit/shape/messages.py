"""The message for each mistake of shape, made from keyword, schema and value: the same for all engines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.issue import Proposal
from bmkit.shape import messages_fields, messages_values
from bmkit.shape.context import Message, MistakeContext, advise_omission, suggest_no_id
from bmkit.shape.values import format_literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.shape.faults import BundledSchema
    from bmkit.shape.mistakes import Mistake

_DATE_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


_PLACEHOLDERS_BY_DEPTH = ("the file", "records", "the record")


def describe_mistake(
    mistake: Mistake,
    schema: BundledSchema,
    value: Any,
    kind_name: str,
    suggest_id: Callable[[str, str], str] = suggest_no_id,
) -> Message:
    """Return the message for a mistake in `value`, in a file of that kind; see MistakeContext."""
    fault = mistake.fault
    path_names = [part for part in fault.instance_path if isinstance(part, str)]
    field_names = path_names[1:] if path_names[:1] == ["records"] else path_names
    if len(field_names) > 1 and field_names[-1] == "value":
        field_names.pop()  # the value of a share is best called the share
    name = field_names[-1] if field_names else _PLACEHOLDERS_BY_DEPTH[min(len(fault.instance_path), 2)]
    owner = field_names[-2] if len(field_names) > 1 else kind_name
    context = MistakeContext(
        mistake,
        schema,
        value,
        schema.find_keyword_value(fault),
        schema.find_failed_subschema(fault),
        name,
        owner,
        kind_name,
        suggest_id,
    )
    return _DESCRIBERS_BY_KEYWORD[fault.keyword](context)


def _describe_const_mismatch(context: MistakeContext) -> Message:
    expected = format_literal(context.keyword_value)
    return Message("value", f"{context.name} is {format_literal(context.value)}, but must be {expected}")


def _describe_format_mismatch(context: MistakeContext) -> Message:
    if context.keyword_value != "date":
        return Message("format", f"{format_literal(context.value)} is not a valid {context.keyword_value}")
    if _DATE_FORM.fullmatch(context.value):
        return Message("date", f"{format_literal(context.value)} is not a day of the calendar")
    return Message(
        "date", f"{format_literal(context.value)} is not a date", "write year, month and day, like 2025-07-07"
    )


def _make_limit_describer(fault_name: str, limit_phrase: str) -> Callable[[MistakeContext], Message]:
    def describe_limit(context: MistakeContext) -> Message:
        limit = limit_phrase.format(format_literal(context.keyword_value))
        return Message(fault_name, f"{context.name} {format_literal(context.value)} {limit}")

    return describe_limit


def _make_size_describer(
    fault_name: str, unit: str, limit_phrase: str
) -> Callable[[MistakeContext], Message]:
    def describe_size(context: MistakeContext) -> Message:
        size = len(context.value)
        size_phrase = f"has {size} {unit if size == 1 else f'{unit}s'}" if size else "is empty"
        return Message(
            fault_name,
            f"{context.name} {size_phrase}, {limit_phrase.format(context.keyword_value)}",
            "" if size else advise_omission(context),
        )

    return describe_size


def _describe_repeated_item(context: MistakeContext) -> Message:
    first, repeat = (int(position) for position in context.mistake.names)
    message = f"{format_literal(context.value[repeat])} is in {context.name} already, at position {first + 1}"
    return Message("repeated-item", message, Proposal("remove one", ""), (repeat,))


_DESCRIBERS_BY_KEYWORD: dict[str, Callable[[MistakeContext], Message]] = {
    "type": messages_values.describe_wrong_type,
    "enum": messages_values.describe_unlisted_value,
    "const": _describe_const_mismatch,
    "format": _describe_format_mismatch,
    "pattern": messages_values.describe_pattern_mismatch,
    "minimum": _make_limit_describer("too-low", "is below {}, the least allowed"),
    "maximum": _make_limit_describer("too-high", "is above {}, the most allowed"),
    "exclusiveMinimum": _make_limit_describer("too-low", "is not above {}"),
    "exclusiveMaximum": _make_limit_describer("too-high", "is not below {}"),
    "multipleOf": _make_limit_describer("not-a-multiple", "is not a multiple of {}"),
    "minLength": _make_size_describer("too-short", "character", "at least {} needed"),
    "maxLength": _make_size_describer("too-long", "character", "at most {} allowed"),
    "minItems": _make_size_describer("too-few", "item", "at least {} needed"),
    "maxItems": _make_size_describer("too-many", "item", "at most {} allowed"),
    "uniqueItems": _describe_repeated_item,
    "additionalProperties": messages_fields.describe_unknown_field,
    "required": messages_fields.describe_missing_field,
    "dependentRequired": messages_fields.describe_missing_field,
    "false": messages_fields.describe_forbidden_field,
    "anyOf": messages_fields.describe_alternatives,
    "oneOf": messages_fields.describe_alternatives,
    "not": messages_fields.describe_forbidden_value,
}
