"""The unit that stands behind a number in a text, as a UCUM code; none if what follows makes it another."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from bmkit.ucum.dimensions import name_dimension, read_dimensions
from bmkit.ucum.names import map_unit_names, split_at_slashes

TIME_WORDS = {
    "hour": "h",
    "day": "d",
    "week": "wk",
    "month": "mo",
    "year": "a",
    "minute": "min",
    "second": "s",
}
ADVERBS = {
    "hourly": "h", "daily": "d", "weekly": "wk", "monthly": "mo", "yearly": "a", "annually": "a",
}  # fmt: skip
_TIME = rf"(?P<time>{'|'.join(TIME_WORDS)})"
RATE = rf"\s+(?:a|an|per|each|every|(?:during|in)\s+(?:the|a|one))\s+{_TIME}\b"
# Letters that stand for too much in a running text.
_LONE_LETTERS = frozenset("gLlhsU")
_MORE_NAMES = {
    "ml": "mL", "l": "L", "dl": "dL", "µg": "ug", "μg": "ug", "µL": "uL", "µl": "uL", "‰": "[ppth]",
    "units": "U", "unit": "U", "I.U.": "[iU]", "IU": "[iU]", "international units": "[iU]",
    "mins": "min", "hrs": "h", "yrs": "a", "mths": "mo", "secs": "s",
    "mm Hg": "mm[Hg]", "cm H2O": "cm[H2O]", "cmH2O": "cm[H2O]",
}  # fmt: skip
_UNREAD_NAMES = frozenset(("cc", "deg", "1", "point", "people", "person", "application", "w"))
_MIN_PLAIN_WORD = 4
# Small figures behind a word or % are markers of references; behind a symbol they are powers.
_MARKERS = "⁰¹²³⁴-⁹"
_DENOMINATOR = r"\s*/\s*|\s+per\s+"
_BODY = r"(?:\s+(?:of\s+)?(?:body[\s-]?(?:weight|surface(?:\s+area)?)|bw|bsa))?"
_ARTICLE = re.compile(r"(?:\s+of)?\s+an?(?=\s)", re.IGNORECASE)
_BROKEN_END = re.compile(
    r"\s*[/^*×±]|\s+(?:per|to the power)\b|[-\u2010\u2011]?(?![⁰¹²³⁴-⁹])\w|[-\u2010\u2011](?!\s)\S"
    r"|\s+(?:points?|pts|increments?|of\s+(?:\w+\s+){0,2}\w+\s*/)|\s+(?:\w+\s+){1,3}(?:per|/)\s",
    re.IGNORECASE,
)
_OF_SUBSTANCE = re.compile(rf"\s+of(?:\s+[\w-]+){{1,4}}?(?={RATE})", re.IGNORECASE)
_PER_DOSE = re.compile(rf"(?:{_DENOMINATOR})(?:dose|administration|injection|infusion)\b", re.IGNORECASE)
_EVERY_ELSE = re.compile(r"\s+(?:every|each)\s+(?!(?:an?\s+)?(?:\d|other\b))(?P<word>\w+)", re.IGNORECASE)


class StatedUnit(NamedTuple):
    """A unit that was read up to `end`; `code` is "" if it could not be, or is part of something else."""

    code: str
    end: int


def read_unit(text: str, start: int, *, of_fraction: bool = False) -> StatedUnit | None:
    """Return the unit that stands at `start` of a text, behind a number; None if no unit stands there.

    Behind a fraction "half an hour" has one, too.
    """
    patterns = _compile_unit_patterns()
    article = _ARTICLE.match(text, start) if of_fraction else None
    match = patterns.first.match(text, article.end() if article else start)
    if match is None:
        return None
    code, end = _find_code(match["unit"]), match.end()
    while (further := patterns.further.match(text, end)) is not None:
        code, end = f"{code}/{_find_code(further['unit'])}", further.end()
    end = dose.end() if (dose := _PER_DOSE.match(text, end)) else end
    window = text[end : end + 80]
    substance = _OF_SUBSTANCE.match(window)
    rate = re.match(rf"(?:{RATE})", window[substance.end() if substance else 0 :], re.IGNORECASE)
    adverb = re.match(rf"\s+({'|'.join(ADVERBS)})\b", window, re.IGNORECASE)
    if rate is not None:
        code = f"{code}/{TIME_WORDS[rate['time'].lower()]}"
        end += (substance.end() if substance else 0) + rate.end()
    elif adverb is not None:
        code, end = f"{code}/{ADVERBS[adverb[1].lower()]}", end + adverb.end()
    is_known = bool(name_dimension(code)) or code == "1"
    is_broken = _BROKEN_END.match(text, end) is not None or _is_every_else(text, end)
    return StatedUnit(code if is_known and not is_broken else "", end)


def _is_every_else(text: str, end: int) -> bool:
    """Return whether "every" stands there with something that is no number: how often is then not read."""
    match = _EVERY_ELSE.match(text, end)
    if match is None:
        return False
    from bmkit.source_text.numbers import find_numbers

    word_start = match.start("word")
    return not any(number.start == 0 for number in find_numbers(text[word_start : word_start + 40]))


class _UnitPatterns(NamedTuple):
    first: re.Pattern[str]
    further: re.Pattern[str]


@cache
def _map_names() -> dict[str, str]:
    """Return the names of all units without a slash, plurals too, with their codes."""
    parts = [part for code in read_dimensions().names_by_code for part in split_at_slashes(code)]
    codes = [code for code in dict.fromkeys(parts) if code and "(" not in code]
    names = {code: code for code in codes if "{" not in code and "[" not in code} | map_unit_names(codes)
    names |= _MORE_NAMES
    plurals = {
        f"{name}s": code
        for name, code in names.items()
        if len(name) >= _MIN_PLAIN_WORD and name[-1].isalpha()
    }
    names = plurals | names
    return {
        name: code
        for name, code in names.items()
        if name not in _UNREAD_NAMES and (len(name) > 1 or name in _LONE_LETTERS or not name.isalpha())
    }


@cache
def _map_folded_names() -> dict[str, str]:
    return {_fold(name): code for name, code in _map_names().items() if len(name) >= _MIN_PLAIN_WORD}


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


@cache
def _find_code(name: str) -> str:
    plain = " ".join(name.split()).replace("° ", "°")
    return _map_names().get(plain) or _map_folded_names()[_fold(plain)]


@cache
def _compile_unit_patterns() -> _UnitPatterns:
    def join_names(names: list[str]) -> str:
        spaced = [re.escape(name).replace(r"\ ", r"\s+").replace("°", r"°\s?") for name in names]
        return "|".join(sorted(spaced, key=len, reverse=True))

    names = list(_map_names())
    # Symbols are read letter by letter, as Mg is no mg; whole words in any case.
    words = join_names([name for name in names if len(name) >= _MIN_PLAIN_WORD])
    symbols = join_names([name for name in names if len(name) < _MIN_PLAIN_WORD])
    unit = rf"(?P<unit>(?:(?i:{words})|%)(?!(?![{_MARKERS}])\w)|(?:{symbols})(?![^\W_]))"
    return _UnitPatterns(
        re.compile(rf"[\s\u2010\u2011-]{{0,2}}{unit}"),
        re.compile(rf"{_BODY}(?:{_DENOMINATOR})(?:an?\s+)?{unit}{_BODY}"),
    )
