"""Abbreviations in prescriptions that are misread as other letters or words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.proposals import propose_value
from bmkit.rules.derived.dose_text import DOSE_PATTERN, ISMP, JOINT_COMMISSION_AND_ISMP, take_text_before
from bmkit.rules.derived.free_text import select_texts_with_words
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.free_text import FreeTexts

_DAILY_PATTERN = r"(?<![\w.-])(?:[qQ]\.?[dD]|[qQ]\.?([oO])\.?[dD])(?![\w-])\.?"
_FAMILY_NAME_PATTERN = r"\s[A-Z][^\W\d_]"
_INITIALS_PATTERN = r"Q\.(?:O\.)?D\."
_THING_BEFORE = r"\b(?:an?|the)\s\Z"
_BEDTIME_PATTERN = (
    r"(?<![\w.-])(h\.s\.)(?![\w-])"
    rf"|(?:{DOSE_PATTERN}|\b(?:tablets?|capsules?|doses?|daily|nightly|night|once|at|take|taken|give|given))"
    r"\s(?:of\s)?(hs|HS|H\.S\.)(?![\w-]|\s(?:is|was)\b|\s\()"
)
_SULFATE_PATTERN = (
    r"(?<!\w)(?:MS|MgS)O[4₄](?![\w·.])(?<!over\s.....)(?<!over\s....)"
    rf"|(?<![\w-])(?<!\bin\s)MS(?=\s{DOSE_PATTERN})|(?:(?<=mg\s)|(?<=mg\sof\s))MS(?![\w-])"
)
_SUBCUTANEOUS_PATTERN = (
    r"(?<![\w-])(?:s\.c\.|s\.q\.|[Ss]ub[ -]?[Qq]|subq)(?!\w)"
    rf"|(?:{DOSE_PATTERN}|\b(?:injected|injections?|given|doses?|daily|once|weekly))"
    r"\s(?P<written>S\.[CQ]\.|(?:SC|SQ|sc|sq)(?![\w-]|\s\())"
    r"|(?<![\w-])(?:SC|SQ)(?=\s(?:injection|infusion|dose|route|use)s?\b)"
)
_DISCONTINUE_PATTERN = (
    r"(?<![\w/])(?:D/C|d/c)(?:'?e?d)?(?![\w/]|[\s-](?:ratio|quotient)s?\b)"
    r"|(?<![\w.,/-])(?<!,\s)DC(?=\s(?:the\s)?(?:infusion|injection|tablet|capsule|medicine|drug|treatment|after|on\sday)s?\b)"
)

# No rule below finds anything in a text without one of these words.
_ABBREVIATION_WORDS = frozenset(
    (
        *("QD", "Qd", "qD", "qd", "QOD", "QoD", "qoD", "qOD", "qod", "HS", "hs"),
        *("MS", "MSO", "MgSO", "ZnSO", "SC", "sc", "SQ", "sq", "q", "Q", "subq", "subQ", "SubQ", "Subq"),
        *("DC", "dc", "DCd", "dcd", "DCed", "dced"),
    )
)


@per_content
def _select_abbreviated_texts(content: Content) -> FreeTexts:
    """Return the texts that may have an abbreviation."""
    return select_texts_with_words(content, _ABBREVIATION_WORDS)


@rule(
    Severity.ERROR,
    source=JOINT_COMMISSION_AND_ISMP,
    fix='write "daily" or "every other day"',
    guards_dose=True,
)
def daily(content: Content) -> Faults:
    """QD or QOD stands for every day or every other day.

    They are mistaken for each other and for QID, four times a day: the dose doubles or quadruples.
    """
    for text, match in _select_abbreviated_texts(content).iter_matches(_DAILY_PATTERN):
        if _is_no_frequency(text.value, match):
            continue
        meaning = "every other day" if match.group(1) else "daily"
        yield (
            text.locate_words(*match.span()),
            f'"{match.group()}" stands for {meaning}',
            propose_value(meaning),
        )


@rule(Severity.WARNING, source=ISMP, fix='write "at bedtime" or "half strength", whichever is meant')
def bedtime(content: Content) -> Faults:
    """HS stands for bedtime or for half strength.

    Each is mistaken for the other.  The list of 2024 allows qhs, which means bedtime only.
    """
    for text, match in _select_abbreviated_texts(content).iter_matches(_BEDTIME_PATTERN):
        group_index = match.lastindex or 0
        message = f'"{match.group(group_index)}" means bedtime or half strength'
        yield text.locate_words(*match.span(group_index)), message, "write the one that is meant in full"


@rule(Severity.ERROR, source=JOINT_COMMISSION_AND_ISMP, guards_dose=True)
def morphine_magnesium(content: Content) -> Faults:
    """MS, MSO4 or MgSO4 stands for morphine sulfate or magnesium sulfate.

    Each is mistaken for the other medicine.
    """
    for text, match in _select_abbreviated_texts(content).iter_matches(_SULFATE_PATTERN):
        message = f'"{match.group()}" is read as morphine sulfate and as magnesium sulfate'
        yield text.locate_words(*match.span()), message, "write the name of the medicine in full"


@rule(Severity.WARNING, source=ISMP)
def subcutaneous(content: Content) -> Faults:
    """SC, SQ or sub q stands for subcutaneously.

    SC is misread as SL (sublingually), SQ as "5 every", and the q of sub q as "every".
    """
    for text, match in _select_abbreviated_texts(content).iter_matches(_SUBCUTANEOUS_PATTERN):
        abbreviation = match.group("written") or match.group()
        place = text.locate_words(match.end() - len(abbreviation), match.end())
        yield place, f'"{abbreviation}" stands for subcutaneously', propose_value("subcutaneously")


@rule(Severity.WARNING, source=ISMP, fix='write "discharge" or "discontinue", whichever is meant')
def discontinue(content: Content) -> Faults:
    """D/C stands for discharge or for discontinue.

    A list of medicines for discharge has been read as a list of medicines to stop.
    """
    for text, match in _select_abbreviated_texts(content).iter_matches(_DISCONTINUE_PATTERN):
        yield (
            text.locate_words(*match.span()),
            f'"{match.group()}" means discharge or discontinue',
            "write the one that is meant in full",
        )


def _is_no_frequency(value: str, match: re.Match[str]) -> bool:
    """Return whether letters without a dose before them are initials of a name or stand for a thing."""
    text_before = take_text_before(value, match.start())
    letters = match.group()
    is_name = re.fullmatch(_INITIALS_PATTERN, letters) and re.compile(_FAMILY_NAME_PATTERN).match(
        value, match.end()
    )
    is_thing = re.search(_THING_BEFORE, text_before) or letters not in {letters.lower(), letters.upper()}
    return bool(is_name or is_thing) and re.search(DOSE_PATTERN, text_before) is None
