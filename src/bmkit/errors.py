"""The base of the errors that end a command with exit status 2."""

from __future__ import annotations

from typing import NamedTuple


class StopReason(NamedTuple):
    """Why a command stops, and the place in the project that it is about.

    `file` is relative to the root, "" where no file is meant; line and column count from 1.
    """

    message: str
    file: str = ""
    line: int = 1
    column: int = 1


class BmkitError(Exception):
    """Wrong use, or something that cannot be read or written; the message is one line, for people."""

    @property
    def lines(self) -> list[str]:
        """The message; more than one line where several files are in the way."""
        return [str(self)]

    @property
    def reasons(self) -> list[StopReason]:
        """Why the command stops, for programs."""
        return [StopReason(line) for line in self.lines]


class TerminatedError(BaseException):
    """The process received SIGTERM: like KeyboardInterrupt, so that partial output is removed."""
