"""Markdown's small change."""

from __future__ import annotations


def anchor(name: str) -> str:
    """Give the anchor that GitHub makes of a heading."""
    return name.lower().replace(".", "")


def cell(text: str) -> str:
    """Give a text as it may stand in a cell of a table."""
    return " ".join(text.replace("|", "\\|").split())
