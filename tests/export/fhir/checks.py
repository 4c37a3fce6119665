"""The check of a Bundle, in which a resource that was found sound before is not looked at again."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.check import FhirFault, find_faults_of_resource, find_fhir_faults
from bmkit.export.fhir.stamp import format_json_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.resources import Resources

_SOUND_RESOURCES: set[tuple[str, bytes]] = set()


def find_faults(
    bundle: dict[str, Any],
    release: str,
    sound_resources: Resources | None = None,
    *,
    with_bundle: bool = True,
) -> Iterator[FhirFault]:
    """What find_fhir_faults finds: the faults of a resource depend on the resource and the release alone.

    A resource that is also among `sound_resources` is not checked: test_bundles checks each of the
    repository's content.
    """
    if with_bundle:
        yield from find_fhir_faults(bundle, release, with_resources=False)
    sound_by_id = (
        {resource["id"]: resource for resource in sound_resources.by_key.values()} if sound_resources else {}
    )
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if sound_resources and sound_by_id.get(resource.get("id")) == resource:
            continue
        resource_key = (release, sha256(format_json_line(resource).encode()).digest())
        if resource_key in _SOUND_RESOURCES:
            continue
        is_sound = True
        for fault in find_faults_of_resource(resource, release):
            is_sound = False
            yield fault
        if is_sound:
            _SOUND_RESOURCES.add(resource_key)
