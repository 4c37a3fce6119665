"""What the terminal at hand can show, and writing to it."""

from __future__ import annotations

import os
import sys

import click

from bmkit.report import Terminal

# Where output goes to a file or a log there is no terminal to ask.
_DEFAULT_WIDTH = 120


def detect_terminal(root: str = "") -> Terminal:
    """What standard output can show: NO_COLOR, FORCE_COLOR, FORCE_HYPERLINK, COLUMNS and TERM are heeded.

    `root` is the folder of the project that is spoken of; its rules are linked to where that can be.
    """
    stream = sys.stdout
    is_terminal = stream.isatty()
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    has_colour = not is_plain and (is_terminal or bool(os.environ.get("FORCE_COLOR")))
    rules_url = ""
    if root:
        from bmkit.cli.links import find_rules_url

        rules_url = find_rules_url(root, is_terminal=is_terminal)
    return Terminal(
        _find_terminal_width(is_terminal=is_terminal), stream.encoding or "ascii", has_colour, rules_url
    )


def print_for_people(text: str, terminal: Terminal) -> None:
    """Write text for people to standard output."""
    click.echo(text, nl=False, color=terminal.has_colour)


def print_for_programs(text: str) -> None:
    """Write text for programs to standard output: UTF-8, whatever the terminal's encoding."""
    # What cannot be encoded (half of a surrogate pair, in a file name) is escaped as JSON escapes it.
    click.echo(text.encode("utf-8", errors="backslashreplace"), nl=False)


def _find_terminal_width(*, is_terminal: bool) -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdecimal() and 0 < len(columns) < len("10000"):
        return int(columns)
    if is_terminal:
        try:
            return os.get_terminal_size(sys.stdout.fileno()).columns or _DEFAULT_WIDTH
        except OSError:
            pass
    return _DEFAULT_WIDTH
