"""Whether the terminologies that a field of codes declares are among those that a code may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import pointer
from bmkit.schema_lint.annotations import near
from bmkit.schema_lint.fault import SchemaFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Kind


def system_faults(kind: Kind) -> Iterator[SchemaFault]:
    """Check every x-systems of a kind: it stands on a list of codes, and each of its systems is one."""
    for field in kind.fields:
        known = next((part.values for part in field.fields if part.name == "system"), None)
        way = ("$defs", "record", "properties", field.name, "x-systems")
        if field.systems and known is None:
            message = f"x-systems: {field.name} holds no codes, objects with a system"
            yield SchemaFault("annotation", pointer(way), message)
        for number, system in enumerate(field.systems if known else ()):
            if system not in (known or ()):
                names = [name for name in known or () if isinstance(name, str)]
                message = f'x-systems: "{system}" is not one of the systems of a code'
                yield SchemaFault("annotation", pointer((*way, number)), message, near(system, names))
