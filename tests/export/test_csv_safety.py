"""The rule that keeps text from being run as a formula, and takes itself back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bmkit.export.csv_safety import DANGEROUS_STARTS, neutralise_text, restore_text

# Half of the texts begin with what matters.
TEXTS = st.builds(str.__add__, st.sampled_from([*sorted(DANGEROUS_STARTS), "a", "''"]), st.text())


@given(TEXTS)
@example("")
@example("'")
@example("'=1")
def test_it_takes_itself_back(text: str) -> None:
    assert restore_text(neutralise_text(text)) == text


@given(TEXTS, TEXTS)
def test_two_texts_stay_two(text: str, other_text: str) -> None:
    assert (neutralise_text(text) == neutralise_text(other_text)) == (text == other_text)


@given(TEXTS)
def test_no_cell_begins_dangerously_nor_is_empty(text: str) -> None:
    assert neutralise_text(text)[0] not in DANGEROUS_STARTS - {"'"}


@pytest.mark.parametrize("text", ["4 mg", "bone", "a=b", "<5", " =1", "0"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert neutralise_text(text) == text


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])  # noqa: RUF001
def test_what_spreadsheets_run_gets_an_apostrophe(first: str) -> None:
    assert neutralise_text(f"{first}cmd|' /C calc'!A0") == f"'{first}cmd|' /C calc'!A0"
