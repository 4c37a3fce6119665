"""The resources of one article as the tests look them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bmkit.export.fhir.resources import Making

Json = dict[str, Any]
ARTICLE = "bone-metastasis"


def of(making: Making, kind: str, *path: str, folder: str = ARTICLE) -> Json:
    """The resource of a type about a path in the article."""
    return making.resources[kind, (folder, *path)]


def every(making: Making, kind: str) -> list[Json]:
    """All resources of a type."""
    return [one for (name, _), one in making.resources.items() if name == kind]
