"""The tokens of a JSON text, or of one that is meant to be JSON, and what is wrong with a single token."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from bmkit.jsontext.errors import TextFault
from bmkit.jsontext.numbers import find_number_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN_EXCERPT_LENGTH = 40
"""Characters of a token that a message shows."""

_CLOSING_QUOTES = {"'": "'", "`": "`", "“": "”", "”": "”", "„": "“", "‘": "’", "’": "’", "«": "»"}  # noqa: RUF001
_QUOTED = "|".join(
    rf'{opening}[^{closing}"\r\n]*+[{closing}"]' for opening, closing in _CLOSING_QUOTES.items()
)
_OPENING_QUOTES = "".join(_CLOSING_QUOTES)
# Possessive: a string of a million escapes must not pile up as many ways back.
_STRING = r'"(?:[^"\\\r\n]++|\\[^\r\n])*+'
_TOKEN = re.compile(
    rf"""[ \t\r\n]*+(?:
    (?P<punctuation>[{{}}\[\],:])
    |(?P<string>{_STRING}")
    |(?P<open_string>{_STRING}\\?)
    |(?P<merge>(?<![^\r\n\ufeff])(?:<{{7}}|={{7}}|>{{7}}|\|{{7}})(?![^ \r\n])[^\r\n]*+)
    |(?P<comment>//[^\r\n]*+|\#[^\r\n]*+|/\*(?s:.*?)(?:\*/|\Z))
    |(?P<quoted>{_QUOTED}|[{_OPENING_QUOTES}][^,:{{}}\[\]"\r\n]*+)
    |(?P<word>[^\s,:;=|\[\]{{}}"'/\#]++)
    |(?P<stray>[^ \t\r\n])
    )""",
    re.VERBOSE,
)
_SOUND_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt])*+"')
_SOUND_STRING_PART = re.compile(
    r"""(?:[^\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"""
    r"""|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})*+"""
)
_HEX_DIGITS = re.compile(r"[0-9a-fA-F]{4}")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_UNFINISHED_NUMBER = re.compile(r"-?(?:(?:0|[1-9][0-9]*)(?:\.|(?:\.[0-9]+)?[eE][+-]?)?)?")
_NON_FINITE_WORDS = frozenset({"nan", "infinity", "inf"})
_LITERALS = ("true", "false", "null")
_LITERALS_BY_WORD = {
    "true": "true",
    "false": "false",
    "yes": "true, or put it into quotes",
    "no": "false, or put it into quotes",
}
# No field takes null.
_WORDS_FOR_NOTHING = frozenset({"null", "none", "undefined", "nil"})
_LEAVE_OUT_HINT = "leave the field out if there is no value"
_STRAIGHT_QUOTES_HINT = 'put it into straight double quotes: "…"'


class Token(NamedTuple):
    """A token of a text: what stands from `start` to `end` (code points, end exclusive).

    `kind` is "punctuation", "string", "word" (numbers, too), or what JSON does not have: "open_string" (no
    closing quote on its line), "quoted" (in other quotes), "comment", "merge" (the line of a marker) or
    "stray" (one character).
    """

    kind: str
    start: int
    end: int


def read_token(text: str, offset: int) -> Token | None:
    """Return the first token from an offset on, None behind the last."""
    match = _TOKEN.match(text, offset)
    if match is None:
        return None
    kind = match.lastgroup or ""
    return Token(kind, match.start(kind), match.end())


def iter_tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text; between them is nothing but blanks."""
    offset = 0
    while (token := read_token(text, offset)) is not None:
        yield token
        offset = token.end


def is_cut_off(text: str, token: Token) -> bool:
    """Return whether the text ends before the token of a value does."""
    if token.end < len(text):
        return False
    word = text[token.start : token.end]
    return token.kind == "open_string" or (
        token.kind == "word"
        and word not in _LITERALS
        and (
            (_UNFINISHED_NUMBER.fullmatch(word) is not None and _NUMBER.fullmatch(word) is None)
            or any(literal.startswith(word) for literal in _LITERALS)
        )
    )


def find_value_fault(text: str, token: Token) -> TextFault | None:
    """Return what is wrong with the token of a value that is no list or object, None if nothing is."""
    start, end = token.start, token.end
    if token.kind in {"string", "open_string"}:
        return _find_string_fault(text, token)
    if token.kind == "quoted":
        message = f"{shorten_token(text[start:end])} is not in straight double quotes"
        return TextFault("json.syntax", start, end, message, _STRAIGHT_QUOTES_HINT)
    if token.kind != "word":
        return make_stray_fault(text, start)
    word = text[start:end]
    if _NUMBER.fullmatch(word):
        fault_parts = find_number_fault(word)
        return TextFault(fault_parts[0], start, end, *fault_parts[1:]) if fault_parts is not None else None
    return None if word in _LITERALS else _make_word_fault(word, start)


def _find_string_fault(text: str, token: Token) -> TextFault | None:
    if token.kind == "string" and _SOUND_STRING.fullmatch(text, token.start, token.end):
        return None
    content_end = token.end - (token.kind == "string")
    match = _SOUND_STRING_PART.match(text, token.start + 1, content_end)
    offset = match.end() if match is not None else token.start + 1
    if offset < content_end and text[offset] == "\\" and offset + 1 < token.end:
        return _make_escape_fault(text, offset)
    if offset < content_end and text[offset] < " ":
        char = text[offset]
        character_name = "a tab" if char == "\t" else f"control character U+{ord(char):04X}"
        message = f"{character_name} stands inside a string"
        # As an escape it would be no printable text either.
        hint = "write a blank in its place" if char == "\t" else "remove it"
        return TextFault("json.control-character", offset, offset + 1, message, hint)
    if token.kind == "string":
        return None
    message, hint = "the line ends inside a string", 'close the string with ", or write it on one line'
    return TextFault("json.control-character", token.end, token.end + 1, message, hint)


def _make_escape_fault(text: str, offset: int) -> TextFault:
    letter = text[offset + 1]
    if letter != "u":
        hint = "write \\\\ for a backslash" if letter != "'" else "write ' without a backslash"
        message = f"\\{letter} is no escape in json"
        return TextFault("json.syntax", offset, offset + 2, message, hint)
    if not _HEX_DIGITS.match(text, offset + 2):
        message = "\\u is not followed by four hex digits"
        return TextFault("json.syntax", offset, offset + 2, message, "write it as \\u00e9")
    half = "first" if text[offset + 3] in "89abAB" else "second"
    message = f"{text[offset : offset + 6]} is the {half} half of a pair without the other half"
    hint = "write the character itself, or both halves"
    return TextFault("json.lone-surrogate", offset, offset + 6, message, hint)


def _make_word_fault(word: str, start: int) -> TextFault:
    end = start + len(word)
    unsigned_word = word.lstrip("+-").lower()
    if unsigned_word in _NON_FINITE_WORDS:
        return TextFault("json.not-a-number", start, end, f"{word} is no number in json", _LEAVE_OUT_HINT)
    if unsigned_word in _LITERALS_BY_WORD or unsigned_word in _WORDS_FOR_NOTHING:
        literal = _LITERALS_BY_WORD.get(unsigned_word)
        hint = f"write {literal}" if literal else _LEAVE_OUT_HINT
        return TextFault("json.syntax", start, end, f"{shorten_token(word)} is no value in json", hint)
    if (number_text := _guess_number(word)) is not None:
        message = f"{shorten_token(word)} is not how json writes a number"
        hint = f"write {shorten_token(number_text)}" if number_text else ""
        return TextFault("json.syntax", start, end, message, hint)
    return TextFault("json.syntax", start, end, f"{shorten_token(word)} has no quotes", _STRAIGHT_QUOTES_HINT)


def _guess_number(word: str) -> str | None:
    """Return the number a word was meant for, "" if that is not plain, None if it is no number at all."""
    if word in {"-", "+"}:
        return ""
    if not re.match(r"[+\-\u2212]?\.?[0-9]", word):
        return None
    sign = "-" if word[0] in "-\u2212" else ""
    unsigned_word = word.lstrip("+-\u2212")
    if len(word) > TOKEN_EXCERPT_LENGTH or not re.fullmatch(
        r"[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?", unsigned_word
    ):
        return ""
    mantissa, exponent_mark, exponent = unsigned_word.replace("E", "e").partition("e")
    integer_part, point, fraction = mantissa.partition(".")
    integer_part = integer_part.lstrip("0") or "0"
    return sign + integer_part + (point + fraction if fraction else "") + exponent_mark + exponent


def is_invisible(char: str) -> bool:
    """Return whether a character looks like a blank or like nothing, as JSON's own blanks do, too."""
    return (
        char < " "
        or char == "\x7f"
        or (char > "\x7f" and (char.isspace() or unicodedata.category(char) == "Cf"))
    )


def make_stray_fault(text: str, offset: int) -> TextFault:
    """Make the fault of a character that has no place outside of strings."""
    char = text[offset]
    if char < " " or char == "\x7f":
        message = f"control character U+{ord(char):04X} stands outside of strings"
        return TextFault("json.control-character", offset, offset + 1, message, "remove it")
    if is_invisible(char):
        character_name = unicodedata.name(char, "character").lower()
        message = f"U+{ord(char):04X} ({character_name}) is no blank in json"
        return TextFault("json.syntax", offset, offset + 1, message, "replace it by a space")
    return TextFault("json.syntax", offset, offset + 1, f"{char!r} has no place here")


def shorten_token(token: str, max_length: int = TOKEN_EXCERPT_LENGTH) -> str:
    """Return a token for a message: on one line, and not too long."""
    one_line = " ".join(token[: 4 * max_length].split())
    if len(one_line) <= max_length and len(token) <= 4 * max_length:
        return one_line
    return f"{one_line[: max_length - 1]}…"
