"""What is wrong with a single string, number or word of a JSON text, and where it probably ends."""

from __future__ import annotations

import re

from bmkit.jsontext.blanks import TOKEN_EXCERPT_LENGTH, make_stray_fault, shorten_token
from bmkit.jsontext.errors import MAX_FAULTS, TextFault
from bmkit.jsontext.numbers import find_number_fault

# Possessive: a string of a million escapes must not pile up as many ways back.
_PLAIN_STRING_RUN = re.compile(r'(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt])*+')
_BARE_WORD = re.compile(r"""[^\s,:;=|\[\]{}"'/#]+""")
_NUMBER_TOKEN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_UNFINISHED_NUMBER = re.compile(r"-?(?:(?:0|[1-9][0-9]*)(?:\.|(?:\.[0-9]+)?[eE][+-]?)?)?")
_HEX_DIGITS = re.compile(r"[0-9a-fA-F]{4}")
_HIGH_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}")
_LOW_SURROGATE_ESCAPE = re.compile(r"\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_ESCAPE_LETTERS = frozenset('"\\/bfnrt')
_NON_FINITE_WORDS = frozenset({"nan", "infinity", "inf"})
_LITERALS = ("true", "false", "null")
_LITERALS_BY_WORD = {
    "true": "true", "false": "false", "null": "null", "none": "null",
    "undefined": "null", "nil": "null", "yes": "true", "no": "false",
}  # fmt: skip
_CLOSING_QUOTES = {"'": "'", "`": "`", "“": "”", "”": "”", "„": "“", "‘": "’", "’": "’", "«": "»"}  # noqa: RUF001
_STRAIGHT_QUOTES_HINT = 'put it into straight double quotes: "…"'

END_CUT_OFF = -1
"""The end of a token that the end of the text cuts off."""

END_UNKNOWN = -2
"""The end of a token behind which nothing can be trusted any more."""


def find_string_end(text: str, start: int, faults: list[TextFault]) -> int:
    """Give the offset behind the string that starts at `start`, or CUT or LOST; adds its faults."""
    offset = start + 1
    while True:
        match = _PLAIN_STRING_RUN.match(text, offset)
        offset = match.end() if match is not None else offset
        if offset >= len(text):
            return END_CUT_OFF
        if len(faults) >= MAX_FAULTS:
            return END_UNKNOWN
        char = text[offset]
        if char == '"':
            return offset + 1
        if char == "\\":
            offset = _find_escape_end(text, offset, faults)
            if offset < 0:
                return offset
            continue
        faults.append(_make_control_character_fault(char, offset))
        if char in "\r\n":
            # Most likely the closing quote is missing: what follows would be read inside out.
            return END_UNKNOWN
        offset += 1


def _make_control_character_fault(char: str, offset: int) -> TextFault:
    if char in "\r\n":
        hint = 'close the string with ", or write \\n for a line end'
        return TextFault("json.control-character", offset, offset + 1, "the line ends inside a string", hint)
    character_name = "a tab" if char == "\t" else f"control character U+{ord(char):04X}"
    escape = "\\t" if char == "\t" else f"\\u{ord(char):04x}"
    return TextFault(
        "json.control-character",
        offset,
        offset + 1,
        f"{character_name} stands inside a string",
        f"remove it, or write {escape}",
    )


def _find_escape_end(text: str, offset: int, faults: list[TextFault]) -> int:
    escape_letter = text[offset + 1 : offset + 2]
    if escape_letter in _ESCAPE_LETTERS or not escape_letter:
        return offset + 2 if escape_letter else END_CUT_OFF
    if escape_letter != "u":
        hint = "write \\\\ for a backslash" if escape_letter != "'" else "write ' without a backslash"
        faults.append(
            TextFault("json.syntax", offset, offset + 2, f"\\{escape_letter} is no escape in json", hint)
        )
        return offset + 1 if escape_letter < " " else offset + 2
    if not _HEX_DIGITS.match(text, offset + 2):
        if offset + 6 > len(text) and '"' not in text[offset:]:
            return END_CUT_OFF
        faults.append(
            TextFault(
                "json.syntax",
                offset,
                offset + 2,
                "\\u is not followed by four hex digits",
                "write it as \\u00e9",
            )
        )
        return offset + 2
    is_high_surrogate = _HIGH_SURROGATE_ESCAPE.match(text, offset) is not None
    if is_high_surrogate and _LOW_SURROGATE_ESCAPE.match(text, offset + 6):
        return offset + 12
    if is_high_surrogate or _LOW_SURROGATE_ESCAPE.match(text, offset):
        half = "first" if is_high_surrogate else "second"
        faults.append(
            TextFault(
                "json.lone-surrogate",
                offset,
                offset + 6,
                f"{text[offset : offset + 6]} is the {half} half of a pair without the other half",
                "write the character itself, or both halves",
            )
        )
    return offset + 6


def find_scalar_end(text: str, start: int, faults: list[TextFault]) -> int:
    """Give the offset behind a value that is no list or object, or CUT or LOST; adds its faults."""
    char = text[start]
    if char == '"':
        return find_string_end(text, start, faults)
    if char in _CLOSING_QUOTES:
        return find_foreign_quoted_end(text, start, faults)
    match = _BARE_WORD.match(text, start)
    if match is None:
        faults.append(make_stray_fault(text, start))
        return END_UNKNOWN
    return _find_bare_word_end(text, match.group(), start, faults)


def _find_bare_word_end(text: str, word: str, start: int, faults: list[TextFault]) -> int:
    end = start + len(word)
    if _NUMBER_TOKEN.fullmatch(word):
        if (fault_parts := find_number_fault(word)) is not None:
            faults.append(TextFault(fault_parts[0], start, end, *fault_parts[1:]))
        return end
    if word in _LITERALS:
        return end
    if end == len(text) and (
        _UNFINISHED_NUMBER.fullmatch(word) or any(literal.startswith(word) for literal in _LITERALS)
    ):
        return END_CUT_OFF
    faults.append(_make_bare_word_fault(word, start, end))
    return end


def _make_bare_word_fault(word: str, start: int, end: int) -> TextFault:
    unsigned_word = word.lstrip("+-").lower()
    if unsigned_word in _NON_FINITE_WORDS:
        hint = "leave the field out if there is no value"
        return TextFault("json.not-a-number", start, end, f"{word} is no number in json", hint)
    if unsigned_word in _LITERALS_BY_WORD:
        return TextFault(
            "json.syntax",
            start,
            end,
            f"{shorten_token(word)} is no value in json",
            f"write {_LITERALS_BY_WORD[unsigned_word]}",
        )
    if (number_text := _guess_number(word)) is not None:
        message = f"{shorten_token(word)} is not how json writes a number"
        return TextFault(
            "json.syntax", start, end, message, f"write {shorten_token(number_text)}" if number_text else ""
        )
    return TextFault("json.syntax", start, end, f"{shorten_token(word)} has no quotes", _STRAIGHT_QUOTES_HINT)


def _guess_number(word: str) -> str | None:
    """Give the number a token was meant for, "" if that is not plain, None if it is no number at all."""
    if word in {"-", "+"}:
        return ""
    if not re.match(r"[+\-\u2212]?\.?[0-9]", word):
        return None
    sign = "-" if word[0] in "-\u2212" else ""
    unsigned_word = word.lstrip("+-\u2212")
    if (
        re.fullmatch(r"[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?", unsigned_word)
        and len(word) <= TOKEN_EXCERPT_LENGTH
    ):
        mantissa, exponent_mark, exponent = unsigned_word.replace("E", "e").partition("e")
        integer_part, point, fraction = mantissa.partition(".")
        integer_part = integer_part.lstrip("0") or "0"
        return sign + integer_part + (point + fraction if fraction else "") + exponent_mark + exponent
    return ""


def find_foreign_quoted_end(text: str, start: int, faults: list[TextFault]) -> int:
    """Give the offset behind a string in quotes that JSON does not know; adds the fault."""
    closing_quote = _CLOSING_QUOTES[text[start]]
    line_end_match = re.compile(r"[\r\n]|\Z").search(text, start)
    last_offset = line_end_match.start() if line_end_match is not None else len(text)
    close_offset = min(
        (
            quote_offset
            for quote_offset in (
                text.find(closing_quote, start + 1, last_offset),
                text.find('"', start + 1, last_offset),
            )
            if quote_offset > 0
        ),
        default=-1,
    )
    end = close_offset + 1 if close_offset > 0 else last_offset
    faults.append(
        TextFault(
            "json.syntax",
            start,
            end,
            f"{shorten_token(text[start:end])} is not in straight double quotes",
            _STRAIGHT_QUOTES_HINT,
        )
    )
    return end if close_offset > 0 else END_UNKNOWN


def is_foreign_quote(char: str) -> bool:
    """Tell whether a character is a quote that JSON does not know."""
    return char in _CLOSING_QUOTES


def find_word_end(text: str, start: int) -> int:
    """Give the end of the run of characters that stands where a word might; `start` if there is none."""
    match = _BARE_WORD.match(text, start)
    return match.end() if match is not None else start
