"""One resource of each skeleton stands for all, and passes the check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.bundle import build_bundle

from .checks import find_faults
from .skeletons import iter_texts, list_first_entries, make_skeleton, pick_each_skeleton

if TYPE_CHECKING:
    from bmkit.export.fhir.resources import Resources


def test_a_resource_of_each_skeleton_is_chosen_and_what_it_refers_to(r5: Resources) -> None:
    document = build_bundle(r5, "document")
    resources = [entry["resource"] for entry in document["entry"][1:]]
    picked = [entry["resource"] for entry in pick_each_skeleton(document)["entry"]]
    assert set(map(make_skeleton, picked)) == set(map(make_skeleton, resources))
    assert len(picked) < len(resources) / 2
    known_ids = {resource["id"] for resource in resources}
    picked_ids = {resource["id"] for resource in picked}
    referred_ids = {
        text.removeprefix("urn:uuid:")
        for resource in picked
        for text in iter_texts(resource)
        if "urn:uuid:" in text
    }
    assert referred_ids & known_ids <= picked_ids


def test_a_resource_of_each_skeleton_passes_the_check(either: Resources) -> None:
    """All resources are checked in test_bundles, which takes longer."""
    document = build_bundle(either, "document")
    release = either.options.release
    sound = list(find_faults({**document, "entry": list_first_entries(document)}, release, with_bundle=False))
    assert sound == []
