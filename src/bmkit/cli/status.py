"""The exit statuses, and the exception for wrong use."""

from __future__ import annotations

from bmkit.errors import BmkitError

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


class WrongUseError(BmkitError):
    """A command that is called wrongly, and how to call it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
