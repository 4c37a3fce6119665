"""Links in a terminal: whether it can follow one, and where the page of rules is."""

from __future__ import annotations

import os

# Terminals that are known to open a link, by what each says of itself.
_PROGRAMS = frozenset(("iTerm.app", "vscode", "WezTerm", "ghostty", "Hyper", "rio", "Tabby"))
_KINDS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")
_MARKS = ("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM")
# The first version of the terminals of GNOME, Xfce and others that has links; before, they show rubbish.
_VTE = 5000
_PAGE = os.path.join("docs", "rules.md")


def rules_page(root: str, *, terminal: bool) -> str:
    """Give the URL of the page that explains the rules, "" where it cannot be followed or is not known.

    It is what BMKIT_RULES_URL says, or docs/rules.md of the project in the folder `root`.
    """
    if not _can_follow(terminal=terminal):
        return ""
    url = os.environ.get("BMKIT_RULES_URL", "")
    page = os.path.abspath(os.path.join(root, _PAGE))
    if url or not os.path.isfile(page):
        # What is no plain URL could act on the terminal.
        return url if url.isascii() and url.isprintable() else ""
    from pathlib import Path

    return Path(page).as_uri()


def _can_follow(*, terminal: bool) -> bool:
    """Say whether links are wanted: by FORCE_HYPERLINK, or by a terminal that is known to have them."""
    forced = os.environ.get("FORCE_HYPERLINK", "")
    if forced:
        return forced != "0"
    kind = os.environ.get("TERM", "")
    if not terminal or kind == "dumb":
        return False
    version = os.environ.get("VTE_VERSION", "")
    return (
        os.environ.get("TERM_PROGRAM") in _PROGRAMS
        or kind.startswith(_KINDS)
        or any(mark in os.environ for mark in _MARKS)
        or (version.isascii() and version.isdecimal() and int(version) >= _VTE)
    )
