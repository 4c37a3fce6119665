"""Free text without what nobody means to write: odd blanks, taken-apart letters, the wrong mu."""

from __future__ import annotations

import re
import unicodedata

_ODD_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f]{2,}|\t")
# Not part of a word: "µg" in "5 µg", not the end of some other word.
_MICROGRAM = re.compile(r"(?<![^\W\d_])[\u00b5\u03bc]gs?(?![^\W\d_])")
_GREEK_MU_OF_UNIT = re.compile(r"(?<![^\W\d_])\u03bc(?=[A-Za-z])")


def tidy_text(text: str) -> str:
    """Give the text with composed letters, single blanks, none at its ends, and "mcg" for "µg".

    "µg" in handwriting and small print is read as "mg", a thousandfold; before other letters the Greek mu
    becomes the micro sign.  No digit and no word changes.
    """
    text = unicodedata.normalize("NFC", text)
    text = _ODD_BLANKS.sub(" ", text).strip()
    text = _MICROGRAM.sub("mcg", text)
    return _GREEK_MU_OF_UNIT.sub("\u00b5", text)
