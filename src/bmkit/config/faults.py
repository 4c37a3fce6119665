"""What is wrong with settings by their schema, named by the path of their keys."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.jsontext import parse_json
from bmkit.shipped import read_shipped_schema_file
from bmkit.suggest import suggest_hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.issue import PathPart

_SCHEMA_FILE = "settings/bmkit.schema.json"
_TYPE_WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a table",
    "array": "a list",
}
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_MAX_SHOWN_CHARACTERS = 60


class SettingFault(NamedTuple):
    """One fault: the path of the key that it is about, and what is wrong, with a hint if there is one."""

    path: tuple[PathPart, ...]
    message: str
    hint: str = ""

    def format_line(self, key_prefix: Sequence[str] = ()) -> str:
        """Return the fault as a line: 'rules.severity."slip.unusal": there is no rule …; did you mean …'."""
        keys = [part for part in (*key_prefix, *self.path) if isinstance(part, str)]
        items = [f"item {part + 1} " for part in self.path if isinstance(part, int)]
        key_text = ".".join(key if _BARE_KEY.fullmatch(key) else _quote(key) for key in keys)
        location = f"{key_text}: " if key_text else ""
        return f"{location}{''.join(items)}{self.message}{f'; {self.hint}' if self.hint else ''}"


@cache
def load_settings_schema() -> dict[str, Any]:
    """Return the JSON Schema of settings."""
    schema: dict[str, Any] = parse_json(read_shipped_schema_file(_SCHEMA_FILE))
    return schema


def resolve_setting_schema(subschema: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the schema with what its $ref leads to; what stands beside the $ref counts."""
    if "$ref" not in subschema:
        return subschema
    definition = load_settings_schema()["$defs"][subschema["$ref"].removeprefix("#/$defs/")]
    return {**definition, **{keyword: value for keyword, value in subschema.items() if keyword != "$ref"}}


def find_setting_faults(values: dict[str, Any]) -> list[SettingFault]:
    """Return every fault of settings, by the path of their keys."""
    # jsonschema-rs leaves empty names out of the paths of its errors.
    if empty_names := [SettingFault(path, "a name must not be empty") for path in _iter_empty_names(values)]:
        return empty_names
    failures = list(_iter_failed_keywords(values))
    wrong_type_paths = {path for path, keyword in failures if keyword == "type"}
    faults = {
        fault
        for path, keyword in failures
        # To some engines infinity is no whole number, and too large a whole number.
        if keyword == "type" or path not in wrong_type_paths
        for fault in _describe_fault(path, keyword, values)
    }
    return sorted(faults, key=lambda fault: (list(map(str, fault.path)), fault.message))


def _iter_empty_names(value: Any, path: tuple[PathPart, ...] = ()) -> Iterator[tuple[PathPart, ...]]:
    """Yield the path of each name that is empty, and what it is in."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        if name == "":
            yield (*path, name)
        yield from _iter_empty_names(item, (*path, name))


def _iter_failed_keywords(values: dict[str, Any]) -> Iterator[tuple[tuple[PathPart, ...], str]]:
    """Yield where a keyword fails, and the keyword; propertyNames for what it says of names."""
    schema = load_settings_schema()
    try:
        from jsonschema_rs import Draft202012Validator
    except ImportError:
        from jsonschema import Draft202012Validator as SlowValidator

        errors = [
            (tuple(error.absolute_path), list(error.absolute_schema_path))
            for error in SlowValidator(schema).iter_errors(values)
        ]
    else:
        errors = [
            (tuple(error.instance_path), list(error.schema_path))
            for error in Draft202012Validator(schema, offline=True).iter_errors(values)
        ]
    for path, schema_path in errors:
        yield path, "propertyNames" if "propertyNames" in schema_path[-2:] else str(schema_path[-1])


def _describe_fault(path: tuple[PathPart, ...], keyword: str, values: dict[str, Any]) -> list[SettingFault]:
    subschema, value = _select_subschema(path), _select_value(values, path)
    if keyword == "additionalProperties":
        return _describe_unknown_settings(path, subschema, value)
    if keyword == "required":
        return [
            SettingFault(path, f'"{missing_name}" is missing')
            for missing_name in subschema["required"]
            if missing_name not in value
        ]
    if keyword == "propertyNames":
        message = "is no name here: a letter or digit first, then also blanks and . _ -"
        pattern = subschema["propertyNames"]["pattern"]
        return [SettingFault((*path, name), message) for name in value if not re.search(pattern, name)]
    if keyword == "type":
        return [_describe_wrong_type(path, subschema["type"], value)]
    if keyword == "enum":
        return [_describe_wrong_word(path, subschema["enum"], value)]
    if keyword == "const":
        return [_describe_other_version(path, subschema["const"], value)]
    return [SettingFault(path, *_describe_wrong_value(keyword, subschema, value))]


def _describe_unknown_settings(
    path: tuple[PathPart, ...], subschema: dict[str, Any], value: dict[str, Any]
) -> list[SettingFault]:
    known_names = list(subschema["properties"])
    otherwise = f"the settings here are {', '.join(known_names)}"
    return [
        SettingFault((*path, name), "there is no such setting", suggest_hint(name, known_names, otherwise))
        for name in value
        if name not in known_names
    ]


def _describe_wrong_type(path: tuple[PathPart, ...], type_name: str, value: Any) -> SettingFault:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return SettingFault(
        path,
        f"must be {_TYPE_WORDS[type_name]}, not {_describe_value(value)}",
        f'write "{value}"' if type_name == "string" and is_number else "",
    )


def _describe_wrong_word(path: tuple[PathPart, ...], words: list[str], value: Any) -> SettingFault:
    expected = f"{', '.join(map(_quote, words[:-1]))} or {_quote(words[-1])}"
    message = f"must be {expected}, not {_describe_value(value)}"
    return SettingFault(path, message, suggest_hint(str(value), words))


def _describe_other_version(path: tuple[PathPart, ...], version: int, value: Any) -> SettingFault:
    message = (
        f"the content is written for version {value} of the schemas, and this bmkit has version {version}"
    )
    is_newer = isinstance(value, int | Decimal) and value > version
    hint = (
        "install a newer bmkit"
        if is_newer
        else "bring it up to date, or use the bmkit that it was written for"
    )
    return SettingFault(path, message, hint)


def _describe_wrong_value(keyword: str, subschema: dict[str, Any], value: Any) -> tuple[str, str]:
    """Return what is wrong with a value of the right type, and a hint or ""."""
    if keyword == "uniqueItems":
        return "an item stands twice", ""
    if keyword in {"minimum", "maximum"}:
        direction = "less" if keyword == "minimum" else "more"
        return f"must not be {direction} than {subschema[keyword]}, and is {value}", ""
    if keyword == "maxLength":
        return f"has {len(value)} characters, more than the {subschema[keyword]} allowed", ""
    if not value.strip():
        return "must not be empty", ""
    example = subschema["examples"][0]
    return f"{_quote(value)} does not have the form of this setting", f"write it like {_quote(example)}"


def _select_subschema(path: tuple[PathPart, ...]) -> dict[str, Any]:
    """Return the part of the schema that is about the value at a path."""
    subschema = load_settings_schema()
    for part in path:
        inner_schema = (
            subschema["items"]
            if isinstance(part, int)
            else subschema.get("properties", {}).get(part) or subschema["additionalProperties"]
        )
        subschema = resolve_setting_schema(inner_schema)
    return subschema


def _select_value(values: Any, path: tuple[PathPart, ...]) -> Any:
    for part in path:
        values = values[part]
    return values


def _describe_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {_quote(value)}"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a table"
    return f"the number {value}"


def _quote(text: str) -> str:
    """Return a text in quotes on one line, as TOML has it, the end of a long one left out."""
    shown = text if len(text) <= _MAX_SHOWN_CHARACTERS else f"{text[:_MAX_SHOWN_CHARACTERS]}…"
    escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04X}" for char in escaped) + '"'
