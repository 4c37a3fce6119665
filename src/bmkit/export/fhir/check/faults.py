"""A fault of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bmkit.export.fhir.ids import Json


class FhirFault(NamedTuple):
    """A fault: the resource, the path in it, and the message; `rule` is the rule or invariant."""

    resource: str
    path: str
    rule: str
    message: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.resource} {self.path}: {self.message} [{self.rule}]"


def describe_resource(resource: Json) -> str:
    """A resource for people: its type and its identifier, or its id if it has none."""
    identifiers = resource.get("identifier") or ()
    first_identifier = identifiers if isinstance(identifiers, dict) else identifiers[0] if identifiers else {}
    identifier_value = first_identifier.get("value") if isinstance(first_identifier, dict) else ""
    return f"{resource.get('resourceType', '?')} {identifier_value or resource.get('id', '?')}"
