"""The schemas of a content project: what kinds of record there are, and what fields each has."""

from __future__ import annotations

from bmkit.schema.fields import Field, Kind, SchemaError, together
from bmkit.schema.load import SUFFIX, Schemas, read_schemas, schemas_of, shipped

__all__ = [
    "SUFFIX",
    "Field",
    "Kind",
    "SchemaError",
    "Schemas",
    "read_schemas",
    "schemas_of",
    "shipped",
    "together",
]
