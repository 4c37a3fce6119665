"""Structure and closed lists of codes, by the models of fhir.resources."""

from __future__ import annotations

import json
import warnings
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from bmkit.export.fhir.check.faults import Fault, called
from bmkit.export.json_value import json_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.ids import Json

# The models let any text pass as a code, but know the closed list of most elements.
import_module("fhir.resources")


def faults(made: Json, release: str) -> Iterator[Fault]:
    """What the model of a resource says against it; the entries of a Bundle are resources of their own."""
    name = called(made)
    if made.get("resourceType") == "Bundle":
        entries = [{key: part for key, part in one.items() if key != "resource"} for one in made["entry"]]
        made = {**made, "entry": entries}
    try:
        model = _model(str(made.get("resourceType")), release)
    except ValueError:
        yield Fault(name, "resourceType", "fhir.resources", f"{release} has no such resource")
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the models' own fields, not about the resource
            value = model.model_validate(json.loads(json_value(made)))
    except ValidationError as error:
        for one in error.errors():
            path = ".".join(str(part) for part in one["loc"])
            yield Fault(name, path, "fhir.resources", one["msg"])
        return
    for path, held, allowed in _codes(value, ""):
        listed = ", ".join(allowed)
        yield Fault(name, path, "required-code", f"{held} is none of {listed}")


@cache
def _model(kind: str, release: str) -> type[BaseModel]:
    module = "fhir.resources" if release == "R5" else f"fhir.resources.{release}"
    found: type[BaseModel] = import_module(module).get_fhir_model_class(kind)
    return found


def _codes(value: Any, path: str) -> Iterator[tuple[str, str, list[str]]]:
    """Every code that is not on the list of its element."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _codes(one, f"{path}[{number}]")
        return
    if not isinstance(value, BaseModel):
        return
    for name, allowed in _elements(type(value)):
        held = getattr(value, name, None)
        if held is None:
            continue
        inner = f"{path}.{name}" if path else name
        if allowed:
            for one in held if isinstance(held, list) else [held]:
                if isinstance(one, str) and one not in allowed:
                    yield inner, one, allowed
        else:
            yield from _codes(held, inner)


@cache
def _elements(model: type[BaseModel]) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        allowed = extra.get("enum_values") if isinstance(extra, dict) else None
        # A list that HL7 cut short for its page ends in a plus.
        whole = isinstance(allowed, list) and "+" not in allowed and "Code()" in str(field.annotation)
        found.append((name, [str(one) for one in allowed] if whole and isinstance(allowed, list) else []))
    return found
