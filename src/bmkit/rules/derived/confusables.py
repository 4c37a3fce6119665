"""Characters: which are invisible, which look like others, and to which script they belong.

Only texts with characters beyond ASCII need this module.
"""

from __future__ import annotations

import re
import unicodedata

from bmkit.letters import LATIN_BY_GREEK, LATIN_BY_LOOKALIKE

# Characters without ink, and characters that change the order of others.
_INVISIBLE_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NON_TEXT_CATEGORIES = frozenset(("Cc", "Cn", "Co", "Cs", "Zl", "Zp"))
_REPLACEMENT_CHARACTER = "\ufffd"

# Signs whose plain form is a letter or digit, but which a search for that does not find.
_COMPATIBILITY_TAGS = ("<font>", "<wide>", "<narrow>", "<compat>", "<square>")
_WORD_PATTERN = r"[^\W_]+|[\u2100-\u214f\u3300-\u33ff]"


def is_not_text(char: str) -> bool:
    """Return whether a character does not belong in a text: controls, line ends, private, unassigned."""
    return char == _REPLACEMENT_CHARACTER or unicodedata.category(char) in _NON_TEXT_CATEGORIES


def is_direction_mark(char: str) -> bool:
    """Return whether a character changes the direction of other characters."""
    return char in _DIRECTION_MARKS


def is_invisible(char: str) -> bool:
    """Return whether a character is invisible and not a blank."""
    is_hidden = (
        unicodedata.category(char) == "Cf" or char in _INVISIBLE_FILLERS or ord(char) in _VARIATION_SELECTORS
    )
    return is_hidden and char not in _DIRECTION_MARKS


def name_character(char: str) -> str:
    """Return the name of a character: "U+200B (zero width space)"."""
    name = unicodedata.name(char, "").lower()
    return f"U+{ord(char):04X} ({name})" if name else f"U+{ord(char):04X}"


def find_mixed_script_words(text: str) -> list[tuple[int, str, str]]:
    """Return the words that mix Latin letters with those of other scripts.

    Each comes with its offset in the text and with the plain word that it looks like.  Greek letters are
    usual in the names of substances (TGFβ), unless they look like Latin ones.
    """
    mixed_words = []
    for offset, word in _find_non_ascii_words(text):
        scripts = {_find_script(char) for char in word} - {""}
        is_odd = scripts - {"LATIN", "GREEK"} or any(char in LATIN_BY_GREEK for char in word)
        if "LATIN" in scripts and is_odd:
            mixed_words.append((offset, word, to_plain_letters(word)))
    return mixed_words


def find_disguised_words(text: str) -> list[tuple[int, str, str]]:
    """Return the words that only look plain, with their offsets in the text and the plain word.

    All their letters are Cyrillic or Greek letters that look Latin, or some have a form of their own, such as
    double width.
    """
    disguised_words = []
    for offset, word in _find_non_ascii_words(text):
        is_all_twins = all(char in LATIN_BY_LOOKALIKE or char.isascii() for char in word) and not any(
            char.isascii() and char.isalpha() for char in word
        )
        if is_all_twins or any(_to_ascii_form(char) for char in word):
            disguised_words.append((offset, word, to_plain_letters(word)))
    return disguised_words


def to_plain_letters(word: str) -> str:
    """Return a word in the letters that it seems to have."""
    return "".join(LATIN_BY_LOOKALIKE.get(char) or _to_ascii_form(char) or char for char in word)


def _find_non_ascii_words(text: str) -> list[tuple[int, str]]:
    return [
        (match.start(), match.group())
        for match in re.finditer(_WORD_PATTERN, text)
        if not match.group().isascii()
    ]


def _to_ascii_form(char: str) -> str:
    """Return the ASCII letters or digits that a sign is a form of, "" if it is none."""
    if char.isascii():
        return ""
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.decimal(char))
    tag = unicodedata.decomposition(char).partition(" ")[0]
    # The decomposition of a sign that is a letter, such as that of kelvin, has no tag.
    letters = (
        unicodedata.normalize("NFKC", char) if tag in _COMPATIBILITY_TAGS or (tag and tag[0] != "<") else ""
    )
    return letters if letters.isascii() and letters.isalnum() else ""


def _find_script(char: str) -> str:
    """Return the script of a letter as Unicode names it, "" for a character that is not a letter."""
    if char in _INVISIBLE_FILLERS or unicodedata.category(char) not in {"Lu", "Ll", "Lt", "Lo"}:
        return ""
    script = unicodedata.name(char, "").partition(" ")[0]
    return "" if script in _NON_SCRIPT_NAMES else script


_NON_SCRIPT_NAMES = frozenset(
    ("MICRO", "FEMININE", "MASCULINE", "KELVIN", "ANGSTROM", "OHM", "FULLWIDTH", "HALFWIDTH", "MATHEMATICAL",
     "SCRIPT", "DOUBLE-STRUCK", "BLACK-LETTER", "PLANCK", "SQUARE", "INFORMATION", "EULER", "TURNED", "ALEF",
     "BET", "GIMEL", "DALET", "CIRCLED", "PARENTHESIZED")
)  # fmt: skip
