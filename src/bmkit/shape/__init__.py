"""Shape: whether a file fits the schema of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Issue, Place, Severity
from bmkit.schema import SchemaError, combine_schema_errors
from bmkit.shape.cells import find_cell_issues
from bmkit.shape.faults import InvalidSchemaError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bmkit.content import Content, File, Record
    from bmkit.issue import PathPart
    from bmkit.schema import Kind
    from bmkit.shape.faults import SchemaEngine, ShapeFault

ENGINES = ("auto", "jsonschema-rs", "jsonschema")
_RECORD_DEPTH = 2


class ShapeChecker:
    """The schemas of kinds, made ready for an engine when first needed.

    `engine` is one of ENGINES; "auto" takes jsonschema where jsonschema-rs cannot be imported.  Raises
    ImportError if the engine that was asked for is not there, ValueError if there is no such engine.
    """

    def __init__(self, engine: str = "auto") -> None:
        self._compile_schema = _import_schema_compiler(engine)
        self._engines_by_kind: dict[Kind, SchemaEngine] = {}

    def find_faults(self, kind: Kind, document: Any) -> list[ShapeFault]:
        """Return all faults that the engine reports for a document, a file of that kind."""
        if kind not in self._engines_by_kind:
            try:
                self._engines_by_kind[kind] = self._compile_schema(kind.bundled_schema)
            except InvalidSchemaError as error:
                raise SchemaError(
                    kind.file, f"is not a schema: {error}", bundled_pointer=error.bundled_pointer
                ) from None
        return self._engines_by_kind[kind](document)

    def find_issues(
        self, file: File, content: Content | None = None, record_indexes: Collection[int] | None = None
    ) -> list[Issue]:
        """Return the shape issues of a file, and mark the records that they are in.

        `content` has the records that a reference may have meant.  With `record_indexes` issues in other
        records are left out.
        """
        faults = self.find_faults(file.kind, file.value)
        if record_indexes is not None:
            faults = [
                fault
                for fault in faults
                if len(fault.instance_path) < _RECORD_DEPTH or fault.instance_path[1] in record_indexes
            ]
        if not faults:
            return []
        # Only a faulty file pays for these imports.
        from bmkit.content.labels import index_labels
        from bmkit.issue import format_pointer
        from bmkit.shape.context import suggest_no_id
        from bmkit.shape.faults import BundledSchema, select_instance
        from bmkit.shape.messages import describe_mistake
        from bmkit.shape.mistakes import find_mistakes

        schema = BundledSchema(file.kind.bundled_schema)
        faulty_indexes = {
            fault.instance_path[1]
            for fault in faults
            if len(fault.instance_path) > 1 and fault.instance_path[0] == "records"
        }
        for record in file.records:
            if record.index in faulty_indexes:
                record.is_valid = False
        records_by_index: dict[PathPart, Record] = {record.index: record for record in file.records}
        known_ids = index_labels(content) if content is not None else None
        issues = []
        for mistake in find_mistakes(faults, schema, file.value):
            instance_path = mistake.fault.instance_path
            faulty_record = records_by_index.get(instance_path[1]) if len(instance_path) > 1 else None
            suggest_id = (
                suggest_no_id
                if known_ids is None or faulty_record is None
                else known_ids.make_suggester(faulty_record)
            )
            message = describe_mistake(
                mistake, schema, select_instance(file.value, instance_path), file.kind.name, suggest_id
            )
            place = Place(file.path, format_pointer((*instance_path, *message.subpath)), message.key)
            # Several fields may be missing at one place.
            value = f"without {', '.join(mistake.names)}" if message.fault_name == "missing-field" else ""
            rule_id = f"shape.{message.fault_name}"
            # No rule sees the record then, so that whatever else is wrong in it would be known with this.
            held_against = (place.record,)
            issue = Issue(
                place, rule_id, Severity.ERROR, message.text, held_against=held_against, value=value
            )
            issues.append(issue.with_hint(message.hint))
        return issues


def find_shape_issues(content: Content, shape_checker: ShapeChecker) -> list[Issue]:
    """Return the shape issues of every file, and mark invalid records, so that rules pass them over.

    SchemaError, listing all, if schemas are not schemas at all.
    """
    issues: list[Issue] = []
    schema_errors: list[SchemaError] = []
    for file in content.files:
        try:
            issues += shape_checker.find_issues(file, content)
        except SchemaError as error:
            schema_errors.append(content.schemas.locate_error(error))
    if schema_errors:
        raise combine_schema_errors(schema_errors)
    content.clear_caches()
    return [*issues, *find_cell_issues(content)]


def _import_schema_compiler(name: str) -> Callable[[dict[str, Any]], SchemaEngine]:
    if name not in ENGINES:
        raise ValueError(f"unknown engine {name!r}")
    if name != "jsonschema":
        try:
            from bmkit.shape.rust_engine import compile_schema
        except ImportError:
            if name != "auto":
                raise
        else:
            return compile_schema
    from bmkit.shape.reference_engine import compile_schema as slow

    return slow
