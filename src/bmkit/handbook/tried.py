"""Tries the examples of the rules of shape and of schemas, as content and schemas are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.rules.examples import build_content

if TYPE_CHECKING:
    from bmkit.issue import Issue

_WORD = {"type": "string", "title": "Word", "description": "A word.", "examples": ["rib"]}
_RECORD = {
    "type": "object",
    "title": "Kind",
    "description": "A kind.",
    "additionalProperties": False,
    "required": ["id", "word"],
    "properties": {"id": _WORD, "word": _WORD},
}
_KIND = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Kind",
    "description": "A kind.",
    "x-group": "fact",
    "x-sentence": "it is called {word}",
    "type": "object",
    "additionalProperties": False,
    "required": ["$schema", "records"],
    "properties": {
        "$schema": _WORD,
        "records": {**_WORD, "type": "array", "items": {"$ref": "#/$defs/record"}, "examples": [[]]},
    },
    "$defs": {"record": _RECORD},
}


def issues_of_shape(scrap: dict[str, Any]) -> list[Issue]:
    """Give what is said of the shape of the records of a scrap."""
    from bmkit.shape import ShapeChecker, find_shape_issues

    return find_shape_issues(build_content(scrap), ShapeChecker())


def issues_of_schema(part: dict[str, Any]) -> list[Issue]:
    """Give what is said of the schema of a kind, good but for this part."""
    from bmkit.schema import SCHEMA_SUFFIX, Schemas
    from bmkit.schema_lint import find_schema_issues
    from bmkit.shape import ShapeChecker

    schemas = Schemas("", ("kind",), documents={f"kind{SCHEMA_SUFFIX}": _with(_KIND, part)})
    return find_schema_issues(schemas, ShapeChecker())


def _with(whole: Any, part: Any, *, fields: bool = False) -> Any:
    """Put a part into a document: objects are merged, but of `fields` each is what the part says, no more."""
    made = dict(whole)
    for key, value in part.items():
        inner = not fields and isinstance(value, dict) and isinstance(whole.get(key), dict)
        made[key] = _with(whole[key], value, fields=key == "properties") if inner else value
    return made
