"""What changed between two contents, and how grave that is."""

from bmkit.changes.find import (
    ADDED,
    CHANGED,
    REMOVED,
    FieldChange,
    RecordChange,
    compare_values,
    find_changes,
)
from bmkit.changes.gravity import Gravity

__all__ = [
    "ADDED",
    "CHANGED",
    "REMOVED",
    "FieldChange",
    "Gravity",
    "RecordChange",
    "compare_values",
    "find_changes",
]
