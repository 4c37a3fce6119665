"""The Frictionless Data Package beside the CSV files: every column typed, every key declared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.export.csv_safety import is_harmless_pattern, neutralise_text
from bmkit.tables import ID_FIELD
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.config import Settings
    from bmkit.tables import Column, Table

PACKAGE_FILE = "datapackage.json"

_FRICTIONLESS_TYPES = {
    "text": "string",
    "reference": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}
_PACKAGE_DESCRIPTION = (
    "One table a kind of record. An empty cell is an absent value. A column of type array holds a list as "
    "JSON text. A text that is empty, or begins with a tab, a line break, an apostrophe or = + - @ (also "
    "full-width, and behind blanks and characters that are not shown), has one more apostrophe before it, so "
    "that no spreadsheet runs it as a formula: take away one leading apostrophe to have the text back."
)
# Anchors cannot be taken off a pattern with alternatives outside its groups.
_ALTERNATIVE_BAR = re.compile(r"(?<!\\)\|")
_LICENCE_ID = re.compile(r"[-A-Za-z0-9._]+")
_INNERMOST_GROUP = re.compile(r"\([^()]*\)")


def format_package_descriptor(tables: Iterable[Table], settings: Settings) -> str:
    """Return the text of datapackage.json for these tables of a project with these settings."""
    tables = tuple(tables)
    table_names = {table.name for table in tables}
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "bmkit-content",
        "title": "Content",
        "description": _PACKAGE_DESCRIPTION,
        **_describe_publication(settings),
        "resources": [_build_table_descriptor(table, table_names) for table in tables],
    }
    return format_json(package, indent=2) + "\n"


def _describe_publication(settings: Settings) -> dict[str, Any]:
    """Return version, licence and publisher of the content, of those that the settings state."""
    publication: dict[str, Any] = {}
    if settings.content_version:
        publication["version"] = settings.content_version
    if settings.licence:
        # The specification takes an identifier as a name; words would be no valid one.
        is_identifier = _LICENCE_ID.fullmatch(settings.licence) is not None
        name = settings.licence if is_identifier else "other"
        publication["licenses"] = [{"name": name, "title": settings.licence}]
    if settings.publisher.name:
        address = {"path": settings.publisher.url} if settings.publisher.url else {}
        publication["contributors"] = [{"title": settings.publisher.name, **address, "role": "publisher"}]
    return publication


def _build_table_descriptor(table: Table, table_names: set[str]) -> dict[str, Any]:
    foreign_keys = [
        {
            "fields": [column.name],
            # The specification writes "" for a table that refers to itself.
            "reference": {
                "resource": "" if column.target_kind == table.name else column.target_kind,
                "fields": [ID_FIELD],
            },
        }
        for column in table.columns
        if column.target_kind in table_names
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
            "fields": [_build_field_descriptor(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": [ID_FIELD],
            **({"foreignKeys": foreign_keys} if foreign_keys else {}),
        },
    }


def _build_field_descriptor(column: Column) -> dict[str, Any]:
    field = column.field
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.name == ID_FIELD:
        constraints["unique"] = True
    if not field.is_list:
        if field.values:
            constraints["enum"] = [
                neutralise_text(value) if isinstance(value, str) else value for value in field.values
            ]
        if field.minimum is not None:
            constraints["minimum"] = field.minimum
        if field.maximum is not None:
            constraints["maximum"] = field.maximum
        pattern = build_cell_pattern(field.pattern)
        if pattern:
            constraints["pattern"] = pattern
    return {
        "name": column.name,
        "type": "array"
        if field.is_list
        else "date"
        if field.format == "date"
        else _FRICTIONLESS_TYPES[field.type],
        "title": column.title,
        "description": field.description,
        **({"constraints": constraints} if constraints else {}),
    }


def build_cell_pattern(pattern: str) -> str:
    """Return a pattern, which may match anywhere in a text, as one of a whole cell; "" if that cannot be."""
    if not pattern or _ALTERNATIVE_BAR.search(_INNERMOST_GROUP.sub("", pattern)):
        return ""
    if is_harmless_pattern(pattern):
        return pattern[1:-1]
    start = "" if pattern.startswith("^") else r"[\s\S]*"
    end = "" if pattern.endswith("$") else r"[\s\S]*"
    return f"'?{start}(?:{pattern.removeprefix('^').removesuffix('$')}){end}"
