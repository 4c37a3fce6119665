"""Text that no spreadsheet takes for a formula: a leading apostrophe, put and taken away by one rule."""

from __future__ import annotations

import re

# What a spreadsheet, opening a CSV file, may run as a formula: the four signs, also full-width, and the
# white space that some of them skip first.  The apostrophe is here so that the rule can be undone, "" so
# that an empty text and no text at all stay two things.
DANGEROUS_STARTS = frozenset(["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'", ""])  # noqa: RUF001
# A pattern whose texts all begin with a letter or digit.
_HARMLESS_PATTERN = re.compile(r"\^\[(?:a-z|A-Z|0-9|[a-zA-Z0-9])+\](?![*?{])[^|]*\$")


def is_harmless_pattern(pattern: str) -> bool:
    """Return whether no text that matches this pattern of a JSON Schema can need an apostrophe."""
    return _HARMLESS_PATTERN.fullmatch(pattern) is not None


def neutralise_text(text: str) -> str:
    """Return the text, with an apostrophe before it if it is empty or begins with a dangerous character."""
    return f"'{text}" if text[:1] in DANGEROUS_STARTS else text


def restore_text(cell: str) -> str:
    """Return the text that `neutralise_text` turned into `cell`."""
    return cell.removeprefix("'")
