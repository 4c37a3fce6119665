"""The numbers of an English text, in digits and in words, exactly; what may be none is not sound."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bmkit.errors import BmkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS = re.compile(r"(?:(?<![\w.])\.)?\d+(?:[.,·]\d+)*(?:[\u00a0\u2009\u202f]\d{3})*(?!\d)")
_PLAIN_NUMBER = re.compile(r"(?:0|[1-9]\d*)(?:[.·]\d+|,\d\d?)?|\.\d+")
_GROUPED_NUMBER = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d{0,2}(?:[\u00a0\u2009\u202f]\d{3})+")
_VULGAR_FRACTION = re.compile(r"(?:(?<!\d)(\d{1,9})\s?)?([½¼¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])")
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_SCALE = re.compile(rf"\s+({'|'.join(_SCALES)})\b", re.IGNORECASE)
_PARTS = {
    **dict.fromkeys(("half", "halves"), 2), **dict.fromkeys(("third", "thirds"), 3),
    **dict.fromkeys(("quarter", "quarters"), 4), **dict.fromkeys(("fifth", "fifths"), 5),
    **dict.fromkeys(("sixth", "sixths"), 6), **dict.fromkeys(("eighth", "eighths"), 8),
    **dict.fromkeys(("tenth", "tenths"), 10),
}  # fmt: skip
_COUNT_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine")
_COUNTS = {name: count for count, name in enumerate(_COUNT_WORDS, 2)}
_FRACTION = re.compile(
    rf"(?:\b(?P<count>an?|one|{'|'.join(_COUNTS)})[\s-]+)?\b(?P<part>{'|'.join(_PARTS)})\b", re.IGNORECASE
)
_NOT_A_HALF = re.compile(r"(?:first|second|other|latter|better)\s+\Z", re.IGNORECASE)
_AND_A_HALF = re.compile(r"\s+and\s+a\s+half\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+|\S")
_NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|fou?rty|fifty|"
    r"sixty|seventy|eighty|ninety|hundred|thousand|million|billion|zero|nought|\w+t?h|first|second|third)",
    re.IGNORECASE,
)
_VAGUE_WORDS = frozenset(
    ("hundreds", "thousands", "millions", "billions", "oh", "o", "tens", "nil", "seconds")
)
_VAGUE_START = re.compile(r"\b(?:several|half a|few|many|some|oh|point|minus)[\s-]+\Z", re.IGNORECASE)
_ONE_TIME = re.compile(
    r"(?<!half )(?<!quarter of )(?<!third of )\b(?:an?|another)\s+"
    r"(?=(?:second|minute|hour|day|week|month|year)s?\b)",
    re.IGNORECASE,
)
# What is joined to a number in front or behind and makes something else of it: a name, a power, a part.
_OTHER_START = re.compile(r"(?:[^\W_]|[^\W\d_][-\u2010\u2011]|[.,/\\#$€£@^*_·:×]|[^\W\d_]\u2013|±\s*|×\s*)\Z")
_OTHER_END = re.compile(
    r"[/\\^*_²³⁰¹⁴-⁹⁻₀-₉+:]|\s*±|\s*[x×*]\s*\d|[-\u2010\u2011]?fold\b|\s+fold\b|\s?/\s?\d|[.,]\d"
)
_ORDINAL_END = re.compile(r"(?:st|nd|rd|th)\b")
_LABELS = (
    "table|figure|fig|page|p|pp|section|chapter|grade|stage|phase|type|class|group|arm|cycle|cohort|level|line|day|"
    "week|month|year|visit|step|no|nr|number|version|v|ref|reference|appendix|study|protocol|item|question|"
    "lot|batch|code|room|edition|vol|volume|issue|tel|fax|article|chapter|rule|schedule|generation|factor"
)
_LABEL = re.compile(rf"\b(?:{_LABELS})\.?\s*\Z", re.IGNORECASE)
# In small letters "may" and "march" are verbs.
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_MONTH_START = re.compile(rf"\b(?:{_MONTHS})[a-z]*\.?\s*\Z")
_MONTH_END = re.compile(rf"(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})[a-z]*\b")
_MARKER_START, _MARKER_END = re.compile(r"\[[^\[\]]{0,40}\Z"), re.compile(r"[^\[\]]{0,40}\]")
_PRONOUN_START = re.compile(r"\b(?:no|any|every|the|this|that|which|some|each|only)[\s-]+\Z", re.IGNORECASE)
_PRONOUN_END = re.compile(
    r"\s+(?:of|another|should|must|can|may|might|could|would|will|is|was|has|who|that|needs?|day)\b|['\u2019]",
    re.IGNORECASE,
)
_WINDOW = 48
_MAX_PIECE = 4000
_PIECE_ENDS = ("\n\n", ".\n", ". ", "\n", " ")


class ReaderError(BmkitError):
    """A text that cannot be read; the message is one line."""


class Number(NamedTuple):
    """A number of a text, from `start` to `end`; `kind` is "digits", "words" or "article" ("an hour").

    One that is not sound is part of something else, or may be: a date, a name, a power, a vague word.
    """

    start: int
    end: int
    value: Fraction
    kind: str = "digits"
    is_ordinal: bool = False
    is_sound: bool = True


def split_pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield a text in pieces of some paragraphs or sentences, each with its start.

    What is read of a piece is searched for neighbours: pieces keep that linear, whatever the text is.
    """
    start = 0
    while start < len(text):
        end = start + _MAX_PIECE
        if end < len(text):
            for mark in _PIECE_ENDS:
                position = text.rfind(mark, start, end)
                if position >= start:
                    end = position + len(mark)
                    break
        yield start, text[start:end]
        start = end


def find_numbers(text: str) -> list[Number]:
    """Return the numbers of a text in its order; ReaderError if number words cannot be read.

    Ones in words that are no numbers ("one of the") are not sound.
    """
    found = [*_find_fractions(text), *_find_digits(text)]
    taken = [(number.start, number.end) for number in found]
    found += [
        number
        for number in (*_find_worded(text), *_find_single_times(text))
        if not any(number.start < end and start < number.end for start, end in taken)
    ]
    return sorted(found)


def _find_digits(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        before, after = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
        if before.endswith(tuple("½¼¾")) or _VULGAR_FRACTION.match(text, start):
            continue
        token = match.group()
        is_sound = True
        if _PLAIN_NUMBER.fullmatch(token):
            value = Fraction(re.sub("[,·]", ".", token))
        elif _GROUPED_NUMBER.fullmatch(token):
            value = Fraction(re.sub("[,\u00a0\u2009\u202f]", "", token))
        else:
            value, is_sound = Fraction(0), False
        is_ordinal = _ORDINAL_END.match(after) is not None
        if _OTHER_START.search(before) or _OTHER_END.match(after) or _is_label(before, after):
            is_sound = False
        scale = _SCALE.match(after)
        if scale is not None:
            value, end = value * _SCALES[scale[1].lower()], end + scale.end()
        half = _AND_A_HALF.match(text, end)
        if half is not None:
            value, end = value + Fraction(1, 2), half.end()
        yield Number(start, end, value, "digits", is_ordinal, is_sound)


def _is_label(before: str, after: str) -> bool:
    """Return whether digits are a name of something, part of a date, or a marker of a reference."""
    return bool(
        _LABEL.search(before)
        or _MONTH_START.search(before)
        or _MONTH_END.match(after)
        or (_MARKER_START.search(before) and _MARKER_END.match(after))
        or (before.endswith("(") and after.startswith(")"))
    )


def _find_fractions(text: str) -> Iterator[Number]:
    for match in _VULGAR_FRACTION.finditer(text):
        value = Fraction(unicodedata.numeric(match[2])).limit_denominator(10) + int(match[1] or 0)
        before, after = text[max(0, match.start() - _WINDOW) : match.start()], text[match.end() :][:_WINDOW]
        is_sound = not (_OTHER_START.search(before) or _OTHER_END.match(after) or after[:1].isdigit())
        yield Number(*match.span(), value, "digits", is_sound=is_sound)
    for match in _FRACTION.finditer(text):
        count_word, part = (match["count"] or "").lower(), match["part"].lower()
        before, after = text[max(0, match.start() - _WINDOW) : match.start()], text[match.end() :][:_WINDOW]
        count = _COUNTS.get(count_word, 1)
        is_single = not part.endswith(("s", "lves"))
        is_half = _PARTS[part] == 2  # noqa: PLR2004  a half has no ordinal
        # "A third of" is a fraction, "a third dose" is none.
        is_fraction = (count == 1) is is_single and (
            is_half or count > 1 or (count_word and (count_word == "one" or re.match(r"\s+of\b", after)))
        )
        if is_fraction:
            is_sound = not (
                (is_half and _NOT_A_HALF.search(before))
                or re.search(r"[\w.,]\Z|\d\s+\Z|-\Z", before)
                or re.match(
                    r"[-\u2010\u2011](?!hour|day|year)|\w|\s+an?\s+(?:hundred|thousand|million)", after
                )
                or _OTHER_END.match(after)
            )
            if not (is_half and re.search(r"\band\s+\Z", before, re.IGNORECASE)):
                yield Number(*match.span(), Fraction(count, _PARTS[part]), "words", is_sound=is_sound)


class _WordToken:
    """A word in the form that the reader of number words takes, whose names of methods these are."""

    __slots__ = ("_word",)

    def __init__(self, word: str) -> None:
        self._word = word

    def text(self) -> str:
        """Return the word."""
        return self._word

    def nt_separated(self, _: object) -> bool:
        """Return whether more than a blank parts it from the word before."""
        return False

    def not_a_number_part(self) -> bool:
        """Return whether it is no number, whatever it looks like."""
        return self._word.lower() in _VAGUE_WORDS


def _find_worded(text: str) -> Iterator[Number]:
    """Yield the numbers in words; the library that reads them is asked only where there can be some."""
    if _NUMBER_WORD.search(text) is None:
        return
    try:
        from text_to_num import find_numbers as find_number_words
    except ImportError:
        raise ReaderError("number words cannot be read without: pip install bmkit[source]") from None
    matches = list(_WORD.finditer(text))
    tokens = [_WordToken(match.group()) for match in matches]
    for found in find_number_words(tokens, "en", 0):
        start, end = matches[found.start].start(), matches[found.end - 1].end()
        digits = re.match(r"\d+(?:\.\d+)?", found.text)
        words = text[start:end].lower()
        if digits is None or not words[0].isalpha():
            continue
        before, after = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
        is_sound = not (
            _OTHER_START.search(before)
            or _OTHER_END.match(after)
            or _LABEL.search(before)
            or _VAGUE_START.search(before)
            or (words == "one" and (_PRONOUN_START.search(before) or _PRONOUN_END.match(after)))
        )
        value = Fraction(digits.group())
        half = _AND_A_HALF.match(text, end)
        if half is not None:
            value, end = value + Fraction(1, 2), half.end()
        yield Number(start, end, value, "words", found.is_ordinal, is_sound)


def _find_single_times(text: str) -> Iterator[Number]:
    """Yield a 1 for each "an hour", "another year"."""
    for match in _ONE_TIME.finditer(text):
        yield Number(match.start(), match.end(), Fraction(1), "article")
