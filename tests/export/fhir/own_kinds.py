"""Small projects whose kinds, fields and ids are not those of the shipped content."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bmkit.content import read_content
from bmkit.export.fhir import FhirOptions, build_resources

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.export.fhir.resources import Resources

Json = dict[str, Any]
TERM_KINDS: dict[str, tuple[str, Json]] = {
    # name: (role, fields)
    "stuff": ("substance", {}),
    "remedy": ("product", {"made_of": {"x-ref": "stuff", "type": "array"}}),
    "way-in": ("route", {}),
    "shape": ("form", {}),
    "trouble": ("condition", {}),
    "trait": ("characteristic", {"type_of_trait": {"enum": ["age", "kidney function"], "x-role": "sort"}}),
    "aim": (
        "target-level",
        {
            "of": {"x-ref": "trait"},
            "level": {"x-unit": "measurement", "x-role": "range"},
        },
    ),
    "folk": (
        "population",
        {
            "traits": {
                "x-role": "bands",
                "type": "array",
                "items": {
                    "which": {"x-ref": "trait"},
                    "between": {"x-unit": "measurement", "x-role": "range"},
                    "as": {"type": "string", "x-role": "band-word"},
                },
            },
            "ills": {"x-ref": "trouble", "type": "array"},
        },
    ),
}
"""Kinds of terms under names that are no roles, each with its role and its fields."""


def write_own_project(
    root: Path,
    kinds: dict[str, tuple[str, Json]],
    records: dict[str, list[Json]],
    term_kinds: dict[str, tuple[str, Json]],
) -> Path:
    """A project of these kinds of terms and facts, with their records by kind.

    A field is said as "x-ref", "x-unit" (the name of a definition of common/quantity), a type or an enum.
    """
    (root / "schema").mkdir(parents=True)
    for group, group_kinds in (("term", term_kinds), ("fact", kinds)):
        for name, (role, fields) in group_kinds.items():
            schema = _make_schema(name, group, role, fields)
            (root / "schema" / f"{name}.schema.json").write_text(json.dumps(schema, indent=2), "utf-8")
    article = {"id": "own", "label": "Own", "language": "en", "reviewed": "2026-01-02"}
    for name, kind_records in {"article": [article], **records}.items():
        folder = root / "content" / ("terms" if name in term_kinds else "own")
        folder.mkdir(parents=True, exist_ok=True)
        file_content = {"$schema": f"../../schema/{name}.schema.json", "records": kind_records}
        (folder / f"{name}.json").write_text(json.dumps(file_content, indent=2), "utf-8")
    return root


def build_own_resources(
    root: Path,
    kinds: dict[str, tuple[str, Json]],
    records: dict[str, list[Json]],
    release: str = "R5",
    *,
    term_kinds: dict[str, tuple[str, Json]] = TERM_KINDS,
) -> Resources:
    """The resources of such a project; its content must be without faults."""
    content = read_content(str(write_own_project(root, kinds, records, term_kinds)))
    assert not content.issues, [issue.message for issue in content.issues]
    return build_resources(content, FhirOptions(release=release))


def _make_schema(name: str, group: str, role: str, fields: Json) -> Json:
    properties = {
        "id": {"$ref": "common/text.schema.json#/$defs/id"},
        **({"label": {"$ref": "common/text.schema.json#/$defs/label"}} if group == "term" else {}),
        **{field_name: _make_field(field) for field_name, field in fields.items()},
    }
    record = {
        "type": "object",
        "title": name.capitalize(),
        "description": f"{name.capitalize()}.",
        "additionalProperties": False,
        "required": ["id"],
        "properties": {
            field_name: {"title": field_name.capitalize(), "description": f"{field_name}.", **field}
            for field_name, field in properties.items()
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name.capitalize(),
        "description": f"{name.capitalize()}.",
        "x-group": group,
        **({"x-role": role} if role else {}),
        "type": "object",
        "additionalProperties": False,
        "required": ["$schema", "records"],
        "properties": {
            "$schema": {"type": "string", "title": "Schema", "description": "Schema."},
            "records": {
                "type": "array",
                "title": "Records",
                "description": "Records.",
                "items": {"$ref": "#/$defs/record"},
            },
        },
        "$defs": {"record": record},
    }


def _make_field(field: Json) -> Json:
    """The schema of a field from what is said of it in short."""
    annotations = {key: value for key, value in field.items() if key in ("x-role", "x-part", "x-many")}
    if field.get("type") == "array":
        if "items" in field:
            members = {
                name: {"title": name.capitalize(), "description": f"{name}.", **_make_field(member)}
                for name, member in field["items"].items()
            }
            items: Json = {
                "type": "object",
                "additionalProperties": False,
                "title": "Item",
                "description": "Item.",
                "properties": members,
            }
        else:
            items = _make_field({"x-ref": field["x-ref"]} if "x-ref" in field else {"type": "integer"})
        return {"type": "array", "items": items, **annotations}
    if "x-ref" in field:
        reference = {"$ref": "common/text.schema.json#/$defs/reference", "x-ref": field["x-ref"]}
        return {**reference, **annotations}
    if "x-unit" in field:
        return {"$ref": f"common/quantity.schema.json#/$defs/{field['x-unit']}", **annotations}
    if "enum" in field:
        return {"type": "string", "enum": field["enum"], **annotations}
    return {"type": field["type"], **annotations}
