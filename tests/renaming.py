"""The same content under other names: every kind, every field and every id renamed, and nothing else.

A rule that knows a name says something else of the renamed content.  The frame keeps its names, as do words
of closed lists; `x-role` is added where a name gave a role.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import CodeLock, Content, File, Folder, Record
from bmkit.schema import SCHEMA_SUFFIX, Schemas
from bmkit.schema.roles import FRAME_FIELDS, NO_ROLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bmkit.schema import Field, Kind

FRAME_KINDS = ("article", "section", "editorial-note", "suppression", "review")
_RELATIONS = (*("x-within", "x-not", "x-order", "x-unique", "x-disjoint", "x-same-as", "x-sum"),)
_COMMON_FILES = tuple(f"common/{name}{SCHEMA_SUFFIX}" for name in ("source", "note"))
_QUANTITY_PARTS = ("value", "low", "high", "comparator", "unit")
_QUOTED_NAME = re.compile(r"\b([a-z0-9_-]+)\b(:?)")
_TOKEN = re.compile(r"\b(?:k-\d{3}|f_\d{3}|i-\d{4})\b")


class Names(NamedTuple):
    """The new names of kinds, fields and ids, in the order of the old ones, and the way back."""

    kinds: dict[str, str]
    fields: dict[str, str]
    ids: dict[str, str]
    originals: dict[str, str]

    def restore(self, text: str) -> str:
        """Return a text with the old names in it."""
        return _TOKEN.sub(lambda match: self.originals[match[0]], text)


class RenamedContent(NamedTuple):
    """Content under new names, and the records of it by the identity of the original ones."""

    content: Content
    names: Names
    records: dict[int, Record]

    def rename_value(self, record: Record, value: dict[str, Any]) -> dict[str, Any]:
        """Return a value of an original record as its renamed record would have it."""
        return _rename_record(record.kind, value, self.names)


def choose_names(content: Content) -> Names:
    """Return new names for everything that is not of the frame; sorting by them changes no order."""
    kinds = [kind for kind in content.schemas if kind.name not in FRAME_KINDS]
    field_names = {name for kind in kinds for name in iter_field_names(kind.fields)}
    record_ids = {
        record.id
        for folder in content.folders.values()
        for file in folder.files
        if file.kind.name != "article"
        for record in file.records
    }
    kind_names = _number((kind.name for kind in kinds), "k-{:03}")
    fields, ids = _number(field_names, "f_{:03}"), _number(record_ids, "i-{:04}")
    originals = {new: old for names in (kind_names, fields, ids) for old, new in names.items()}
    return Names(kind_names, fields, ids, originals)


def _number(names: Iterable[str], form: str) -> dict[str, str]:
    return {name: form.format(number) for number, name in enumerate(sorted(names))}


def _is_frame(field: Field) -> bool:
    """Return whether a field is of the frame, or of a quantity, a code or a source."""
    return len(field.path) == 1 and field.name in FRAME_FIELDS


def iter_field_names(fields: Iterable[Field]) -> Iterable[str]:
    """Yield the names of fields that are not of the frame, at every depth."""
    for field in fields:
        if not _is_frame(field):
            yield field.name
            if field.type == "object":
                yield from iter_field_names(field.fields)


def rename_content(content: Content) -> RenamedContent:
    """Return the content with schemas, records and lock of codes under new names."""
    names = choose_names(content)
    documents = {
        names.kinds.get(kind.name, kind.name) + SCHEMA_SUFFIX: _rename_schema(
            content.schemas.read_document(kind.name + SCHEMA_SUFFIX), kind, names
        )
        for kind in content.schemas
    }
    kind_names = tuple(sorted(name.removesuffix(SCHEMA_SUFFIX) for name in documents))
    # Their fields are of the frame, but may refer to kinds that are not.
    documents |= {file: _rename_targets(content.schemas.read_document(file), names) for file in _COMMON_FILES}
    schemas = Schemas(content.schemas.folder, kind_names, from_project=False, documents=documents)
    folders: dict[str, Folder] = {}
    records: dict[int, Record] = {}
    for folder_name, folder in content.folders.items():
        folders[folder_name] = Folder(folder_name)
        for file in folder.files:
            folders[folder_name].add_file(_rename_file(file, schemas, names, records))
    renamed = Content(
        content.root,
        schemas,
        folders,
        code_lock=_rename_lock(content, names),
        settings=content.settings,
        bytes_by_path={file.path: b"" for folder in folders.values() for file in folder.files},
    )
    return RenamedContent(renamed, names, records)


def _rename_file(file: File, schemas: Schemas, names: Names, records: dict[int, Record]) -> File:
    kind = schemas.get_kind(names.kinds.get(file.kind.name, file.kind.name))
    path = f"{file.path.rpartition('/')[0]}/{kind.name}.json"
    values = [_rename_record(file.kind, record.value, names) for record in file.records]
    schema_path = f"{file.value['$schema'].rpartition('/')[0]}/{kind.name}{SCHEMA_SUFFIX}"
    renamed = File(path, file.folder, kind, {"$schema": schema_path, "records": values})
    for record, value in zip(file.records, values, strict=True):
        renamed_record = Record(kind, file.folder, path, record.index, value)
        renamed_record.is_valid = record.is_valid
        renamed.records.append(renamed_record)
        records[id(record)] = renamed_record
    return renamed


def _rename_record(kind: Kind, value: Mapping[str, Any], names: Names) -> dict[str, Any]:
    renamed = _rename_members(kind.fields, value, names, is_renamed=kind.name not in FRAME_KINDS)
    if kind.name != "article" and isinstance(renamed.get("id"), str):
        renamed["id"] = names.ids.get(renamed["id"], renamed["id"])
    if kind.name == "suppression":
        # What is allowed is named.
        renamed["kind"] = names.kinds.get(value.get("kind", ""), value.get("kind"))
        renamed["record"] = names.ids.get(value.get("record", ""), value.get("record"))
        if isinstance(value.get("field"), str):
            renamed["field"] = _rename_path(value["field"], names)
        for name in ("value", "against"):
            if isinstance(value.get(name), str):
                renamed[name] = _QUOTED_NAME.sub(
                    lambda match: (
                        (names.fields if match[2] else names.ids).get(match[1], match[1]) + match[2]
                    ),
                    value[name],
                )
    return {name: item for name, item in renamed.items() if item is not None}


def _rename_members(
    fields: Iterable[Field], value: Mapping[str, Any], names: Names, *, is_renamed: bool
) -> dict[str, Any]:
    fields_by_name = {field.name: field for field in fields}
    renamed = {}
    for name, item in value.items():
        field = fields_by_name.get(name)
        is_frame = field is None or not is_renamed or _is_frame(field)
        new_item = item if field is None else _rename_item(field, item, names, is_renamed=not is_frame)
        renamed[name if is_frame else names.fields[name]] = new_item
    return renamed


def _rename_item(field: Field, item: Any, names: Names, *, is_renamed: bool) -> Any:
    if isinstance(item, list):
        return [_rename_item(field, member, names, is_renamed=is_renamed) for member in item]
    if field.type == "reference" and isinstance(item, str) and field.target_kind != "article":
        return names.ids.get(item, item)
    if field.type == "reference" and isinstance(item, dict):
        # An object in place of a note's id says which fields of the record it explains.
        explained_paths = [_rename_path(path, names) for path in item["explains"]]
        return {"note": names.ids.get(item["note"], item["note"]), "explains": explained_paths}
    if field.type == "object" and isinstance(item, dict):
        return _rename_members(field.fields, item, names, is_renamed=is_renamed)
    return item


def _rename_path(path: str, names: Names) -> str:
    top_name, *parts = path.split(".")
    new_parts = (part if part in _QUANTITY_PARTS else names.fields.get(part, part) for part in parts)
    return ".".join([names.fields.get(top_name, top_name), *new_parts])


def _rename_lock(content: Content, names: Names) -> CodeLock:
    lock = CodeLock(is_present=content.code_lock.is_present)
    for system in content.code_lock.list_systems():
        for code in content.code_lock.list_codes(system):
            locked = content.code_lock.find_code(system, code)
            assert locked is not None
            terms = locked.terms and tuple(_rename_term(term, names) for term in locked.terms)
            lock.add_code(system, code, locked.display, locked.line, terms)
    return lock


def _rename_term(term: str, names: Names) -> str:
    kind, _, term_id = term.partition("/")
    return f"{names.kinds.get(kind, kind)}/{names.ids.get(term_id, term_id)}"


def _rename_schema(document: Mapping[str, Any], kind: Kind, names: Names) -> dict[str, Any]:
    if kind.name in FRAME_KINDS:
        targets: dict[str, Any] = _rename_targets(document, names)
        return targets
    renamed = {**document, "x-role": kind.role or NO_ROLE}
    if "x-sentence" in document:
        renamed["x-sentence"] = re.sub(
            r"\{(\w+)", lambda match: f"{{{names.fields.get(match[1], match[1])}", document["x-sentence"]
        )
    record = _rename_object(document["$defs"]["record"], kind.fields, names)
    return {**renamed, "$defs": {**document["$defs"], "record": record}}


def _rename_targets(node: Any, names: Names) -> Any:
    """Return a schema of the frame, whose references lead to renamed kinds."""
    if isinstance(node, dict):
        return {
            key: names.kinds.get(value, value)
            if key == "x-ref" and isinstance(value, str)
            else _rename_targets(value, names)
            for key, value in node.items()
        }
    return [_rename_targets(item, names) for item in node] if isinstance(node, list) else node


def _rename_object(schema: Mapping[str, Any], fields: Iterable[Field], names: Names) -> dict[str, Any]:
    """Return the schema of an object, its fields and what is said of them by name renamed."""
    fields_by_name = {field.name: field for field in fields}

    def rename_name(name: str) -> str:
        field = fields_by_name.get(name)
        return name if field is None or _is_frame(field) else names.fields[name]

    def rename_node(node: Any) -> Any:
        if isinstance(node, list):
            return [rename_node(item) for item in node]
        if not isinstance(node, dict):
            return node
        renamed: dict[str, Any] = {}
        for key, value in node.items():
            if key == "properties":
                renamed[key] = {
                    rename_name(name): _rename_field(member, fields_by_name.get(name), names, rename_name)
                    if node is schema
                    else rename_node(member)
                    for name, member in value.items()
                }
            elif key == "required":
                renamed[key] = [rename_name(name) for name in value]
            elif key == "dependentRequired":
                renamed[key] = {
                    rename_name(name): [rename_name(other) for other in others]
                    for name, others in value.items()
                }
            elif key in {"title", "description", "examples", "const", "enum"}:
                renamed[key] = value
            else:
                renamed[key] = rename_node(value)
        return renamed

    result: dict[str, Any] = rename_node(schema)
    return result


def _rename_field(schema: Any, field: Field | None, names: Names, rename_name: Callable[[str], str]) -> Any:
    if field is None or not isinstance(schema, dict):
        return schema
    if _is_frame(field):
        return _rename_targets(schema, names)
    renamed = _rename_targets(schema, names)
    renamed["x-role"] = field.role or NO_ROLE
    for key in _RELATIONS:
        if key in schema:
            renamed[key] = _rename_relation(schema[key], names, rename_name)
    if isinstance(schema.get("x-unit"), dict):
        renamed["x-unit"] = {"by": _rename_relation(schema["x-unit"]["by"], names, rename_name)}
    for plausible in renamed.get("x-plausible", ()):
        if isinstance(plausible, dict) and "where" in plausible:
            plausible["where"] = {rename_name(name): word for name, word in plausible["where"].items()}
    if field.type == "object":
        members = renamed["items"] if field.is_list else renamed
        renamed_members = _rename_object(members, field.fields, names)
        renamed = {**renamed, "items": renamed_members} if field.is_list else renamed_members
    return renamed


def _rename_relation(value: Any, names: Names, rename_name: Callable[[str], str]) -> Any:
    """Return a relation whose fields, also those of a record that a field refers to, are renamed."""
    if isinstance(value, list):
        return [_rename_relation(item, names, rename_name) for item in value]
    if isinstance(value, str):
        first, dot, second = value.partition(".")
        return rename_name(first) + dot + names.fields.get(second, second)
    if isinstance(value, bool):
        return value
    return {
        key: names.kinds.get(item, item)
        if key == "kind"
        else {names.fields.get(name, name): words for name, words in item.items()}
        if key == "where"
        else names.fields.get(item, item)
        if key == "field" and "kind" in value
        else _rename_relation(item, names, rename_name)
        for key, item in value.items()
    }
