"""From the text of a kind's schema to its fields: understands a stated subset and refuses all else loudly."""

from __future__ import annotations

from typing import Any, NoReturn

from bmkit.schema.annotations import plausible_of, relations_of
from bmkit.schema.fields import Field, SchemaError

Node = dict[str, Any]

# A record, an object in it, a list of objects in that (source, spans): deeper has no place in a table.
_DEEPEST = 3
_SCALARS = {"string": "text", "integer": "integer", "number": "number", "boolean": "boolean"}
# Keywords that would give a value a shape which Field cannot tell.
_STRANGE = (
    "patternProperties", "unevaluatedProperties", "unevaluatedItems", "prefixItems", "contains",
    "propertyNames", "dependentSchemas", "$dynamicRef", "$anchor", "$id",
)  # fmt: skip


class Walk:
    """One schema file being read into fields; `definitions` are what its "#/$defs/…" references point to."""

    def __init__(self, file: str, definitions: dict[str, Any]) -> None:
        self.file = file
        self._definitions = definitions

    def record(self, node: Any) -> tuple[Field, ...]:
        """Give the fields of the record that `node` describes; SchemaError if it is no object of fields."""
        node = self.plain(node, ())
        if node.get("type") != "object":
            self._refuse((), 'a record must be of type "object"')
        return self._members(node, ())

    def plain(self, node: Any, path: tuple[str, ...]) -> Node:
        """Follow the references of `node`; what stands beside a $ref goes before what it points to."""
        for _ in range(20):
            if not isinstance(node, dict):
                self._refuse(path, f"a schema must be an object here, not {node!r}")
            if "$ref" not in node:
                break
            reference = node["$ref"]
            name = reference.removeprefix("#/$defs/") if isinstance(reference, str) else ""
            if name not in self._definitions or not reference.startswith("#/$defs/"):
                self._refuse(path, f"$ref {reference!r} points to nothing")
            target = self._definitions[name]
            if not isinstance(target, dict):
                self._refuse(path, f"{reference} is not a schema object")
            beside = {key: value for key, value in node.items() if key != "$ref"}
            node = {**target, **beside}
        else:
            self._refuse(path, "its references lead in a circle")
        made: Node = node
        return made

    def _members(self, node: Node, path: tuple[str, ...]) -> tuple[Field, ...]:
        for keyword in _STRANGE:
            if keyword in node:
                self._refuse(path, f"{keyword} has no meaning for fields")
        properties = node.get("properties")
        if not isinstance(properties, dict):
            self._refuse(path, "an object must list its properties")
        if node.get("additionalProperties") is not False:
            self._refuse(path, "an object must be closed with additionalProperties: false")
        required = node.get("required", [])
        made = (self._field(part, (*path, name)) for name, part in properties.items())
        return tuple(field._replace(required=field.name in required) for field in made)

    def _field(self, part: Any, path: tuple[str, ...]) -> Field:
        node = self.plain(part, path)
        made = self._value(node, path)
        if node.get("type") == "array":
            items = self.plain(node["items"], path) if "items" in node else None
            if items is None or items.get("type") == "array":
                self._refuse(path, "a list must say what its items are, and they must not be lists")
            made = self._value({**items, "x-ref": node["x-ref"]} if "x-ref" in node else items, path)
            made = made._replace(many=True)
        return made._replace(
            title=_text(node, "title") or path[-1],
            description=_text(node, "description"),
            examples=tuple(node.get("examples", ())),
            relations=relations_of(node),
            plausible=plausible_of(node),
            systems=_systems(node),
        )

    def _value(self, node: Node, path: tuple[str, ...]) -> Field:
        """Make the field that a schema of one value describes; title and the like are the caller's."""
        field = Field(path[-1], path, "", "", "")
        if "x-unit" in node:
            return self._quantity(field, node, path)
        kind = node.get("type", _kind_of_values(node))
        if kind == "array":
            return field
        if kind == "object":
            if len(path) >= _DEEPEST:
                self._refuse(path, f"objects may stand at most {_DEEPEST - 1} deep in a record")
            return field._replace(type="object", fields=self._members(node, path))
        if not isinstance(kind, str) or kind not in _SCALARS:
            self._refuse(
                path, f"type must be one of {', '.join([*_SCALARS, 'array', 'object'])}, not {kind!r}"
            )
        for keyword in _STRANGE:
            if keyword in node:
                self._refuse(path, f"{keyword} has no meaning for a single value")
        values = node["enum"] if "enum" in node else [node["const"]] if "const" in node else []
        return field._replace(
            # Only a text can be an id; of x-ref on anything else the check of the schemas tells.
            type="reference" if kind == "string" and _text(node, "x-ref") else _SCALARS[kind],
            ref=_text(node, "x-ref") if kind == "string" else "",
            values=tuple(values),
            minimum=node.get("minimum", node.get("exclusiveMinimum")),
            maximum=node.get("maximum", node.get("exclusiveMaximum")),
            pattern=_text(node, "pattern"),
            format=_text(node, "format"),
        )

    def _quantity(self, field: Field, node: Node, path: tuple[str, ...]) -> Field:
        fields = self._members(node, path)
        named = {field.name: field for field in fields}
        for name in ("value", "low", "high", "unit"):
            if name not in named:
                self._refuse(path, f"a quantity needs a property {name!r}")
        units = node["x-unit"] if isinstance(node["x-unit"], list) else named["unit"].values
        return field._replace(
            type="quantity",
            units=tuple(str(unit) for unit in units),
            dimension=_text(node, "x-unit"),
            minimum=named["value"].minimum,
            maximum=named["value"].maximum,
            fields=fields,
        )

    def _refuse(self, path: tuple[str, ...], message: str) -> NoReturn:
        name = ".".join(path) or "the record"
        pointer = "/$defs/record" + "".join(
            f"/properties/{part.replace('~', '~0').replace('/', '~1')}" for part in path
        )
        raise SchemaError(self.file, f"{name}: {message}", pointer)


def _text(node: Node, key: str) -> str:
    value = node.get(key, "")
    return value if isinstance(value, str) else ""


def _systems(node: Node) -> tuple[str, ...]:
    value = node.get("x-systems")
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _kind_of_values(node: Node) -> object:
    """Give the type that a closed list implies where no type is stated."""
    values = node["enum"] if "enum" in node else [node["const"]] if "const" in node else []
    if isinstance(values, list) and values and all(isinstance(value, str) for value in values):
        return "string"
    return None
