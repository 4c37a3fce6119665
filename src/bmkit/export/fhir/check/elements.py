"""Ids of elements: each names one place within its resource, or a link into it leads to either of two."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.check.faults import FhirFault, describe_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.ids import Json


def find_repeated_ids(resource: Json) -> Iterator[FhirFault]:
    """The ids that several elements of a resource have; the id of a resource itself is another thing."""
    for element_id, count in Counter(_walk_element_ids(resource)).items():
        if count > 1:
            yield FhirFault(
                describe_resource(resource), "", "element-id", f"{count} elements have the id {element_id!r}"
            )


def _walk_element_ids(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for element in value:
            yield from _walk_element_ids(element)
    elif isinstance(value, dict):
        if "resourceType" not in value and isinstance(value.get("id"), str):
            yield value["id"]
        for element in value.values():
            yield from _walk_element_ids(element)
