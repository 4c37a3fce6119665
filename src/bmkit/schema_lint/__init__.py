"""What holds of schemas: every field explained, every object closed, every annotation known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content.terminologies import TERMINOLOGY_URLS
from bmkit.issue import Issue, Place, Severity, format_pointer
from bmkit.schema_lint.annotations import (
    AnnotationMetaschema,
    find_lost_field_faults,
    find_part_faults,
    find_relation_faults,
    find_role_faults,
    find_system_faults,
    find_template_faults,
)
from bmkit.schema_lint.examples import find_unfit_examples
from bmkit.schema_lint.structure import StructureLinter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from bmkit.schema import Schemas
    from bmkit.schema_lint.annotations import SchemaFault
    from bmkit.shape import ShapeChecker

__all__ = ["find_schema_issues"]

# Without an example a field is harder to fill, but nothing that is published is wrong.
_SEVERITY_BY_FAULT = {"no-examples": Severity.WARNING}


def find_schema_issues(
    schemas: Schemas,
    shape_checker: ShapeChecker,
    kind_names: Iterable[str] | None = None,
    terminology_names: Collection[str] = tuple(TERMINOLOGY_URLS),
) -> list[Issue]:
    """Return the issues of the schemas of the kinds, by default all, and of the project's files of common/.

    `terminology_names` are the terminologies that x-systems may name.
    Raises SchemaError if a schema is not one at all, by the metaschema or for want of fields.
    """
    issues: list[Issue] = []
    metaschema = AnnotationMetaschema(shape_checker)
    for name in schemas.kind_names if kind_names is None else kind_names:
        kind = schemas.get_kind(name)
        faults = [
            *StructureLinter(schemas, metaschema).find_kind_faults(kind),
            *find_role_faults(kind),
            *find_part_faults(kind),
            *find_lost_field_faults(kind, schemas),
            *find_relation_faults(kind, schemas),
            *find_template_faults(kind),
            *find_system_faults(kind, terminology_names),
            *find_unfit_examples(kind, shape_checker),
        ]
        issues += _to_schema_issues(kind.file, faults)
    for file in schemas.list_own_common_files():
        issues += _to_schema_issues(
            f"schema/{file}",
            StructureLinter(schemas, metaschema).find_common_file_faults(schemas.read_document(file)),
        )
    return issues


def _to_schema_issues(file: str, faults: Iterable[SchemaFault]) -> Iterator[Issue]:
    for fault in faults:
        yield Issue(
            Place(file, format_pointer(fault.path), fault.key),
            f"schema.{fault.fault_name}",
            _SEVERITY_BY_FAULT.get(fault.fault_name, Severity.ERROR),
            fault.message,
            fault.hint,
        )
