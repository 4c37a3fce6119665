"""What an editor sends is messages, or ends in one line: no traceback, no memory for what is not sent."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from bmkit.lsp.stream import MAX_MESSAGE_BYTES, MessageError, MessageStream


def make_frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def make_message(**members: object) -> bytes:
    return make_frame(json.dumps({"jsonrpc": "2.0", **members}).encode())


START = make_message(
    id=1, method="initialize", params={"processId": None, "rootUri": None, "capabilities": {}}
)
END = make_message(id=2, method="shutdown") + make_message(method="exit")
CHANGE = {"textDocument": {"uri": "file:///a", "version": 2}, "contentChanges": []}


@pytest.mark.parametrize(
    "line",
    [
        b"Content-Length: -1\r\n", b"Content-Length: ten\r\n", b"Content-Length: 2\n",
        b"Content-Length: %d\r\n" % 10**30, b"content-length:2\r\n", b"{}\r\n", b"Content-Le", b"A" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_header_is_refused(line: bytes) -> None:
    with pytest.raises(MessageError, match="where the header of a message belongs"):
        MessageStream(io.BytesIO(line)).readline()


def test_a_message_is_read_as_it_is() -> None:
    header = b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n"
    stream = MessageStream(io.BytesIO(header + make_frame(b"{}")))
    assert [stream.readline(), stream.readline(), stream.readline(), stream.read(2), stream.readline()] == [
        header, b"Content-Length: 2\r\n", b"\r\n", b"{}", b"",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("size", "reason"),
    [(MAX_MESSAGE_BYTES + 1, "more than the 268,435,456 allowed"), (3, "ends after 2 of its 3 bytes")],
)
def test_what_is_no_body_is_refused(size: int, reason: str) -> None:
    with pytest.raises(MessageError, match=reason):
        MessageStream(io.BytesIO(b"{}")).read(size)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"Content-Length: 99999999999\r\n\r\n{}", "a message of the editor has 99,999,999,999 bytes"),
        (START + b"Content-Length: 50\r\n\r\n{}", "a message of the editor ends after 2 of its 50 bytes"),
        (START + b"{}" * 5_000_000, "the editor sent '{}"),
        (b"", ""),
        (
            START
            + make_frame(b"{")
            + make_frame(b"[1]")
            + make_frame(b"\xff")
            + make_frame(b"[" * 10**6)
            + END,
            "",
        ),
        (START + make_message(method="textDocument/didOpen", params=5) + END, ""),
        (START + make_message(id=3, method="textDocument/hover", params=[]) + END, ""),
        (START + make_message(method="textDocument/didChange", params=CHANGE) + END, ""),
        (make_message(method="textDocument/didChange", params=CHANGE) + END, ""),
    ],
    ids=range(9),
)
def test_broken_messages_end_in_a_line_or_are_passed_over(sent: bytes, reason: str) -> None:
    # The most memory of the server, in KiB, is printed by the process around it.
    around = (
        "import resource, subprocess, sys; status = subprocess.run(sys.argv[1:]).returncode; "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(status)"
    )
    completed = subprocess.run(
        [sys.executable, "-c", around, sys.executable, "-m", "bmkit", "lsp"],
        input=sent, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    *lines, memory = completed.stderr.decode().splitlines()
    assert int(memory) < 150_000
    assert completed.returncode == (2 if reason else 0)
    assert [line.startswith(f"bmkit: {reason}") for line in lines] == ([True] if reason else [])
