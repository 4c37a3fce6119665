"""The messages for a value of the wrong type, outside its list of values, or not matching its pattern."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.issue import Proposal
from bmkit.proposals import propose_value
from bmkit.schema.patterns import matches_pattern
from bmkit.shape.context import Message, advise_omission
from bmkit.shape.values import (
    format_literal,
    format_phrase,
    format_type,
    format_typed_value,
    join_words,
)

if TYPE_CHECKING:
    from bmkit.issue import Hint
    from bmkit.shape.context import MistakeContext

_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_UNIT_WORD = r"%|[^\W\d_]*"
_NUMBER_TYPES = frozenset(("number", "integer"))
# Words of closed lists that say when, how often or beside what a medicine is given.
_DOSE_TIME_WORD = re.compile(
    r"\b(?:(?:second|minute|hour|day|night|week|month|year|morning|evening|meal|dose|time)s?"
    r"|(?:dai|hour|week|month|year)ly|noon|midday|bedtime|food|fasting|stomach|once|twice|fortnight)\b",
    re.IGNORECASE,
)
# A longer text would be cut short in the advice to write it.
_MAX_ADVISED_LENGTH = 60


def describe_wrong_type(context: MistakeContext) -> Message:
    """Return the message for a value of the wrong type, and how to write it."""
    type_names = context.keyword_value if isinstance(context.keyword_value, list) else [context.keyword_value]
    expected, hint = _advise_quotes(context, type_names)
    if not expected:
        expected = " or ".join(format_type(type_name) for type_name in type_names)
        example = _advise_example(context, type_names)
        hint = (
            advise_omission(context, example)
            if context.value is None
            else _advise_conversion(context, type_names, example)
        )
    if isinstance(context.value, dict | list):
        value_name = (
            f"an item of {context.name}" if context.is_item and context.name != "the record" else context.name
        )
        return Message(
            "type", f"{value_name} is {format_typed_value(context.value)}, and should be {expected}", hint
        )
    return Message("type", f"{format_typed_value(context.value)} should be {expected}", hint)


def _advise_quotes(context: MistakeContext, type_names: list[str]) -> tuple[str, Hint]:
    """Return message and hint for a value with quotes too many or too few, "" and "" for any other."""
    value = context.value
    if isinstance(value, str):
        if _NUMBER_TYPES & set(type_names) and _JSON_NUMBER.fullmatch(value):
            return f"the number {value}", Proposal("remove the quotes", value)
        if "boolean" in type_names and value in {"true", "false"}:
            return f"the value {value}", Proposal("remove the quotes", value)
    elif type_names == ["string"] and isinstance(value, int | Decimal) and not _is_listed(context):
        text = format_literal(value)
        return f'the text "{text}"', propose_value(text, "put it in quotes")
    return "", ""


def _is_listed(context: MistakeContext) -> bool:
    """Return whether the value should be one of a list and, as a text, is not."""
    return "enum" in context.subschema and format_literal(context.value) not in context.subschema["enum"]


def _advise_conversion(context: MistakeContext, type_names: list[str], example: str) -> Hint:
    """Return the advice to write the value in the expected type, or that on an example."""
    value = context.value
    if type_names == ["array"] and isinstance(value, str) and value:
        return propose_value([value], f"write {format_literal([value])}", otherwise=example)
    if type_names == ["string"] and isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return propose_value(value[0], f"write {format_literal(value[0])}")
    if type_names == ["string"] and isinstance(context.subschema.get("enum"), list):
        return _advise_listed_values(context, context.subschema["enum"])
    if type_names == ["object"] and "x-unit" in context.subschema:
        return _advise_quantity(context, example)
    if isinstance(value, str) and _NUMBER_TYPES & set(type_names):
        return _advise_number(context)
    return example


def _advise_quantity(context: MistakeContext, otherwise: str) -> Hint:
    value, schema = context.value, context.subschema
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return otherwise
    from bmkit.ucum.quantity_text import parse_quantity_text

    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    comparator_schema = schema.get("properties", {}).get("comparator", {})
    signs = context.schema.resolve_refs(comparator_schema, "enum").get("enum", [])
    suggestion = parse_quantity_text(text, _list_unit_codes(schema), signs)
    if not suggestion:
        return otherwise
    return propose_value(suggestion, f"write {format_literal(suggestion)}", otherwise=otherwise)


def _advise_number(context: MistakeContext) -> Hint:
    """Return the advice to write the number in a text; a unit after it must not get lost."""
    from bmkit.ucum.quantity_text import split_quantity

    quantity_parts = split_quantity(context.value)
    if quantity_parts is None or "value" not in quantity_parts[0] or quantity_parts[1]:
        return ""
    number = quantity_parts[0]["value"]
    proposal = propose_value(number, f"write {format_literal(number)}")
    if not quantity_parts[2] or not context.quantity_schema:
        return proposal if re.fullmatch(_UNIT_WORD, quantity_parts[2]) else ""
    from bmkit.ucum.names import suggest_unit

    unit = suggest_unit(quantity_parts[2], _list_unit_codes(context.quantity_schema))
    return proposal._replace(hint=f'{proposal}, and "unit": "{unit}" beside it') if unit else ""


def _list_unit_codes(schema: dict[str, Any]) -> list[str]:
    """List the units that the schema of a quantity allows."""
    unit_codes = schema.get("x-unit")
    if not isinstance(unit_codes, list):
        unit_codes = schema.get("properties", {}).get("unit", {}).get("enum", [])
    return [unit for unit in unit_codes if isinstance(unit, str)]


def _advise_example(context: MistakeContext, type_names: list[str]) -> str:
    if "x-unit" in context.subschema:
        # The unit of an example is not that of the number that stands here.
        return 'write it as {"value": …, "unit": …}, or a range as {"low": …, "high": …, "unit": …}'
    examples = context.subschema.get("examples")
    usable_examples = {"object", "array"} & set(type_names) and isinstance(examples, list) and examples
    return f"write it like {format_literal(examples[0])}" if usable_examples and examples else ""


def describe_unlisted_value(context: MistakeContext) -> Message:
    """Return the message for a value that is not in its list, and which one was probably meant."""
    from bmkit.suggest import propose_meant

    texts = [value for value in context.keyword_value if isinstance(value, str)]
    message = f"{context.name} {format_literal(context.value)} is not in its list of values"
    suggestion, advice = "", _advise_listed_values(context, context.keyword_value)
    if isinstance(context.value, str) and context.quantity_schema and context.name in {"unit", "comparator"}:
        suggestion = (
            _suggest_unit_code(context.value, texts)
            if context.name == "unit"
            else _suggest_comparator(context.value, texts)
        )
        if not suggestion and context.name == "unit":
            # To write another unit behind the same number would make a dose of 150 MBq one of 150 mg.
            advice = _advise_lookup(context, texts)
            message, advice = _describe_other_dimension(context, texts) or (message, advice)
    elif isinstance(context.value, str):
        suggestion = _suggest_listed_word(context.value, texts)
    return Message("value", message, propose_meant(suggestion, advice))


def _suggest_listed_word(word: str, listed_words: list[str]) -> str:
    """Return the word of a closed list that is meant, "" if none is spelt nearly so.

    A second slip would turn an evening into a morning, and a figure is never a slip.
    """
    from bmkit.suggest import list_nearest_candidates

    matches = list_nearest_candidates(word, listed_words, max_slips=1)
    return next((match for match in matches if _list_figures(match) == _list_figures(word)), "")


def _list_figures(text: str) -> list[str]:
    return re.findall("[0-9]+", text)


def _advise_listed_values(context: MistakeContext, values: list[object]) -> str:
    """Return the advice to write a value of the list; of times and doses none is proposed for another."""
    texts = [text for text in (context.value, *values) if isinstance(text, str)]
    if any(_DOSE_TIME_WORD.search(text) for text in texts):
        return f"look it up; bmkit fields {context.kind_name} lists what {context.name} takes"
    return f"write {join_words([format_literal(value) for value in values], 'or')}"


def _suggest_unit_code(word: str, codes: list[str]) -> str:
    from bmkit.ucum.names import suggest_unit

    return suggest_unit(word, codes)


def _advise_lookup(context: MistakeContext, codes: list[str]) -> str:
    """Return the advice on a unit that the field does not take, without another in its place."""
    from bmkit.ucum.names import is_ambiguous_unit

    if is_ambiguous_unit(context.value) and {"[iU]", "[USP'U]"} <= set(codes):
        return "look the units up: international units are [iU], those of the US Pharmacopeia [USP'U]"
    return (
        f"look number and unit up; bmkit fields {context.kind_name} lists the units that"
        f" {context.owner} takes"
    )


def _suggest_comparator(word: str, signs: list[str]) -> str:
    from bmkit.ucum.quantity_text import parse_comparator

    return parse_comparator(word, signs)


def _describe_other_dimension(context: MistakeContext, codes: list[str]) -> tuple[str, str] | None:
    """Return the message for a unit that measures something else than its quantity, None for any other."""
    from bmkit.ucum.dimensions import (
        has_dimension,
        list_dimension_names,
        name_dimension,
        share_dimension,
        title_dimension,
    )
    from bmkit.ucum.names import is_ambiguous_unit, suggest_any_unit

    if is_ambiguous_unit(context.value):
        return None
    code = context.value if name_dimension(context.value) else suggest_any_unit(context.value)
    measured_dimension = name_dimension(code)
    unit_annotation = context.quantity_schema["x-unit"]
    expected_dimension = (
        unit_annotation if unit_annotation in list_dimension_names() else name_dimension(codes[0])
    )
    if (
        not measured_dimension
        or not expected_dimension
        or has_dimension(code, expected_dimension)
        or any(share_dimension(code, listed_code) for listed_code in codes)
    ):
        return None
    expected = title_dimension(expected_dimension)
    message = (
        f"{context.name} {format_literal(context.value)} measures {title_dimension(measured_dimension)},"
        f" not {expected}"
    )
    accepted = f"{context.owner} takes {expected} only"
    return message, f"look number and unit up; {accepted}, other measures are for the words of a statement"


def describe_pattern_mismatch(context: MistakeContext) -> Message:
    """Return the message for a text that does not match its pattern, and how to write it."""
    if context.target_kind:
        from bmkit.suggest import propose_meant

        suggestion = context.suggest_id(context.target_kind, context.value)
        advice = f'write the id of a record of the kind "{context.target_kind}"'
        return Message(
            "pattern",
            f"{format_literal(context.value)} is not a valid id{_describe_look_alike(context.value)}",
            propose_meant(suggestion, advice),
        )
    title = format_phrase(context.subschema.get("title", "")) or context.name
    hint = _advise_rewriting(context, format_phrase(context.subschema.get("description", "")))
    return Message(
        "pattern",
        f"{format_literal(context.value)} is not a valid {title}{_describe_look_alike(context.value)}",
        hint,
    )


def _describe_look_alike(text: str) -> str:
    """Return which letter only looks like a plain one, which nobody would find otherwise."""
    if text.isascii():
        return ""
    from unicodedata import name

    from bmkit.letters import LATIN_BY_LOOKALIKE

    look_alike = next((char for char in text if char in LATIN_BY_LOOKALIKE), "")
    if not look_alike:
        return ""
    code_point = f"U+{ord(look_alike):04X} ({name(look_alike).lower()})"
    return f": {code_point} only looks like {LATIN_BY_LOOKALIKE[look_alike]}"


def _advise_rewriting(context: MistakeContext, otherwise: str) -> Hint:
    text = context.value
    one_line = " ".join(text.split())
    candidates = (one_line, text.lower(), text.upper(), _slugify_text(text) if context.name == "id" else "")
    suggestion = next(
        (
            candidate
            for candidate in candidates
            if candidate and candidate != text and matches_pattern(context.keyword_value, candidate)
        ),
        "",
    )
    if not suggestion:
        return otherwise
    hint = f"write {format_literal(suggestion)}"
    if suggestion == one_line and len(one_line) > _MAX_ADVISED_LENGTH:
        hint = "write it on one line" if "\n" in text.strip() else "take away the blanks around it"
    return propose_value(suggestion, hint, otherwise=otherwise)


def _slugify_text(text: str) -> str:
    """Return an id made of a text, "" if it has letters that would be lost."""
    from bmkit.letters import to_latin_letters

    plain_text = to_latin_letters(text).lower()
    if any(char.isalnum() and not char.isascii() for char in plain_text):
        return ""
    return re.sub(r"[^a-z0-9]+", "-", plain_text).strip("-")
