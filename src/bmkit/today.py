"""The day that is called today, for all that expires."""

from __future__ import annotations

import os
import re
import time

VARIABLE = "BMKIT_TODAY"


class TodayError(Exception):
    """A day that is none; the message is one line."""


def today() -> str:
    """Give today as year-month-day in UTC, or the day that the environment variable BMKIT_TODAY names."""
    named = os.environ.get(VARIABLE, "")
    if not named:
        # In UTC two machines that check the same content at the same moment agree.
        return time.strftime("%Y-%m-%d", time.gmtime())
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", named, re.ASCII):
            time.strptime(named, "%Y-%m-%d")
            return named
    except ValueError:
        pass
    raise TodayError(f'{VARIABLE} is "{named}", which is not a day like 2025-07-07')
