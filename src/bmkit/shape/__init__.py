"""Shape: whether a file fits the schema of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Issue, Place, Severity
from bmkit.schema import SchemaError, together
from bmkit.shape.faults import NoSchemaError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.content import Content, File, Record
    from bmkit.content.record import Part
    from bmkit.schema import Kind
    from bmkit.shape.faults import Engine, Fault

ENGINES = ("auto", "jsonschema-rs", "jsonschema")


class Shapes:
    """The schemas of kinds, made ready for an engine when first needed.

    `engine` is one of ENGINES; "auto" takes jsonschema where jsonschema-rs cannot be imported.  Raises
    ImportError if the engine that was asked for is not there, ValueError if there is no such engine.
    """

    def __init__(self, engine: str = "auto") -> None:
        self._ready = _engine(engine)
        self._engines: dict[Kind, Engine] = {}

    def faults(self, kind: Kind, document: Any) -> list[Fault]:
        """Give all that the engine finds in the document of a file of that kind."""
        if kind not in self._engines:
            try:
                self._engines[kind] = self._ready(kind.bundle)
            except NoSchemaError as error:
                raise SchemaError(kind.file, f"is not a schema: {error}", way=error.way) from None
        return self._engines[kind](document)

    def issues(self, file: File, content: Content | None = None) -> list[Issue]:
        """Give the mistakes of a file's shape, and mark the records that they are in.

        `content` has the records that a reference may have meant.
        """
        found = self.faults(file.kind, file.value)
        if not found:
            return []
        # Only a faulty file pays for these imports.
        from bmkit.content import pointer
        from bmkit.content.labels import Names
        from bmkit.shape.context import nobody
        from bmkit.shape.faults import Schema, value_at
        from bmkit.shape.messages import say
        from bmkit.shape.mistakes import mistakes

        schema = Schema(file.kind.bundle)
        faulty = {fault.path[1] for fault in found if len(fault.path) > 1 and fault.path[0] == "records"}
        for record in file.records:
            if record.number in faulty:
                record.shaped = False
        records: dict[Part, Record] = {record.number: record for record in file.records}
        names = content.once(Names) if content is not None else None
        issues = []
        for mistake in mistakes(found, schema, file.value):
            path = mistake.fault.path
            own = records.get(path[1]) if len(path) > 1 else None
            meant = nobody if names is None or own is None else names.near(own)
            said = say(mistake, schema, value_at(file.value, path), file.kind.name, meant)
            place = Place(file.path, pointer((*path, *said.parts)), said.key)
            issues.append(Issue(place, f"shape.{said.fault}", Severity.ERROR, said.message, said.hint))
        return issues


def check_shape(content: Content, shapes: Shapes) -> list[Issue]:
    """Check the shape of every file; records that do not fit are marked, so that rules pass them over.

    SchemaError, of all of them, if schemas are not schemas at all.
    """
    issues: list[Issue] = []
    broken: list[SchemaError] = []
    for file in content.files:
        try:
            issues += shapes.issues(file, content)
        except SchemaError as wrong:
            broken.append(content.schemas.located(wrong))
    if broken:
        raise together(broken)
    content.forget()
    return issues


def _engine(name: str) -> Callable[[dict[str, Any]], Engine]:
    if name not in ENGINES:
        raise ValueError(f"there is no engine {name!r}")
    if name != "jsonschema":
        try:
            from bmkit.shape.rust_engine import ready
        except ImportError:
            if name != "auto":
                raise
        else:
            return ready
    from bmkit.shape.reference_engine import ready as slow

    return slow
