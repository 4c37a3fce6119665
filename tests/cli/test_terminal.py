"""Colour and width follow the terminal and what its user asks for."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bmkit.cli.terminal import detect_terminal

if TYPE_CHECKING:
    from pathlib import Path


class Stream:
    def __init__(self, *, terminal: bool, encoding: str | None = "utf-8") -> None:
        self.terminal = terminal
        self.encoding = encoding

    def isatty(self) -> bool:
        return self.terminal

    def fileno(self) -> int:
        raise OSError("no terminal behind it")


@pytest.mark.parametrize(
    ("terminal", "variables", "colour"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, variables: dict[str, str], colour: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Stream(terminal=terminal))
    assert detect_terminal().has_colour is colour


@pytest.mark.parametrize(
    ("columns", "width"), [("77", 77), ("0", 120), ("", 120), ("wide", 120), ("-5", 120)]
)
def test_width(monkeypatch: pytest.MonkeyPatch, columns: str, width: int) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys, "stdout", Stream(terminal=True, encoding=None))
    assert detect_terminal().width == width
    assert detect_terminal().encoding == "ascii"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_real_terminal_gets_colour_and_its_own_width(faulty: Path) -> None:
    import fcntl
    import pty
    import struct
    import termios

    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS"}}
    with subprocess.Popen(
        [sys.executable, "-m", "bmkit", "validate"],
        stdout=follower,
        env={**kept, "TERM": "xterm"},
        cwd=faulty,
    ) as process:
        os.close(follower)
        said = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:  # Linux says the end of a terminal this way
                break
            if not piece:
                break
            said += piece
    os.close(leader)
    assert process.returncode == 1
    assert b"\x1b[1;31merror:" in said
    assert b"..." in said
