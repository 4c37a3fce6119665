"""Whatever bytes come, the strict reader agrees with the standard library or says why not."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bmkit.handbook.rule_docs import OTHER_RULES
from bmkit.jsontext import JsonError, TextFault, decode_for_display, parse_json
from bmkit.jsontext.numbers import find_number_fault, has_suspect_number, locate_number_faults

WORDS = st.text(max_size=8).filter(lambda text: not any("\ud800" <= char < "\ue000" for char in text))
DECIMALS = st.builds(
    lambda digits, power: f"{digits}.{abs(power)}" if power >= 0 else f"{digits}e{power}",
    st.integers(-(10**9), 10**9),
    st.integers(-90, 9999),
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15) + 1, 10**15 - 1)
    | WORDS
    | DECIMALS.map(lambda token: [token])
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


@st.composite
def build_document(draw: st.DrawFn) -> str:
    """Make the text of a valid document, decimals unquoted, in any lay-out."""
    text = json.dumps(draw(VALUES), ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 2])))
    number = draw(DECIMALS)
    return f" [{text}, {number}]\r\n" if draw(st.booleans()) else text


@given(build_document())
def test_a_valid_document_reads_as_the_standard_library_reads_it(text: str) -> None:
    value = parse_json(text.encode())
    expected = json.loads(text, parse_float=Decimal)
    assert value == expected
    assert repr(value) == repr(expected)


def test_a_decimal_keeps_the_digits_it_was_written_with() -> None:
    assert [str(number) for number in parse_json(b"[4.0, 4.00, 0.10, 19.99]")] == [
        "4.0",
        "4.00",
        "0.10",
        "19.99",
    ]


NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,4})?", fullmatch=True)
STRINGS = st.lists(st.sampled_from(["1234567890123456", "1e400", '"', "\\", ",", "[", "é", "\n", "x"])).map(
    lambda parts: json.dumps("".join(parts), ensure_ascii=False)
)


@given(st.lists(NUMBERS | STRINGS))
def test_the_numbers_that_are_refused_are_those_outside_of_strings(tokens: list[str]) -> None:
    text, expected = "[", []
    for token in tokens:
        if not token.startswith('"') and (fault := find_number_fault(token)) is not None:
            expected.append((fault[0], len(text), len(text) + len(token)))
        text += f"{token}, "
    text += "0]"
    assert [fault[:3] for fault in locate_number_faults(text)] == expected
    assert has_suspect_number(text.encode()) or not expected


def check_reading(data: bytes) -> None:
    """Read `data` and hold what is promised of a refusal."""
    faults: tuple[TextFault, ...] = ()
    try:
        parse_json(data)
    except JsonError as error:
        faults = error.faults
    if faults:
        text = decode_for_display(data)
        assert list(faults) == sorted(faults, key=lambda fault: (fault.start, fault.end))
        for fault in faults:
            assert fault.rule in OTHER_RULES
            assert 0 <= fault.start <= fault.end <= len(text)
            assert fault.message
            assert "parser stopped here" not in fault.message, "the slow pass missed what the fast one saw"
    else:
        json.loads(data)


@settings(max_examples=3 * settings().max_examples)
@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b'{"a":1')
@example(b"[\xef\xbb\xbf]")
@example(b'["\\u12"')
def test_arbitrary_bytes_are_read_or_refused(data: bytes) -> None:
    check_reading(data)


PIECES = st.sampled_from(
    [
        *"{}[],:\"1x'“#/\\\n \t\x00\u00a0\ufeff;=é",
        *('"a"', '"b"', "-0.5", "1e999", "99999999999999999", "NaN", "true", "nul", "null"),
        *("//c\n", "/*", "\\u", "\\ud800"),
    ]
)


@settings(max_examples=5 * settings().max_examples)
@given(st.lists(PIECES, max_size=25).map("".join))
@example('{"a"://c\n1}')
@example("1,")
@example("{1e9b\t: 1}")
def test_pieces_of_json_in_any_order_are_read_or_refused(text: str) -> None:
    check_reading(text.encode())


@settings(max_examples=3 * settings().max_examples)
@given(build_document(), st.data())
def test_a_document_with_one_slip_is_read_or_refused(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 2))
    slip = data.draw(PIECES | st.just(""))
    check_reading((text[:offset] + slip + text[offset + cut :]).encode())


@given(st.integers(1, 60), st.sampled_from(["[", '{"a":']))
def test_a_document_cut_anywhere_is_said_to_be_cut(length: int, opener: str) -> None:
    with pytest.raises(JsonError) as caught:
        parse_json((opener * length).encode())
    assert {fault.rule for fault in caught.value.faults} == {"json.truncated"}


def test_faults_are_values() -> None:
    fault = TextFault("json.syntax", 0, 1, "m")
    assert fault == TextFault("json.syntax", 0, 1, "m", "")
