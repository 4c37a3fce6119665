"""The schemas of a content project: what kinds of record there are, and what fields each has."""

from __future__ import annotations

from bmkit.schema.fields import Field, Kind, SchemaError, combine_schema_errors
from bmkit.schema.load import (
    SCHEMA_FOLDER,
    SCHEMA_SUFFIX,
    Schemas,
    read_project_schemas,
    read_schemas,
    read_shipped_schemas,
)
from bmkit.shipped import locate_shipped_schemas

__all__ = [
    "SCHEMA_FOLDER",
    "SCHEMA_SUFFIX",
    "Field",
    "Kind",
    "SchemaError",
    "Schemas",
    "combine_schema_errors",
    "locate_shipped_schemas",
    "read_project_schemas",
    "read_schemas",
    "read_shipped_schemas",
]
