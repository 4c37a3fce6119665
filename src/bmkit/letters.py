"""Letters that look like others, or are others with a mark, and the plain ones that they are taken for."""

from __future__ import annotations

import unicodedata

# The same glyph in most fonts.
CYRILLIC = dict(zip("АВЕКМНОРСТУХІЈЅԚԜавеорсухіјѕһԁԛԝ", "ABEKMHOPCTYXIJSQWaBeopcyxijshdqw", strict=True))
GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳ", "ABEZHIKMNOPTYXocj", strict=True))  # noqa: RUF001
TWINS = {**CYRILLIC, **GREEK}
"""Letters of other scripts, each with the Latin one that readers see."""

# Letters with a mark that Unicode does not take apart.
_MARKED = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\u0131": "i",
}  # fmt: skip
# A stroke through a sign turns its meaning around: ≮ is no <.
_STROKES = 1


def unmarked(text: str) -> str:
    """Write a text with plain Latin letters where it has accents, ligatures, look-alikes or wide letters.

    What cannot be seen is left out; letters that have no plain form stay as they are.
    """
    if text.isascii():
        return text
    made = []
    for char in unicodedata.normalize("NFKD", text):
        if unicodedata.combining(char) > _STROKES or unicodedata.category(char) == "Cf":
            continue
        made.append(TWINS.get(char) or _MARKED.get(char) or char)
    return unicodedata.normalize("NFC", "".join(made))
