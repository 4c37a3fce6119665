"""Did you mean: the words of a list that a misspelt word is most likely to stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.letters import unmarked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LETTERS_A_SLIP = 4
_SHORT = 3


def suggest(word: str, candidates: Iterable[str], synonyms: Mapping[str, str] | None = None) -> str:
    """Give the candidate that `word` most likely stands for, "" if none is close; see `nearest`."""
    near = nearest(word, candidates, synonyms)
    return near[0] if near else ""


def nearest(
    word: str,
    candidates: Iterable[str],
    synonyms: Mapping[str, str] | None = None,
    *,
    slips: bool = True,
    most: int | None = None,
) -> list[str]:
    """List the candidates that `word` is equally likely to stand for, the best first; empty if none is close.

    Case, accents, look-alikes from other scripts, plural endings and blanks, hyphens or underscores make no
    difference; after these come slips of a letter (left out, added, changed, swapped with its neighbour), one
    for about every four and at `most` so many, unless `slips` are ruled out.
    `synonyms` gives for other words the candidate they stand for.
    """
    meant: dict[str, list[str]] = {}
    for name in dict.fromkeys(candidates):
        meant.setdefault(_plain(name), []).append(name)
    for name, candidate in (synonyms or {}).items():
        known = meant.setdefault(_plain(name), [])
        if candidate not in known:
            known.append(candidate)
    plain = _plain(word)
    if word in meant.get(plain, ()):
        return [word]
    if plain in meant:
        return meant[plain]
    forms = _singulars(plain)
    for name, names in meant.items():
        if forms & _singulars(name):
            return names
    return _slips(plain, meant, most) if slips else []


def _slips(plain: str, meant: dict[str, list[str]], limit: int | None) -> list[str]:
    if len(plain) < _SHORT:
        return []
    # Only a misspelt word pays for this import.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = max(1, len(plain) // _LETTERS_A_SLIP)
    most = most if limit is None else min(most, limit)
    found = process.extract(plain, list(meant), scorer=OSA.distance, score_cutoff=most, limit=None)
    # A short name is not meant by every word that is as short.
    close = [(slips, name) for name, slips, _ in found if slips < len(name) - 1]
    if not close:
        return []
    fewest = min(slips for slips, _ in close)
    best = sorted((name for slips, name in close if slips == fewest), key=lambda name: _unlike(plain, name))
    return list(dict.fromkeys(candidate for name in best for candidate in meant[name]))


def _unlike(plain: str, name: str) -> tuple[int, str]:
    """Rank names by the length of the beginning they share: the first letters are seldom wrong."""
    shared = 0
    for one, other in zip(plain, name, strict=False):
        if one != other:
            break
        shared += 1
    return -shared, name


def _plain(word: str) -> str:
    return re.sub(r"[\s_\-\u2010-\u2015]+", " ", unmarked(word)).strip().casefold()


def _singulars(plain: str) -> set[str]:
    """Give the words whose plural this may be, and the word itself."""
    forms = {plain}
    for plural, singulars in (("ies", ("y",)), ("ses", ("sis", "s", "se")), ("es", ("", "e")), ("s", ("",))):
        if plain.endswith(plural) and not plain.endswith("ss") and len(plain) > len(plural) + 1:
            forms.update(plain.removesuffix(plural) + singular for singular in singulars)
            break
    return forms
