"""The base of the errors that end a command with exit status 2."""

from __future__ import annotations


class BmkitError(Exception):
    """Wrong use, or something that cannot be read or written; the message is one line, for people."""

    @property
    def lines(self) -> list[str]:
        """The message; more than one line where several files are in the way."""
        return [str(self)]


class TerminatedError(BaseException):
    """The process received SIGTERM: like KeyboardInterrupt, so that partial output is removed."""
