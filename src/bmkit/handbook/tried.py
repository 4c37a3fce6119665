"""Tries the examples of the rules of shape and of schemas, as content and schemas are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.rules.examples import build_content

if TYPE_CHECKING:
    from bmkit.issue import Issue

_WORD_SCHEMA = {"type": "string", "title": "Word", "description": "A word.", "examples": ["rib"]}
_RECORD_SCHEMA = {
    "type": "object",
    "title": "Kind",
    "description": "A kind.",
    "additionalProperties": False,
    "required": ["id", "word"],
    "properties": {"id": _WORD_SCHEMA, "word": _WORD_SCHEMA},
}
_KIND_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Kind",
    "description": "A kind.",
    "x-group": "fact",
    "x-sentence": "it is called {word}",
    "type": "object",
    "additionalProperties": False,
    "required": ["$schema", "records"],
    "properties": {
        "$schema": _WORD_SCHEMA,
        "records": {**_WORD_SCHEMA, "type": "array", "items": {"$ref": "#/$defs/record"}, "examples": [[]]},
    },
    "$defs": {"record": _RECORD_SCHEMA},
}


def find_shape_example_issues(example: dict[str, Any]) -> list[Issue]:
    """Give what is said of the shape of the records of an example."""
    from bmkit.shape import ShapeChecker, find_shape_issues

    return find_shape_issues(build_content(example), ShapeChecker())


def find_schema_example_issues(schema_part: dict[str, Any]) -> list[Issue]:
    """Give what is said of the schema of a kind, good but for this part."""
    from bmkit.schema import SCHEMA_SUFFIX, Schemas
    from bmkit.schema_lint import find_schema_issues
    from bmkit.shape import ShapeChecker

    schemas = Schemas(
        "", ("kind",), documents={f"kind{SCHEMA_SUFFIX}": _merge_documents(_KIND_SCHEMA, schema_part)}
    )
    return find_schema_issues(schemas, ShapeChecker())


def _merge_documents(document: Any, changes: Any, *, are_properties: bool = False) -> Any:
    """Put a part into a document: objects are merged, but of `fields` each is what the part says, no more."""
    merged = dict(document)
    for key, value in changes.items():
        is_nested = not are_properties and isinstance(value, dict) and isinstance(document.get(key), dict)
        merged[key] = (
            _merge_documents(document[key], value, are_properties=key == "properties") if is_nested else value
        )
    return merged
