"""The process: its exit statuses, SIGTERM, and the garbage collector."""

from __future__ import annotations

import gc
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EXIT_CLEAN = 0
EXIT_ERRORS = 1
EXIT_MISUSE = 2
EXIT_INTERNAL_ERROR = 3
# As a shell says it of a program that a signal ended: 128 + SIGINT, 128 + SIGPIPE, 128 + SIGTERM.
EXIT_INTERRUPTED = 130
EXIT_PIPE_CLOSED = 141
EXIT_TERMINATED = 143


class TerminatedError(BaseException):
    """SIGTERM came: like KeyboardInterrupt, so that whatever is half done is cleared away on the way out."""


class WrongUseError(Exception):
    """Wrong use, or a root that cannot be read: the exit status is 2.

    `lines` are what to say: one line, and one for each of `more` where several files are in the way.
    """

    def __init__(self, message: str, hint: str = "", *, more_lines: Sequence[str] = ()) -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.lines = (str(self), *more_lines)


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


@contextmanager
def pause_garbage_collection() -> Iterator[None]:
    """Spare the search for circles of objects: content has none, and is looked through again and again.

    Objects that no circle holds are given back as always.  Of 300 articles the search takes a quarter of
    the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
