"""What holds of schemas: every field explained, every object closed, every annotation known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Issue, Place, Severity
from bmkit.schema_lint.annotations import Annotations
from bmkit.schema_lint.examples import unfit_examples
from bmkit.schema_lint.relations import relation_faults
from bmkit.schema_lint.sentences import sentence_faults
from bmkit.schema_lint.structure import Walk
from bmkit.schema_lint.systems import system_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.schema import Schemas
    from bmkit.schema_lint.fault import SchemaFault
    from bmkit.shape import Shapes

__all__ = ["check_schemas"]

# Without an example a field is harder to fill, but nothing that is published is wrong.
_SEVERITY = {"no-examples": Severity.WARNING}


def check_schemas(schemas: Schemas, shapes: Shapes, names: Iterable[str] | None = None) -> list[Issue]:
    """Check the schemas of the kinds `names`, of all if none are given, and what they use of common/.

    Raises SchemaError if a schema is not one at all, by the metaschema or for want of fields.
    """
    issues: list[Issue] = []
    annotations = Annotations(shapes)
    for name in schemas.names if names is None else names:
        kind = schemas.kind(name)
        faults = [
            *Walk(schemas, annotations).kind(kind),
            *relation_faults(kind, schemas),
            *sentence_faults(kind),
            *system_faults(kind),
            *unfit_examples(kind, shapes),
        ]
        issues += _issues(kind.file, faults)
    for file in schemas.read():
        if file.startswith("common/"):
            issues += _issues(f"schema/{file}", Walk(schemas, annotations).common(schemas.document(file)))
    return issues


def _issues(file: str, faults: Iterable[SchemaFault]) -> Iterator[Issue]:
    for fault in faults:
        yield Issue(
            Place(file, fault.pointer, fault.key),
            f"schema.{fault.fault}",
            _SEVERITY.get(fault.fault, Severity.ERROR),
            fault.message,
            fault.hint,
        )
