"""The default engine: jsonschema-rs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema_rs import Draft202012Validator

from bmkit.shape.fault import Engine, Fault

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError


def ready(bundle: dict[str, Any]) -> Engine:
    """Make a bundled schema ready to check documents with."""
    errors = Draft202012Validator(bundle, offline=True, validate_formats=True).iter_errors

    def faults(document: Any) -> list[Fault]:
        return [_fault(error) for error in errors(document)]

    return faults


def _fault(error: ValidationError) -> Fault:
    way = tuple(step for step in error.evaluation_path if step != "$ref")
    keyword = "false" if error.kind.name == "falseSchema" else str(way[-1])
    branches: Any = getattr(error.kind, "context", ()) if keyword in {"anyOf", "oneOf"} else ()
    return Fault(
        tuple(error.instance_path),
        way,
        keyword,
        tuple(tuple(_fault(inner) for inner in branch) for branch in branches),
    )
