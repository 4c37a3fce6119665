"""The keywords that schemas may use, and the annotations that bmkit adds to them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from bmkit.content import format_pointer
from bmkit.jsontext import parse_json
from bmkit.schema import Kind, locate_shipped_schemas
from bmkit.schema_lint.fault import SchemaFault
from bmkit.suggest import suggest_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content.record import PathPart
    from bmkit.shape import ShapeChecker

METASCHEMA_FILE = "meta/annotations.schema.json"

# JSON Schema ignores a keyword that it does not know, so a misspelt one would check nothing.
SUPPORTED_KEYWORDS = (
    *("$schema", "$ref", "$defs", "$comment", "title", "description", "examples", "default", "deprecated"),
    *("type", "enum", "const", "format", "pattern", "minLength", "maxLength", "multipleOf"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("items", "minItems", "maxItems", "uniqueItems"),
    *("properties", "required", "additionalProperties", "dependentRequired"),
    *("allOf", "anyOf", "oneOf", "not", "if", "then", "else"),
)
SUPPORTED_FORMATS = ("date",)
_KIND_ANNOTATIONS = ("x-group", "x-sentence")
# Of a list, these may stand on the items; all else is said of the field.
_ITEM_ANNOTATIONS = ("x-ref", "x-unit")
_RECORD_PATH = ("$defs", "record")


class AnnotationMetaschema:
    """What the metaschema of annotations says of the x- keywords of a schema."""

    def __init__(self, shape_checker: ShapeChecker) -> None:
        self._shape_checker = shape_checker
        with open(os.path.join(locate_shipped_schemas(), METASCHEMA_FILE), "rb") as file:
            metaschema = parse_json(file.read())
        # The engines take a kind; what a file of this one would hold are the annotations of one schema.
        self._metaschema_kind = Kind(
            "annotations",
            title=metaschema["title"],
            description=metaschema["description"],
            group="",
            sentence_template="",
            fields=(),
            bundled_schema=metaschema,
            file=f"schema/{METASCHEMA_FILE}",
        )
        self.annotation_names = tuple(metaschema["properties"])

    def find_faults(
        self, subschema: dict[str, Any], schema_path: tuple[PathPart, ...], *, is_condition: bool = False
    ) -> Iterator[SchemaFault]:
        """Give what is wrong with the annotations of a schema that stands at the end of `way`.

        A `condition` restricts what is described elsewhere, and has no annotations of its own.
        """
        annotation_values = {
            keyword: value for keyword, value in subschema.items() if keyword.startswith("x-")
        }
        yield from self._find_misplaced(annotation_values, schema_path, is_condition=is_condition)
        for keyword in annotation_values:
            if keyword not in self.annotation_names:
                message = f'"{keyword}" is not an annotation that bmkit knows'
                hint = suggest_hint(keyword, self.annotation_names)
                yield SchemaFault(
                    "annotation", format_pointer((*schema_path, keyword)), message, hint, key=True
                )
        shape_faults = (
            self._shape_checker.find_faults(self._metaschema_kind, annotation_values)
            if annotation_values
            else ()
        )
        if shape_faults:
            # Only a faulty schema pays for these imports.
            from bmkit.shape.faults import BundledSchema, select_instance
            from bmkit.shape.messages import describe_mistake
            from bmkit.shape.mistakes import find_mistakes

            schema = BundledSchema(self._metaschema_kind.bundled_schema)
            for mistake in find_mistakes(shape_faults, schema, annotation_values):
                instance_path = mistake.fault.instance_path
                # Unknown annotations were told above, and of groups the check of the kind speaks.
                if instance_path and instance_path != ("x-group",):
                    shape_message = describe_mistake(
                        mistake,
                        schema,
                        select_instance(annotation_values, instance_path),
                        str(instance_path[0]),
                    )
                    fault_pointer = format_pointer((*schema_path, *instance_path, *shape_message.subpath))
                    # What starts with the name of the annotation would say it twice.
                    message = f"{instance_path[0]}: {shape_message.text.removeprefix(f'{instance_path[0]} ')}"
                    yield SchemaFault(
                        "annotation", fault_pointer, message, shape_message.hint, key=shape_message.key
                    )

    def _find_misplaced(
        self, annotation_values: dict[str, Any], schema_path: tuple[PathPart, ...], *, is_condition: bool
    ) -> Iterator[SchemaFault]:
        """Tell of the annotations that nothing reads where they stand."""
        for keyword in annotation_values:
            is_kind_annotation = keyword in _KIND_ANNOTATIONS
            if keyword not in self.annotation_names or (is_kind_annotation and not schema_path):
                continue
            is_on_items = schema_path[-1:] == ("items",) and keyword not in _ITEM_ANNOTATIONS
            if (
                is_kind_annotation
                or not schema_path
                or schema_path == _RECORD_PATH
                or is_on_items
                or is_condition
            ):
                allowed_on = (
                    "a kind only"
                    if is_kind_annotation
                    else "a list, not on its items"
                    if is_on_items
                    else "a field only"
                )
                message = f"{keyword} is read on {allowed_on}"
                yield SchemaFault("annotation", format_pointer((*schema_path, keyword)), message, key=True)
