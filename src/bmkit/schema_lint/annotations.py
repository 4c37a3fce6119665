"""The keywords that schemas may use, and the annotations that bmkit adds to them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from bmkit.content import pointer
from bmkit.jsontext import parse
from bmkit.schema import Kind, shipped
from bmkit.schema_lint.fault import SchemaFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content.record import Part
    from bmkit.shape import Shapes

METASCHEMA = "meta/annotations.schema.json"

# JSON Schema ignores a keyword that it does not know, so a misspelt one would check nothing.
KEYWORDS = (
    *("$schema", "$ref", "$defs", "$comment", "title", "description", "examples", "default", "deprecated"),
    *("type", "enum", "const", "format", "pattern", "minLength", "maxLength", "multipleOf"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("items", "minItems", "maxItems", "uniqueItems"),
    *("properties", "required", "additionalProperties", "dependentRequired"),
    *("allOf", "anyOf", "oneOf", "not", "if", "then", "else"),
)
FORMATS = ("date",)
_OF_KINDS = ("x-group", "x-sentence")
# Of a list, these may stand on the items; all else is said of the field.
_OF_ITEMS = ("x-ref", "x-unit")
_RECORD = ("$defs", "record")


class Annotations:
    """What the metaschema of annotations says of the x- keywords of a schema."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        with open(os.path.join(shipped(), METASCHEMA), "rb") as file:
            bundle = parse(file.read())
        # The engines take a kind; what a file of this one would hold are the annotations of one schema.
        self._kind = Kind(
            "annotations",
            title=bundle["title"],
            description=bundle["description"],
            group="",
            sentence="",
            fields=(),
            bundle=bundle,
            file=f"schema/{METASCHEMA}",
        )
        self.names = tuple(bundle["properties"])

    def faults(
        self, node: dict[str, Any], way: tuple[Part, ...], *, condition: bool = False
    ) -> Iterator[SchemaFault]:
        """Give what is wrong with the annotations of a schema that stands at the end of `way`.

        A `condition` restricts what is described elsewhere, and has no annotations of its own.
        """
        given = {keyword: value for keyword, value in node.items() if keyword.startswith("x-")}
        yield from self._misplaced(given, way, condition=condition)
        for keyword in given:
            if keyword not in self.names:
                message = f'"{keyword}" is not an annotation that bmkit knows'
                hint = near(keyword, self.names)
                yield SchemaFault("annotation", pointer((*way, keyword)), message, hint, key=True)
        found = self._shapes.faults(self._kind, given) if given else ()
        if found:
            # Only a faulty schema pays for these imports.
            from bmkit.shape.faults import Schema, value_at
            from bmkit.shape.messages import say
            from bmkit.shape.mistakes import mistakes

            schema = Schema(self._kind.bundle)
            for mistake in mistakes(found, schema, given):
                path = mistake.fault.path
                # Unknown annotations were told above, and of groups the check of the kind speaks.
                if path and path != ("x-group",):
                    said = say(mistake, schema, value_at(given, path), str(path[0]))
                    place = pointer((*way, *path, *said.parts))
                    # What starts with the name of the annotation would say it twice.
                    message = f"{path[0]}: {said.message.removeprefix(f'{path[0]} ')}"
                    yield SchemaFault("annotation", place, message, said.hint, key=said.key)

    def _misplaced(
        self, given: dict[str, Any], way: tuple[Part, ...], *, condition: bool
    ) -> Iterator[SchemaFault]:
        """Tell of the annotations that nothing reads where they stand."""
        for keyword in given:
            of_kind = keyword in _OF_KINDS
            if keyword not in self.names or (of_kind and not way):
                continue
            on_items = way[-1:] == ("items",) and keyword not in _OF_ITEMS
            if of_kind or not way or way == _RECORD or on_items or condition:
                where = (
                    "a kind only" if of_kind else "a list, not on its items" if on_items else "a field only"
                )
                message = f"{keyword} is read on {where}"
                yield SchemaFault("annotation", pointer((*way, keyword)), message, key=True)


def near(word: str, words: Iterable[str]) -> str:
    """Ask whether one of the words was meant, "" if none is near."""
    from bmkit.suggest import suggest

    meant = suggest(word, list(words))
    return f'did you mean "{meant}"?' if meant else ""
