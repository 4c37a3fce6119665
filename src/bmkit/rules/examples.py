"""The examples of rules, and content made from them, for tests and the handbook."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from bmkit.config import SETTINGS_FILE, to_settings
from bmkit.content import (
    CODE_LOCK_FILE,
    CONTENT_FOLDER,
    TERMS_FOLDER,
    CodeLock,
    Content,
    File,
    Folder,
    Record,
)
from bmkit.jsontext import parse_json
from bmkit.schema import SCHEMA_SUFFIX, Schemas, read_shipped_schemas

Example = Mapping[str, Any]
"""A piece of content: records by kind, with only the fields that matter; `build_content` has what else."""

EXAMPLES_SUFFIX = ".examples.json"
_KIND_ANNOTATIONS = ("x-role", "x-group")
EXAMPLE_FOLDER = "article"
"""The folder that the records of an example stand in unless they are terms."""
_NON_KIND_KEYS = ("lock", "schemas", "articles", "written", "settings")
_SCHEMAS_BY_KINDS: dict[tuple[Schemas, str], Schemas] = {}
_MAX_KEPT_SCHEMAS = 20


@cache
def read_examples(module_file: str) -> dict[str, dict[str, list[Example]]]:
    """Return the "good" and the "bad" examples of the rules of a module, by the id of the rule.

    They stand in a file beside the module.  There a record has what "like" says of its kind unless it says
    something else, or null for nothing; "given" names parts of content that an example, or each example of a
    rule, has; a single record needs no list; a text is a statement of it; "comment" says why it is there.
    """
    with open(module_file.removesuffix(".py") + EXAMPLES_SUFFIX, "rb") as file:
        document = parse_json(file.read())
    like = document.pop("like", {})
    parts = {name: _expand_kinds(part, like) for name, part in document.pop("given", {}).items()}
    return {
        rule_id: {
            side: [_expand_example(example, entry, parts, like) for example in entry[side]]
            for side in ("good", "bad")
        }
        for rule_id, entry in document.items()
    }


def _expand_example(example: Example, entry: Example, parts: Mapping[str, Example], like: Example) -> Example:
    own_kinds = {name: value for name, value in example.items() if name not in {"given", "comment"}}
    expanded: dict[str, Any] = {}
    for part_name in (*_list_items(entry.get("given", ())), *_list_items(example.get("given", ()))):
        expanded |= parts[part_name]
    return expanded | _expand_kinds(own_kinds, {**like, **entry.get("like", {})})


def _expand_kinds(records_by_kind: Example, like: Example) -> dict[str, Any]:
    expanded: dict[str, Any] = {}
    for name, value in records_by_kind.items():
        if name == "articles":
            expanded[name] = {folder: _expand_kinds(records, like) for folder, records in value.items()}
        elif name in _NON_KIND_KEYS:
            expanded[name] = value
        else:
            expanded[name] = [
                _expand_record(record, index, like.get(name, {}))
                for index, record in enumerate(_list_items(value))
            ]
    return expanded


def _expand_record(record: Any, index: int, like: Example) -> dict[str, Any]:
    if isinstance(record, str):
        return {"id": f"text-{index}", "text": record}
    return {name: value for name, value in {**like, **record}.items() if value is not None}


def _list_items(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


def build_content(example: Example, schemas: Schemas | None = None) -> Content:
    """Return the content of an example: {kind: [record, …]}, with the shipped schemas by default.

    Beside kinds an example may have "lock": {system: {code: display}} or {system: {code: [display, its terms,
    …]}}; "schemas": {kind: {field: its schema}} for invented kinds, with "x-role" and "x-group" of the kind;
    "articles": {folder: {kind: [record, …]}} for more than one article, each with terms of its own if need
    be; "written": {kind: text of a file} where the notation of the JSON matters; and "settings": what
    bmkit.toml states.
    """
    example_schemas = schemas if schemas is not None else read_shipped_schemas()
    if fields_by_kind := example.get("schemas", {}):
        example_schemas = _add_kinds(example_schemas, fields_by_kind)
    folders: dict[str, Folder] = {}
    for kind_name, records in example.items():
        if kind_name not in _NON_KIND_KEYS:
            folder_name = _choose_folder(example_schemas, kind_name)
            _add_example_file(folders, example_schemas, folder_name, kind_name, records)
    for folder_name, records_by_kind in example.get("articles", {}).items():
        for kind_name, records in records_by_kind.items():
            _add_example_file(folders, example_schemas, folder_name, kind_name, records)
    file_bytes = {file.path: b"" for folder in folders.values() for file in folder.files}
    for kind_name, written_text in example.get("written", {}).items():
        raw_bytes = written_text.encode("utf-8")
        records = parse_json(raw_bytes)["records"]
        folder_name = _choose_folder(example_schemas, kind_name)
        _add_example_file(folders, example_schemas, folder_name, kind_name, records)
        file_bytes.update(
            {
                file.path: raw_bytes
                for folder in folders.values()
                for file in folder.files
                if file.path not in file_bytes
            }
        )
    codes = CodeLock(is_present="lock" in example)
    for system, code_entries in example.get("lock", {}).items():
        for code, code_entry in code_entries.items():
            display, *term_ids = [code_entry] if isinstance(code_entry, str) else code_entry
            codes.add_code(
                system, code, display, terms=None if isinstance(code_entry, str) else tuple(term_ids)
            )
    return Content(
        "",
        example_schemas,
        folders,
        code_lock=codes,
        bytes_by_path=file_bytes,
        terms_folder=TERMS_FOLDER,
        settings=to_settings(SETTINGS_FILE, example.get("settings", {})),
    )


def _add_kinds(schemas: Schemas, fields_by_kind: Mapping[str, Any]) -> Schemas:
    """Return schemas with invented kinds; those of the examples of a rule are mostly the same."""
    key = (schemas, repr(fields_by_kind))
    if key not in _SCHEMAS_BY_KINDS:
        if len(_SCHEMAS_BY_KINDS) >= _MAX_KEPT_SCHEMAS:
            _SCHEMAS_BY_KINDS.clear()
        documents = {
            kind + SCHEMA_SUFFIX: _make_kind_schema(kind, fields) for kind, fields in fields_by_kind.items()
        }
        _SCHEMAS_BY_KINDS[key] = Schemas(
            schemas.folder,
            tuple(sorted({*schemas.kind_names, *fields_by_kind})),
            from_project=False,
            documents=documents,
        )
    return _SCHEMAS_BY_KINDS[key]


def _choose_folder(schemas: Schemas, kind_name: str) -> str:
    return TERMS_FOLDER if schemas.get_kind(kind_name).group == "term" else EXAMPLE_FOLDER


def _add_example_file(
    folders: dict[str, Folder], schemas: Schemas, folder_name: str, kind_name: str, records: list[Any]
) -> None:
    kind = schemas.get_kind(kind_name)
    folder = folders.setdefault(folder_name, Folder(folder_name))
    file = File(f"{CONTENT_FOLDER}/{folder_name}/{kind_name}.json", folder_name, kind, {"records": records})
    file.records = [Record(kind, folder_name, file.path, index, value) for index, value in enumerate(records)]
    folder.add_file(file)


def _make_kind_schema(kind: str, members: dict[str, Any]) -> dict[str, Any]:
    annotations = {name: value for name, value in members.items() if name in _KIND_ANNOTATIONS}
    fields = {name: value for name, value in members.items() if name not in annotations}
    record_schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"id": {"type": "string"}, **fields},
    }
    list_schema = {"type": "array", "items": {"$ref": "#/$defs/record"}}
    root_schema = {"type": "object", "properties": {"records": list_schema}}
    return {
        "title": kind,
        "x-group": "fact",
        **annotations,
        **root_schema,
        "$defs": {"record": record_schema},
    }


__all__ = ["CODE_LOCK_FILE", "EXAMPLE_FOLDER", "build_content"]
