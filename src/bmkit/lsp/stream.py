"""What an editor sends: a stream whose lengths are not believed blindly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.errors import BmkitError

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_MESSAGE_BYTES = 256 << 20
"""Bytes of the longest message that is read: the largest file, with escapes."""

_MAX_HEADER_BYTES = 1000


class MessageError(BmkitError):
    """A message that cannot be read, and nothing after it; the message is one line."""


class MessageStream:
    """The lines of headers and the bodies of messages, read from a stream of bytes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        """Return the next line of a header, b"" at the end; MessageError for one that is too long."""
        line = self._stream.readline(_MAX_HEADER_BYTES + 1)
        if len(line) > _MAX_HEADER_BYTES:
            raise MessageError(f"a header of the editor's message has more than {_MAX_HEADER_BYTES:,} bytes")
        return line

    def read(self, size: int) -> bytes:
        """Return the next body; MessageError for one that is too long."""
        if size > MAX_MESSAGE_BYTES:
            raise MessageError(
                f"a message of the editor has {size:,} bytes, more than the {MAX_MESSAGE_BYTES:,} allowed"
            )
        return self._stream.read(size)
