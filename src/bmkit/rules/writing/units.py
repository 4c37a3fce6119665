"""Units of doses that are misread as other units or as digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.proposals import propose_value
from bmkit.rules.derived.dose_text import ISMP, JOINT_COMMISSION_AND_ISMP, is_medicine_strength
from bmkit.rules.derived.free_text import find_numbered_texts, has_digit, join_texts, select_texts_with_words
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.free_text import FreeTexts

# The unit that a misspelling means.
_UNIT_BY_MISSPELLING = {
    **dict.fromkeys(("gm", "gms", "grm", "grms"), "g"),
    **dict.fromkeys(("mls", "mLs"), "mL"),
    **dict.fromkeys(("ltr", "ltrs"), "L"),
    "mgs": "mg",
    "mcgs": "mcg",
    "kgs": "kg",
    "hrs": "hours",
    "wks": "weeks",
    "yrs": "years",
}

# Each pattern starts with its own character, as in numbers.py.
_COUNT_BEFORE = r"(?<=\d.)|(?<=\d[\s-].)|(?<=illion\s.)|(?<=ousand\s.)|(?<=\bper\s.)"
_UNIT_LETTER_PATTERN = (
    rf"[Uu](?:{_COUNT_BEFORE})(?![\w-]|\.[^\W\d_]|\s?/\s?[mdk]?[Ll]\b|\s\(dalton)"
    rf"|[Ii](?<![\w-].)(?:{_COUNT_BEFORE}|(?<=\bin\s.)|(?<=\bas\s.))"
    r"(?:(?<=I)U|(?<=i)u|\.[Uu]\.)(?![\w-]|\s?/\s?[mdk]?[Ll]\b|\s[A-Z][a-z])"
)
_STRENGTH_IN_UNITS_PATTERN = rf"[Uu](?:{_COUNT_BEFORE})(?=\s?/\s?m[Ll]\b)"
_MICROGRAM_SIGN_PATTERN = (
    r"(?:[µμ](?<![^\W\d_].)gs?(?![^\W\d_])|u(?:(?<=\d.)|(?<=\d\s.)|(?<=/.))g(?!\w))"
    r"(?!\s?/\s?(?:dL|dl|L|l)(?!\w))"
)
_CUBIC_CENTIMETRE_PATTERN = r"c(?:(?<=\d.)|(?<=\d[\s-].))(?:cs?|\.c\.?)(?!\w)"
_MISSPELT_UNIT_PATTERN = (
    rf"[0-9]\s?(?:({'|'.join(_UNIT_BY_MISSPELLING)})(?!\w)|(mg|mcg|kg|g|mL|ml)\.(?=[,;:)]|\s[a-z0-9(]))"
)

# Units that count without a digit before them.
_DIGITLESS_UNIT_WORDS = frozenset(("IU", "iu", "U", "u", "µg", "μg", "µgs", "μgs", "ug"))


@per_content
def _select_unit_texts(content: Content) -> FreeTexts:
    """Return the texts that may have a unit."""
    digitless_texts = [
        text
        for text in select_texts_with_words(content, _DIGITLESS_UNIT_WORDS).texts
        if not has_digit(text.value)
    ]
    return join_texts([*find_numbered_texts(content).texts, *digitless_texts])


@rule(Severity.ERROR, source=JOINT_COMMISSION_AND_ISMP, guards_dose=True)
def unit_letter(content: Content) -> Faults:
    """U or IU stands for units.

    U is misread as 0 or 4, so that 10 U become 100, and IU as IV or 10.  In laboratory results, such as U/L,
    it is usual and allowed.
    """
    texts = _select_unit_texts(content)
    strength_matches = (
        text_match
        for text_match in texts.iter_matches(_STRENGTH_IN_UNITS_PATTERN)
        if is_medicine_strength(text_match[0].value, *text_match[1].span())
    )
    for text, match in (*texts.iter_matches(_UNIT_LETTER_PATTERN), *strength_matches):
        yield text.locate_words(*match.span()), f'"{match.group()}" stands for units', propose_value("units")


@rule(Severity.ERROR, source=ISMP, guards_dose=True)
def microgram(content: Content) -> Faults:
    """Micrograms are written as µg or ug.

    µg is misread as mg, a thousand times the dose.
    """
    for text, match in _select_unit_texts(content).iter_matches(_MICROGRAM_SIGN_PATTERN):
        yield text.locate_words(*match.span()), f'"{match.group()}" is misread as mg', propose_value("mcg")


@rule(Severity.WARNING, source=ISMP)
def cubic_centimetre(content: Content) -> Faults:
    """A volume is in cc.

    cc is misread as U (units) or as two zeros.
    """
    for text, match in _select_unit_texts(content).iter_matches(_CUBIC_CENTIMETRE_PATTERN):
        yield (
            text.locate_words(*match.span()),
            f'"{match.group()}" is misread as U or as zeros',
            propose_value("mL"),
        )


@rule(Severity.WARNING, source=ISMP, fix="write the unit in the singular, without a full stop")
def unit_spelling(content: Content) -> Faults:
    """A unit has a plural s or a full stop, or an uncommon abbreviation.

    The s is misread as 5 and the full stop as 1; and a search for the unit does not find it.
    """
    for text, match in _select_unit_texts(content).iter_matches(_MISSPELT_UNIT_PATTERN):
        misspelling, unit_before_stop = match.groups()
        unit = _UNIT_BY_MISSPELLING[misspelling] if misspelling else unit_before_stop.replace("ml", "mL")
        place = text.locate_words(match.start(1) if misspelling else match.start(2), match.end())
        yield place, f'the unit is written "{misspelling or unit_before_stop + "."}"', propose_value(unit)
