"""Walks a schema file and compares every part of it with the conventions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.schema.keywords import KEYWORD_FORMS
from bmkit.schema_lint.annotations import SchemaFault, find_unit_faults
from bmkit.shape.faults import BundledSchema
from bmkit.shape.formats import FORMAT_CHECKS
from bmkit.suggest import suggest_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.issue import PathPart
    from bmkit.schema import Kind, Schemas
    from bmkit.schema_lint.annotations import AnnotationMetaschema

    SchemaPath = tuple[PathPart, ...]

# Code systems of an export that are no kind of terms.
RESERVED_TERM_KINDS = ("concept-property", "field", "word")
_KIND_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_BRANCH_KEYWORDS = ("anyOf", "oneOf", "allOf")
_CONDITION_KEYWORDS = ("if", "then", "else", "not")
_EXPLANATORY_KEYWORDS = ("title", "description", "examples")
_MAX_WORDING_LENGTHS = {"title": 100, "description": 1000}


class StructureLinter:
    """One walk through a schema file; what is in the other files is asked of `schemas`."""

    def __init__(self, schemas: Schemas, metaschema: AnnotationMetaschema) -> None:
        self._schemas = schemas
        self._metaschema = metaschema
        self._schema = BundledSchema({})

    def find_kind_faults(self, kind: Kind) -> Iterator[SchemaFault]:
        """Yield what is wrong with the file of a kind."""
        bundled_schema = kind.bundled_schema
        self._schema = BundledSchema(bundled_schema)
        if not _KIND_NAME.fullmatch(kind.name):
            yield SchemaFault(
                "name", (), f'the kind "{kind.name}" is not in lower-case words joined by hyphens'
            )
        if kind.group == "term" and kind.name in RESERVED_TERM_KINDS:
            message = f'no kind of terms can be called "{kind.name}": a list of bmkit is called so'
            yield SchemaFault("name", (), message)
        if kind.group not in {"term", "fact", "article"}:
            hint = 'write "term", "fact" or "article"'
            yield SchemaFault(
                "group",
                ("x-group",) if "x-group" in bundled_schema else (),
                "x-group does not name a group",
                hint,
            )
        yield from self._find_explanation_faults(bundled_schema, (), ("title", "description"))
        yield from self._find_frame_faults(bundled_schema)
        own_definitions = {
            name: definition for name, definition in bundled_schema["$defs"].items() if "." not in name
        }
        yield from self._find_subschema_faults({**bundled_schema, "$defs": own_definitions}, ())
        record_schema = own_definitions["record"]
        yield from self._find_explanation_faults(record_schema, ("$defs", "record"), ("title", "description"))
        if "id" not in record_schema.get("properties", {}) or "id" not in record_schema.get("required", []):
            yield SchemaFault("id", ("$defs", "record"), "a record needs an id, and the id must be required")

    def find_common_file_faults(self, document: dict[str, Any]) -> Iterator[SchemaFault]:
        """Yield what is wrong with a file of common/."""
        self._schema = BundledSchema(document)
        yield from self._find_explanation_faults(document, (), ("title", "description"))
        for name, definition in document.get("$defs", {}).items():
            yield from self._find_explanation_faults(definition, ("$defs", name), _EXPLANATORY_KEYWORDS)
        yield from self._find_subschema_faults(document, ())

    def _find_frame_faults(self, bundled_schema: dict[str, Any]) -> Iterator[SchemaFault]:
        """Yield what is wrong with the frame: {"$schema": …, "records": [record, …]} and nothing else."""
        properties = bundled_schema.get("properties", {})
        records_schema = properties.get("records")
        item_schema = records_schema.get("items") if isinstance(records_schema, dict) else None
        has_frame = list(properties) == ["$schema", "records"] and item_schema == {"$ref": "#/$defs/record"}
        if not has_frame or sorted(bundled_schema.get("required", [])) != ["$schema", "records"]:
            message = "a file must be an object of $schema and records, and a record be #/$defs/record"
            yield SchemaFault("wrong-frame", (), message)

    def _find_subschema_faults(
        self, subschema: Any, schema_path: SchemaPath, *, is_condition: bool = False
    ) -> Iterator[SchemaFault]:
        """Yield what is wrong with a schema and all in it; a condition restricts what others describe."""
        if not isinstance(subschema, dict):
            return
        yield from self._metaschema.find_faults(subschema, schema_path, is_condition=is_condition)
        if "x-unit" in subschema:
            yield from find_unit_faults(subschema, schema_path)
        target_kind = subschema.get("x-ref")
        if isinstance(target_kind, str) and target_kind not in self._schemas:
            hint = suggest_hint(target_kind, self._schemas.kind_names)
            yield SchemaFault(
                "reference",
                (*schema_path, "x-ref"),
                f'unknown kind "{target_kind}"',
                hint,
            )
        if "x-ref" in subschema and not self._can_hold_id(subschema):
            message = "x-ref: an id is a text, but the field is of another type"
            yield SchemaFault("annotation", (*schema_path, "x-ref"), message)
        for keyword in subschema:
            if keyword not in KEYWORD_FORMS and not keyword.startswith("x-"):
                message = f'"{keyword}" is not a keyword that bmkit understands'
                hint = suggest_hint(keyword, (*KEYWORD_FORMS, *self._metaschema.annotation_names))
                yield SchemaFault("keyword", (*schema_path, keyword), message, hint, key=True)
        if subschema.get("format", "date") not in FORMAT_CHECKS:
            message = f'the format "{subschema["format"]}" is not one that bmkit checks'
            yield SchemaFault(
                "format",
                (*schema_path, "format"),
                message,
                f"write {' or '.join(FORMAT_CHECKS)}",
            )
        # Without a type it is only what an object must fulfil besides, such as to be an upper limit.
        is_object = subschema.get("type") == "object" and not is_condition
        if is_object and subschema.get("additionalProperties") is not False:
            yield SchemaFault(
                "not-closed",
                schema_path,
                "an object must be closed with additionalProperties: false",
            )
        yield from self._find_nested_faults(subschema, schema_path, is_condition=is_condition)

    def _can_hold_id(self, subschema: dict[str, Any]) -> bool:
        """Return whether a schema, or that of a list's items, is of texts, or described elsewhere."""
        value_schema = self._resolve_refs_to_type(subschema)
        if value_schema.get("type") == "array":
            value_schema = self._resolve_refs_to_type(value_schema.get("items"))
        return bool(value_schema.get("type", "string") == "string")

    def _resolve_refs_to_type(self, subschema: Any) -> dict[str, Any]:
        """Return the typed schema that references lead to; {} where they lead to another file of common/."""
        try:
            return self._schema.resolve_refs(subschema, "type") if isinstance(subschema, dict) else {}
        except KeyError:
            return {}

    def _find_nested_faults(
        self, subschema: dict[str, Any], schema_path: SchemaPath, *, is_condition: bool
    ) -> Iterator[SchemaFault]:
        for name, property_schema in subschema.get("properties", {}).items():
            property_path = (*schema_path, "properties", name)
            if not is_condition:
                yield from self._find_property_faults(name, property_schema, property_path)
            yield from self._find_subschema_faults(property_schema, property_path, is_condition=is_condition)
        for name, property_schema in subschema.get("$defs", {}).items():
            yield from self._find_subschema_faults(property_schema, (*schema_path, "$defs", name))
        yield from self._find_subschema_faults(
            subschema.get("items"), (*schema_path, "items"), is_condition=is_condition
        )
        for keyword in _CONDITION_KEYWORDS:
            yield from self._find_subschema_faults(
                subschema.get(keyword), (*schema_path, keyword), is_condition=True
            )
        for keyword in _BRANCH_KEYWORDS:
            for index, property_schema in enumerate(subschema.get(keyword, ())):
                yield from self._find_subschema_faults(
                    property_schema, (*schema_path, keyword, index), is_condition=True
                )

    def _find_property_faults(
        self, name: str, property_schema: Any, schema_path: SchemaPath
    ) -> Iterator[SchemaFault]:
        if not _FIELD_NAME.fullmatch(name) and name != "$schema":
            message = f'the field "{name}" is not in lower-case words joined by underscores'
            yield SchemaFault("name", schema_path, message, key=True)
        if isinstance(property_schema, dict):
            yield from self._find_explanation_faults(property_schema, schema_path, _EXPLANATORY_KEYWORDS)

    def _find_explanation_faults(
        self, subschema: Any, schema_path: SchemaPath, keywords: tuple[str, ...]
    ) -> Iterator[SchemaFault]:
        """Yield a fault for each title, description or example that is missing or says nothing."""
        for keyword in keywords:
            # In common/ a reference may lead to another file, which explains itself.
            is_elsewhere = "$ref" in subschema and not subschema["$ref"].startswith("#/$defs/")
            value = subschema.get(keyword) or (
                is_elsewhere or self._schema.resolve_refs(subschema, keyword).get(keyword)
            )
            if not value or (isinstance(value, str) and not value.strip()):
                name = schema_path[-1] if schema_path else "the kind"
                yield SchemaFault(f"no-{keyword}", schema_path, f"{name} has no {keyword}")
        yield from _find_wording_faults(subschema, schema_path)
        description = subschema.get("description", "")
        if isinstance(description, str) and description and not description.endswith("."):
            fault_path = (*schema_path, "description")
            yield SchemaFault(
                "description", fault_path, "a description is a sentence and ends with a full stop"
            )


def _find_wording_faults(subschema: dict[str, Any], schema_path: SchemaPath) -> Iterator[SchemaFault]:
    """Yield a fault for each title or description that no heading or note of an export can show."""
    for keyword, max_length in _MAX_WORDING_LENGTHS.items():
        wording = subschema.get(keyword)
        if not isinstance(wording, str):
            continue
        fault = (
            "has a character that cannot be shown"
            if not wording.isprintable()
            else f"has {len(wording):,} characters, over the {max_length:,} that there is room for"
            if len(wording) > max_length
            else ""
        )
        if fault:
            yield SchemaFault("wording", (*schema_path, keyword), f"the {keyword} {fault}")
