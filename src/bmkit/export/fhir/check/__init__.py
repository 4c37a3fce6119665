"""Is it valid FHIR? Asked of models that others wrote, of HL7's invariants, and of rules of our own.

Needs the extra `fhir` (fhir.resources, fhirpathpy); no network and no other program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.check.faults import Fault
from bmkit.export.whole import ExportError, UnfitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.export.fhir.ids import Json

__all__ = ["Fault", "check", "refuse"]


def check(bundle: Json, release: str, *, within: bool = True) -> list[Fault]:
    """What is wrong with a Bundle and, with `within`, the resources in it.

    ExportError if the extra is not installed.
    """
    try:
        from bmkit.export.fhir.check import invariants, models
    except ImportError as error:
        raise ExportError(f"checking FHIR needs {error.name}: pip install 'bmkit[fhir]'") from None
    from bmkit.export.fhir.check import elements, values

    made = [entry["resource"] for entry in bundle["entry"]]
    faults = list(values.of_bundle(bundle))
    faults += models.faults(bundle, release)
    for one in made if within else ():
        faults += models.faults(one, release)
        faults += values.of_resource(one)
        faults += elements.faults(one)
        faults += invariants.faults(one, release)
    return faults


def refuse(faults: Sequence[Fault]) -> None:
    """Raise UnfitError if there are faults."""
    if faults:
        said = [str(fault) for fault in dict.fromkeys(faults)]
        raise UnfitError(
            "\n".join([*said, f"faults: {len(said)}; nothing was written, because it is not valid FHIR"])
        )
