"""What is wrong with a schema."""

from __future__ import annotations

from typing import NamedTuple


class SchemaFault(NamedTuple):
    """A convention that a schema breaks: its name in the family "schema", where, and what."""

    fault_name: str
    pointer: str
    message: str
    hint: str = ""
    key: bool = False
