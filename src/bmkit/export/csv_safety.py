"""Text that no spreadsheet takes for a formula: a leading apostrophe, put and taken away by one rule."""

from __future__ import annotations

import re

# What a spreadsheet, opening a CSV file, may run as a formula: one of four signs, also full-width and small
# ones, behind white space and characters that are not shown, which some programs skip.  A tab or line break
# is dangerous by itself.  The apostrophe is here so that the rule can be undone, "" so that an empty text and
# no text at all stay two things.
_SKIPPED_CHARACTERS = r"\s\x00-\x1f\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff"
_DANGEROUS_TEXT = re.compile(rf"['\t\r\n]|\Z|[{_SKIPPED_CHARACTERS}]*[=+\-@＝＋－＠﹦﹢﹣﹫]")  # noqa: RUF001
# A pattern whose texts all begin with a letter or digit.
_HARMLESS_PATTERN = re.compile(r"\^\[(?:a-z|A-Z|0-9|[a-zA-Z0-9])+\](?![*?{])[^|]*\$")


def is_harmless_pattern(pattern: str) -> bool:
    """Return whether no text that matches this pattern of a JSON Schema can need an apostrophe."""
    return _HARMLESS_PATTERN.fullmatch(pattern) is not None


def neutralise_text(text: str) -> str:
    """Return the text, with an apostrophe before it if it is empty or a spreadsheet might run it."""
    return f"'{text}" if _DANGEROUS_TEXT.match(text) else text


def restore_text(cell: str) -> str:
    """Return the text that `neutralise_text` turned into `cell`."""
    return cell.removeprefix("'")
