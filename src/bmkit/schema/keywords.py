"""The keywords of JSON Schema that bmkit reads, what may stand under each, and what no schema may ask for."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.schema.patterns import PatternError, compile_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bmkit.issue import PathPart

    SchemaPath = tuple[PathPart, ...]

MAX_SCHEMA_DEPTH = 30
"""Schemas in schemas, by way of references too; each costs the engines some calls in calls."""

MAX_SCHEMA_SIZE = 10_000
"""Schemas that a record's stands for with all references resolved; references to references double them."""

MAX_COUNT = 10**9
"""Characters or items that a schema may ask for, more than a file can have."""

_TYPE_NAMES = ("string", "number", "integer", "boolean", "object", "array", "null")
_DEFINITION_NAME = re.compile(r"[A-Za-z0-9_-]+")


class _Form(NamedTuple):
    """What may stand under a keyword: in words, and its test."""

    words: str
    is_fit: Callable[[Any], bool]


def _is_list_of_texts(value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(item, str) for item in value)
        and len(set(value)) == len(value)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


_TEXT = _Form("a text", lambda value: isinstance(value, str))
_TRUTH = _Form("true or false", lambda value: isinstance(value, bool))
_NUMBER = _Form("a number", _is_number)
_POSITIVE = _Form("a number above 0", lambda value: _is_number(value) and value > 0)
_COUNT = _Form(
    f"a whole number of at most {MAX_COUNT:,}",
    lambda value: _is_number(value) and 0 <= value <= MAX_COUNT and value == int(value),
)
_LIST = _Form("a list", lambda value: isinstance(value, list))
_VALUES = _Form("a list of values", lambda value: isinstance(value, list) and bool(value))
_TEXTS = _Form("a list of different texts", _is_list_of_texts)
_LISTS_OF_TEXTS = _Form(
    "an object of lists of different texts",
    lambda value: isinstance(value, dict) and all(map(_is_list_of_texts, value.values())),
)
_TYPE = _Form(
    f"one of {', '.join(_TYPE_NAMES)}, or a list of them",
    lambda value: (
        value in _TYPE_NAMES
        or (_is_list_of_texts(value) and bool(value) and all(item in _TYPE_NAMES for item in value))
    ),
)
_ANY = _Form("a value", lambda _: True)
_SCHEMA = _Form("a schema", lambda value: isinstance(value, dict | bool))
_SCHEMAS = _Form(
    "a list of schemas", lambda value: isinstance(value, list) and bool(value) and _are_schemas(value)
)
_SCHEMAS_BY_NAME = _Form(
    "an object of schemas", lambda value: isinstance(value, dict) and _are_schemas(value.values())
)
_DEFINITIONS = _Form(
    "an object of schema objects",
    lambda value: isinstance(value, dict) and all(isinstance(inner, dict) for inner in value.values()),
)


def _are_schemas(values: Any) -> bool:
    return all(map(_SCHEMA.is_fit, values))


KEYWORD_FORMS: Mapping[str, _Form] = {
    **dict.fromkeys(("$schema", "$ref", "$comment", "title", "description", "format", "pattern"), _TEXT),
    **dict.fromkeys(("deprecated", "uniqueItems"), _TRUTH),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _NUMBER),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _COUNT),
    **dict.fromkeys(("const", "default"), _ANY),
    **dict.fromkeys(("items", "additionalProperties", "not", "if", "then", "else"), _SCHEMA),
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), _SCHEMAS),
    "$defs": _DEFINITIONS,
    "properties": _SCHEMAS_BY_NAME,
    "required": _TEXTS,
    "dependentRequired": _LISTS_OF_TEXTS,
    "examples": _LIST,
    "enum": _VALUES,
    "type": _TYPE,
    "multipleOf": _POSITIVE,
}
"""The keywords of JSON Schema that bmkit reads, each with what may stand under it."""

# JSON Schema ignores what it does not know; these it knows, and engines would act on them.
UNREAD_KEYWORDS = frozenset((
    "$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef", "$vocabulary",
    "id", "definitions", "dependencies", "dependentSchemas", "patternProperties", "propertyNames",
    "unevaluatedProperties", "minProperties", "maxProperties", "additionalItems", "unevaluatedItems",
    "prefixItems", "contains", "minContains", "maxContains", "contentEncoding", "contentMediaType",
    "contentSchema",
))  # fmt: skip


class KeywordFault(NamedTuple):
    """What is wrong in a schema, and where; with it no engine and no rule could read the schema."""

    path: SchemaPath
    message: str


def iter_subschemas(schema: Mapping[str, Any]) -> Iterator[tuple[SchemaPath, Any]]:
    """Yield the schemas that stand in a schema itself, each with the path to it."""
    for keyword, value in schema.items():
        form = KEYWORD_FORMS.get(keyword)
        if form is _SCHEMA:
            yield (keyword,), value
        elif form is _SCHEMAS:
            yield from (((keyword, index), inner) for index, inner in enumerate(value))
        elif form in {_SCHEMAS_BY_NAME, _DEFINITIONS}:
            yield from (((keyword, name), inner) for name, inner in value.items())


def map_subschemas(schema: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """Return a schema with each schema that stands in it itself replaced by what `change` returns."""
    copy = dict(schema)
    for keyword, value in schema.items():
        form = KEYWORD_FORMS.get(keyword)
        if form is _SCHEMA:
            copy[keyword] = change(value)
        elif form is _SCHEMAS:
            copy[keyword] = [change(inner) for inner in value]
        elif form in {_SCHEMAS_BY_NAME, _DEFINITIONS}:
            copy[keyword] = {name: change(inner) for name, inner in value.items()}
    return copy


def find_keyword_faults(document: Mapping[str, Any]) -> Iterator[KeywordFault]:
    """Yield what is wrong in a schema file: keywords with something else than they stand for, and patterns.

    What is found wrong is not looked into.
    """
    pending: list[tuple[SchemaPath, Any, int]] = [((), document, 0)]
    while pending:
        path, schema, depth = pending.pop()
        if not isinstance(schema, dict):
            continue
        if depth > MAX_SCHEMA_DEPTH:
            yield KeywordFault(path, f"schemas stand in more than {MAX_SCHEMA_DEPTH} others")
            continue
        faults = list(_find_own_faults(schema))
        for keyword, message in faults:
            yield KeywordFault((*path, keyword), message)
        faulty_keywords = {keyword for keyword, _ in faults}
        sound_schema = {keyword: value for keyword, value in schema.items() if keyword not in faulty_keywords}
        pending += reversed(
            [((*path, *steps), inner, depth + 1) for steps, inner in iter_subschemas(sound_schema)]
        )


def _find_own_faults(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the keywords of one schema, not looking into the schemas in it."""
    for keyword, value in schema.items():
        form = KEYWORD_FORMS.get(keyword)
        if keyword in UNREAD_KEYWORDS:
            yield keyword, f"{keyword} is not one of the keywords that bmkit reads"
        elif form is not None and not form.is_fit(value):
            yield keyword, f"{keyword} must be {form.words}"
        elif keyword == "pattern":
            try:
                compile_pattern(value)
            except PatternError as error:
                yield keyword, str(error)
        elif keyword == "$defs":
            for name in value:
                if not _DEFINITION_NAME.fullmatch(name):
                    yield keyword, f'the name "{name}" of a definition has more than letters, digits, _ and -'


class ExpansionError(ValueError):
    """Definitions that cannot be written out; `definition_name` is the one in which that shows."""

    def __init__(self, definition_name: str, message: str) -> None:
        super().__init__(message)
        self.definition_name = definition_name


def refuse_excessive_references(definitions: Mapping[str, dict[str, Any]]) -> None:
    """Raise ExpansionError if a definition refers to itself, or stands for too much when written out."""
    meter = _ExpansionMeter(definitions)
    for name in definitions:
        meter.measure_definition(name, 0)


class _ExpansionMeter:
    """How large and how deep definitions are with all references resolved, each measured once."""

    def __init__(self, definitions: Mapping[str, dict[str, Any]]) -> None:
        self._definitions = definitions
        self._extents: dict[str, tuple[int, int]] = {}

    def measure_definition(self, name: str, depth: int) -> tuple[int, int]:
        """Return the number of schemas that a definition stands for, and how deep they stand."""
        if name not in self._extents:
            self._extents[name] = self._measure_schema(self._definitions[name], name, depth)
        if depth + self._extents[name][1] > MAX_SCHEMA_DEPTH:
            raise _make_depth_error(name)
        return self._extents[name]

    def _measure_schema(self, schema: Any, name: str, depth: int) -> tuple[int, int]:
        if depth > MAX_SCHEMA_DEPTH:
            raise _make_depth_error(name)
        size, height = 1, 0
        if isinstance(schema, dict):
            extents = [self._measure_schema(inner, name, depth + 1) for _, inner in iter_subschemas(schema)]
            if "$ref" in schema:
                target_name = schema["$ref"].removeprefix("#/$defs/")
                extents.append(self.measure_definition(target_name, depth + 1))
            size += sum(inner_size for inner_size, _ in extents)
            height = max((inner_height + 1 for _, inner_height in extents), default=0)
        if size > MAX_SCHEMA_SIZE:
            message = f"it stands for more than {MAX_SCHEMA_SIZE:,} schemas when its references are resolved"
            raise ExpansionError(name, message)
        return size, height


def _make_depth_error(name: str) -> ExpansionError:
    message = f"its references lead in a circle, or through more than {MAX_SCHEMA_DEPTH} schemas"
    return ExpansionError(name, message)
