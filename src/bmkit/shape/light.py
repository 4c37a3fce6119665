"""Imports jsonschema-rs without the mail package, which it asks for the date of its own build."""

from __future__ import annotations

import sys
from types import ModuleType


def import_engine() -> None:
    """Import jsonschema-rs, with a stand-in where it looks for email.utils; ImportError if it is not there.

    The real module brings sockets, addresses and calendars along: a sixth of the time of a run on one file,
    for a line of build information that nothing here reads.  It can be imported as ever afterwards.
    """
    if "jsonschema_rs" in sys.modules or "email.utils" in sys.modules:
        return
    stand_in = ModuleType("email.utils")
    stand_in.__dict__["parsedate_to_datetime"] = lambda _text: None
    sys.modules["email.utils"] = stand_in
    try:
        import jsonschema_rs  # noqa: F401  for its effect
    except AttributeError:
        pass  # it looks for more than that now: the plain import that follows gives it the real one
    finally:
        del sys.modules["email.utils"]
