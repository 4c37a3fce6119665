"""The id of a rule is a link where the terminal can follow it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bmkit.cli.terminal import detect_terminal

from .test_screen import Stream

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
