"""The terminal at hand: what it can show, writing to it, and a bar for work that takes long."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import click

from bmkit.escape import escape_diff_line, escape_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.progress import Progress

    from bmkit.report import Terminal

# Where output goes to a file or a log there is no terminal to ask.
_DEFAULT_SIZE = (120, 24)
# Terminals that are known to open a link, by what each says of itself.
_LINKING_PROGRAMS = frozenset(("iTerm.app", "vscode", "WezTerm", "ghostty", "Hyper", "rio", "Tabby"))
_LINKING_TERM_PREFIXES = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")
_LINKING_VARIABLES = ("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM")
# The first version of the terminals of GNOME, Xfce and others that has links; before, they show rubbish.
_MIN_VTE_VERSION = 5000
# Colours and links, as reports have them.
_OWN_SEQUENCE = re.compile(r"(\x1b\[[0-9;]*m|\x1b\]8;;[!-~]*\x1b\\)")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_RULES_PAGE_PATH = os.path.join("docs", "rules.md")
# Seconds that a reader waits without wondering.
PATIENCE_SECONDS = 1.0


def detect_terminal(root: str = "") -> Terminal:
    """Return what standard output can show.

    NO_COLOR, FORCE_COLOR, FORCE_HYPERLINK, COLUMNS and TERM are respected.  `root` is the folder of the
    project; names of its rules become links where the terminal can follow them.
    """
    from bmkit.report import Terminal

    stream = sys.stdout
    is_terminal = stream.isatty()
    width = _DEFAULT_SIZE[0]
    if is_terminal or "COLUMNS" in os.environ:
        # Only where there is a width to find: the module brings in all that archives need.
        from shutil import get_terminal_size

        width = get_terminal_size(_DEFAULT_SIZE).columns
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    has_colour = not is_plain and (is_terminal or bool(os.environ.get("FORCE_COLOR")))
    rules_url = _find_rules_url(root, is_terminal=is_terminal) if root else ""
    return Terminal(width, stream.encoding or "ascii", has_colour, rules_url)


def print_lines(*lines: str, to_stderr: bool = False) -> None:
    """Write lines of plain text; each stays one line, whatever is in it."""
    encoding = (sys.stderr if to_stderr else sys.stdout).encoding or "ascii"
    click.echo("".join(f"{escape_line(line, encoding)}\n" for line in lines), nl=False, err=to_stderr)


def format_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table; columns of numbers stand at their right edge."""
    columns = list(zip(header, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    aligns = [">" if all(map(_NUMBER.fullmatch, filter(None, column[1:]))) else "<" for column in columns]
    return [
        "  ".join(
            f"{cell:{align}{width}}" for cell, align, width in zip(row, aligns, widths, strict=True)
        ).rstrip()
        for row in (header, *rows)
    ]


def print_diff(lines: Iterable[str]) -> None:
    """Write the lines of a diff."""
    encoding = sys.stdout.encoding or "ascii"
    click.echo("".join(f"{escape_diff_line(line, encoding)}\n" for line in lines), nl=False)


def print_for_people(text: str, terminal: Terminal) -> None:
    """Write text for people to standard output, with the colours and links that bmkit put into it.

    Whatever others wrote in it must be escaped already: its line breaks are taken for ours.
    """
    has_sequences = terminal.has_colour or bool(terminal.rules_url)
    lines = [
        "".join(
            part if has_sequences and i % 2 else escape_line(part, terminal.encoding)
            for i, part in enumerate(_OWN_SEQUENCE.split(line))
        )
        for line in text.split("\n")
    ]
    click.echo("\n".join(lines), nl=False, color=has_sequences)


def print_for_programs(text: str, *, has_commands: bool = False) -> None:
    """Write text for programs to standard output: UTF-8, whatever the terminal's encoding.

    A string of JSON keeps its value.  With `has_commands` the lines may be workflow commands.
    """
    lines = [escape_line(line, is_command=has_commands) for line in text.split("\n")]
    click.echo("\n".join(lines).encode(), nl=False)


@contextmanager
def show_progress(task_name: str) -> Iterator[Callable[[float, float], None]]:
    """Yield a tick(done, total) that draws a bar on standard error once the work has taken a second."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    start = monotonic()
    bar: Progress | None = None

    def tick(done: float, total: float) -> None:
        nonlocal bar
        if bar is None and monotonic() - start > PATIENCE_SECONDS:
            from rich.console import Console
            from rich.progress import Progress as Bar

            bar = Bar(console=Console(stderr=True), transient=True)
            bar.add_task(task_name)
            bar.start()
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done, total=total)

    try:
        yield tick
    finally:
        if bar is not None:
            bar.stop()


def _find_rules_url(root: str, *, is_terminal: bool) -> str:
    """Return the URL of the page that explains the rules, "" where it cannot be followed or is not known.

    It is what BMKIT_RULES_URL says, or docs/rules.md of the project in the folder `root`.
    """
    if not _can_follow_links(is_terminal=is_terminal):
        return ""
    url = os.environ.get("BMKIT_RULES_URL", "")
    page_path = os.path.abspath(os.path.join(root, _RULES_PAGE_PATH))
    if url or not os.path.isfile(page_path):
        # What is no plain URL could act on the terminal.
        return url if url.isascii() and url.isprintable() else ""
    from pathlib import Path

    return Path(page_path).as_uri()


def _can_follow_links(*, is_terminal: bool) -> bool:
    """Return whether links are wanted: by FORCE_HYPERLINK, or by a terminal that is known to have them."""
    forced = os.environ.get("FORCE_HYPERLINK", "")
    if forced:
        return forced != "0"
    terminal_type = os.environ.get("TERM", "")
    if not is_terminal or terminal_type == "dumb":
        return False
    version = os.environ.get("VTE_VERSION", "")
    return (
        os.environ.get("TERM_PROGRAM") in _LINKING_PROGRAMS
        or terminal_type.startswith(_LINKING_TERM_PREFIXES)
        or any(variable in os.environ for variable in _LINKING_VARIABLES)
        or (version.isascii() and version.isdecimal() and int(version) >= _MIN_VTE_VERSION)
    )
