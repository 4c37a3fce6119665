"""Checks of FHIR resources: the models of fhir.resources, invariants of HL7, and our own rules.

Needs the extra `fhir` (fhir.resources, fhirpathpy); no network and no other program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export import ExportError, InvalidExportError
from bmkit.export.fhir.check.faults import FhirFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

    from bmkit.export.fhir.ids import Json

__all__ = ["FhirFault", "find_faults_of_resource", "find_fhir_faults", "refuse_faults"]


def find_fhir_faults(bundle: Json, release: str, *, with_resources: bool = True) -> Iterator[FhirFault]:
    """Find the faults of a Bundle and, with `with_resources`, of each resource in it.

    ExportError if the extra is not installed.
    """
    own_rules, models, _ = _import_checks()
    yield from own_rules.find_bundle_faults(bundle)
    yield from models.find_model_faults(bundle, release)
    for entry in bundle["entry"] if with_resources else ():
        yield from find_faults_of_resource(entry["resource"], release)


def find_faults_of_resource(resource: Json, release: str) -> Iterator[FhirFault]:
    """Find the faults of one resource, whatever Bundle it is in."""
    own_rules, models, invariants = _import_checks()
    yield from models.find_model_faults(resource, release)
    yield from own_rules.find_resource_faults(resource)
    yield from own_rules.find_repeated_ids(resource)
    yield from invariants.find_broken_invariants(resource, release)


def _import_checks() -> tuple[ModuleType, ModuleType, ModuleType]:
    try:
        from bmkit.export.fhir.check import invariants, models
    except ImportError as error:
        raise ExportError(f"checking FHIR needs {error.name}: pip install 'bmkit[fhir]'") from None
    from bmkit.export.fhir.check import own_rules

    return own_rules, models, invariants


def refuse_faults(faults: Iterable[FhirFault]) -> None:
    """Raise InvalidExportError with all faults, each once, if there are any."""
    fault_lines = [str(fault) for fault in dict.fromkeys(faults)]
    if fault_lines:
        refusal = f"faults: {len(fault_lines)}; nothing was written, because it is not valid FHIR"
        raise InvalidExportError("\n".join([*fault_lines, refusal]))
