"""The messages for mistakes about which fields an object has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.shape.context import PLACEHOLDER_NAMES, Message, MistakeContext
from bmkit.shape.mistakes import is_conditional
from bmkit.shape.values import format_literal, format_phrase, format_typed_value, join_words

if TYPE_CHECKING:
    from typing import Any

_GRAMMATICAL_ARTICLES = ("the ", "a ", "an ")


def describe_unknown_field(context: MistakeContext) -> Message:
    """Return the message for a field that its schema does not know."""
    from bmkit.suggest import propose_meant

    (name,) = context.mistake.names
    suggestion = context.mistake.suggestion
    object_name = context.name if context.name not in PLACEHOLDER_NAMES else context.owner
    property_names = list(context.subschema.get("properties", {}))
    hint = propose_meant(suggestion, f"the fields are {join_words(property_names, 'and')}")
    if suggestion and suggestion in context.value:
        hint = f'"{suggestion}" is present already'
    return Message(
        "unknown-field", f"{object_name} has no field {format_literal(name)}", hint, (name,), key=True
    )


def describe_missing_field(context: MistakeContext) -> Message:
    """Return the message for a missing field that is needed, always or in this case."""
    field_names = list(context.mistake.names)
    message = f"{join_words(field_names, 'and')} {'is' if len(field_names) == 1 else 'are'} missing"
    if context.name not in PLACEHOLDER_NAMES:
        message += f" from {context.name}"
    if is_conditional(context.mistake.fault):
        return Message("missing-field", message, _explain_need(context, field_names))
    field_schema = context.schema.resolve_refs(
        context.subschema.get("properties", {}).get(field_names[0], {}), "title"
    )
    title, description = (
        format_phrase(field_schema.get("title", "")),
        format_phrase(field_schema.get("description", "")),
    )
    if not title or not description:
        return Message("missing-field", message)
    # Many descriptions only repeat the title.
    repeats_title = title in {
        description,
        *(description.removeprefix(article) for article in _GRAMMATICAL_ARTICLES),
    }
    return Message("missing-field", message, description if repeats_title else f"{title}: {description}")


def _explain_need(context: MistakeContext, field_names: list[str]) -> str:
    """Return why a field is needed in this case."""
    fault = context.mistake.fault
    if fault.keyword == "dependentRequired":
        present_names = [name for name in context.keyword_value if name in context.value]
        return f"required beside {join_words(present_names, 'and')}"
    branch, condition = context.schema.find_condition(fault.schema_path)
    required_names = condition.get("required", [])
    const_values = _select_const_values(condition)
    if branch == "else" and required_names and not const_values:
        advice = f"add {join_words(required_names, 'and')}, or {join_words(field_names, 'and')}"
        return (
            advice
            if len(field_names) == len(context.keyword_value)
            else f"required without {join_words(required_names, 'and')}"
        )
    if branch == "then":
        clauses = [f"{name} is {format_literal(const_values[name])}" for name in const_values]
        clauses += [f"{name} is present" for name in required_names if name not in const_values]
        return f"required when {' and '.join(clauses)}" if clauses else ""
    return ""


def _select_const_values(condition: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that must have one value for a condition to hold, and that value."""
    return {
        name: property_schema["const"]
        for name, property_schema in condition.get("properties", {}).items()
        if "const" in property_schema
    }


def describe_forbidden_field(context: MistakeContext) -> Message:
    """Return the message for a field that must not be here."""
    branch, condition = context.schema.find_condition(context.mistake.fault.schema_path)
    const_values = _select_const_values(condition) if branch == "then" else {}
    if const_values:
        circumstance = " and ".join(
            f"{name} is {format_literal(value)}" for name, value in const_values.items()
        )
        hint = f"leave {context.name} out, or correct {join_words(list(const_values), 'and')}"
        return Message(
            "forbidden-field", f"{context.name} is not allowed when {circumstance}", hint, key=True
        )
    other_names = condition.get("required", []) if branch == "then" else []
    circumstance = f"beside {join_words(other_names, 'and')}" if other_names else "here"
    hint = f"keep either {join_words(other_names, 'and')} or {context.name}" if other_names else ""
    return Message("forbidden-field", f"{context.name} is not allowed {circumstance}", hint, key=True)


def describe_alternatives(context: MistakeContext) -> Message:
    """Return the message for an object that has none of several alternatives, or more than one."""
    required_lists = [
        alternative.get("required", [])
        for alternative in context.keyword_value
        if isinstance(alternative, dict)
    ]
    # What is no object lacks no field, and so fits all of them.
    if not all(required_lists) or not isinstance(context.value, dict):
        value_name = format_typed_value(context.value)
        message = f"{value_name} fits none or several of the forms that {context.name} may have"
        return Message("alternatives", message)
    list_phrases = [join_words(field_names, "and") for field_names in required_lists]
    given_phrases = [
        list_phrase
        for field_names, list_phrase in zip(required_lists, list_phrases, strict=True)
        if all(name in context.value for name in field_names)
    ]
    if given_phrases:
        return Message(
            "alternatives", f"{join_words(given_phrases, 'and')} exclude each other", "keep one of them"
        )
    return Message(
        "missing-field", f"{join_words(list_phrases, 'or')} is missing", "at least one of them is required"
    )


def describe_forbidden_value(context: MistakeContext) -> Message:
    """Return the message for a value that is ruled out."""
    exclusive_names = (
        context.keyword_value.get("required", []) if isinstance(context.keyword_value, dict) else []
    )
    if exclusive_names and isinstance(context.value, dict):
        return Message("alternatives", f"{join_words(exclusive_names, 'and')} exclude each other")
    return Message("forbidden-value", f"{format_typed_value(context.value)} is not allowed as {context.name}")
