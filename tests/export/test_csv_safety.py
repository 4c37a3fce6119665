"""The rule that keeps text from being run as a formula, and takes itself back."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bmkit.export.csv_safety import neutralise_text, restore_text

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"  # noqa: RUF001
SKIPPED = (
    " \u00a0\u2003\u3000\u0085\t\r\n\x00\x0b\x1f\x7f\x9f\xad\u200b\u200e\u2028\u202e\u2060\u2066\ufeff\u180e"
)
# Half of the texts begin with what matters.
TEXTS = st.builds(
    str.__add__, st.text(SKIPPED + SIGNS + "'a", max_size=4), st.text(st.characters(codec="utf-8"))
)
# What a program that skips blanks and what is not shown would run.
RUN_TEXT = re.compile(rf"[{re.escape(SKIPPED)}]*[{re.escape(SIGNS)}]")


@given(TEXTS)
@example("")
@example("'")
@example("'=1")
@example(" '=1")
def test_it_takes_itself_back(text: str) -> None:
    assert restore_text(neutralise_text(text)) == text


@given(TEXTS, TEXTS)
def test_two_texts_stay_two(text: str, other_text: str) -> None:
    assert (neutralise_text(text) == neutralise_text(other_text)) == (text == other_text)


@given(TEXTS)
def test_no_cell_is_run_nor_empty(text: str) -> None:
    cell = neutralise_text(text)
    assert cell
    assert not RUN_TEXT.match(cell)
    assert cell[0] not in "\t\r\n"


@given(TEXTS)
def test_a_text_that_begins_with_a_letter_or_digit_stays_as_it_is(text: str) -> None:
    # The export does not even ask of these.
    if text[:1].isalnum():
        assert neutralise_text(text) == text


@pytest.mark.parametrize("text", ["4 mg", "bone", "a=b", "<5", " 4 mg", "0", "\u200bbone", " '=1"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert neutralise_text(text) == text


@pytest.mark.parametrize("skipped", ["", *SKIPPED, " \ufeff\t "])
@pytest.mark.parametrize("sign", SIGNS)
def test_what_spreadsheets_run_gets_an_apostrophe(sign: str, skipped: str) -> None:
    assert neutralise_text(f"{skipped}{sign}2+3") == f"'{skipped}{sign}2+3"
