"""The check of a Bundle, in which a resource that was found sound before is not looked at again."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.check import FhirFault, find_faults_of_resource, find_fhir_faults
from bmkit.export.fhir.stamp import format_json_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOUND_RESOURCES: set[tuple[str, bytes]] = set()


def find_faults(bundle: dict[str, Any], release: str) -> Iterator[FhirFault]:
    """What find_fhir_faults finds: the faults of a resource depend on the resource and the release alone."""
    yield from find_fhir_faults(bundle, release, with_resources=False)
    for entry in bundle["entry"]:
        resource_key = (release, sha256(format_json_line(entry["resource"]).encode()).digest())
        if resource_key in _SOUND_RESOURCES:
            continue
        is_sound = True
        for fault in find_faults_of_resource(entry["resource"], release):
            is_sound = False
            yield fault
        if is_sound:
            _SOUND_RESOURCES.add(resource_key)
