"""Markdown's small change."""

from __future__ import annotations


def to_anchor(heading: str) -> str:
    """Give the anchor that GitHub makes of a heading."""
    return heading.lower().replace(".", "")


def to_table_cell(text: str) -> str:
    """Give a text as it may stand in a cell of a table."""
    return " ".join(text.replace("|", "\\|").split())
