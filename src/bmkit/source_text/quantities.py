"""The quantities that a text states: numbers with unit, comparator, range, rate; what is in doubt is unread.

Clauses count: a quantity of a clause with "not" is one that is denied.  Alternatives, corrections and changes
("4 mg or 8 mg", "reduced from 8 to 4 mg") state none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bmkit.source_text.numbers import find_numbers, split_pieces
from bmkit.source_text.units import ADVERBS, RATE, TIME_WORDS, read_unit
from bmkit.ucum.dimensions import convert_between, name_dimension, share_dimension

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.source_text.numbers import Number

_WINDOW = 100
_FILLER = r"(?:\s+(?:an?|the|about|approximately|total|of|first|last|next|daily|dose|aged?))*[\s(]*"
_GREATER = (
    r"(?:more|greater|higher|larger|longer|older|later)\s+than|over|above|exceed(?:s|ed|ing)?|"
    r"in\s+excess\s+of|beyond|>"
)
_LESS = r"(?:less|fewer|lower|smaller|shorter|younger|earlier)\s+than|below|under|<"
_OR_EQUAL = r"\s+or\s+equal\s+to|="
_AT_MOST = r"at\s+(?:the\s+)?most|up\s+to|(?:a\s+)?max(?:imum|\.)?(?:\s+of)?|≤|⩽|=<|within|not\s+to\s+exceed"
_AT_LEAST = r"at\s+(?:the\s+)?least|(?:a\s+)?min(?:imum|\.)(?:\s+of)?|≥|⩾|=>"
_ABOUT = r"about|around|approximately|approx\.?|(?-i:ca\.?)|circa|roughly|some|nearly|almost|~|≈|≃|close\s+to"
_BEFORE = re.compile(
    rf"(?:(?:(?<![\w-])(?=\w)|(?=[<>=~≤≥⩽⩾≈≃]))(?:(?P<greater>{_GREATER})(?P<greater_equal>{_OR_EQUAL})?|(?P<less>{_LESS})(?P<less_equal>{_OR_EQUAL})?"
    rf"|(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST})|(?P<about>{_ABOUT}))"
    rf"|(?:\b(?P<upper>max(?:imum|imal))|\b(?P<lower>min(?:imum|imal)))\b[^.;:]{{0,80}}?(?:\b(?:is|are|be)|:)){_FILLER}\Z",
    re.IGNORECASE,
)
_UNREAD_BEFORE = re.compile(
    r"(?:\bas\s+\w+\s+as|\b(?:twice|double|triple|thrice|plus|minus|times|multiplied\s+by|divided\s+by|(?:other|rather)\s+than|instead\s+of|except|"
    r"factor\s+of|odds\s+of|nor|every\s+other)|[±×*/^]|\b(?:in|of)\s+every|\bx)\s*\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s*,?\s*(?:\(?(?:(?P<least>(?:or|and)\s+(?:more|greater|higher|above|over|older|longer|later)|at\s+(?:the\s+)?least|min(?:imum)?)"
    r"|(?P<most>(?:or|and)\s+(?:less|fewer|lower|below|under|younger|shorter|earlier)|at\s+(?:the\s+)?most|max(?:imum)?))\b)",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not(?!\s+only\b)|never|cannot|\w+n['\u2019]t|neither|contraindicated|prohibited|forbidden|avoid(?:ed|ing)?)\b",
    re.IGNORECASE,
)
_ADJACENT_NEGATION = re.compile(
    r"\b(?P<word>not|never|no|cannot|\w+n['\u2019]t)(?P<between>(?:\s+[\w-]+){0,3})\s*\Z", re.IGNORECASE
)
_CLAUSE_END = re.compile(
    r"[.,](?!\d)|[;:!?()\[\]\n]|\s[-\u2013\u2014]\s(?!\s*[+\d])"
    r"|\b(?:but|however|although|though|whereas|while|unless|except|instead\s+of|rather\s+than)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?](?!\d)\s*|\n")
_RANGE_GAP = re.compile(r"\s*(?:[-\u2010\u2011\u2013\u2014\u2212]|to|through)\s*\+?\s*", re.IGNORECASE)
_PAIR_GAP = re.compile(r"\s+and\s+\+?\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+\+?\Z", re.IGNORECASE)
_CHOICE_GAP = re.compile(
    r"\s*[,(]?\s*(?:(?:and\s*/\s*)?or|vs\.?|versus|/|\|)(?:\s+[a-z]+){0,2}\s*", re.IGNORECASE
)
_LIST_GAP = re.compile(r"\s*(?:,|,?\s*and)\s*", re.IGNORECASE)
_BLANK_GAP = re.compile(r"\s*(?:-\s*|\s+-)?")
_IN_GAP = re.compile(r"\s+(?:in|out\s+of|per)\s+(?:every\s+)?", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:increas|rais|chang|ris(?:e|ing)|rose|titrat|switch|improv|escalat|correct|erratum|convert|random)\w*"
    r"|\bratio\s+of\b",
    re.IGNORECASE,
)
_FREQUENCY = re.compile(rf"\s+times?(?:(?P<rate>{RATE})|\s+(?P<adverb>{'|'.join(ADVERBS)})\b)", re.IGNORECASE)
_ONCE = re.compile(
    rf"\b(?P<count>once|twice|thrice)(?:(?P<rate>{RATE})|[\s-]+(?P<adverb>{'|'.join(ADVERBS)})\b)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"\b(?:(?P<adverb>{'|'.join(ADVERBS)})"
    rf"|(?:every\s+(?:other|second)|on\s+alternate)\s+(?P<second_time>{'|'.join(TIME_WORDS)})s?"
    rf"|(?:every|each)\s+(?P<time>{'|'.join(TIME_WORDS)}))\b",
    re.IGNORECASE,
)
_ONCE_COUNTS = {"once": 1, "twice": 2, "thrice": 3}
_DAILY_DOSE = re.compile(
    r"\b(?P<adverb>daily|weekly|monthly)\b(?:\s+[\w-]+){0,3}?\s+(?:dose|dosage|amount|intake)\b",
    re.IGNORECASE,
)
_GIVING = re.compile(
    r"\b(?:giv|infus|administ|inject|last|spread|deliver)\w*\b[^.;]*\Z|^(?:a\s+)?(?:period|course)\b",
    re.IGNORECASE,
)
_OPPOSITE = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
_NAME_START = re.compile(r"(?:\b[A-Z][\w-]*|\b\w*[A-Z]\w*)\s\Z")
_OPENING = re.compile(r"(?:^|[.!?\n]\s+)(?:In|At|For|All|Of|The|After|About|With|Over|Give|Only)\s\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Quantity(NamedTuple):
    """What a text states from `start` to `end`: `low` to `high` of `unit`, a UCUM code; "#" for an ordinal.

    A number without a unit has "1".  `is_denied` says that its clause has a "not" that is no part of the
    comparator.  What is unread has the unit "".
    """

    start: int
    end: int
    low: Fraction
    high: Fraction
    unit: str
    comparator: str = ""
    is_denied: bool = False


def read_quantities(text: str) -> tuple[list[Quantity], int]:
    """Return what a text states, in order, each number once, and how often it says "not"."""
    quantities: list[Quantity] = []
    negations = 0
    for offset, piece in split_pieces(text):
        reader = _QuantityReader(piece)
        quantities += (
            quantity._replace(start=quantity.start + offset, end=quantity.end + offset)
            for quantity in sorted([*reader.iter_quantities(), *reader.iter_frequencies()])
        )
        negations += reader.count_negations()
    return quantities, negations


class _Amount(NamedTuple):
    """A number with its unit, before it is known whether it is the end of a range.

    `counts` says that it can stand without a unit.
    """

    start: int
    end: int
    value: Fraction
    unit: str
    is_sound: bool
    is_ordinal: bool = False
    counts: bool = True


class _QuantityReader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._clause_ends = [0, *(match.end() for match in _CLAUSE_END.finditer(text)), len(text) + 1]
        self._negations = [match.span() for match in _NEGATION.finditer(text)]
        self._used_negations: set[int] = set()
        self._taken: list[tuple[int, int]] = []

    def count_negations(self) -> int:
        """Return how many negations belong to no comparator; to be asked last."""
        return sum(start not in self._used_negations for start, _ in self._negations)

    def iter_quantities(self) -> Iterator[Quantity]:
        """Yield a quantity for each number, or for two that are a range."""
        amounts: list[_Amount] = []
        for number in find_numbers(self._text):
            # A number in the unit of another is part of that.
            if not amounts or number.start >= amounts[-1].end:
                amounts.append(self._read_amount(number))
        drafts: list[tuple[Quantity, int]] = []
        index = 0
        while index < len(amounts):
            amount = amounts[index]
            upper = amounts[index + 1] if index + 1 < len(amounts) else None
            if upper is not None and self._is_range(amount, upper):
                drafts.append((self._make_range(amount, upper, amounts, index), 2))
                index += 2
            else:
                is_sound = amount.is_sound and amount.counts and not self._is_doubtful(amounts, index, index)
                unit = amount.unit if is_sound else ""
                drafts.append((Quantity(amount.start, amount.end, amount.value, amount.value, unit), 1))
                index += 1
        compared = [self._compare(quantity) for quantity, _ in drafts]
        for quantity in compared:
            if quantity.unit != "#":
                self._taken.append((quantity.start, quantity.end))
            yield self._add_day(quantity)._replace(is_denied=self._is_denied(quantity))

    def _read_amount(self, number: Number) -> _Amount:
        text, start, value = self._text, number.start, number.value
        before = text[max(0, start - 3) : start]
        sign = re.search(r"(?:^|[\s(~<>=≤≥])([-\u2212\u2013+])\Z", before)
        if sign is not None and number.kind == "digits":
            value, start = (value if sign[1] == "+" else -value), start - 1
        is_sound = number.is_sound and not (before.endswith(("-", "\u2212")) and sign is None and start == 0)
        if number.is_ordinal:
            end = number.end + 2 if number.kind == "digits" else number.end
            return _Amount(start, end, value, "#", is_sound, is_ordinal=True)
        frequency = _FREQUENCY.match(text, number.end)
        if frequency is not None:
            return _Amount(start, frequency.end(), value, f"/{_find_time(frequency)}", is_sound)
        hourly = re.match(r"[-\s]hourly\b", text[number.end : number.end + 8], re.IGNORECASE)
        if hourly is not None:
            return _Amount(start, number.end + hourly.end(), value, "h", is_sound)
        is_part = number.kind == "words" and value.denominator > 1
        stated = None
        if number.kind == "article":
            stated = read_unit(f" {text[number.end :][:_WINDOW]}", 0)
            end = number.end + (stated.end - 1 if stated else 0)
        else:
            stated = read_unit(text, number.end, of_fraction=is_part)
            end = stated.end if stated else number.end
        if stated is None:
            return _Amount(start, end, value, "1", is_sound, counts=self._counts(number))
        half = re.match(r"\s+and\s+a\s+half\b", text[end : end + 20], re.IGNORECASE)
        if half is not None:
            value, end = value + Fraction(1, 2), end + half.end()
        is_nuclide = text[number.end : end] == "m"
        return _Amount(start, end, value, stated.code, is_sound and bool(stated.code) and not is_nuclide)

    def _counts(self, number: Number) -> bool:
        """Return whether a number without a unit counts something, and is no name, year or the like."""
        text = self._text
        if re.match(r"[^\W\d]|\s*times\b", text[number.end : number.end + 12]):
            return False
        before = text[max(0, number.start - _WINDOW) : number.start]
        is_name = _NAME_START.search(before) is not None and _OPENING.search(before) is None
        is_year = _YEAR.fullmatch(text[number.start : number.end]) is not None
        return number.kind != "digits" or not (is_name or is_year)

    def _is_range(self, lower: _Amount, upper: _Amount) -> bool:
        gap = self._text[lower.end : upper.start]
        if lower.is_ordinal or upper.is_ordinal or len(gap) > _WINDOW:
            return False
        if _RANGE_GAP.fullmatch(gap):
            return True
        return _PAIR_GAP.fullmatch(gap) is not None and bool(_BETWEEN.search(self._cut_before(lower.start)))

    def _make_range(self, lower: _Amount, upper: _Amount, amounts: Sequence[_Amount], index: int) -> Quantity:
        low, unit = lower.value, upper.unit
        is_sound = lower.is_sound and upper.is_sound and not self._is_doubtful(amounts, index, index + 1)
        if lower.unit not in {"1", upper.unit}:
            if share_dimension(lower.unit, upper.unit):
                low = convert_between(low, lower.unit, upper.unit)
            else:
                is_sound = False
        if low >= upper.value or _CHANGE.search(self._cut_before(lower.start)):
            is_sound = False
        # "15-3" is a name as likely as a range.
        if unit == "1" and not (lower.counts and upper.counts):
            is_sound = False
        return Quantity(lower.start, upper.end, low, upper.value, unit if is_sound else "")

    def _is_doubtful(self, amounts: Sequence[_Amount], first: int, last: int) -> bool:
        """Return whether a number beside these makes alternatives, a list or a series of them."""
        text = self._text
        if _UNREAD_BEFORE.search(self._cut_before(amounts[first].start)):
            return True
        if last + 1 < len(amounts):
            follower = amounts[last + 1]
            gap = text[amounts[last].end : follower.start]
            if len(gap) <= _WINDOW and self._is_doubtful_gap(gap, amounts[last], follower):
                return True
            if amounts[last].unit == "1" and self._leads_to_unit(amounts, last):
                return True
        if first:
            previous = amounts[first - 1]
            gap = text[previous.end : amounts[first].start]
            if len(gap) <= _WINDOW and self._is_doubtful_gap(gap, previous, amounts[first]):
                return True
        return False

    def _leads_to_unit(self, amounts: Sequence[_Amount], index: int) -> bool:
        """Return whether a number is in a list whose last number has a unit: "4, 6 and 8 mg"."""
        for amount, follower in zip(amounts[index:], amounts[index + 1 :], strict=False):
            if not _LIST_GAP.fullmatch(self._text, amount.end, follower.start) or follower.unit == "#":
                return False
            if follower.unit != "1":
                return True
        return False

    def _is_doubtful_gap(self, gap: str, left: _Amount, right: _Amount) -> bool:
        if left.is_ordinal or right.is_ordinal:
            return False
        is_alike = share_units(left.unit, right.unit)
        return bool(
            (_CHOICE_GAP.fullmatch(gap) and is_alike)
            or (_BLANK_GAP.fullmatch(gap) and left.is_sound and right.is_sound)
            or (_RANGE_GAP.fullmatch(gap) and is_alike)
            or (_IN_GAP.fullmatch(gap) and left.unit == right.unit == "1")
        )

    def _compare(self, quantity: Quantity) -> Quantity:
        """Return the quantity with the comparator in front of it or behind; unread if that is in doubt."""
        before = self._cut_before(quantity.start)
        before = re.sub(r"\bfrom\s*\Z", "", before) if quantity.low != quantity.high else before
        match = _BEFORE.search(before)
        after = _AFTER.match(self._text, quantity.end)
        signs = {name: text for name, text in match.groupdict().items() if text} if match else {}
        sign = _select_sign(signs)
        behind = "" if after is None else ">=" if after["least"] else "<="
        if (sign and behind) or (quantity.low != quantity.high and behind):
            return quantity._replace(unit="")
        sign, end = sign or behind, after.end() if after and behind else quantity.end
        if not match or not signs or behind:
            return quantity._replace(comparator=sign, end=end)
        word = next(iter(signs.values())).lower()
        is_time = name_dimension(quantity.unit) == "time"
        if word == "over" and is_time:
            return self._compare_over(quantity, before[: match.start()])
        if word == "within" and not is_time:
            return quantity._replace(unit="")
        return self._negate_sign(quantity, sign, quantity.start - (len(before) - match.start()))

    def _compare_over(self, quantity: Quantity, before: str) -> Quantity:
        """Return a time behind "over": in the course of it, or more than that."""
        if _GIVING.search(before) or re.search(r"\bperiod\b", before):
            return quantity
        is_age = re.search(
            r"\b(?:aged?|patients?|people|persons?|adults?|women|men|those|anyone)\s*\Z",
            before,
            re.IGNORECASE,
        )
        return quantity._replace(comparator=">") if is_age else quantity._replace(unit="")

    def _negate_sign(self, quantity: Quantity, sign: str, start: int) -> Quantity:
        """Return the quantity with a sign, turned round by a "not" shortly before where it starts."""
        sentence_start = max(
            (match.end() for match in _SENTENCE_END.finditer(self._text, max(0, start - 200), start)),
            default=max(0, start - 200),
        )
        before = self._text[sentence_start:start]
        negation = _ADJACENT_NEGATION.search(before)
        if negation is not None:
            if sign not in {">", "<"}:
                return quantity._replace(unit="")
            self._used_negations.add(sentence_start + negation.start("word"))
            return quantity._replace(comparator=_OPPOSITE[sign])
        is_far = any(
            sentence_start <= position < start
            for position, _ in self._negations
            if position not in self._used_negations
        )
        exceeds = re.match(r"exceed\b", self._text[start : start + 8].strip(), re.IGNORECASE)
        return quantity._replace(unit="" if exceeds and is_far else quantity.unit, comparator=sign)

    def _cut_before(self, start: int) -> str:
        """Return what stands before a place in its sentence, as far as it matters."""
        window = self._text[max(0, start - _WINDOW) : start]
        ends = [match.end() for match in _SENTENCE_END.finditer(window)]
        return window[ends[-1] :] if ends else window

    def _add_day(self, quantity: Quantity) -> Quantity:
        """Return the amount of a "daily dose" as one per day."""
        match = _DAILY_DOSE.search(self._cut_before(quantity.start))
        daily_unit = f"{quantity.unit}/{ADVERBS[match['adverb'].lower()]}" if match else ""
        is_amount = quantity.unit not in {"", "1", "%", "#"} and name_dimension(quantity.unit) != "time"
        if is_amount and name_dimension(daily_unit):
            return quantity._replace(unit=daily_unit)
        return quantity

    def _is_denied(self, quantity: Quantity) -> bool:
        index = bisect_right(self._clause_ends, quantity.start)
        start, end = self._clause_ends[index - 1], self._clause_ends[index]
        return any(
            start <= position < end for position, _ in self._negations if position not in self._used_negations
        )

    def iter_frequencies(self) -> Iterator[Quantity]:
        """Yield how often something is, where that is said without a number: "twice daily", "every week"."""
        spans = list(self._taken)
        for match in _ONCE.finditer(self._text):
            spans.append(match.span())
            count = Fraction(_ONCE_COUNTS[match["count"].lower()])
            yield Quantity(*match.span(), count, count, f"/{_find_time(match)}")
        for match in _ALONE.finditer(self._text):
            if any(start < match.end() and match.start() < end for start, end in spans):
                continue
            if match["second_time"]:
                two = Fraction(2)
                yield Quantity(*match.span(), two, two, TIME_WORDS[match["second_time"].lower()])
            else:
                yield Quantity(*match.span(), Fraction(1), Fraction(1), f"/{_find_time(match)}")


def _find_time(match: re.Match[str]) -> str:
    if match["adverb"]:
        return ADVERBS[match["adverb"].lower()]
    return TIME_WORDS[match["time"].lower()]


def _select_sign(signs: dict[str, str]) -> str:
    if "greater" in signs:
        return ">=" if "greater_equal" in signs else ">"
    if "less" in signs:
        return "<=" if "less_equal" in signs else "<"
    if "most" in signs or "upper" in signs:
        return "<="
    if "least" in signs or "lower" in signs:
        return ">="
    return "about" if "about" in signs else ""


def share_units(code: str, other_code: str) -> bool:
    """Return whether two numbers may be of one thing: their units measure the same, or one has none."""
    return "1" in {code, other_code} or "" in {code, other_code} or share_dimension(code, other_code)
