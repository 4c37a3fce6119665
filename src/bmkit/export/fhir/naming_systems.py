"""NamingSystem: what our systems of identifiers are, for who meets one of their identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import TERMS_FOLDER
from bmkit.export.fhir.ids import IDENTIFIER_SYSTEM, SPAN_SYSTEM, make_identifier_system

if TYPE_CHECKING:
    from bmkit.export.fhir.resources import Resources

# The day on which these systems were defined as they are: FHIR asks for one.
_DEFINITION_DAY = "2026-11-30"
_TEXTS_BY_SYSTEM = {
    IDENTIFIER_SYSTEM: (
        "Identifier of a record",
        "A record of the content: its folder, kind and id, joined by slashes, and which part of it.",
    ),
    SPAN_SYSTEM: (
        "Stretch of text",
        "A stretch of the text of an article: the id of the article, first and last position, and a digest.",
    ),
}


def add_naming_systems(resources: Resources) -> None:
    """Add a NamingSystem for each of our systems of identifiers."""
    for name, (title, description) in _TEXTS_BY_SYSTEM.items():
        url = make_identifier_system(resources.base, name)
        body = {
            "kind": "identifier",
            "date": _DEFINITION_DAY,
            "description": description,
            "uniqueId": [{"type": "uri", "value": url, "preferred": True}],
        }
        resources.add_definition("NamingSystem", (TERMS_FOLDER, "naming-system", name), title, body)
