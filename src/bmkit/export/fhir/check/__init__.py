"""Is it valid FHIR? Asked of models that others wrote, of HL7's invariants, and of rules of our own.

Needs the extra `fhir` (fhir.resources, fhirpathpy); no network and no other program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.check.faults import FhirFault
from bmkit.export.whole import ExportError, UnfitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.export.fhir.ids import Json

__all__ = ["FhirFault", "find_fhir_faults", "refuse_faults"]


def find_fhir_faults(bundle: Json, release: str, *, with_resources: bool = True) -> list[FhirFault]:
    """What is wrong with a Bundle and, with `within`, the resources in it.

    ExportError if the extra is not installed.
    """
    try:
        from bmkit.export.fhir.check import invariants, models
    except ImportError as error:
        raise ExportError(f"checking FHIR needs {error.name}: pip install 'bmkit[fhir]'") from None
    from bmkit.export.fhir.check import elements, values

    resources = [entry["resource"] for entry in bundle["entry"]]
    faults = list(values.find_bundle_faults(bundle))
    faults += models.find_model_faults(bundle, release)
    for resource in resources if with_resources else ():
        faults += models.find_model_faults(resource, release)
        faults += values.find_resource_faults(resource)
        faults += elements.find_repeated_ids(resource)
        faults += invariants.find_broken_invariants(resource, release)
    return faults


def refuse_faults(faults: Sequence[FhirFault]) -> None:
    """Raise UnfitError if there are faults."""
    if faults:
        fault_lines = [str(fault) for fault in dict.fromkeys(faults)]
        raise UnfitError(
            "\n".join(
                [
                    *fault_lines,
                    f"faults: {len(fault_lines)}; nothing was written, because it is not valid FHIR",
                ]
            )
        )
