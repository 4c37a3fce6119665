"""Places in a document are those of the protocol, in every encoding."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bmkit.lsp.document import PositionConverter


@given(
    st.text(st.one_of(st.sampled_from("ab\r\n\u2028é\U0001f9b4"), st.characters()), max_size=30),
    st.sampled_from(["utf-8", "utf-16", "utf-32"]),
)
def test_places_and_offsets_agree_in_every_encoding(text: str, encoding: str) -> None:
    places = PositionConverter(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":
            assert places.to_offset(*places.to_position(offset)) == offset


def test_a_place_counts_as_the_protocol_does() -> None:
    text = "é\U0001f9b4x\r\ny\u2028z\rw"
    assert PositionConverter(text, "utf-16").to_position(2) == (0, 3)
    assert PositionConverter(text, "utf-8").to_position(2) == (0, 6)
    assert PositionConverter(text, "utf-32").to_position(2) == (0, 2)
    assert PositionConverter(text, "utf-16").to_position(7) == (1, 2)
    assert PositionConverter(text, "utf-16").to_position(9) == (2, 0)
    assert PositionConverter(text, "utf-16").to_offset(1, 99) == 8
    assert PositionConverter(text, "utf-16").to_offset(9, 0) == len(text)
