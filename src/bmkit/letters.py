"""Letters that look like others, or are others with a mark, and the plain ones that they are taken for."""

from __future__ import annotations

import unicodedata

# The same glyph in most fonts.
LATIN_BY_CYRILLIC = dict(
    zip("АВЕКМНОРСТУХІЈЅԚԜавеорсухіјѕһԁԛԝ", "ABEKMHOPCTYXIJSQWaBeopcyxijshdqw", strict=True)
)
LATIN_BY_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳ", "ABEZHIKMNOPTYXocj", strict=True))  # noqa: RUF001
LATIN_BY_LOOKALIKE = {**LATIN_BY_CYRILLIC, **LATIN_BY_GREEK}
"""Letters of other scripts, each with the Latin one that readers see."""

# Letters with a mark that Unicode does not take apart.
_LATIN_BY_MARKED_LETTER = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\u0131": "i",
}  # fmt: skip
# A stroke through a sign turns its meaning around: ≮ is no <.
_STROKE_COMBINING_CLASS = 1


def to_latin_letters(text: str) -> str:
    """Return a text with plain Latin letters instead of accented, joined, look-alike or wide ones.

    Invisible characters are left out; letters without a plain form stay as they are.
    """
    if text.isascii():
        return text
    latin_letters = []
    for char in unicodedata.normalize("NFKD", text):
        if unicodedata.combining(char) > _STROKE_COMBINING_CLASS or unicodedata.category(char) == "Cf":
            continue
        latin_letters.append(LATIN_BY_LOOKALIKE.get(char) or _LATIN_BY_MARKED_LETTER.get(char) or char)
    return unicodedata.normalize("NFC", "".join(latin_letters))
