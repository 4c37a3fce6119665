"""Did you mean: the words of a list that a misspelt word is most likely to stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.letters import to_latin_letters
from bmkit.proposals import propose_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bmkit.issue import Hint

_LETTERS_PER_SLIP = 4
_MIN_LETTERS_FOR_SLIPS = 3


def propose_meant(suggestion: str, otherwise: str = "") -> Hint:
    """Return the question whether the suggestion was meant; `otherwise` if it is empty."""
    return (
        propose_value(suggestion, format_suggestion(suggestion), otherwise=otherwise)
        if suggestion
        else otherwise
    )


def propose_candidate(word: str, candidates: Iterable[str], otherwise: str = "") -> Hint:
    """Return the question whether the candidate nearest to `word` was meant; `otherwise` if none is close."""
    return propose_meant(suggest_candidate(word, candidates), otherwise)


def suggest_hint(word: str, candidates: Iterable[str], otherwise: str = "") -> str:
    """Return the question whether the candidate nearest to `word` was meant; `otherwise` if none is close."""
    return format_suggestion(suggest_candidate(word, candidates), otherwise)


def format_suggestion(suggestion: str, otherwise: str = "") -> str:
    """Return the question whether the suggestion was meant; `otherwise` if it is empty."""
    return f'did you mean "{suggestion}"?' if suggestion else otherwise


def suggest_candidate(word: str, candidates: Iterable[str], synonyms: Mapping[str, str] | None = None) -> str:
    """Return the candidate that `word` most likely stands for, "" if none is close.

    See `list_nearest_candidates` for what counts as close.
    """
    nearest_candidates = list_nearest_candidates(word, candidates, synonyms)
    return nearest_candidates[0] if nearest_candidates else ""


def list_nearest_candidates(
    word: str,
    candidates: Iterable[str],
    synonyms: Mapping[str, str] | None = None,
    *,
    allow_slips: bool = True,
    max_slips: int | None = None,
) -> list[str]:
    """List the candidates that `word` is equally likely to stand for, the best first; empty if none is close.

    Case, accents, look-alikes from other scripts, plural endings and blanks, hyphens or underscores make no
    difference; after these come slips of a letter (left out, added, changed, swapped with its neighbour), one
    for about every four and at most `max_slips`; none unless `allow_slips`.
    `synonyms` maps other words to the candidate they stand for.
    """
    index = CandidateIndex(candidates, synonyms)
    return index.list_nearest(word, allow_slips=allow_slips, max_slips=max_slips)


class CandidateIndex:
    """Candidates that many words are looked up among; `list_nearest_candidates` says how."""

    def __init__(self, candidates: Iterable[str], synonyms: Mapping[str, str] | None = None) -> None:
        self._candidates_by_form: dict[str, list[str]] = {}
        for name in dict.fromkeys(candidates):
            self._candidates_by_form.setdefault(_to_plain_form(name), []).append(name)
        for name, candidate in (synonyms or {}).items():
            form_candidates = self._candidates_by_form.setdefault(_to_plain_form(name), [])
            if candidate not in form_candidates:
                form_candidates.append(candidate)
        self._forms = list(self._candidates_by_form)
        self._positions_by_singular: dict[str, int] | None = None

    def list_nearest(self, word: str, *, allow_slips: bool = True, max_slips: int | None = None) -> list[str]:
        """List the candidates that `word` is equally likely to stand for, the best first."""
        plain_word = _to_plain_form(word)
        if word in self._candidates_by_form.get(plain_word, ()):
            return [word]
        if plain_word in self._candidates_by_form:
            return self._candidates_by_form[plain_word]
        if self._positions_by_singular is None:
            self._positions_by_singular = {}
            for position, form in enumerate(self._forms):
                for singular in _list_singulars(form):
                    self._positions_by_singular.setdefault(singular, position)
        positions = [
            self._positions_by_singular[singular]
            for singular in _list_singulars(plain_word)
            if singular in self._positions_by_singular
        ]
        if positions:
            return self._candidates_by_form[self._forms[min(positions)]]
        return self._find_slip_candidates(plain_word, max_slips) if allow_slips else []

    def _find_slip_candidates(self, plain_word: str, max_slips: int | None) -> list[str]:
        if len(plain_word) < _MIN_LETTERS_FOR_SLIPS:
            return []
        # Only a misspelt word pays for this import.
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        slip_limit = max(1, len(plain_word) // _LETTERS_PER_SLIP)
        slip_limit = slip_limit if max_slips is None else min(slip_limit, max_slips)
        matches = process.extract(
            plain_word, self._forms, scorer=OSA.distance, score_cutoff=slip_limit, limit=None
        )
        # A short name is not meant by every word that is as short.
        close_forms = [(slip_count, form) for form, slip_count, _ in matches if slip_count < len(form) - 1]
        if not close_forms:
            return []
        fewest_slips = min(slip_count for slip_count, _ in close_forms)
        best_forms = sorted(
            (form for slip_count, form in close_forms if slip_count == fewest_slips),
            key=lambda form: _rank_by_shared_start(plain_word, form),
        )
        return list(
            dict.fromkeys(candidate for form in best_forms for candidate in self._candidates_by_form[form])
        )


def _rank_by_shared_start(plain_word: str, form: str) -> tuple[int, str]:
    """Rank names by the length of the beginning they share: the first letters are seldom wrong."""
    shared_length = 0
    for word_letter, form_letter in zip(plain_word, form, strict=False):
        if word_letter != form_letter:
            break
        shared_length += 1
    return -shared_length, form


def _to_plain_form(word: str) -> str:
    return re.sub(r"[\s_\-\u2010-\u2015]+", " ", to_latin_letters(word)).strip().casefold()


def _list_singulars(plain_word: str) -> set[str]:
    """List the words whose plural this may be, and the word itself."""
    forms = {plain_word}
    for plural_ending, singular_endings in (
        ("ies", ("y",)),
        ("ses", ("sis", "s", "se")),
        ("es", ("", "e")),
        ("s", ("",)),
    ):
        if (
            plain_word.endswith(plural_ending)
            and not plain_word.endswith("ss")
            and len(plain_word) > len(plural_ending) + 1
        ):
            forms.update(
                plain_word.removesuffix(plural_ending) + singular_ending
                for singular_ending in singular_endings
            )
            break
    return forms
