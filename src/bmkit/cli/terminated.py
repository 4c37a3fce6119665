"""A clean end by SIGTERM: what a scheduler or a container sends before it kills."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from bmkit.cli.status import TerminatedError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def raise_on_sigterm() -> Iterator[None]:
    """Let SIGTERM raise TerminatedError in here, once: a second must not break off the clearing away."""

    def raise_terminated(signal_number: int, _frame: object) -> NoReturn:
        signal.signal(signal_number, signal.SIG_IGN)
        raise TerminatedError

    try:
        previous_handler = signal.signal(signal.SIGTERM, raise_terminated)
    except ValueError:  # signals are the main thread's
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous_handler)
