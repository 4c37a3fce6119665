"""Walks a schema file and compares every part of it with the conventions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.content import pointer
from bmkit.schema_lint.annotations import FORMATS, KEYWORDS, near
from bmkit.schema_lint.fault import SchemaFault
from bmkit.schema_lint.units import unit_faults
from bmkit.shape.faults import Schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content.record import Part
    from bmkit.schema import Kind, Schemas
    from bmkit.schema_lint.annotations import Annotations

    Way = tuple[Part, ...]

_KIND = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FIELD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LISTS = ("anyOf", "oneOf", "allOf")
_CONDITIONS = ("if", "then", "else", "not")
_EXPLAINED = ("title", "description", "examples")


class Walk:
    """One walk through a schema file; what is in the other files is asked of `schemas`."""

    def __init__(self, schemas: Schemas, annotations: Annotations) -> None:
        self._schemas = schemas
        self._annotations = annotations
        self._schema = Schema({})

    def kind(self, kind: Kind) -> Iterator[SchemaFault]:
        """Check the file of a kind."""
        bundle = kind.bundle
        self._schema = Schema(bundle)
        if not _KIND.fullmatch(kind.name):
            yield SchemaFault(
                "name", "", f'the kind "{kind.name}" is not in lower-case words joined by hyphens'
            )
        if kind.group not in {"term", "fact", "article"}:
            hint = 'write "term", "fact" or "article"'
            yield SchemaFault(
                "group", "/x-group" if "x-group" in bundle else "", "x-group does not name a group", hint
            )
        yield from self._explained(bundle, (), ("title", "description"))
        yield from self._frame(bundle)
        own = {name: part for name, part in bundle["$defs"].items() if "." not in name}
        yield from self._node({**bundle, "$defs": own}, ())
        record = own["record"]
        yield from self._explained(record, ("$defs", "record"), ("title", "description"))
        if "id" not in record.get("properties", {}) or "id" not in record.get("required", []):
            yield SchemaFault("id", "/$defs/record", "a record needs an id, and the id must be required")

    def common(self, document: dict[str, Any]) -> Iterator[SchemaFault]:
        """Check a file of common/."""
        self._schema = Schema(document)
        yield from self._explained(document, (), ("title", "description"))
        for name, part in document.get("$defs", {}).items():
            yield from self._explained(part, ("$defs", name), _EXPLAINED)
        yield from self._node(document, ())

    def _frame(self, bundle: dict[str, Any]) -> Iterator[SchemaFault]:
        """Check that the file is {"$schema": …, "records": [record, …]} and nothing else."""
        properties = bundle.get("properties", {})
        items = properties.get("records", {}).get("items", {}) if isinstance(properties, dict) else {}
        good = list(properties) == ["$schema", "records"] and items == {"$ref": "#/$defs/record"}
        if not good or sorted(bundle.get("required", [])) != ["$schema", "records"]:
            message = "a file must be an object of $schema and records, and a record be #/$defs/record"
            yield SchemaFault("frame", "", message)

    def _node(self, node: Any, way: Way, *, condition: bool = False) -> Iterator[SchemaFault]:
        """Check a schema and all in it; a `condition` only restricts what is described elsewhere."""
        if not isinstance(node, dict):
            return
        yield from self._annotations.faults(node, way, condition=condition)
        if "x-unit" in node:
            yield from unit_faults(node, way)
        kind = node.get("x-ref")
        if isinstance(kind, str) and kind not in self._schemas:
            hint = near(kind, self._schemas.names)
            yield SchemaFault("reference", pointer((*way, "x-ref")), f'there is no kind "{kind}"', hint)
        if "x-ref" in node and not self._may_be_id(node):
            message = "x-ref: an id is a text, and the field holds none"
            yield SchemaFault("annotation", pointer((*way, "x-ref")), message)
        for keyword in node:
            if keyword not in KEYWORDS and not keyword.startswith("x-"):
                message = f'"{keyword}" is not a keyword that bmkit understands'
                hint = near(keyword, (*KEYWORDS, *self._annotations.names))
                yield SchemaFault("keyword", pointer((*way, keyword)), message, hint, key=True)
        if node.get("format", "date") not in FORMATS:
            message = f'the format "{node["format"]}" is not one that bmkit checks'
            yield SchemaFault("format", pointer((*way, "format")), message, f"write {' or '.join(FORMATS)}")
        is_object = node.get("type") == "object" or ("properties" in node and not condition)
        if is_object and not condition and node.get("additionalProperties") is not False:
            yield SchemaFault(
                "open", pointer(way), "an object must be closed with additionalProperties: false"
            )
        yield from self._below(node, way, condition=condition)

    def _may_be_id(self, node: dict[str, Any]) -> bool:
        """Say whether a schema, or that of the items of a list, is one of texts, or is told elsewhere."""
        part = self._plain(node)
        if part.get("type") == "array":
            part = self._plain(part.get("items"))
        return bool(part.get("type", "string") == "string")

    def _plain(self, node: Any) -> dict[str, Any]:
        """Follow the references of a schema to its type; {} where they lead to another file of common/."""
        try:
            return self._schema.plain(node, "type") if isinstance(node, dict) else {}
        except KeyError:
            return {}

    def _below(self, node: dict[str, Any], way: Way, *, condition: bool) -> Iterator[SchemaFault]:
        for name, part in node.get("properties", {}).items():
            here = (*way, "properties", name)
            if not condition:
                yield from self._field(name, part, here)
            yield from self._node(part, here, condition=condition)
        for name, part in node.get("$defs", {}).items():
            yield from self._node(part, (*way, "$defs", name))
        yield from self._node(node.get("items"), (*way, "items"), condition=condition)
        for keyword in _CONDITIONS:
            yield from self._node(node.get(keyword), (*way, keyword), condition=True)
        for keyword in _LISTS:
            for number, part in enumerate(node.get(keyword, ())):
                yield from self._node(part, (*way, keyword, number), condition=True)

    def _field(self, name: str, part: Any, way: Way) -> Iterator[SchemaFault]:
        if not _FIELD.fullmatch(name) and name != "$schema":
            message = f'the field "{name}" is not in lower-case words joined by underscores'
            yield SchemaFault("name", pointer(way), message, key=True)
        if isinstance(part, dict):
            yield from self._explained(part, way, _EXPLAINED)

    def _explained(self, part: Any, way: Way, words: tuple[str, ...]) -> Iterator[SchemaFault]:
        """Check that title, description and examples are there, and that they say something."""
        for word in words:
            # In common/ a reference may lead to another file, which explains itself.
            elsewhere = "$ref" in part and not part["$ref"].startswith("#/$defs/")
            value = part.get(word) or (elsewhere or self._schema.plain(part, word).get(word))
            if not value:
                name = way[-1] if way else "the kind"
                yield SchemaFault(f"no-{word}", pointer(way), f"{name} has no {word}")
        description = part.get("description", "")
        if isinstance(description, str) and description and not description.endswith("."):
            here = pointer((*way, "description"))
            yield SchemaFault("description", here, "a description is a sentence and ends with a full stop")
