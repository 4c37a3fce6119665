"""What there is to say about the rules that are no functions of rules/: of shape, of folders, of schemas."""

from __future__ import annotations

from bmkit.handbook.told.files import BASELINE, CODES, CONTENT
from bmkit.handbook.told.schema import SCHEMA
from bmkit.handbook.told.shape import SHAPE
from bmkit.handbook.told.told import Told

__all__ = ["TOLD", "Told"]

TOLD = {
    f"{family}.{fault}": told
    for family, faults in {
        "shape": SHAPE,
        "content": CONTENT,
        "codes": CODES,
        "schema": SCHEMA,
        "baseline": BASELINE,
    }.items()
    for fault, told in faults.items()
}
