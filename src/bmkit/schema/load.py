"""Reads a folder of schemas, each kind when it is first asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from bmkit.jsontext import JsonFault, Lines, Positions, parse, read_bytes, readable
from bmkit.schema.fields import Kind, SchemaError, together
from bmkit.schema.parse import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIX = ".schema.json"


class Schemas:
    """The kinds of a content project; a kind's file is read and walked when the kind is first asked for.

    `folder` is where the schemas are, `own` whether they are the project's rather than the shipped ones.
    `documents` are schema files by name that need not be read.
    """

    def __init__(
        self,
        folder: str,
        names: tuple[str, ...],
        *,
        own: bool = True,
        documents: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        self.folder = folder
        self.names = names
        self.own = own
        self._kinds: dict[str, Kind] = {}
        self._documents = dict(documents or {})
        # Definitions of common/ with local references, and which others each needs.
        self._parts: dict[str, Any] = {}
        self._needs: dict[str, set[str]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[Kind]:
        return (self.kind(name) for name in self.names)

    def kind(self, name: str) -> Kind:
        """Give the kind of that name; KeyError if there is none, SchemaError if its file cannot be used.

        The error tells of every other schema that cannot be used either.
        """
        if name not in self._kinds:
            if name not in self.names:
                raise KeyError(f"no kind {name!r}")
            try:
                self._kinds[name] = self._read(name)
            except SchemaError as wrong:
                raise together([self.located(wrong), *self._broken()]) from None
        return self._kinds[name]

    def document(self, file: str) -> dict[str, Any]:
        """Give the schema file "incidence.schema.json" or "common/text.schema.json" as it stands."""
        if file not in self._documents:
            self._documents[file] = _load(os.path.join(self.folder, file), f"schema/{file}")
        return self._documents[file]

    def read(self) -> list[str]:
        """Give the schema files that were read so far, of kinds and of common/."""
        return sorted(self._documents)

    def located(self, wrong: SchemaError) -> SchemaError:
        """Give the error with line and column, where its file has the place; else as it is."""
        file, pointer = wrong.file.removeprefix("schema/"), wrong.pointer
        if wrong.way:
            file, pointer = self._origin(file, wrong.way)
        if wrong.line or file not in self._documents:
            return wrong
        try:
            text = readable(read_bytes(os.path.join(self.folder, file)))
        except JsonFault:
            return wrong
        start = _start(text, pointer)
        return SchemaError(f"schema/{file}", wrong.message, pointer, place=Lines(text).position(start))

    def _origin(self, file: str, way: str) -> tuple[str, str]:
        """Give the file and the pointer in it that a way in the bundle of the schema `file` stands for."""
        key, slash, rest = way.removeprefix("/$defs/").partition("/")
        stem, _, name = key.rpartition(".")
        if key not in self._parts:
            return file, way
        return f"common/{stem}{SUFFIX}", f"/$defs/{name}{slash}{rest}"

    def _broken(self) -> Iterator[SchemaError]:
        """Give what is wrong with each schema that cannot be used."""
        for name in self.names:
            try:
                if name not in self._kinds:
                    self._read(name)
            except SchemaError as wrong:
                yield self.located(wrong)

    def _read(self, name: str) -> Kind:
        file = name + SUFFIX
        shown = f"schema/{file}"
        document = self.document(file)
        needed: set[str] = set()
        bundle: dict[str, Any] = self._local(document, file, needed)
        definitions = dict(bundle.get("$defs", {}))
        if "record" not in definitions:
            raise SchemaError(shown, "the record's schema must stand at #/$defs/record")
        definitions.update((key, self._parts[key]) for key in sorted(needed))
        bundle["$defs"] = definitions
        return Kind(
            name,
            title=_text(document, "title") or name,
            description=_text(document, "description"),
            group=_text(document, "x-group"),
            sentence=_text(document, "x-sentence"),
            fields=Walk(shown, definitions).record(definitions["record"]),
            bundle=bundle,
            file=shown,
        )

    def _local(self, node: Any, here: str, needed: set[str]) -> Any:
        """Copy `node` of the file `here` with local references; what it needs of common/ goes to `needed`."""
        if isinstance(node, dict):
            return {
                key: self._reference(value, here, needed)
                if key == "$ref" and isinstance(value, str)
                else self._local(value, here, needed)
                for key, value in node.items()
            }
        if isinstance(node, list):
            return [self._local(value, here, needed) for value in node]
        return node

    def _reference(self, target: str, here: str, needed: set[str]) -> str:
        """Give the local form of a reference that stands in the file `here`."""
        path, _, fragment = target.partition("#")
        if not path and not here.startswith("common/"):
            return target
        if path:
            path = os.path.normpath(os.path.join(os.path.dirname(here), path)).replace(os.sep, "/")
        path = path or here
        name = fragment.removeprefix("/$defs/")
        if not path.startswith("common/") or not fragment.startswith("/$defs/") or "/" in name:
            message = f"$ref must point to #/$defs/… or into common/, not {target!r}"
            raise SchemaError(f"schema/{here}", message, self._way(here, target))
        key = f"{path.removeprefix('common/').removesuffix(SUFFIX)}.{name}"
        if key not in self._parts:
            definitions = self.document(path).get("$defs")
            if not isinstance(definitions, dict) or name not in definitions:
                message = f"$ref {target} points to nothing"
                raise SchemaError(f"schema/{here}", message, self._way(here, target))
            inner: set[str] = set()
            self._needs[key] = inner
            self._parts[key] = None  # a part that refers to itself must not be walked again
            try:
                self._parts[key] = self._local(definitions[name], path, inner)
            except SchemaError:
                del self._parts[key]  # or the next kind that needs it would take it for an empty one
                raise
        needed.add(key)
        needed |= self._needs[key]
        return f"#/$defs/{key}"

    def _way(self, file: str, target: str) -> str:
        """Give the pointer of the first $ref to `target` in a schema file, "" if it has none."""
        nodes: list[tuple[str, Any]] = [("", self.document(file))]
        while nodes:
            way, node = nodes.pop()
            if isinstance(node, dict) and node.get("$ref") == target:
                return f"{way}/$ref"
            inner = (
                node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            )
            nodes += reversed([(f"{way}/{_escaped(str(name))}", item) for name, item in inner])
        return ""


def read_schemas(folder: str, *, own: bool = True) -> Schemas:
    """Find the schemas in `folder`; SchemaError if it cannot be read or holds none."""
    try:
        with os.scandir(folder) as entries:
            files = sorted(entry.name for entry in entries if entry.name.endswith(SUFFIX))
    except OSError as error:
        raise SchemaError(folder, f"cannot be read: {error.strerror}") from None
    names = tuple(file.removesuffix(SUFFIX) for file in files)
    if not names:
        raise SchemaError(folder, f"holds no schema (*{SUFFIX})")
    return Schemas(folder, names, own=own)


def shipped() -> str:
    """Give the folder of the schemas that come with bmkit: in the package, or beside src/ in a check-out."""
    here = os.path.dirname(os.path.abspath(__file__))
    if os.path.isdir(os.path.join(here, "common")):
        return here
    return os.path.normpath(os.path.join(here, "..", "..", "..", "schema"))


def _load(path: str, shown: str) -> dict[str, Any]:
    try:
        data = read_bytes(path)
    except JsonFault as fault:
        raise SchemaError(shown, f"cannot be read: {fault.message}") from None
    try:
        value = parse(data)
    except JsonFault as fault:
        place = Lines(readable(data)).position(fault.start)
        raise SchemaError(shown, f"is not JSON: {fault.message}", place=place) from None
    if not isinstance(value, dict):
        place = Lines(readable(data)).position(_start(readable(data), ""))
        raise SchemaError(shown, "is not an object", place=place)
    return value


def _start(text: str, pointer: str) -> int:
    """Give where the value that the pointer names starts, else the nearest around it that there is."""
    positions = Positions(text)
    while True:
        try:
            return positions.locate(pointer)[0]
        except LookupError:
            pointer = pointer.rpartition("/")[0]


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _text(document: dict[str, Any], key: str) -> str:
    value = document.get(key, "")
    return value if isinstance(value, str) else ""


def schemas_of(root: str) -> Schemas:
    """Find the schemas of the project in the folder `root`: its own if it has any, else the shipped ones."""
    own = os.path.join(root, "schema")
    if os.path.islink(own) and not os.path.isdir(own):
        raise SchemaError("schema", f"the link leads to {os.readlink(own)!r}, which is no folder")
    return read_schemas(own) if os.path.isdir(own) else read_schemas(shipped(), own=False)
