"""Is what was made valid FHIR? Asked of models that others wrote, of HL7's invariants, and of rules of our own.

Needs the extra `fhir` (fhir.resources, fhirpathpy); no network and no other program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.check.fault import Fault
from bmkit.export.whole import ExportError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.export.fhir.identity import Json

__all__ = ["Fault", "InvalidError", "check"]


class InvalidError(ExportError):
    """Resources that are not valid FHIR; `faults` says what is wrong with them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        said = "\n".join(str(fault) for fault in faults)
        super().__init__(f"{said}\n{len(faults)} faults: what would be written is not valid FHIR")


def check(bundle: Json, release: str) -> list[Fault]:
    """What is wrong with a Bundle and the resources in it, in their order; ExportError if the extra is missing."""
    try:
        from bmkit.export.fhir.check import invariants, models
    except ImportError as error:
        raise ExportError(f"checking FHIR needs {error.name}: pip install 'bmkit[fhir]'") from None
    from bmkit.export.fhir.check import values

    made = [entry["resource"] for entry in bundle["entry"]]
    faults = list(values.of_bundle(bundle))
    for one in (bundle, *made):
        faults += models.faults(one, release)
    for one in made:
        faults += values.of_resource(one)
        faults += invariants.faults(one, release)
    return faults
