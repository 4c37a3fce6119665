"""The one name that a misspelt word can only stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.suggest import list_nearest_candidates

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# In "iv", "ix" or "mg" the order of the letters is all that tells one thing from another.
_MIN_SWAP_LETTERS = 4


def find_only_match(word: str, names: Collection[str], synonyms: Mapping[str, str] | None = None) -> str:
    """Give the name that `word` stands for beyond doubt, "" if there is none.

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
    """Give the figures of a word with the signs before them, as they are written: "10²" is not "102"."""
    parts = re.findall(r"(?:(?<!\w)[-+\u2212]+)?\d[\d.,]*|.", word)
    return [part for part in parts if any(char.isnumeric() for char in part)]


def _is_swapped_pair(word: str, name: str) -> bool:
    """Say whether two neighbouring letters of a word, and nothing else, are in the wrong order."""
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
