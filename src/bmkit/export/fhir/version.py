"""Versions: other content has another version, so that nobody keeps a dose that was corrected."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from bmkit.export.json_value import json_value

if TYPE_CHECKING:
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making

_VERSION = "version"
# Of 16 possible signs each: two texts by chance alike are not to be met in the life of an article.
_LENGTH = 12


def version(made: Json, day: str = "") -> str:
    """The version of a resource: the day of the last review, if there is one, and a digest of what it says.

    The day alone would not do: a number that is corrected between two reviews would keep its version, and
    whoever holds the canonical URL and version in a cache would keep the number.
    """
    said = {name: part for name, part in made.items() if name != _VERSION}
    digest = sha256(one_line(said).encode()).hexdigest()[:_LENGTH]
    return f"{day}-{digest}" if day else digest


def stamp(making: Making) -> None:
    """Give each resource of the article that has a version the one that it should have, now that all is said.

    What articles share keeps the version that it was made with: it is whole from the beginning, and has no
    day, because each article was reviewed on its own.
    """
    own = making.article.folder
    for (_, path), made in making.resources.items():
        if path[0] == own and isinstance(made.get(_VERSION), str):
            made[_VERSION] = version(made, making.article.reviewed)


def of_all(making: Making) -> str:
    """The version of all resources of an article together."""
    digests = {made["id"]: version(made) for _, made in making.entries()}
    return version(digests, making.article.reviewed)


def one_line(made: Json) -> str:
    """A resource as JSON text on one line, every number as it was written."""
    try:
        return json.dumps(made, ensure_ascii=False, check_circular=False)
    except TypeError:  # a decimal, which only the slower writer keeps as it was written
        return json_value(made)
