"""The one format that schemas may name: a day of the calendar."""

from __future__ import annotations

import re
from datetime import date


def is_day(value: object) -> bool:
    """Return whether a text is a full-date of RFC 3339 from the year 1 on; what is no text is none of it.

    There is no year 0 in the calendar, nor in a data package, a database or FHIR.
    """
    if not isinstance(value, str):
        return True
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
