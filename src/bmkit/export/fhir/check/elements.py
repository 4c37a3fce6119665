"""Ids of elements: each names one place within its resource, or a link into it leads to either of two."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.check.faults import Fault, called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.ids import Json


def faults(made: Json) -> Iterator[Fault]:
    """The ids that several elements of a resource have; the id of a resource itself is another thing."""
    for name, times in Counter(_ids(made)).items():
        if times > 1:
            yield Fault(called(made), "", "element-id", f"{times} elements have the id {name!r}")


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _ids(part)
    elif isinstance(value, dict):
        if "resourceType" not in value and isinstance(value.get("id"), str):
            yield value["id"]
        for part in value.values():
            yield from _ids(part)
