"""The default engine: jsonschema-rs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema_rs import Draft202012Validator, ReferencingError, RegexOptions, ValidationError

from bmkit.issue import format_pointer
from bmkit.shape.faults import InvalidSchemaError, ShapeFault
from bmkit.shape.formats import FORMAT_CHECKS

if TYPE_CHECKING:
    from bmkit.shape.faults import SchemaEngine


def compile_schema(bundled_schema: dict[str, Any]) -> SchemaEngine:
    """Return the check of documents that a bundled schema defines; InvalidSchemaError if it is no schema."""
    try:
        validator = Draft202012Validator(
            bundled_schema,
            offline=True,
            validate_formats=True,
            formats=FORMAT_CHECKS,
            # The linear engine; the default one tries one way after the other where a pattern looks around.
            pattern_options=RegexOptions(),
        )
    except ValidationError as error:
        raise InvalidSchemaError(error.message, format_pointer(error.instance_path)) from None
    except ReferencingError as error:
        raise InvalidSchemaError(error.message) from None

    is_valid, iter_errors = validator.is_valid, validator.iter_errors

    def find_faults(document: Any) -> list[ShapeFault]:
        # Nearly every file is valid, and to say so takes half the time of looking for all that is wrong.
        return [] if is_valid(document) else [_to_shape_fault(error) for error in iter_errors(document)]

    return find_faults


def _to_shape_fault(error: ValidationError) -> ShapeFault:
    schema_path = tuple(step for step in error.evaluation_path if step != "$ref")
    keyword = "false" if error.kind.name == "falseSchema" else str(schema_path[-1])
    branches: Any = getattr(error.kind, "context", ()) if keyword in {"anyOf", "oneOf"} else ()
    return ShapeFault(
        tuple(error.instance_path),
        schema_path,
        keyword,
        tuple(tuple(_to_shape_fault(inner_error) for inner_error in branch) for branch in branches)
        if all(branches)
        else (),
    )
