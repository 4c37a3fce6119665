"""The reference engine: jsonschema, for where the other has no wheel, and to check the other against."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker, SchemaError

from bmkit.content import format_pointer
from bmkit.shape.faults import InvalidSchemaError, ShapeFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

    from bmkit.shape.faults import SchemaEngine

# JSON Schema's patterns are ECMA-262, where these mean something else than in Python.
_ECMA_SPACE = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_ECMA_CLASSES = {
    "d": "0-9",
    "D": "^0-9",
    "w": "A-Za-z0-9_",
    "W": "^A-Za-z0-9_",
    "s": _ECMA_SPACE,
    "S": "^" + _ECMA_SPACE,
}
_MAX_WHOLE_DECIMAL = 10**30

_format_checker = FormatChecker(formats=())


@_format_checker.checks("date", raises=ValueError)
def _is_full_date(value: object) -> bool:
    """Tell whether a text is a full-date of RFC 3339, which knows a year 0."""
    if not isinstance(value, str):
        return True
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    return bool(date.fromisoformat(f"2000{value[4:]}" if value.startswith("0000") else value))


def compile_schema(bundled_schema: dict[str, Any]) -> SchemaEngine:
    """Make a bundled schema ready to check documents with; NoSchemaError if it is none."""
    schema = _convert_whole_decimals(bundled_schema)
    try:
        Draft202012Validator.check_schema(schema)
        for pattern in _iter_patterns(schema):
            re.compile(_translate_pattern(pattern))
    except SchemaError as error:
        raise InvalidSchemaError(error.message, format_pointer(tuple(error.absolute_path))) from None
    except re.error as error:
        raise InvalidSchemaError(str(error)) from None
    validator = Draft202012Validator(_adapt_schema(schema), format_checker=_format_checker)

    def find_faults(document: Any) -> list[ShapeFault]:
        return [_to_shape_fault(error) for error in validator.iter_errors(_convert_whole_decimals(document))]

    return find_faults


def _to_shape_fault(error: ValidationError) -> ShapeFault:
    steps = list(error.absolute_schema_path)
    schema_path = tuple(
        step
        for step, next_step in zip(steps, [*steps[1:], ""], strict=True)
        if step != "$ref" and not (step == "if" and next_step in {"then", "else"})
    )
    keyword = str(schema_path[-1])
    if keyword == "not" and error.validator_value == {}:
        schema_path, keyword = schema_path[:-1], "false"
    branches: list[list[ShapeFault]] = []
    if keyword in {"anyOf", "oneOf"}:
        alternatives: Any = error.validator_value
        branches = [[] for _ in alternatives]
        for inner_error in error.context:
            branches[int(inner_error.relative_schema_path[0])].append(_to_shape_fault(inner_error))
    return ShapeFault(
        tuple(error.absolute_path), schema_path, keyword, tuple(map(tuple, branches)) if all(branches) else ()
    )


def _adapt_schema(node: Any) -> Any:
    """Rewrite what jsonschema reads otherwise: patterns, and false, whose place it does not give."""
    if node is False:
        return {"not": {}}
    if isinstance(node, list):
        return [_adapt_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    adapted: dict[str, Any] = {}
    for keyword, value in node.items():
        if keyword in {"enum", "const", "examples", "default", "uniqueItems", "additionalProperties"}:
            adapted[keyword] = _convert_whole_decimals(value)
        elif keyword == "pattern" and isinstance(value, str):
            adapted[keyword] = _translate_pattern(value)
        else:
            adapted[keyword] = _adapt_schema(value)
    return adapted


def _iter_patterns(node: Any) -> Iterator[str]:
    """Give every pattern of a schema, and perhaps a text that is none."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for value in node.values():
            yield from _iter_patterns(value)
    elif isinstance(node, list):
        for value in node:
            yield from _iter_patterns(value)


def _convert_whole_decimals(value: Any) -> Any:
    """Write whole decimals as integers: 4.0 is an integer in JSON Schema, but not to jsonschema."""
    if isinstance(value, Decimal):
        return int(value) if abs(value) < _MAX_WHOLE_DECIMAL and value == value.to_integral_value() else value
    if isinstance(value, list):
        return [_convert_whole_decimals(item) for item in value]
    if isinstance(value, dict):
        return {key: _convert_whole_decimals(item) for key, item in value.items()}
    return value


def _translate_pattern(pattern: str) -> str:
    """Write an ECMA-262 pattern for Python: its classes, and the end that is nothing but the end."""
    pieces: list[str] = []
    in_class = False
    index = 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\" and index + 1 < len(pattern):
            letter = pattern[index + 1]
            class_members = _ECMA_CLASSES.get(letter, "")
            if class_members and not in_class:
                pieces.append(f"[{class_members}]")
            else:
                # A negated class inside a class cannot be spelt out; Python's own is near enough.
                pieces.append(
                    class_members if class_members and not class_members.startswith("^") else char + letter
                )
            index += 2
            continue
        if char == "[":
            in_class = True
        elif char == "]":
            in_class = False
        elif char == "$" and not in_class:
            char = r"\Z"
        pieces.append(char)
        index += 1
    return "".join(pieces)
