"""The formats of texts that every engine checks in the same way."""

from __future__ import annotations

import re
from datetime import date

_DATE_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_calendar_day(value: object) -> bool:
    """Return whether a text is a day of the calendar, written as 2025-07-07; what is no text has no format.

    RFC 3339 has a year 0.  It is no day here: neither FHIR nor a data package nor a workbook has one.
    """
    if not isinstance(value, str):
        return True
    if not _DATE_FORM.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


FORMAT_CHECKS = {"date": is_calendar_day}
"""For the name of each format that schemas may name, whether a value has it."""
