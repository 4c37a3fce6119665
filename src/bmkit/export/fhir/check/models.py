"""Structure and closed lists of codes, by the models of fhir.resources."""

from __future__ import annotations

import json
import warnings
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from bmkit.export.fhir.check.faults import FhirFault, describe_resource
from bmkit.export.fhir.stamp import format_json_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.ids import Json

# The models let any text pass as a code, but know the closed list of most elements.
import_module("fhir.resources")


def find_model_faults(resource: Json, release: str) -> Iterator[FhirFault]:
    """The faults of a resource by its model; of a Bundle without the resources in it."""
    resource_name = describe_resource(resource)
    if resource.get("resourceType") == "Bundle":
        entries = [
            {element_name: element for element_name, element in entry.items() if element_name != "resource"}
            for entry in resource["entry"]
        ]
        resource = {**resource, "entry": entries}
    try:
        model = _import_model(str(resource.get("resourceType")), release)
    except ValueError:
        yield FhirFault(resource_name, "resourceType", "fhir.resources", f"{release} has no such resource")
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the models' own fields, not about the resource
            validated_resource = model.model_validate(json.loads(format_json_line(resource)))
    except ValidationError as error:
        for model_error in error.errors():
            path = ".".join(str(path_part) for path_part in model_error["loc"])
            yield FhirFault(resource_name, path, "fhir.resources", model_error["msg"])
        return
    for path, code, allowed_codes in _iter_unlisted_codes(validated_resource, ""):
        codes_text = ", ".join(allowed_codes)
        yield FhirFault(resource_name, path, "required-code", f"{code} is none of {codes_text}")


@cache
def _import_model(resource_type: str, release: str) -> type[BaseModel]:
    module = "fhir.resources" if release == "R5" else f"fhir.resources.{release}"
    model_class: type[BaseModel] = import_module(module).get_fhir_model_class(resource_type)
    return model_class


def _iter_unlisted_codes(value: Any, path: str) -> Iterator[tuple[str, str, list[str]]]:
    """Every code that is not on the list of its element."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _iter_unlisted_codes(item, f"{path}[{index}]")
        return
    if not isinstance(value, BaseModel):
        return
    for element_name, allowed_codes in _list_allowed_codes(type(value)):
        element = getattr(value, element_name, None)
        if element is None:
            continue
        element_path = f"{path}.{element_name}" if path else element_name
        if allowed_codes:
            for item in element if isinstance(element, list) else [element]:
                if isinstance(item, str) and item not in allowed_codes:
                    yield element_path, item, allowed_codes
        else:
            yield from _iter_unlisted_codes(element, element_path)


@cache
def _list_allowed_codes(model: type[BaseModel]) -> list[tuple[str, list[str]]]:
    codes_by_element: list[tuple[str, list[str]]] = []
    for element_name, field in model.model_fields.items():
        extra = field.json_schema_extra
        allowed_codes = extra.get("enum_values") if isinstance(extra, dict) else None
        # A list that HL7 cut short for its page ends in a plus.
        is_whole_list = (
            isinstance(allowed_codes, list) and "+" not in allowed_codes and "Code()" in str(field.annotation)
        )
        codes_by_element.append(
            (
                element_name,
                [str(code) for code in allowed_codes]
                if is_whole_list and isinstance(allowed_codes, list)
                else [],
            )
        )
    return codes_by_element
