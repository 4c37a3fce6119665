"""The words for a value that is none of those in a closed list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.shape.context import Message
from bmkit.shape.values import format_literal, join_words

if TYPE_CHECKING:
    from bmkit.shape.context import MistakeContext


def describe_unlisted_value(context: MistakeContext) -> Message:
    """Say that a value is not in its list, and which of the list was probably meant."""
    from bmkit.suggest import format_suggestion, suggest_candidate

    texts = [value for value in context.keyword_value if isinstance(value, str)]
    message = f"{context.name} {format_literal(context.value)} is not in its list of values"
    suggestion, advice = "", advise_listed_values(context.keyword_value)
    if isinstance(context.value, str) and context.quantity_schema and context.name in {"unit", "comparator"}:
        suggestion = (
            _suggest_unit_code(context.value, texts)
            if context.name == "unit"
            else _suggest_comparator(context.value, texts)
        )
        if not suggestion and context.name == "unit":
            # To write another unit behind the same number would make a dose of 150 MBq one of 150 mg.
            message, advice = _describe_other_dimension(context, texts) or (message, advice)
    elif isinstance(context.value, str):
        suggestion = suggest_candidate(context.value, texts)
    return Message("value", message, format_suggestion(suggestion, advice))


def advise_listed_values(values: list[object]) -> str:
    """Advise to write one of a list."""
    return f"write {join_words([format_literal(value) for value in values], 'or')}"


def _suggest_unit_code(word: str, codes: list[str]) -> str:
    from bmkit.ucum.spoken import suggest_unit

    return suggest_unit(word, codes)


def _suggest_comparator(word: str, signs: list[str]) -> str:
    from bmkit.shape.spoken import parse_comparator

    return parse_comparator(word, signs)


def _describe_other_dimension(context: MistakeContext, codes: list[str]) -> tuple[str, str] | None:
    """Say that a unit measures something else than its quantity and what to do, None if it does not."""
    from bmkit.ucum.dimensions import name_dimension
    from bmkit.ucum.spoken import suggest_any_unit
    from bmkit.ucum.units import are_commensurable, is_valid_unit

    code = context.value if is_valid_unit(context.value) else suggest_any_unit(context.value)
    valid_codes = [listed_code for listed_code in codes if is_valid_unit(listed_code)]
    if (
        not code
        or not valid_codes
        or any(are_commensurable(code, listed_code) for listed_code in valid_codes)
    ):
        return None
    unit_annotation = context.quantity_schema["x-unit"]
    expected_dimension, measured_dimension = (
        unit_annotation if isinstance(unit_annotation, str) else name_dimension(valid_codes[0]),
        name_dimension(code),
    )
    if not expected_dimension:
        return None
    mismatch = (
        f"measures {measured_dimension}, not {expected_dimension}"
        if measured_dimension
        else f"does not measure {expected_dimension}"
    )
    message = f"{context.name} {format_literal(context.value)} {mismatch.replace('-', ' ')}"
    accepted = f"{context.owner} takes {expected_dimension.replace('-', ' ')} only"
    return message, f"look number and unit up; {accepted}, other measures are for the words of a statement"
