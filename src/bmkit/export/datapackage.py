"""The Frictionless Data Package beside the CSV files: every column typed, every key declared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.export.json_value import json_value
from bmkit.export.neutral import harmless, neutralise
from bmkit.tables import ID_FIELD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.tables import Column, Table

PACKAGE = "datapackage.json"

_TYPES = {
    "text": "string",
    "reference": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}
_DESCRIPTION = (
    "One table a kind of record. An empty cell is an absent value. A column of type array holds a list as "
    "JSON text. A text that is empty, or begins with = + - @ (also full-width), tab, a line break or an "
    "apostrophe, has one more apostrophe before it, so that no spreadsheet runs it as a formula: take away "
    "one leading apostrophe to have the text back."
)
# Anchors cannot be taken off a pattern with alternatives outside its groups.
_ALTERNATIVES = re.compile(r"(?<!\\)\|")
_GROUP = re.compile(r"\([^()]*\)")


def descriptor(tables: Iterable[Table]) -> str:
    """The text of datapackage.json for these tables."""
    tables = tuple(tables)
    names = {table.name for table in tables}
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "bmkit-content",
        "title": "Content",
        "description": _DESCRIPTION,
        "resources": [_resource(table, names) for table in tables],
    }
    return json_value(package, indent=2) + "\n"


def _resource(table: Table, names: set[str]) -> dict[str, Any]:
    keys = [
        {
            "fields": [column.name],
            # The specification writes "" for a table that refers to itself.
            "reference": {
                "resource": "" if column.target_kind == table.name else column.target_kind,
                "fields": [ID_FIELD],
            },
        }
        for column in table.columns
        if column.target_kind in names
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.kind.title,
        "description": table.kind.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": [ID_FIELD],
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    field = column.field
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.name == ID_FIELD:
        constraints["unique"] = True
    if not field.is_list:
        if field.values:
            constraints["enum"] = [
                neutralise(value) if isinstance(value, str) else value for value in field.values
            ]
        if field.minimum is not None:
            constraints["minimum"] = field.minimum
        if field.maximum is not None:
            constraints["maximum"] = field.maximum
        pattern = cell_pattern(field.pattern)
        if pattern:
            constraints["pattern"] = pattern
    return {
        "name": column.name,
        "type": "array" if field.is_list else "date" if field.format == "date" else _TYPES[field.type],
        "title": column.title,
        "description": field.description,
        **({"constraints": constraints} if constraints else {}),
    }


def cell_pattern(pattern: str) -> str:
    """The pattern of a whole cell, from one that is looked for anywhere in a text; "" if it has none."""
    if not pattern or _ALTERNATIVES.search(_GROUP.sub("", pattern)):
        return ""
    if harmless(pattern):
        return pattern[1:-1]
    start = "" if pattern.startswith("^") else r"[\s\S]*"
    end = "" if pattern.endswith("$") else r"[\s\S]*"
    return f"'?{start}(?:{pattern.removeprefix('^').removesuffix('$')}){end}"
