"""The reference engine: jsonschema, for where the other has no wheel, and to check the other against."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker, SchemaError

from bmkit.content import pointer
from bmkit.shape.faults import Fault, NoSchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

    from bmkit.shape.faults import Engine

# JSON Schema's patterns are ECMA-262, where these mean something else than in Python.
_SPACE = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_ESCAPES = {"d": "0-9", "D": "^0-9", "w": "A-Za-z0-9_", "W": "^A-Za-z0-9_", "s": _SPACE, "S": "^" + _SPACE}
_LARGEST = 10**30

_formats = FormatChecker(formats=())


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    """Tell whether a text is a full-date of RFC 3339, which knows a year 0."""
    if not isinstance(value, str):
        return True
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    return bool(date.fromisoformat(f"2000{value[4:]}" if value.startswith("0000") else value))


def ready(bundle: dict[str, Any]) -> Engine:
    """Make a bundled schema ready to check documents with; NoSchemaError if it is none."""
    plain = _document(bundle)
    try:
        Draft202012Validator.check_schema(plain)
        for pattern in _patterns(plain):
            re.compile(_pattern(pattern))
    except SchemaError as error:
        raise NoSchemaError(error.message, pointer(tuple(error.absolute_path))) from None
    except re.error as error:
        raise NoSchemaError(str(error)) from None
    validator = Draft202012Validator(_schema(plain), format_checker=_formats)

    def faults(document: Any) -> list[Fault]:
        return [_fault(error) for error in validator.iter_errors(_document(document))]

    return faults


def _fault(error: ValidationError) -> Fault:
    steps = list(error.absolute_schema_path)
    way = tuple(
        step
        for step, after in zip(steps, [*steps[1:], ""], strict=True)
        if step != "$ref" and not (step == "if" and after in {"then", "else"})
    )
    keyword = str(way[-1])
    if keyword == "not" and error.validator_value == {}:
        way, keyword = way[:-1], "false"
    branches: list[list[Fault]] = []
    if keyword in {"anyOf", "oneOf"}:
        alternatives: Any = error.validator_value
        branches = [[] for _ in alternatives]
        for inner in error.context:
            branches[int(inner.relative_schema_path[0])].append(_fault(inner))
    return Fault(
        tuple(error.absolute_path), way, keyword, tuple(map(tuple, branches)) if all(branches) else ()
    )


def _schema(node: Any) -> Any:
    """Rewrite what jsonschema reads otherwise: patterns, and false, whose place it does not give."""
    if node is False:
        return {"not": {}}
    if isinstance(node, list):
        return [_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    made: dict[str, Any] = {}
    for key, value in node.items():
        if key in {"enum", "const", "examples", "default", "uniqueItems", "additionalProperties"}:
            made[key] = _document(value)
        elif key == "pattern" and isinstance(value, str):
            made[key] = _pattern(value)
        else:
            made[key] = _schema(value)
    return made


def _patterns(node: Any) -> Iterator[str]:
    """Give every pattern of a schema, and perhaps a text that is none."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for value in node.values():
            yield from _patterns(value)
    elif isinstance(node, list):
        for value in node:
            yield from _patterns(value)


def _document(value: Any) -> Any:
    """Write whole decimals as integers: 4.0 is an integer in JSON Schema, but not to jsonschema."""
    if isinstance(value, Decimal):
        return int(value) if abs(value) < _LARGEST and value == value.to_integral_value() else value
    if isinstance(value, list):
        return [_document(item) for item in value]
    if isinstance(value, dict):
        return {key: _document(item) for key, item in value.items()}
    return value


def _pattern(pattern: str) -> str:
    """Write an ECMA-262 pattern for Python: its classes, and the end that is nothing but the end."""
    made: list[str] = []
    in_class = False
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\" and at + 1 < len(pattern):
            letter = pattern[at + 1]
            members = _ESCAPES.get(letter, "")
            if members and not in_class:
                made.append(f"[{members}]")
            else:
                # A negated class inside a class cannot be spelt out; Python's own is near enough.
                made.append(members if members and not members.startswith("^") else sign + letter)
            at += 2
            continue
        if sign == "[":
            in_class = True
        elif sign == "]":
            in_class = False
        elif sign == "$" and not in_class:
            sign = r"\Z"
        made.append(sign)
        at += 1
    return "".join(made)
