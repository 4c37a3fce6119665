"""Versions: other content has another version, so that nobody keeps a dose that was corrected."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from bmkit.export.json_value import json_value

if TYPE_CHECKING:
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

_VERSION_ELEMENT = "version"
# Of 16 possible signs each: two texts by chance alike are not to be met in the life of an article.
_DIGEST_LENGTH = 12


def make_version(resource: Json, review_date: str = "") -> str:
    """The version of a resource: the day of the last review, if there is one, and a digest of what it says.

    The day alone would not do: a number that is corrected between two reviews would keep its version, and
    whoever holds the canonical URL and version in a cache would keep the number.
    """
    versioned_elements = {
        element_name: element
        for element_name, element in resource.items()
        if element_name != _VERSION_ELEMENT
    }
    digest = sha256(format_json_line(versioned_elements).encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{review_date}-{digest}" if review_date else digest


def stamp_versions(resources: Resources) -> None:
    """Give each resource of the article that has a version the one that it should have, now that all is said.

    What articles share keeps the version that it was made with: it is whole from the beginning, and has no
    day, because each article was reviewed on its own.
    """
    article_folder = resources.article.folder
    for (_, path), resource in resources.by_key.items():
        if path[0] == article_folder and isinstance(resource.get(_VERSION_ELEMENT), str):
            resource[_VERSION_ELEMENT] = make_version(resource, resources.article.review_date)


def make_article_version(resources: Resources) -> str:
    """The version of all resources of an article together."""
    version_by_id = {resource["id"]: make_version(resource) for _, resource in resources.iter_entries()}
    return make_version(version_by_id, resources.article.review_date)


def format_json_line(resource: Json) -> str:
    """A resource as JSON text on one line, every number as it was written."""
    try:
        return json.dumps(resource, ensure_ascii=False, check_circular=False)
    except TypeError:  # a decimal, which only the slower writer keeps as it was written
        return json_value(resource)
