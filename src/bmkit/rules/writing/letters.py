"""Letters that stand for units, routes, times or medicines, and are misread: a table says which and where."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.jsontext import parse_json
from bmkit.proposals import propose_value
from bmkit.rules.derived.dose_text import DOSE_PATTERN, ISMP
from bmkit.rules.derived.free_text import select_texts_with_words, split_words
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.free_text import FreeTexts

_TABLE_FILE = os.path.join(os.path.dirname(__file__), "error_prone.json")
_LETTERS = "LETTERS"
_SOLID = r"\b(?:tablets?|capsules?|pills?|doses?|infusions?|injections?|infused|injected)"
_BEHIND_DOSE = rf"(?:{DOSE_PATTERN}|{_SOLID})\s(?:(?:once|by\s(?:infusion|injection))\s)?{_LETTERS}(?![\w-])"
_BEFORE_DOSE = rf"(?<![\w.-])(?<!\bin\s){_LETTERS}\s{DOSE_PATTERN}"
_IS_GIVEN = r"(?:with|given|gives?|giving|tak(?:e|es|en|ing)|receiv(?:e|es|ed|ing)|start(?:ed)?)\s"
# Where letters are an abbreviation of a prescription, and not of something else.
_PATTERNS_BY_PLACE = {
    "anywhere": rf"(?<![\w.-]){_LETTERS}(?![\w-])",
    "unit": rf"(?:\d\s?|\d\s?[a-zA-Z]+\s?/\s?){_LETTERS}(?![\w-]|\.(?:[,;:)]|\s[a-z0-9(]))",
    "multiple": rf"\d\s?{_LETTERS}\s?(?:units?|IU)(?!\w)",
    "dose-unit": rf"\d\s?{_LETTERS}(?![\w/-]|\s?/|\sof\s(?:DNA|RNA|protein))",
    "old-unit": rf"(?:\d\s?{_LETTERS}(?![\w-])|(?<![\w.-]){_LETTERS}\s\d)",
    "sliding": (
        rf"(?:\b(?:insulin|glucose|sliding)\b[^.;]{{0,30}}?\s{_LETTERS}(?![\w-])"
        rf"|(?<![\w.-]){_LETTERS}\s(?:tablet|capsule|at\s(?:noon|bedtime))s?\b)"
    ),
    "drops": rf"\bdrops?\s(?:in\s(?:the\s)?)?{_LETTERS}(?![\w-])",
    "given": rf"(?:{DOSE_PATTERN}|\bgiven)\s{_LETTERS}(?![\w-])",
    "behind-dose": _BEHIND_DOSE,
    "behind-solid": rf"(?<!drop\s)(?<!drops\s)(?:{_BEHIND_DOSE})",
    "time": rf"(?:{_BEHIND_DOSE}|\bat\s{_LETTERS}(?![\w-]))",
    "drink": rf"\b(?:in|with)\s{_LETTERS}(?![\w-])",
    "medicine": (
        rf"(?:{_BEFORE_DOSE}|(?:{DOSE_PATTERN}\s(?:of\s)?|\b{_IS_GIVEN}){_LETTERS}(?![\w-])"
        rf"|(?<![^\x00]){_LETTERS}(?![^\x00]))"
    ),
    "acid": rf"(?:(?<![^\x00])|[.;:]\s|\b(?:of|give)\s){_LETTERS}\s{DOSE_PATTERN}",
    "drip": rf"(?<![\w.-]){_LETTERS}\s(?:drip|infusion|{DOSE_PATTERN})",
    "tablets": rf"(?:{_BEFORE_DOSE}|\btablets?\sof\s{_LETTERS}(?![\w-]))",
    "cream": rf"(?<![\w.-]){_LETTERS}\s(?:[\d.]+\s?%\s(?:cream|ointment)|cream|ointment|{DOSE_PATTERN})",
}


class ErrorProneLetters(NamedTuple):
    """An abbreviation of a prescription: what it stands for, and as what it has been read.

    `proposal` is what to write in its place, "" where it has been used for two things.  `place_name` says
    beside what it is that abbreviation, and not of something else.
    """

    written: list[str]
    meaning: str
    misreading: str
    proposal: str
    place_name: str

    def make_pattern(self) -> str:
        """Return the pattern whose group that took part is the letters."""
        letters = "|".join(map(re.escape, self.written))
        first_piece, *pieces = _PATTERNS_BY_PLACE[self.place_name].split(_LETTERS)
        return first_piece + "".join(
            f"(?P<letters_{index}>{letters}){piece}" for index, piece in enumerate(pieces)
        )


@cache
def read_error_prone_letters() -> dict[str, list[ErrorProneLetters]]:
    """Return the abbreviations of the table, by the name of the rule that finds them."""
    with open(_TABLE_FILE, "rb") as file:
        table = parse_json(file.read())
    return {
        rule_name: [
            ErrorProneLetters(
                entry["written"],
                entry["stands_for"],
                entry["misread"],
                entry.get("write", ""),
                entry["where"],
            )
            for entry in entries
        ]
        for rule_name, entries in table.items()
    }


@per_content
def _select_texts_with_letters(content: Content) -> FreeTexts:
    entries = [entry for entries in read_error_prone_letters().values() for entry in entries]
    words = frozenset(word for entry in entries for letters in entry.written for word in split_words(letters))
    return select_texts_with_words(content, words)


def _find_letters(content: Content, rule_name: str) -> Faults:
    texts = _select_texts_with_letters(content)
    for entry in read_error_prone_letters()[rule_name]:
        # A pattern costs a millisecond to compile.
        if not any(letters in texts.joined for letters in entry.written):
            continue
        for text, match in texts.iter_matches(entry.make_pattern()):
            start, end = match.span(match.lastgroup or 0)
            message = f'"{text.value[start:end]}" stands for {entry.meaning} and is misread as'
            in_full = "write what is meant in full"
            hint = propose_value(entry.proposal, otherwise=in_full) if entry.proposal else in_full
            yield text.locate_words(start, end), f"{message} {entry.misreading}", hint


@rule(Severity.WARNING, source=ISMP)
def unit_letters(content: Content) -> Faults:
    """A unit is abbreviated in a way that is misread as a digit or as another unit.

    The l of ml is read as the number 1, M as million by some and as thousand by others, and gr, a grain, as
    a gram.
    """
    yield from _find_letters(content, "unit-letters")


@rule(Severity.WARNING, source=ISMP)
def route_letters(content: Content) -> Faults:
    """The route of a dose is abbreviated in a way that is misread as another one.

    AD, the right ear, is read as OD, the right eye, IN as IM or IV, and OJ, orange juice, as an eye.
    """
    yield from _find_letters(content, "route-letters")


@rule(Severity.WARNING, source=ISMP)
def frequency_letters(content: Content) -> Faults:
    """How often a dose is given is abbreviated in a way that is misread.

    TIW, three times a week, is read as three times a day, BT, bedtime, as twice a day.
    """
    yield from _find_letters(content, "frequency-letters")


@rule(Severity.WARNING, source=ISMP)
def medicine_letters(content: Content) -> Faults:
    """The name of a medicine is abbreviated.

    MTX has been misread as mitoxantrone, AZT as azathioprine, HCTZ as hydrocortisone.  Among the synonyms of
    a term, where people look names up, abbreviations are allowed.
    """
    for fault in _find_letters(content, "medicine-letters"):
        if "/synonyms/" not in fault[0].pointer:
            yield fault
