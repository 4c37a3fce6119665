"""Links in a terminal: whether it can follow one, and where the page of rules is."""

from __future__ import annotations

import os

# Terminals that are known to open a link, by what each says of itself.
_LINKING_PROGRAMS = frozenset(("iTerm.app", "vscode", "WezTerm", "ghostty", "Hyper", "rio", "Tabby"))
_LINKING_TERM_PREFIXES = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")
_LINKING_VARIABLES = ("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM")
# The first version of the terminals of GNOME, Xfce and others that has links; before, they show rubbish.
_MIN_VTE_VERSION = 5000
_RULES_PAGE_PATH = os.path.join("docs", "rules.md")


def find_rules_url(root: str, *, is_terminal: bool) -> str:
    """Give the URL of the page that explains the rules, "" where it cannot be followed or is not known.

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
    """Say whether links are wanted: by FORCE_HYPERLINK, or by a terminal that is known to have them."""
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
