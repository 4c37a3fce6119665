"""Whether the terminologies that a field of codes declares are among those that a code may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import format_pointer
from bmkit.schema_lint.fault import SchemaFault
from bmkit.suggest import suggest_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Kind


def find_system_faults(kind: Kind) -> Iterator[SchemaFault]:
    """Check every x-systems of a kind: it stands on a list of codes, and each of its systems is one."""
    for field in kind.fields:
        known_systems = next((member.values for member in field.fields if member.name == "system"), None)
        schema_path = ("$defs", "record", "properties", field.name, "x-systems")
        if field.systems and known_systems is None:
            message = f"x-systems: {field.name} holds no codes, objects with a system"
            yield SchemaFault("annotation", format_pointer(schema_path), message)
        for index, system in enumerate(field.systems if known_systems else ()):
            if system not in (known_systems or ()):
                system_names = [
                    known_system for known_system in known_systems or () if isinstance(known_system, str)
                ]
                message = f'x-systems: "{system}" is not one of the systems of a code'
                yield SchemaFault(
                    "annotation",
                    format_pointer((*schema_path, index)),
                    message,
                    suggest_hint(system, system_names),
                )
