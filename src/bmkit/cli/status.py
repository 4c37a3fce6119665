"""The exit statuses, and the exception for wrong use."""

from __future__ import annotations

CLEAN = 0
ERRORS = 1
MISUSE = 2
FAULT = 3
# As a shell says it of a program that a signal ended: 128 + SIGINT, 128 + SIGPIPE.
INTERRUPTED = 130
PIPE_CLOSED = 141


class WrongUseError(Exception):
    """Wrong use, or a root that cannot be read: said in one line, and the exit status is 2."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
