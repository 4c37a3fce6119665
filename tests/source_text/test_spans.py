"""Spans are found again in a revised text, and what is gone is never called moved."""

from __future__ import annotations

import time

import pytest

from bmkit.source_text.numbers import split_pieces
from bmkit.source_text.quantities import read_quantities
from bmkit.source_text.reading import digest_text
from bmkit.source_text.spans import Outcome, Span, find_spans

# No two are of one length.
SENTENCES = [
    f"Ward {number} had {'very ' * number}old beds and a window to the yard. " for number in range(40)
]
TEXT = "".join(SENTENCES)


def make_span(text: str, words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words), digest_text(words))


def list_outcomes(text: str, *spans: Span) -> list[str]:
    found = find_spans(text, spans)
    return [found[span].outcome.value for span in spans]


def test_words_go_where_those_beside_them_went() -> None:
    spans = [make_span(TEXT, sentence.strip()) for sentence in SENTENCES]
    # The same short words stand in each sentence.
    short = [make_span(TEXT, "a window", nth) for nth in range(40)]
    cut, new = TEXT.index(SENTENCES[20]), "A sentence that is new. "
    outcomes = find_spans(TEXT[:cut] + new + TEXT[cut:], [*spans, *short])
    for span in (*spans, *short):
        assert outcomes[span].start == span.start + (len(new) if span.start >= cut else 0)
    assert {found.outcome for found in outcomes.values()} == {Outcome.EXACT, Outcome.MOVED}


@pytest.mark.parametrize("index", [0, 7, 39])
def test_what_was_taken_out_is_not_called_moved(index: int) -> None:
    spans = [make_span(TEXT, sentence.strip()) for sentence in SENTENCES]
    short = make_span(TEXT, "a window", index)
    revised = TEXT.replace(SENTENCES[index], "")
    outcomes = find_spans(revised, [*spans, short])
    assert outcomes[spans[index]].outcome is Outcome.ABSENT
    assert outcomes[short].outcome in {Outcome.ABSENT, Outcome.AMBIGUOUS}


def test_words_that_changed_places_are_found_nearby_and_far() -> None:
    first, last = (make_span(TEXT, SENTENCES[index].strip()) for index in (0, 39))
    swapped = SENTENCES[39] + "".join(SENTENCES[1:39]) + SENTENCES[0]
    assert list_outcomes(swapped, first, last) == ["moved", "moved"]
    far = "".join(f"{word} " for word in range(3000)) + TEXT
    assert list_outcomes(far, first) == ["moved"]


@pytest.mark.parametrize("text", ["", "x", TEXT[:100], "\x00" * 50, "\U0001f600" * 9000])
def test_any_text_has_an_outcome(text: str) -> None:
    [outcome] = list_outcomes(text, make_span(TEXT, SENTENCES[5].strip()))
    assert outcome in {"absent", "altered"}


@pytest.mark.parametrize("text", ["", "a", "y. " * 3000, "x" * 9001, "\n\n" * 3000, "z " * 5000])
def test_pieces_make_up_the_text(text: str) -> None:
    pieces = list(split_pieces(text))
    assert "".join(piece for _, piece in pieces) == text
    assert all(text.startswith(piece, start) and piece for start, piece in pieces)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["4 mg or 5 mg not ", "9", "one ", "not ", "1/", "< "])
def test_reading_takes_time_in_proportion(piece: str) -> None:
    seconds = []
    for size in (10_000, 40_000):
        text = piece * (size // len(piece))
        start = time.process_time()
        read_quantities(text)
        seconds.append(time.process_time() - start)
    assert seconds[1] < 8 * max(seconds[0], 0.2)
