"""From the text of a kind's schema to its fields: understands a stated subset and refuses all else loudly."""

from __future__ import annotations

from typing import Any, NoReturn

from bmkit.issue import format_pointer
from bmkit.schema.annotations import parse_plausible_ranges, parse_poles, parse_systems
from bmkit.schema.fields import Field, SchemaError
from bmkit.schema.relations import parse_relations

Subschema = dict[str, Any]

# A record, an object in it, a list of objects in that (source, spans): deeper has no place in a table.
_MAX_FIELD_DEPTH = 3
_SCALAR_TYPES = {"string": "text", "integer": "integer", "number": "number", "boolean": "boolean"}


class SchemaParser:
    """One schema file being read into fields; `definitions` are what its "#/$defs/…" references point to."""

    def __init__(self, file: str, definitions: dict[str, Any]) -> None:
        self.file = file
        self._definitions = definitions

    def parse_record(self, subschema: Subschema) -> tuple[Field, ...]:
        """Return the fields of the record described; SchemaError if it is no object of fields."""
        if "$ref" in subschema:
            self._refuse_subschema((), "a record must not be a reference")
        if subschema.get("type") != "object":
            self._refuse_subschema((), 'a record must be of type "object"')
        return self._parse_properties(subschema, ())

    def resolve_refs(self, subschema: Any, path: tuple[str, ...]) -> Subschema:
        """Follow the references of `subschema`; what stands beside a $ref goes before what it points to."""
        while True:
            if not isinstance(subschema, dict):
                self._refuse_subschema(path, "a schema must be an object here")
            if "$ref" not in subschema:
                resolved: Subschema = subschema
                return resolved
            definition = self._definitions[subschema["$ref"].removeprefix("#/$defs/")]
            sibling_keywords = {keyword: value for keyword, value in subschema.items() if keyword != "$ref"}
            subschema = {**definition, **sibling_keywords}

    def _parse_properties(self, subschema: Subschema, path: tuple[str, ...]) -> tuple[Field, ...]:
        properties = subschema.get("properties")
        if not isinstance(properties, dict):
            self._refuse_subschema(path, "an object must list its properties")
        if subschema.get("additionalProperties") is not False:
            self._refuse_subschema(path, "an object must be closed with additionalProperties: false")
        required = subschema.get("required", [])
        fields = (
            self._parse_field(property_schema, (*path, name)) for name, property_schema in properties.items()
        )
        return tuple(field._replace(required=field.name in required) for field in fields)

    def _parse_field(self, property_schema: Any, path: tuple[str, ...]) -> Field:
        subschema = self.resolve_refs(property_schema, path)
        field = self._parse_value(subschema, path)
        if subschema.get("type") == "array":
            item_schema = self.resolve_refs(subschema["items"], path) if "items" in subschema else None
            if item_schema is None or item_schema.get("type") == "array":
                self._refuse_subschema(path, "a list must say what its items are, and they must not be lists")
            field = self._parse_value(
                {**item_schema, "x-ref": subschema["x-ref"]} if "x-ref" in subschema else item_schema, path
            )
            field = field._replace(is_list=True)
        return field._replace(
            title=select_text_keyword(subschema, "title") or path[-1],
            description=select_text_keyword(subschema, "description"),
            examples=tuple(subschema.get("examples", ())),
            relations=parse_relations(subschema),
            plausible_ranges=parse_plausible_ranges(subschema),
            systems=parse_systems(subschema),
            declared_role=select_text_keyword(subschema, "x-role") or None,
            part=select_text_keyword(subschema, "x-part"),
            joined_by=select_text_keyword(subschema, "x-many"),
            is_sequence=subschema.get("x-sequence") is True,
            poles=parse_poles(subschema),
            default=subschema.get("default"),
            gravity=select_text_keyword(subschema, "x-gravity"),
            is_named="x-named" not in subschema,
        )

    def _parse_value(self, subschema: Subschema, path: tuple[str, ...]) -> Field:
        """Return the field that a schema of one value describes; title and the like are the caller's."""
        field = Field(path[-1], path, "", "", "")
        if "x-unit" in subschema:
            return self._parse_quantity_field(field, subschema, path)
        if "x-ref" in subschema and "else" in subschema:
            return self._parse_short_or_long_reference(subschema, path)
        json_type = subschema.get("type", _infer_json_type(subschema))
        if json_type == "array":
            return field
        if json_type == "object":
            if len(path) >= _MAX_FIELD_DEPTH:
                self._refuse_subschema(
                    path, f"objects may stand at most {_MAX_FIELD_DEPTH - 1} deep in a record"
                )
            return field._replace(type="object", fields=self._parse_properties(subschema, path))
        if not isinstance(json_type, str) or json_type not in _SCALAR_TYPES:
            self._refuse_subschema(
                path,
                f"type must be one of {', '.join([*_SCALAR_TYPES, 'array', 'object'])}, not {json_type!r}",
            )
        return field._replace(
            # Only a text can be an id; the check of the schemas reports x-ref on anything else.
            type="reference"
            if json_type == "string" and select_text_keyword(subschema, "x-ref")
            else _SCALAR_TYPES[json_type],
            target_kind=select_text_keyword(subschema, "x-ref") if json_type == "string" else "",
            values=tuple(_list_allowed_values(subschema)),
            minimum=subschema.get("minimum", subschema.get("exclusiveMinimum")),
            maximum=subschema.get("maximum", subschema.get("exclusiveMaximum")),
            pattern=select_text_keyword(subschema, "pattern"),
            format=select_text_keyword(subschema, "format"),
        )

    def _parse_short_or_long_reference(self, subschema: Subschema, path: tuple[str, ...]) -> Field:
        """Return the field of a reference that may be an id, or an object whose first field is the id."""
        short_schema = {**self.resolve_refs(subschema["else"], path), "x-ref": subschema["x-ref"]}
        long_schema = self.resolve_refs(subschema.get("then"), path)
        fields = self._parse_properties(long_schema, path)
        if subschema.get("if") != {"type": "object"} or not fields or not fields[0].required:
            self._refuse_subschema(
                path,
                'an id or an object needs "if": {"type": "object"}, and the object the id as first field',
            )
        id_field = fields[0]._replace(type="reference", target_kind=select_text_keyword(subschema, "x-ref"))
        return self._parse_value(short_schema, path)._replace(fields=(id_field, *fields[1:]))

    def _parse_quantity_field(self, field: Field, subschema: Subschema, path: tuple[str, ...]) -> Field:
        fields = self._parse_properties(subschema, path)
        members_by_name = {member.name: member for member in fields}
        for name in ("value", "low", "high", "unit"):
            if name not in members_by_name:
                self._refuse_subschema(path, f"a quantity needs a property {name!r}")
        units = (
            subschema["x-unit"] if isinstance(subschema["x-unit"], list) else members_by_name["unit"].values
        )
        return field._replace(
            type="quantity",
            units=tuple(str(unit) for unit in units),
            dimension=select_text_keyword(subschema, "x-unit"),
            minimum=members_by_name["value"].minimum,
            maximum=members_by_name["value"].maximum,
            fields=fields,
        )

    def _refuse_subschema(self, path: tuple[str, ...], message: str) -> NoReturn:
        field_name = ".".join(path) or "the record"
        steps_to_field = (part for name in path for part in ("properties", name))
        pointer = format_pointer(("$defs", "record", *steps_to_field))
        raise SchemaError(self.file, f"{field_name}: {message}", pointer)


def select_text_keyword(subschema: Subschema, keyword: str) -> str:
    """Return the value of a keyword, "" if there is none or it is no text."""
    value = subschema.get(keyword, "")
    return value if isinstance(value, str) else ""


def _list_allowed_values(subschema: Subschema) -> Any:
    """Return the closed list of values, [] where any will do."""
    return subschema["enum"] if "enum" in subschema else [subschema["const"]] if "const" in subschema else []


def _infer_json_type(subschema: Subschema) -> object:
    """Return the type that a closed list implies where no type is stated."""
    values = _list_allowed_values(subschema)
    if isinstance(values, list) and values and all(isinstance(value, str) for value in values):
        return "string"
    return None
