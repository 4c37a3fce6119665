"""What the terminal at hand can show, and writing to it."""

from __future__ import annotations

import os
import sys

import click

from bmkit.report import Screen

# Where output goes to a file or a log there is no terminal to ask.
_WIDTH = 120


def screen(root: str = "") -> Screen:
    """What standard output can show: NO_COLOR, FORCE_COLOR, FORCE_HYPERLINK, COLUMNS and TERM are heeded.

    `root` is the folder of the project that is spoken of; its rules are linked to where that can be.
    """
    stream = sys.stdout
    terminal = stream.isatty()
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    colour = not plain and (terminal or bool(os.environ.get("FORCE_COLOR")))
    page = ""
    if root:
        from bmkit.cli.links import rules_page

        page = rules_page(root, terminal=terminal)
    return Screen(_width(terminal=terminal), stream.encoding or "ascii", colour, page)


def say(text: str, shown: Screen) -> None:
    """Write text for people to standard output."""
    click.echo(text, nl=False, color=shown.colour)


def write(text: str) -> None:
    """Write text for programs to standard output: UTF-8, whatever the terminal's encoding."""
    # What cannot be encoded (half of a surrogate pair, in a file name) is escaped as JSON escapes it.
    click.echo(text.encode("utf-8", errors="backslashreplace"), nl=False)


def _width(*, terminal: bool) -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdecimal() and 0 < len(columns) < len("10000"):
        return int(columns)
    if terminal:
        try:
            return os.get_terminal_size(sys.stdout.fileno()).columns or _WIDTH
        except OSError:
            pass
    return _WIDTH
