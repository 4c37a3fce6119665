"""The mapping knows no kind, field or id by name: content under other names becomes the same resources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.renaming import rename_content

from bmkit.content import read_content
from bmkit.export.fhir import FhirOptions, build_resources
from bmkit.write_json import format_json

from .other_medicine import write_other_medicine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources

# What is made of names: ids, versions (which are digests) and names for programs.
_MADE_OF_NAMES = ("id", "version", "name", "supplements")


def describe_resources(resources: Resources, restore: Callable[[str], str]) -> dict[str, Any]:
    """Each resource by its type and path, under the original names, without what is made of names."""
    paths_by_id = {
        resource["id"]: f"{resource_type}/{'/'.join(path)}"
        for (resource_type, path), resource in resources.by_key.items()
    }
    described: dict[str, Any] = {}
    for (resource_type, path), resource in resources.by_key.items():
        text = format_json(resource)
        for resource_id in [part[:36] for part in text.split("urn:uuid:")[1:]]:
            text = text.replace(resource_id, paths_by_id[resource_id])
        described[restore(f"{resource_type}/{'/'.join(path)}")] = _drop_names(json.loads(restore(text)))
    return described


def _drop_names(element: Any) -> Any:
    if isinstance(element, dict):
        return {name: _drop_names(part) for name, part in element.items() if name not in _MADE_OF_NAMES}
    if isinstance(element, list):
        # Names decide in which order codes and resources are listed.
        return sorted(
            (_drop_names(part) for part in element), key=lambda part: json.dumps(part, sort_keys=True)
        )
    return element


def compare_renamed(content: Content, release: str) -> tuple[dict[str, Any], dict[str, Any]]:
    renamed = rename_content(content)
    renamed.content.settings = content.settings
    options = FhirOptions(release=release)
    return (
        describe_resources(build_resources(content, options), lambda text: text),
        describe_resources(build_resources(renamed.content, options), renamed.names.restore),
    )


@pytest.mark.parametrize("release", ["R5", pytest.param("R4B", marks=pytest.mark.slow)])
def test_the_content_under_other_names_becomes_the_same_resources(content: Content, release: str) -> None:
    original, renamed = compare_renamed(content, release)
    assert renamed.keys() == original.keys()
    assert [key for key in original if renamed[key] != original[key]] == []


@pytest.mark.parametrize("release", ["R5", pytest.param("R4B", marks=pytest.mark.slow)])
def test_other_medicine_under_other_names_becomes_the_same_resources(tmp_path: Path, release: str) -> None:
    original, renamed = compare_renamed(read_content(str(write_other_medicine(tmp_path))), release)
    assert renamed.keys() == original.keys()
    assert [key for key in original if renamed[key] != original[key]] == []
