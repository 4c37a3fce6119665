"""Letters that look like Latin ones are recognised."""

from __future__ import annotations

import unicodedata

from bmkit.letters import LATIN_BY_LOOKALIKE
from bmkit.rules.derived.confusables import find_disguised_words, find_mixed_script_words


def test_every_character_that_looks_like_another_is_told_apart() -> None:
    for odd, seen in LATIN_BY_LOOKALIKE.items():
        assert unicodedata.name(odd).split()[0] in {"CYRILLIC", "GREEK"}
        assert find_mixed_script_words(f"x{odd}") == [(0, f"x{odd}", f"x{seen}")]
        assert find_disguised_words(odd) == [(0, odd, seen)]
