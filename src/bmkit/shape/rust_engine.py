"""The default engine: jsonschema-rs."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from bmkit.content import pointer
from bmkit.shape.faults import Fault, NoSchemaError

if TYPE_CHECKING:
    from bmkit.shape.faults import Engine

# jsonschema-rs imports email.utils for the date of its own build, and that half the library: together as
# long as one file takes to check.  Nobody here asks for that date.
_SPARED = "email.utils"
_stub = None if _SPARED in sys.modules else sys.modules.setdefault(_SPARED, ModuleType(_SPARED))
if _stub is not None:
    _stub.__getattr__ = lambda _name: lambda *_given: ""  # type: ignore[method-assign]
try:
    from jsonschema_rs import Draft202012Validator, ReferencingError, ValidationError
finally:
    if _stub is not None:
        del sys.modules[_SPARED]


def ready(bundle: dict[str, Any]) -> Engine:
    """Make a bundled schema ready to check documents with; NoSchemaError if it is none."""
    try:
        validator = Draft202012Validator(bundle, offline=True, validate_formats=True)
    except ValidationError as error:
        raise NoSchemaError(error.message, pointer(tuple(error.instance_path))) from None
    except ReferencingError as error:
        raise NoSchemaError(error.message) from None

    valid, errors = validator.is_valid, validator.iter_errors

    def faults(document: Any) -> list[Fault]:
        # Nearly every file is valid, and to say so takes half the time of looking for all that is wrong.
        return [] if valid(document) else [_fault(error) for error in errors(document)]

    return faults


def _fault(error: ValidationError) -> Fault:
    way = tuple(step for step in error.evaluation_path if step != "$ref")
    keyword = "false" if error.kind.name == "falseSchema" else str(way[-1])
    branches: Any = getattr(error.kind, "context", ()) if keyword in {"anyOf", "oneOf"} else ()
    return Fault(
        tuple(error.instance_path),
        way,
        keyword,
        tuple(tuple(_fault(inner) for inner in branch) for branch in branches) if all(branches) else (),
    )
