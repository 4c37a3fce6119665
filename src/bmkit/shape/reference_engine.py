"""The reference engine: jsonschema, for where the other has no wheel, and to check the other against."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker, SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from bmkit.issue import format_pointer
from bmkit.schema.keywords import map_subschemas
from bmkit.schema.patterns import PatternError, compile_pattern, matches_pattern
from bmkit.shape.faults import InvalidSchemaError, ShapeFault
from bmkit.shape.formats import FORMAT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.shape.faults import SchemaEngine

_MAX_WHOLE_DECIMAL = 10**30

_format_checker = FormatChecker(formats=())
for _format_name, _has_format in FORMAT_CHECKS.items():
    _format_checker.checks(_format_name)(_has_format)


def compile_schema(bundled_schema: dict[str, Any]) -> SchemaEngine:
    """Return the check of documents that a bundled schema defines; InvalidSchemaError if it is no schema."""
    schema = _convert_whole_decimals(bundled_schema)
    try:
        Draft202012Validator.check_schema(schema)
        adapted_schema = _adapt_schema(schema)
    except SchemaError as error:
        raise InvalidSchemaError(error.message, format_pointer(error.absolute_path)) from None
    except PatternError as error:
        raise InvalidSchemaError(str(error)) from None
    # Without a registry of its own it would fetch what a reference names.
    validator = _Validator(adapted_schema, registry=Registry(), format_checker=_format_checker)

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


def _iter_pattern_errors(
    _validator: object, pattern: str, instance: object, _schema: object
) -> Iterator[ValidationError]:
    """Yield an error for a text without the pattern; jsonschema's own check may take years to say so."""
    if isinstance(instance, str) and not matches_pattern(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": _iter_pattern_errors}
)


def _adapt_schema(schema: Any) -> Any:
    """Return a schema without false, which jsonschema reads otherwise; PatternError for a refused pattern."""
    if not isinstance(schema, dict):
        return {"not": {}} if schema is False else schema
    if "pattern" in schema:
        compile_pattern(schema["pattern"])
    adapted = map_subschemas(schema, _adapt_schema)
    if schema.get("additionalProperties") is False:  # this one it reads as it should
        adapted["additionalProperties"] = False
    return adapted


def _convert_whole_decimals(value: Any) -> Any:
    """Return a value with integers for whole decimals: 4.0 is one in JSON Schema, but not to jsonschema."""
    if isinstance(value, Decimal):
        return int(value) if abs(value) < _MAX_WHOLE_DECIMAL and value == value.to_integral_value() else value
    if isinstance(value, list):
        return [_convert_whole_decimals(item) for item in value]
    if isinstance(value, dict):
        return {key: _convert_whole_decimals(item) for key, item in value.items()}
    return value
