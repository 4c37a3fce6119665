"""Text is tidied without a digit or a word changing."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.fix.repair import tidy_text


@pytest.mark.parametrize(
    ("untidy", "wanted"),
    [
        ("5 µg of it", "5 mcg of it"),
        ("5 \u03bcg/kg", "5 mcg/kg"),
        ("5µg", "5mcg"),
        ("two µgs", "two mcg"),
        ("a \u2009b\n", "a b"),
        ("a film of 3 \u03bcm", "a film of 3 \u00b5m"),
        ("a\u00a0 b  c\td ", "a b c d"),
        ("cafe\u0301", "caf\u00e9"),
    ],
)
def test_what_nobody_means_to_write_goes(untidy: str, wanted: str) -> None:
    assert tidy_text(untidy) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "λ and μ are rates",
        "μ",
        "\u00b5",
        "3 \u00b5m",
        "5 mg",
        "\u03bc-opioid",
        "κ\u03bcg",
        "10\u00a0mg",
        "µgabc",
        ".5",
    ],
)
def test_look_alikes_stay(text: str) -> None:
    assert tidy_text(text) == text


@given(
    st.text(st.one_of(st.sampled_from("0123456789.,  \t\u00a0µμgmk-e\u0301"), st.characters()), max_size=30)
)
def test_no_digit_and_no_word_is_lost_or_moved(text: str) -> None:
    tidied_text = tidy_text(text)
    assert tidy_text(tidied_text) == tidied_text
    assert re.findall(r"[0-9][0-9.,]*", tidied_text) == re.findall(
        r"[0-9][0-9.,]*", unicodedata.normalize("NFC", text)
    )
    assert _strip_blanks(tidied_text) == _strip_blanks(text)


def _strip_blanks(text: str) -> str:
    """Return the text without blanks, with every mu as the letters that are read out."""
    composed = unicodedata.normalize("NFC", text).replace("\u00b5", "\u03bc")
    bare = re.sub(r"\s", "", composed)
    return re.sub("\u03bcgs?", "mcg", bare)
