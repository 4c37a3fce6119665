"""The day that is called today, for all that expires."""

from __future__ import annotations

import os
import re
import time

from bmkit.errors import BmkitError

TODAY_VARIABLE = "BMKIT_TODAY"


class TodayError(BmkitError):
    """Something that is not a day; the message is one line."""


def resolve_today() -> str:
    """Return today as year-month-day in UTC, or the day that the environment variable BMKIT_TODAY names."""
    day = os.environ.get(TODAY_VARIABLE, "")
    if not day:
        # In UTC two machines that check the same content at the same moment agree.
        return time.strftime("%Y-%m-%d", time.gmtime())
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII):
            time.strptime(day, "%Y-%m-%d")
            return day
    except ValueError:
        pass
    raise TodayError(f'{TODAY_VARIABLE} is "{day}", which is not a day like 2025-07-07')
