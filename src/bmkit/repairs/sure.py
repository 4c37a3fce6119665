"""The one name that a misspelt word can only stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.suggest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def sure(word: str, names: Collection[str], synonyms: Mapping[str, str] | None = None) -> str:
    """Give the name that `word` stands for beyond doubt, "" if there is none.

    Case, accents, look-alikes, blanks and hyphens, number, and one pair of neighbouring letters may differ.
    A letter that is left out, added or changed is for a person to judge: it may make another drug of it.
    """
    near = nearest(word, names, synonyms)
    if len(near) != 1:
        return ""
    (name,) = near
    if near == nearest(word, names, synonyms, slips=False) or _swapped(word, name):
        return name
    return ""


def _swapped(word: str, name: str) -> bool:
    """Say whether two neighbouring letters, and nothing else, are in the wrong order."""
    if len(word) != len(name):
        return False
    differ = [at for at, (one, other) in enumerate(zip(word, name, strict=True)) if one != other]
    if len(differ) != 2 or differ[1] != differ[0] + 1:  # noqa: PLR2004  two places
        return False
    first, second = differ
    return word[first] == name[second] and word[second] == name[first]
