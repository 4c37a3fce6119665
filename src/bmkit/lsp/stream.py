"""What an editor sends: a stream of messages whose headers are not believed blindly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.errors import BmkitError

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_MESSAGE_BYTES = 256 << 20
"""Bytes of the longest message that is read: the largest file, with escapes."""

_MAX_HEADER_BYTES = 1000
# pygls takes every other line for a header that it need not know, and waits for ever.
_HEADER = re.compile(rb"Content-Length: [0-9]{1,19}\r\n|Content-Type: [^\r\n]*\r\n|\r\n")


class MessageError(BmkitError):
    """A message that cannot be read, and nothing after it; the message is one line."""


class MessageStream:
    """The lines of headers and the bodies of messages, read from a stream of bytes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        """Return the next line of a header, b"" at the end; MessageError for one that is none."""
        line = self._stream.readline(_MAX_HEADER_BYTES)
        if line and not _HEADER.fullmatch(line):
            start = line[:40].decode("ascii", "backslashreplace")
            raise MessageError(f"the editor sent {start!r} where the header of a message belongs")
        return line

    def read(self, size: int) -> bytes:
        """Return the next body; MessageError for one that is too long or was cut off."""
        if size > MAX_MESSAGE_BYTES:
            raise MessageError(
                f"a message of the editor has {size:,} bytes, more than the {MAX_MESSAGE_BYTES:,} allowed"
            )
        body = self._stream.read(size)
        if len(body) < size:
            raise MessageError(f"a message of the editor ends after {len(body):,} of its {size:,} bytes")
        return body
