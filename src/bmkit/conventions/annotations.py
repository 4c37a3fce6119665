"""The keywords that schemas may use, and the annotations that bmkit adds to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

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


class Annotation(NamedTuple):
    """An annotation: whether a value fits it, and what it must be in words."""

    fits: Callable[[Any], bool]
    words: str


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_unit(value: Any) -> bool:
    return _is_text(value) or (
        isinstance(value, list) and bool(value) and all(_is_text(item) for item in value)
    )


ANNOTATIONS = {
    "x-group": Annotation(_is_text, '"term", "fact" or "article"'),
    "x-ref": Annotation(_is_text, "the name of a kind"),
    "x-sentence": Annotation(_is_text, "a template of a sentence"),
    "x-unit": Annotation(_is_unit, "the name of a dimension, or a list of UCUM codes"),
}
