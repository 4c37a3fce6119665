"""A repair of one token, how it is written, and what a misspelt name and an untidy text should be."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from bmkit.suggest import list_nearest_candidates

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

# In "iv", "ix" or "mg" the order of the letters is all that tells one thing from another.
_MIN_SWAP_LETTERS = 4
_ODD_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f]{2,}|\t")
# Not part of a word: "µg" in "5 µg", not the end of some other word.
_MICROGRAM = re.compile(r"(?<![^\W\d_])[\u00b5\u03bc]gs?(?![^\W\d_])")
_GREEK_MU_OF_UNIT = re.compile(r"(?<![^\W\d_])\u03bc(?=[A-Za-z])")


class Repair(NamedTuple):
    """The token at `start` to `end` (code points, end exclusive) of a file, and what to write in its place.

    The token is a string with its quotes, the value at `pointer` or with `key` the name of that member.
    """

    file: str
    start: int
    end: int
    pointer: str
    key: bool
    old: str
    new: str


def apply_repairs(text: str, repairs: Iterable[Repair]) -> str:
    """Return the text of a file after its repairs; all else stays as it is, to the last blank."""
    text_parts = []
    offset = 0
    for repair in sorted(repairs, key=lambda unapplied: unapplied.start):
        text_parts += [text[offset : repair.start], repair.new]
        offset = repair.end
    return "".join([*text_parts, text[offset:]])


def find_only_match(word: str, names: Collection[str], synonyms: Mapping[str, str] | None = None) -> str:
    """Return the name that `word` stands for beyond doubt, "" if there is none.

    Case, accents, look-alikes, blanks and hyphens, number, and one pair of neighbouring letters may differ.
    A letter that is left out, added or changed is for a person to judge: it may make another drug of it.  So
    is every figure, and the order of letters in what is shorter than a word.
    """
    nearest_names = list_nearest_candidates(word, names, synonyms)
    if len(nearest_names) != 1:
        return ""
    (name,) = nearest_names
    if nearest_names == list_nearest_candidates(word, names, synonyms, allow_slips=False):
        accepted_names = (
            name,
            *(synonym for synonym, synonym_target in (synonyms or {}).items() if synonym_target == name),
        )
        return name if _extract_figures(word) in map(_extract_figures, accepted_names) else ""
    return name if _is_swapped_pair(word, name) else ""


def _extract_figures(word: str) -> list[str]:
    """Return the figures of a word with the signs before them, as they are written: "10²" is not "102"."""
    parts = re.findall(r"(?:(?<!\w)[-+\u2212]+)?\d[\d.,]*|.", word)
    return [part for part in parts if any(char.isnumeric() for char in part)]


def _is_swapped_pair(word: str, name: str) -> bool:
    """Return whether two neighbouring letters of a word, and nothing else, are in the wrong order."""
    if len(word) != len(name):
        return False
    differing = [
        index
        for index, (word_letter, name_letter) in enumerate(zip(word, name, strict=True))
        if word_letter != name_letter
    ]
    if len(differing) != 2 or differing[1] != differing[0] + 1:  # noqa: PLR2004  two places
        return False
    first, second = differing
    is_within_word = any(
        match.start() <= first and second < match.end() and match.end() - match.start() >= _MIN_SWAP_LETTERS
        for match in re.finditer(r"[^\W\d_]+", name)
    )
    return is_within_word and word[first] == name[second] and word[second] == name[first]


def tidy_text(text: str) -> str:
    """Return the text with composed letters, single blanks, none at its ends, and "mcg" for "µg".

    "µg" in handwriting and small print is read as "mg", a thousandfold; before other letters the Greek mu
    becomes the micro sign.  No digit and no word changes.
    """
    text = unicodedata.normalize("NFC", text)
    text = _ODD_BLANKS.sub(" ", text).strip()
    text = _MICROGRAM.sub("mcg", text)
    return _GREEK_MU_OF_UNIT.sub("\u00b5", text)
