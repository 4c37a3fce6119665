"""Reads a folder of schemas, each kind when it is first asked for."""

from __future__ import annotations

import os
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from bmkit.issue import format_pointer
from bmkit.jsontext import MAX_FAULTS, JsonError, Lines, Positions, decode_for_display, parse_json
from bmkit.project_files import DiskFiles
from bmkit.schema.fields import Kind, SchemaError, combine_schema_errors
from bmkit.schema.frame import find_frame_fault
from bmkit.schema.keywords import (
    ExpansionError,
    find_keyword_faults,
    map_subschemas,
    refuse_excessive_references,
)
from bmkit.schema.parse import SchemaParser, select_text_keyword
from bmkit.schema.roles import assign_roles, load_roles, select_role_name
from bmkit.shipped import locate_shipped_schemas

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bmkit.project_files import ProjectFiles

SCHEMA_FOLDER = "schema"
SCHEMA_SUFFIX = ".schema.json"
_COMMON_PREFIX = "common/"
# Whoever installed bmkit may have linked its files.
_SHIPPED_FILES = DiskFiles("", follow_all_links=True)


class Schemas:
    """The kinds of a content project; a kind's file is read and walked when the kind is first asked for.

    `folder` is where the schemas are, `from_project` whether they are the project's rather than the shipped
    ones. `documents` are schema files by name that need not be read. `own_files` names the files of the
    folder ("site.schema.json", "common/text.schema.json") where the `shipped` ones are to be had beside
    them; without it the folder holds all there is.
    """

    def __init__(  # noqa: PLR0913  where schemas may come from, all of it
        self,
        folder: str,
        kind_names: tuple[str, ...],
        *,
        from_project: bool = True,
        documents: dict[str, dict[str, Any]] | None = None,
        files: ProjectFiles | None = None,
        own_files: Collection[str] | None = None,
        shipped: Schemas | None = None,
    ) -> None:
        self.folder = folder
        self.kind_names = kind_names
        self.from_project = from_project
        self._files = _SHIPPED_FILES if files is None else files
        self._own_files = own_files
        self._shipped = shipped
        self._kinds: dict[str, Kind] = {}
        self._kind_roles: dict[str, str] = {}
        self._documents = dict(documents or {})
        self._usable_files: set[str] = set()
        # Definitions of common/ with local references, and which others each refers to.
        self._files_by_key: dict[str, str] = {}
        self._common_definitions: dict[str, dict[str, Any]] = {}
        self._referenced_keys: dict[str, set[str]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self.kind_names

    def __iter__(self) -> Iterator[Kind]:
        return (self.get_kind(name) for name in self.kind_names)

    def get_kind(self, name: str) -> Kind:
        """Return the kind of that name; KeyError if there is none, SchemaError if its file cannot be used.

        The error lists every other schema that cannot be used either.
        """
        if name not in self._kinds:
            if name not in self.kind_names:
                raise KeyError(f"no kind {name!r}")
            try:
                self._kinds[name] = self._load_kind(name)
            except SchemaError as error:
                raise combine_schema_errors([self.locate_error(error), *self._iter_schema_errors()]) from None
        return self._kinds[name]

    def list_kinds_of_role(self, role: str) -> list[str]:
        """Return the names of the kinds that have a role; only what their files declare is read."""
        return [name for name in self.kind_names if self.get_kind_role(name) == role]

    def read_document(self, file: str) -> dict[str, Any]:
        """Return the schema file "result.schema.json" or "common/text.schema.json" as it stands.

        SchemaError, listing all that is wrong, if it is none or its keywords have not what they stand for.
        """
        if self._shipped is not None and self._is_shipped_beside(file):
            return self._shipped.read_document(file)
        if file not in self._documents:
            self._documents[file] = _read_schema_file(self._files, f"{self.folder}/{file}", f"schema/{file}")
        if file not in self._usable_files:
            errors = [
                self.locate_error(SchemaError(f"schema/{file}", fault.message, format_pointer(fault.path)))
                for fault in islice(find_keyword_faults(self._documents[file]), MAX_FAULTS)
            ]
            if errors:
                raise combine_schema_errors(errors)
            self._usable_files.add(file)
        return self._documents[file]

    def is_own_file(self, file: str) -> bool:
        """Return whether the project has the schema file "site.schema.json" or "common/text.schema.json"."""
        return self.from_project and not self._is_shipped_beside(file)

    def is_own_kind(self, name: str) -> bool:
        """Return whether the schema of a kind is the project's, rather than the shipped one."""
        return self.is_own_file(name + SCHEMA_SUFFIX)

    def _is_shipped_beside(self, file: str) -> bool:
        return self._own_files is not None and file not in self._own_files

    def list_own_kinds(self) -> list[str]:
        """Return the names of the kinds whose schemas are the project's."""
        return [name for name in self.kind_names if self.is_own_kind(name)]

    def get_replaced_kind(self, name: str) -> Kind | None:
        """Return the shipped kind in whose place a kind of the project stands, None if there is none."""
        if self._shipped is None or name not in self._shipped or not self.is_own_kind(name):
            return None
        return self._shipped.get_kind(name)

    def list_own_common_files(self) -> list[str]:
        """Return the project's files of common/; where the folder holds all there is, those read so far."""
        files = self.list_read_files() if self._own_files is None else sorted(self._own_files)
        return [file for file in files if file.startswith(_COMMON_PREFIX)]

    def list_read_files(self) -> list[str]:
        """Return the schema files of the folder that were read so far, of kinds and of common/."""
        return sorted(self._documents)

    def locate_error(self, error: SchemaError) -> SchemaError:
        """Return the error with line and column, where its file has the place; else as it is."""
        file, pointer = error.file.removeprefix("schema/"), error.pointer
        if error.bundled_pointer:
            file, pointer = self._resolve_bundled_pointer(file, error.bundled_pointer)
        if error.line or file not in self._documents:
            return error
        try:
            text = decode_for_display(self._files.read_file(f"{self.folder}/{file}"))
        except JsonError:
            return error
        offset = _find_nearest_offset(text, pointer)
        return SchemaError(
            f"schema/{file}", error.message, pointer, position=Lines(text).to_line_column(offset)
        )

    def _resolve_bundled_pointer(self, file: str, bundled_pointer: str) -> tuple[str, str]:
        """Return the file and the pointer in it that a pointer into the bundle of `file` stands for."""
        definition_key, slash, inner_pointer = bundled_pointer.removeprefix("/$defs/").partition("/")
        file_stem, _, definition_name = definition_key.rpartition(".")
        if definition_key not in self._common_definitions:
            return file, bundled_pointer
        return f"common/{file_stem}{SCHEMA_SUFFIX}", f"/$defs/{definition_name}{slash}{inner_pointer}"

    def _iter_schema_errors(self) -> Iterator[SchemaError]:
        """Yield what is wrong with each schema that cannot be used."""
        for name in self.kind_names:
            try:
                if name not in self._kinds and not self._is_shipped_beside(name + SCHEMA_SUFFIX):
                    self._load_kind(name)
            except SchemaError as error:
                yield self.locate_error(error)

    def _load_kind(self, name: str) -> Kind:
        file = name + SCHEMA_SUFFIX
        display_path = f"schema/{file}"
        document = self.read_document(file)
        needed_keys: set[str] = set()
        bundled_schema: dict[str, Any] = self._copy_with_local_refs(document, file, needed_keys)
        definitions = dict(bundled_schema.get("$defs", {}))
        if "record" not in definitions:
            raise SchemaError(display_path, "the record's schema must stand at #/$defs/record")
        definitions.update(self._bundle_definitions(needed_keys))
        bundled_schema["$defs"] = definitions
        try:
            refuse_excessive_references(definitions)
        except ExpansionError as error:
            pointer = format_pointer(("$defs", error.definition_name))
            raise SchemaError(display_path, str(error), bundled_pointer=pointer) from None
        kind = Kind(
            name,
            title=select_text_keyword(document, "title") or name,
            description=select_text_keyword(document, "description"),
            group=select_text_keyword(document, "x-group"),
            sentence_template=select_text_keyword(document, "x-sentence"),
            fields=assign_roles(
                SchemaParser(display_path, definitions).parse_record(definitions["record"]),
                self.get_kind_role,
            ),
            role=select_role_name(document.get("x-role"), name, load_roles().of_kinds),
            gravity=select_text_keyword(document, "x-gravity"),
            is_named="x-named" not in document,
            bundled_schema=bundled_schema,
            file=display_path,
        )
        if self._shipped is not None and self.is_own_kind(name):
            field_name, fault = find_frame_fault(kind, self._shipped, self.get_replaced_kind(name))
            if fault:
                pointer = format_pointer(("$defs", "record", "properties", field_name))
                raise SchemaError(display_path, fault, pointer)
        return kind

    def get_kind_role(self, name: str) -> str:
        """Return the role of a kind, "" if it has none or its schema cannot be read."""
        if name not in self._kind_roles:
            try:
                document = self.read_document(name + SCHEMA_SUFFIX) if name in self.kind_names else {}
            except SchemaError:  # is reported for the kind itself
                return ""
            declared_role = document.get("x-role")
            self._kind_roles[name] = select_role_name(declared_role, name, load_roles().of_kinds)
        return self._kind_roles[name]

    def _copy_with_local_refs(self, schema: Any, file: str, needed_keys: set[str]) -> Any:
        """Return a copy of a schema with local references; adds what it needs of common/ to `needed_keys`."""
        if not isinstance(schema, dict):
            return schema
        copy = map_subschemas(schema, lambda inner: self._copy_with_local_refs(inner, file, needed_keys))
        if "$ref" in copy:
            copy["$ref"] = self._localize_ref(copy["$ref"], file, needed_keys)
        return copy

    def _localize_ref(self, ref: str, file: str, needed_keys: set[str]) -> str:
        """Return the local form of a reference that stands in the file."""
        path, _, fragment = ref.partition("#")
        if path:
            path = os.path.normpath(os.path.join(os.path.dirname(file), path)).replace(os.sep, "/")
        path = path or file
        definition_name = fragment.removeprefix("/$defs/")
        if (path != file and not path.startswith("common/")) or not fragment.startswith("/$defs/"):
            message = f"$ref must point to #/$defs/… or into common/, not {ref!r}"
            raise SchemaError(f"schema/{file}", message, self._find_ref_pointer(file, ref))
        if definition_name not in self.read_document(path).get("$defs", {}):
            message = f"$ref {ref} points to nothing"
            raise SchemaError(f"schema/{file}", message, self._find_ref_pointer(file, ref))
        if not path.startswith("common/"):
            return f"#{fragment}"
        definition_key = f"{path.removeprefix('common/').removesuffix(SCHEMA_SUFFIX)}.{definition_name}"
        self._files_by_key[definition_key] = path
        needed_keys.add(definition_key)
        return f"#/$defs/{definition_key}"

    def _bundle_definitions(self, needed_keys: set[str]) -> dict[str, dict[str, Any]]:
        """Return the definitions of common/ that are needed, and those that they need, by key."""
        pending, bundled = list(needed_keys), {}
        while pending:
            key = pending.pop()
            if key not in self._common_definitions:
                file = self._files_by_key[key]
                definition = self.read_document(file)["$defs"][key.rpartition(".")[2]]
                referenced_keys: set[str] = set()
                self._common_definitions[key] = self._copy_with_local_refs(definition, file, referenced_keys)
                self._referenced_keys[key] = referenced_keys
            bundled[key] = self._common_definitions[key]
            pending += self._referenced_keys[key] - bundled.keys()
        return dict(sorted(bundled.items()))

    def _find_ref_pointer(self, file: str, ref: str) -> str:
        """Return the pointer of the first `ref` in a schema file, "" if it has none."""
        pending: list[tuple[str, Any]] = [("", self.read_document(file))]
        while pending:
            pointer, node = pending.pop()
            if isinstance(node, dict) and node.get("$ref") == ref:
                return f"{pointer}/$ref"
            children = (
                node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            )
            pending += reversed([(pointer + format_pointer((step,)), child) for step, child in children])
        return ""


def read_schemas(folder: str, *, from_project: bool = True, files: ProjectFiles | None = None) -> Schemas:
    """Return the schemas in `folder`, on disk or in `files`; SchemaError if there are none to read."""
    try:
        entries = (_SHIPPED_FILES if files is None else files).list_folder(folder)
    except OSError as error:
        raise SchemaError(folder, f"cannot be read: {error.strerror}") from None
    file_names = [entry.name for entry in entries if entry.name.endswith(SCHEMA_SUFFIX)]
    kind_names = tuple(file_name.removesuffix(SCHEMA_SUFFIX) for file_name in file_names)
    if not kind_names:
        raise SchemaError(folder, f"holds no schema (*{SCHEMA_SUFFIX})")
    return Schemas(folder, kind_names, from_project=from_project, files=files)


@cache
def read_shipped_schemas() -> Schemas:
    """Return the schemas of bmkit itself; they are read once, however many projects are."""
    return read_schemas(locate_shipped_schemas(), from_project=False)


def _read_schema_file(files: ProjectFiles, path: str, display_path: str) -> dict[str, Any]:
    try:
        file_bytes = files.read_file(path)
    except JsonError as fault:
        raise SchemaError(display_path, f"cannot be read: {fault.message}") from None
    try:
        document = parse_json(file_bytes)
    except JsonError as fault:
        position = Lines(decode_for_display(file_bytes)).to_line_column(fault.start)
        raise SchemaError(display_path, f"is not JSON: {fault.message}", position=position) from None
    if not isinstance(document, dict):
        position = Lines(decode_for_display(file_bytes)).to_line_column(
            _find_nearest_offset(decode_for_display(file_bytes), "")
        )
        raise SchemaError(display_path, "is not an object", position=position)
    return document


def _find_nearest_offset(text: str, pointer: str) -> int:
    """Return where the value that the pointer names starts, else the nearest around it that there is."""
    positions = Positions(text)
    while True:
        try:
            return positions.locate_pointer(pointer)[0]
        except LookupError:
            pointer = pointer.rpartition("/")[0]


def read_project_schemas(root: str, files: ProjectFiles | None = None) -> Schemas:
    """Return the shipped schemas, and those that the project in the folder `root` adds or replaces.

    `files` are those of the project if they are not read from `root`.  A file of the project's schema/ that
    bears the name of a shipped kind replaces that kind; SchemaError if one of schema/common replaces a
    shipped file, or if a file that is listed cannot be.
    """
    project_files = DiskFiles(root) if files is None else files
    if not project_files.is_folder(SCHEMA_FOLDER):
        _refuse_link(project_files, SCHEMA_FOLDER)
        return read_shipped_schemas()
    if _is_same_folder(os.path.join(root, SCHEMA_FOLDER), locate_shipped_schemas()):
        # bmkit's own repository: in another revision, too, its folder holds all there was.
        return read_schemas(SCHEMA_FOLDER, files=project_files)
    own_files = _list_schema_files(project_files, SCHEMA_FOLDER)
    shipped_schemas = read_shipped_schemas()
    kind_files = {file for file in own_files if not file.startswith(_COMMON_PREFIX)}
    kind_files.update(name + SCHEMA_SUFFIX for name in shipped_schemas.kind_names)
    kind_names = tuple(file.removesuffix(SCHEMA_SUFFIX) for file in sorted(kind_files))
    schemas = Schemas(
        SCHEMA_FOLDER, kind_names, files=project_files, own_files=own_files, shipped=shipped_schemas
    )
    _refuse_replaced_common_files(schemas, shipped_schemas, own_files)
    return schemas


def _list_schema_files(files: ProjectFiles, folder: str) -> frozenset[str]:
    """List the schema files in a folder and in its common/; SchemaError if one cannot be listed."""
    names = []
    for prefix in ("", _COMMON_PREFIX):
        path = f"{folder}/{prefix}".rstrip("/")
        if not files.is_folder(path):
            _refuse_link(files, path)
            continue
        try:
            entries = files.list_folder(path)
        except OSError as error:
            raise SchemaError(path, f"cannot be read: {error.strerror}") from None
        names += [prefix + entry.name for entry in entries if entry.name.endswith(SCHEMA_SUFFIX)]
    return frozenset(names)


def _refuse_link(files: ProjectFiles, path: str) -> None:
    """Raise SchemaError if a link stands in the place of a folder that is none, or none of the project."""
    if link_target := files.find_link_target(path):
        raise SchemaError(path, f"the link leads to {link_target!r}, no folder of the project")


def _refuse_replaced_common_files(
    schemas: Schemas, shipped_schemas: Schemas, own_files: Collection[str]
) -> None:
    """Raise SchemaError for each file of common/ that says something else than the shipped one of its name.

    Every rule relies on what a quantity and a source are: a project that redefines them would be checked by
    rules that no longer mean what it means.
    """
    shipped_names = _list_schema_files(_SHIPPED_FILES, locate_shipped_schemas())
    replaced_files = [
        file
        for file in sorted(shipped_names.intersection(own_files))
        if file.startswith(_COMMON_PREFIX)
        and schemas.read_document(file) != shipped_schemas.read_document(file)
    ]
    if replaced_files:
        raise combine_schema_errors(
            SchemaError(
                f"schema/{file}",
                "comes with bmkit and cannot be replaced; remove it, or give what it adds another name",
            )
            for file in replaced_files
        )


def _is_same_folder(folder: str, other_folder: str) -> bool:
    try:
        return os.path.samefile(folder, other_folder)
    except OSError:
        return False
