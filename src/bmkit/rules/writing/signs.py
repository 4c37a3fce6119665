"""Signs in doses that are misread as other signs or as numbers: ratios, fractions, comparison signs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.dose_text import (
    DOSE_PATTERN,
    ISMP,
    REST_OF_DOSE_PATTERN,
    is_laboratory_value,
    take_text_before,
)
from bmkit.rules.derived.free_text import find_numbered_texts
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content

# Each pattern starts with its own character, as in numbers.py.
_RATIO_PATTERN = r"1(?<![\w:.,]1)\s?:\s?\d{1,3}(?:,?\d{3})+(?![\w:])"
_NON_STRENGTH_PATTERN = r"\btit(?:re|er)s?\b|\bscale\b|%"
_HALF_TABLET_PATTERN = (
    r"[1½](?<![\w/].)(?:(?<=1)/2|(?<=½))(?=\s(?:of\s)?(?:an?\s)?(?:tablet|capsule|pill)s?\b)"
)
_COMPARISON_PATTERN = (
    r"([<>≤≥](?<![-=<>].)=?)\s?(\d[\d.,]*)"
    rf"(?:{REST_OF_DOSE_PATTERN}|\s?(%)|[\s-]?((?:minute|hour|day|week|month|year)s?|min|h)(?!\w))"
)
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
        yield place, f'half a tablet is written as "{match.group()}"', 'write "half a tablet"'


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
            yield place, f'"{match.group()}" uses a sign for "{words}"', f'write "{words}"'


def _is_about_administration(value: str, match: re.Match[str]) -> bool:
    """Return whether a sign stands before a dose, a share of one or a time of administration."""
    clause = re.split(r"[.;:]\s", take_text_before(value, match.start()))[-1]
    _, _, share, time = match.groups()
    if is_laboratory_value(value, *match.span(2)):
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
