"""What is wrong with a single string, number or word of a JSON text, and where it probably ends."""

from __future__ import annotations

import re

from bmkit.jsontext.blanks import MOST_SHOWN, shown, stray
from bmkit.jsontext.errors import MOST, Fault
from bmkit.jsontext.numbers import number_fault

# Possessive: a string of a million escapes must not pile up as many ways back.
_PLAIN = re.compile(r'(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt])*+')
_WORD = re.compile(r"""[^\s,:;=|\[\]{}"'/#]+""")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_UNFINISHED = re.compile(r"-?(?:(?:0|[1-9][0-9]*)(?:\.|(?:\.[0-9]+)?[eE][+-]?)?)?")
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_FIRST = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}")
_SECOND = re.compile(r"\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_ESCAPES = frozenset('"\\/bfnrt')
_CONSTANTS = frozenset({"nan", "infinity", "inf"})
_LITERALS = ("true", "false", "null")
_MEANT = {
    "true": "true", "false": "false", "null": "null", "none": "null",
    "undefined": "null", "nil": "null", "yes": "true", "no": "false",
}  # fmt: skip
_QUOTES = {"'": "'", "`": "`", "“": "”", "”": "”", "„": "“", "‘": "’", "’": "’", "«": "»"}  # noqa: RUF001
_STRAIGHT = 'put it into straight double quotes: "…"'

CUT = -1
"""The end of a token that the end of the text cuts off."""

LOST = -2
"""The end of a token behind which nothing can be trusted any more."""


def string_end(text: str, start: int, faults: list[Fault]) -> int:
    """Give the offset behind the string that starts at `start`, or CUT or LOST; adds its faults."""
    at = start + 1
    while True:
        match = _PLAIN.match(text, at)
        at = match.end() if match is not None else at
        if at >= len(text):
            return CUT
        if len(faults) >= MOST:
            return LOST
        char = text[at]
        if char == '"':
            return at + 1
        if char == "\\":
            at = _escape_end(text, at, faults)
            if at < 0:
                return at
            continue
        faults.append(_control(char, at))
        if char in "\r\n":
            # Most likely the closing quote is missing: what follows would be read inside out.
            return LOST
        at += 1


def _control(char: str, at: int) -> Fault:
    if char in "\r\n":
        hint = 'close the string with ", or write \\n for a line end'
        return Fault("json.control-character", at, at + 1, "the line ends inside a string", hint)
    name = "a tab" if char == "\t" else f"control character U+{ord(char):04X}"
    written = "\\t" if char == "\t" else f"\\u{ord(char):04x}"
    return Fault(
        "json.control-character",
        at,
        at + 1,
        f"{name} stands inside a string",
        f"remove it, or write {written}",
    )


def _escape_end(text: str, at: int, faults: list[Fault]) -> int:
    kind = text[at + 1 : at + 2]
    if kind in _ESCAPES or not kind:
        return at + 2 if kind else CUT
    if kind != "u":
        hint = "write \\\\ for a backslash" if kind != "'" else "write ' without a backslash"
        faults.append(Fault("json.syntax", at, at + 2, f"\\{kind} is no escape in json", hint))
        return at + 1 if kind < " " else at + 2
    if not _HEX.match(text, at + 2):
        if at + 6 > len(text) and '"' not in text[at:]:
            return CUT
        faults.append(
            Fault("json.syntax", at, at + 2, "\\u is not followed by four hex digits", "write it as \\u00e9")
        )
        return at + 2
    first = _FIRST.match(text, at) is not None
    if first and _SECOND.match(text, at + 6):
        return at + 12
    if first or _SECOND.match(text, at):
        half = "first" if first else "second"
        faults.append(
            Fault(
                "json.lone-surrogate",
                at,
                at + 6,
                f"{text[at : at + 6]} is the {half} half of a pair without the other half",
                "write the character itself, or both halves",
            )
        )
    return at + 6


def scalar_end(text: str, start: int, faults: list[Fault]) -> int:
    """Give the offset behind a value that is no list or object, or CUT or LOST; adds its faults."""
    char = text[start]
    if char == '"':
        return string_end(text, start, faults)
    if char in _QUOTES:
        return quoted_end(text, start, faults)
    match = _WORD.match(text, start)
    if match is None:
        faults.append(stray(text, start))
        return LOST
    return _word_end(text, match.group(), start, faults)


def _word_end(text: str, word: str, start: int, faults: list[Fault]) -> int:
    end = start + len(word)
    if _NUMBER.fullmatch(word):
        if (found := number_fault(word)) is not None:
            faults.append(Fault(found[0], start, end, *found[1:]))
        return end
    if word in _LITERALS:
        return end
    if end == len(text) and (_UNFINISHED.fullmatch(word) or any(name.startswith(word) for name in _LITERALS)):
        return CUT
    faults.append(_word_fault(word, start, end))
    return end


def _word_fault(word: str, start: int, end: int) -> Fault:
    plain = word.lstrip("+-").lower()
    if plain in _CONSTANTS:
        hint = "leave the field out if there is no value"
        return Fault("json.not-a-number", start, end, f"{word} is no number in json", hint)
    if plain in _MEANT:
        return Fault(
            "json.syntax", start, end, f"{shown(word)} is no value in json", f"write {_MEANT[plain]}"
        )
    if (meant := _number_meant(word)) is not None:
        message = f"{shown(word)} is not how json writes a number"
        return Fault("json.syntax", start, end, message, f"write {shown(meant)}" if meant else "")
    return Fault("json.syntax", start, end, f"{shown(word)} has no quotes", _STRAIGHT)


def _number_meant(word: str) -> str | None:
    """Give the number a token was meant for, "" if that is not plain, None if it is no number at all."""
    if word in {"-", "+"}:
        return ""
    if not re.match(r"[+\-\u2212]?\.?[0-9]", word):
        return None
    sign = "-" if word[0] in "-\u2212" else ""
    body = word.lstrip("+-\u2212")
    if re.fullmatch(r"[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?", body) and len(word) <= MOST_SHOWN:
        mantissa, mark, exponent = body.replace("E", "e").partition("e")
        whole, point, fraction = mantissa.partition(".")
        whole = whole.lstrip("0") or "0"
        return sign + whole + (point + fraction if fraction else "") + mark + exponent
    return ""


def quoted_end(text: str, start: int, faults: list[Fault]) -> int:
    """Give the offset behind a string in quotes that JSON does not know; adds the fault."""
    closer = _QUOTES[text[start]]
    line_end = re.compile(r"[\r\n]|\Z").search(text, start)
    last = line_end.start() if line_end is not None else len(text)
    close = min(
        (at for at in (text.find(closer, start + 1, last), text.find('"', start + 1, last)) if at > 0),
        default=-1,
    )
    end = close + 1 if close > 0 else last
    faults.append(
        Fault(
            "json.syntax", start, end, f"{shown(text[start:end])} is not in straight double quotes", _STRAIGHT
        )
    )
    return end if close > 0 else LOST


def is_quote(char: str) -> bool:
    """Tell whether a character is a quote that JSON does not know."""
    return char in _QUOTES


def word_end(text: str, start: int) -> int:
    """Give the end of the run of characters that stands where a word might; `start` if there is none."""
    match = _WORD.match(text, start)
    return match.end() if match is not None else start
