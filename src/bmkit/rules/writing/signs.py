"""Signs in doses that are misread as other signs or as numbers: ratios, fractions, comparison signs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.proposals import propose_value
from bmkit.rules.derived.dose_text import (
    DOSE_PATTERN,
    DOSE_UNIT_PATTERN,
    ISMP,
    REST_OF_DOSE_PATTERN,
    is_laboratory_value,
    take_text_before,
)
from bmkit.rules.derived.free_text import find_numbered_texts, select_own_texts
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content

# Each pattern starts with its own character, as in numbers.py.
_RATIO_PATTERN = r"1(?<![\w:.,]1)\s?:\s?\d{1,3}(?:,?\d{3})+(?![\w:])"
_NON_STRENGTH_PATTERN = (
    r"\b(?:tit(?:re|er)|scale|risk|odds|incidence|prevalence|birth|antibody|buffer)s?\b|\bantibodies\b|%"
)
_HALF_TABLET_PATTERN = (
    r"[1½](?<![\w/].)(?:(?<=1)/2|(?<=½))(?=\s(?:of\s)?(?:an?\s)?(?:tablet|capsule|pill|tab|cap)s?\b)"
)
_COMPARISON_PATTERN = (
    r"([<>≤≥](?<![-=<>].)=?)\s?(\d[\d.,]*)"
    rf"(?:{REST_OF_DOSE_PATTERN}|\s?(%)|[\s-]?((?:minute|hour|day|week|month|year)s?|min|h)(?!\w))"
)
# The ends of names of medicines, as of morphine and ketamine.
_MEDICINE_NAME = (
    r"[a-z]{3,}(?:ine|ole?|am|ide|ate|cin|cillin|mab|nib|pril|tan|statin|one|parin|profen|azole|platin|taxel)"
)
_JOINED_DOSES_PATTERN = (
    rf"(?:{DOSE_PATTERN}\s?([&+/])(?=\s?\d[\d.,]*\s?(?:mg|mcg|g|units?|mmol|tablets?|capsules?)(?!\w))"
    rf"|\b{_MEDICINE_NAME}\s([&+])(?=\s{_MEDICINE_NAME}\b))"
)
_AT_PATTERN = r"(?<!\S)(@)(?=\s?(?:\d|noon|midnight|bedtime))"
_HOUR_PATTERN = r"\b(?:q|every)\s?\d+\s?(°)(?!\s?[CF])"
_ZERO_PATTERN = rf"(?<!\w)([Φ∅])(?=\s?{DOSE_UNIT_PATTERN})"
_DRAM_PATTERN = r"(ʒ)(?=\s?\d)"
_WORDS_BY_MISREAD_SIGN = {
    "&": "and",
    "+": "and",
    "/": "and",
    "@": "at",
    "°": "hours",
    "Φ": "0",
    "∅": "0",
    "ʒ": "the amount in mL",
}
_ROMAN_NUMBER_PATTERN = r"(?<![\w.,-])([IVX]+)(?=\s(?:tablet|capsule|pill|drop|puff|ampoule|vial)s?\b)"
_CLOCK_PATTERN = r"\b[qQ]\s?(\d{1,2})\s?([AaPp]\.?[Mm])(?![\w-])"
_FOR_DAYS_PATTERN = rf"{DOSE_PATTERN}\s([x×]\s?(\d+)\s?d)(?!\w)"
# Words before and after the sign that make a time one of administration, and words that make it one of a
# life; a share is about a dose if it changes one or is the strength of a solution.
_ADMINISTRATION_PATTERN = (
    r"\b(?:infus|inject|administ|tablet|capsule|repeat)\w*"
    r"|\b(?:dos(?:es?|ed|ing|age)|giv(?:en?|es|ing)|tak(?:en?|es|ing)|every|intervals?|daily|once|twice)\b"
    rf"|{DOSE_PATTERN}"
)
_ADMINISTRATION_TIME_BEFORE = (
    r"\b(?:over|every|for|within|after|of|at|in|is|be|time|duration|intervals?|infus\w+|inject\w+)\s?\Z"
)
_LIFETIME_PATTERN = (
    r"\b(?:ag(?:es?|ed)|old|surviv\w*|li(?:ves?|ved|ving|fe)|follow\w*|relie\w+|last(?:s|ed|ing)?)\b"
)
_DOSE_INTERVAL_AFTER = r"\s(?:apart|infusions?|intervals?|between\s(?:\w+\s){0,2}(?:dos|infus|inject)\w+)\b"
_DOSE_CHANGE_BEFORE = (
    r"\bdos(?:es?|age)\b[^,]*\b(?:reduced|lowered|cut|increased|raised|changed)\s(?:by|to)\s?\Z"
)
_SOLUTION_AFTER = (
    r"\s(?:\w+\s)?(?:solution|infusion|injection|cream|gel|ointment|drops|saline|glucose|dextrose)\b"
)
# What a body holds or loses is measured, and not given.
_MEASURED_BEFORE = (
    r"\b(?:urine|proteinuria|albuminuria|(?:prostate|tumou?r|residual|urine|lung|blood|brain)\s(?:volume|mass|weight))"
    r"\s\Z"
)
_WORDS_BY_SIGN = {
    "<": "below",
    ">": "above",
    "<=": "at most",
    ">=": "at least",
    "≤": "at most",
    "≥": "at least",
}


@rule(Severity.WARNING, source=ISMP)
def ratio(content: Content) -> Faults:
    """A strength is written as a ratio.

    1:1,000 and 1:10,000 look alike and differ by a factor of ten, and few people can convert them to
    milligrams.  Beside a local anaesthetic whose strength is a percentage a ratio is usual, and allowed.
    """
    for text, match in find_numbered_texts(content).iter_matches(_RATIO_PATTERN):
        if not re.search(_NON_STRENGTH_PATTERN, text.value):
            message = f'the strength "{match.group()}" is written as a ratio'
            yield (
                text.locate_words(*match.span()),
                message,
                'write the amount per volume, such as "1 mg per 10 mL"',
            )


@rule(Severity.WARNING, source=ISMP)
def half_tablet(content: Content) -> Faults:
    """Half a tablet is written as a fraction.

    1/2 tablet is misread as one or two tablets.
    """
    for text, match in find_numbered_texts(content).iter_matches(_HALF_TABLET_PATTERN):
        place = text.locate_words(*match.span())
        yield place, f'half a tablet is written as "{match.group()}"', propose_value("half a tablet")


@rule(Severity.WARNING, source=ISMP, fix='write "above", "below", "at least" or "at most"')
def comparison_sign(content: Content) -> Faults:
    """A text about doses has a comparison sign instead of words.

    < and > are mistaken for each other, and < 10 is misread as 40.  In the quantity of a field the comparator
    is shown to readers in words.  Ages, survival and shares of patients are not checked.
    """
    for text, match in find_numbered_texts(content).iter_matches(_COMPARISON_PATTERN):
        if _is_about_administration(text.value, match):
            place = text.locate_words(*match.span())
            words = _WORDS_BY_SIGN[match.group(1)]
            sign = text.locate_words(match.start(), match.start(2))
            hint = propose_value(f"{words} ", f'write "{words}"', place=sign)
            yield place, f'"{match.group()}" uses a sign for "{words}"', hint


@rule(Severity.WARNING, source=ISMP)
def misread_sign(content: Content) -> Faults:
    """A sign in a dose is misread as a digit.

    25 units/10 units was read as 110 units, @ as 2, & as 2, + as 4, the ° of an hour as 0, and Φ as 4 or 9.
    """
    texts = select_own_texts(content, _has_misread_sign)
    for pattern in (_JOINED_DOSES_PATTERN, _AT_PATTERN, _HOUR_PATTERN, _ZERO_PATTERN, _DRAM_PATTERN):
        for text, match in texts.iter_matches(pattern):
            group = match.lastindex or 0
            sign = match.group(group)
            words = _WORDS_BY_MISREAD_SIGN[sign]
            place, message = text.locate_words(*match.span(group)), f'"{sign}" is misread as a digit'
            hint = f'write "{words}"'
            if words.isalnum():
                yield place, message, propose_value(_set_apart(words, text.value, *match.span(group)), hint)
            else:
                yield place, message, hint


@rule(Severity.WARNING, source=ISMP, fix="write the number in digits")
def roman_number(content: Content) -> Faults:
    """A number of tablets, drops or vials is a Roman one.

    V is read as a letter or as 10.
    """
    for text, match in select_own_texts(content, _has_roman_digit).iter_matches(_ROMAN_NUMBER_PATTERN):
        message = f'"{match.group(1)}" is a Roman number'
        yield text.locate_words(*match.span(1)), message, "write the number in digits"


@rule(Severity.WARNING, source=ISMP)
def clock_time(content: Content) -> Faults:
    """A time of the day follows a q, or a number of days an x.

    q6PM, at six in the evening, is read as every 6 hours; x3d, for three days, as three doses.
    """
    for text, match in find_numbered_texts(content).iter_matches(_CLOCK_PATTERN):
        hour, half = match.groups()
        hint = propose_value(f"daily at {hour} {half.replace('.', '').upper()}")
        yield text.locate_words(*match.span()), f'"{match.group()}" is misread as every {hour} hours', hint
    for text, match in find_numbered_texts(content).iter_matches(_FOR_DAYS_PATTERN):
        days = match.group(2)
        message = f'"{match.group(1)}" is misread as {days} doses'
        yield text.locate_words(*match.span(1)), message, propose_value(f"for {days} days")


def _set_apart(words: str, text: str, start: int, end: int) -> str:
    """Return words that stand in a text from start to end, with blanks where there are none; not a digit."""
    if words.isdecimal():
        return words
    before = "" if text[:start].endswith(" ") else " "
    after = "" if text[end:].startswith(" ") else " "
    return f"{before}{words}{after}"


def _has_misread_sign(text: str) -> bool:
    return not set("&+/@°Φ∅ʒ").isdisjoint(text)


def _has_roman_digit(text: str) -> bool:
    return not set("IVX").isdisjoint(text)


def _is_about_administration(value: str, match: re.Match[str]) -> bool:
    """Return whether a sign stands before a dose, a share of one or a time of administration."""
    clause = re.split(r"[.;:]\s", take_text_before(value, match.start()))[-1]
    _, _, share, time = match.groups()
    if is_laboratory_value(value, *match.span(2)) or re.search(_MEASURED_BEFORE, clause):
        return False
    if share:
        return bool(
            re.search(_DOSE_CHANGE_BEFORE, clause) or re.compile(_SOLUTION_AFTER).match(value, match.end())
        )
    if not time or re.compile(_DOSE_INTERVAL_AFTER).match(value, match.end()):
        return True
    administration_ends = [
        administration_match.end() for administration_match in re.finditer(_ADMINISTRATION_PATTERN, clause)
    ]
    return bool(
        administration_ends
        and re.search(_ADMINISTRATION_TIME_BEFORE, clause)
        and not re.search(_LIFETIME_PATTERN, clause[administration_ends[-1] :])
    )
