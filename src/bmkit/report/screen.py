"""Text as a terminal can show it: no character that moves the cursor, hides, or is not in its encoding."""

from __future__ import annotations

_TAB_CELLS = "    "
_MAX_SHORT_ESCAPE = 0xFFFF  # the last code that \\u can name


def escape_for_terminal(text: str, encoding: str) -> str:
    """The text with a visible stand-in for every character that a terminal would not show as itself.

    Content is written by others: an escape sequence or a right-to-left override in it must not act on the
    reader's terminal.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join([_to_terminal_cells(character, encoding)[0] for character in text])


def count_cells(text: str, encoding: str) -> int:
    """How many cells of a terminal the escaped text takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum([_to_terminal_cells(character, encoding)[1] for character in text])


def _to_terminal_cells(character: str, encoding: str) -> tuple[str, int]:
    """A character as it is shown, and how many cells it takes."""
    if character == "\t":
        return _TAB_CELLS, len(_TAB_CELLS)
    if character.isascii() and character.isprintable():
        return character, 1
    import unicodedata

    category = unicodedata.category(character)
    if category[0] == "C" or category in {"Zl", "Zp"} or not _can_encode(encoding, character):
        escaped = _escape_terminal_character(character)
        return escaped, len(escaped)
    from rich.cells import cell_len

    return character, cell_len(character)


def _escape_terminal_character(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= _MAX_SHORT_ESCAPE else f"\\U{code:08x}"


def _can_encode(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
