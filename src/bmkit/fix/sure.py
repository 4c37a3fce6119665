"""The one name that a misspelt word can only stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.suggest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# In "iv", "ix" or "mg" the order of the letters is all that tells one thing from another.
_LETTERS = 4


def sure(word: str, names: Collection[str], synonyms: Mapping[str, str] | None = None) -> str:
    """Give the name that `word` stands for beyond doubt, "" if there is none.

    Case, accents, look-alikes, blanks and hyphens, number, and one pair of neighbouring letters may differ.
    A letter that is left out, added or changed is for a person to judge: it may make another drug of it.  So
    is every figure, and the order of letters in what is shorter than a word.
    """
    near = nearest(word, names, synonyms)
    if len(near) != 1:
        return ""
    (name,) = near
    if near == nearest(word, names, synonyms, slips=False):
        called = (name, *(other for other, meant in (synonyms or {}).items() if meant == name))
        return name if _figures(word) in map(_figures, called) else ""
    return name if _swapped(word, name) else ""


def _figures(word: str) -> list[str]:
    """Give the figures of a word with the signs before them, as they are written: "10²" is not "102"."""
    parts = re.findall(r"(?:(?<!\w)[-+\u2212]+)?\d[\d.,]*|.", word)
    return [part for part in parts if any(char.isnumeric() for char in part)]


def _swapped(word: str, name: str) -> bool:
    """Say whether two neighbouring letters of a word, and nothing else, are in the wrong order."""
    if len(word) != len(name):
        return False
    differ = [at for at, (one, other) in enumerate(zip(word, name, strict=True)) if one != other]
    if len(differ) != 2 or differ[1] != differ[0] + 1:  # noqa: PLR2004  two places
        return False
    first, second = differ
    within = any(
        found.start() <= first and second < found.end() and found.end() - found.start() >= _LETTERS
        for found in re.finditer(r"[^\W\d_]+", name)
    )
    return within and word[first] == name[second] and word[second] == name[first]
