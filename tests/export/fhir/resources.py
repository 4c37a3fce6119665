"""The resources of one article as the tests look them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bmkit.export.fhir.resources import Resources

Json = dict[str, Any]
ARTICLE = "bone-metastasis"


def get_resource(resources: Resources, kind: str, *path: str, folder: str = ARTICLE) -> Json:
    """The resource of a type about a path in the article."""
    return resources.by_key[kind, (folder, *path)]


def list_resources(resources: Resources, kind: str) -> list[Json]:
    """All resources of a type."""
    return [resource for (name, _), resource in resources.by_key.items() if name == kind]
