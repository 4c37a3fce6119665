"""Colour, width and links follow the terminal and what its user asks for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bmkit.cli.terminal import detect_terminal


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
    environment = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS"}}
    with subprocess.Popen(
        [sys.executable, "-m", "bmkit", "validate"],
        stdout=follower,
        env={**environment, "TERM": "xterm"},
        cwd=faulty,
    ) as process:
        os.close(follower)
        output = b""
        while True:
            try:
                chunk = os.read(leader, 65536)
            except OSError:  # Linux says the end of a terminal this way
                break
            if not chunk:
                break
            output += chunk
    os.close(leader)
    assert process.returncode == 1
    assert b"\x1b[1;31merror:" in output
    assert b"..." in output


REPOSITORY = Path(__file__).parents[2]
NAMES = (
    *("BMKIT_RULES_URL", "FORCE_HYPERLINK", "TERM", "TERM_PROGRAM", "VTE_VERSION"),
    *("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM"),
)
URL = {"BMKIT_RULES_URL": "https://rules.test/page"}


@pytest.mark.parametrize(
    ("terminal", "variables", "linked"),
    [
        (True, {"TERM": "xterm-256color"}, False),
        (True, {"TERM": "xterm-256color", "VTE_VERSION": "6800"}, True),
        (True, {"TERM": "xterm-256color", "VTE_VERSION": "4205"}, False),
        (True, {"TERM": "xterm-256color", "VTE_VERSION": "new"}, False),
        (True, {"TERM": "xterm-kitty"}, True),
        (True, {"TERM_PROGRAM": "vscode"}, True),
        (True, {"TERM_PROGRAM": "Apple_Terminal"}, False),
        (True, {"WT_SESSION": "1"}, True),
        (True, {"WT_SESSION": "1", "TERM": "dumb"}, False),
        (True, {"WT_SESSION": "1", "FORCE_HYPERLINK": "0"}, False),
        (False, {"WT_SESSION": "1"}, False),
        (False, {"FORCE_HYPERLINK": "1"}, True),
        (True, {"FORCE_HYPERLINK": "1", "BMKIT_RULES_URL": "https://x.test/\x1b]0;gone\x07"}, False),
    ],
)
def test_a_link_only_where_it_can_be_followed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, terminal: bool, variables: dict[str, str], linked: bool
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in {**URL, **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Stream(terminal=terminal))
    assert detect_terminal(str(tmp_path)).rules_url == (URL["BMKIT_RULES_URL"] if linked else "")
    assert detect_terminal().rules_url == ""


def test_without_a_url_it_leads_to_the_page_of_the_project(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("BMKIT_RULES_URL", raising=False)
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    monkeypatch.setattr(sys, "stdout", Stream(terminal=True))
    assert detect_terminal(str(tmp_path)).rules_url == ""
    page = REPOSITORY / "docs" / "rules.md"
    assert page.is_file()
    assert detect_terminal(str(REPOSITORY)).rules_url == page.as_uri()
