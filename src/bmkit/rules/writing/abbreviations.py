"""Letters that stand for words of a prescription, and are read as other letters or as other words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.derived.dose_text import DOSE_PATTERN, ISMP, JOINT_COMMISSION_AND_ISMP, take_text_before
from bmkit.rules.derived.free_text import select_texts_with_words
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.free_text import FreeTexts

_MEDICINE_BY_ABBREVIATION = {
    "APAP": "paracetamol",
    "AZT": "zidovudine",
    "CPZ": "chlorpromazine",
    "DTO": "diluted tincture of opium",
    "HCTZ": "hydrochlorothiazide",
    "MTX": "methotrexate",
    "NoAC": "novel or new oral anticoagulant",
    "PTU": "propylthiouracil",
    "TNK": "tenecteplase",
    "TXA": "tranexamic acid",
    "ZnSO4": "zinc sulfate",
}

_DAILY_PATTERN = r"(?<![\w.-])(?:[qQ]\.?[dD]|[qQ]\.?([oO])\.?[dD])(?![\w-])\.?"
_FAMILY_NAME_PATTERN = r"\s[A-Z][^\W\d_]"
_INITIALS_PATTERN = r"Q\.(?:O\.)?D\."
_BEDTIME_PATTERN = (
    r"(?<![\w.-])(h\.s\.)(?![\w-])"
    rf"|(?:{DOSE_PATTERN}|\b(?:tablets?|capsules?|doses?|daily|nightly|night|once|at|take|taken|give|given))"
    r"\s(hs|HS|H\.S\.)(?![\w-])"
)
_SULFATE_PATTERN = (
    rf"(?<!\w)(?:MS|MgS)O[4₄](?!\w)|(?<![\w-])MS(?=\s{DOSE_PATTERN})|(?:(?<=mg\s)|(?<=mg\sof\s))MS(?![\w-])"
)
_SUBCUTANEOUS_PATTERN = (
    r"(?<![\w-])(?:s\.c\.|S\.C\.|s\.q\.|[Ss]ub[ -]?[Qq]|subq)(?!\w)"
    rf"|(?:{DOSE_PATTERN}|\b(?:injected|injections?|given|doses?|daily|once|weekly))\s(?P<written>SC|SQ|sc|sq)(?![\w-])"
    r"|(?<![\w-])(?:SC|SQ)(?=\s(?:injection|infusion|dose|route|use)s?\b)"
)
_DISCONTINUE_PATTERN = r"(?<![\w/])(?:D/C|d/c)(?:'?e?d)?(?![\w/]|[\s-](?:ratio|quotient)s?\b)"
_MEDICINE_ABBREVIATION_PATTERN = rf"(?<![\w-])({'|'.join(_MEDICINE_BY_ABBREVIATION)})(?![\w-])"

# Of texts with none of these words no rule below says anything.
_ABBREVIATION_WORDS = frozenset(
    (
        *("QD", "Qd", "qD", "qd", "QOD", "QoD", "qoD", "qOD", "qod", "HS", "hs"),
        *("MS", "MSO", "MgSO", "ZnSO", "SC", "sc", "SQ", "sq", "q", "Q", "subq", "subQ", "SubQ", "Subq"),
        *("DC", "dc", "DCd", "dcd", "DCed", "dced"),
        *_MEDICINE_BY_ABBREVIATION,
    )
)


def _make_abbreviation_example(*texts: str) -> dict[str, Any]:
    return {"statement": [{"id": f"text-{index}", "text": text} for index, text in enumerate(texts)]}


@per_content
def _select_abbreviated_texts(content: Content) -> FreeTexts:
    """Give the texts with letters that may be short for a word."""
    return select_texts_with_words(content, _ABBREVIATION_WORDS)


@rule(
    Severity.ERROR,
    good=_make_abbreviation_example("once daily", "every other day", "the gene QDPR", "found by Q.D. Smith"),
    bad=_make_abbreviation_example("4 mg QD", "4 mg q.o.d. by mouth"),
    source=JOINT_COMMISSION_AND_ISMP,
    fix='write "daily" or "every other day"',
)
def daily(content: Content) -> Faults:
    """QD or QOD stands for every day or every other day.

    The two are read for each other and for QID, four times a day: the dose doubles or quadruples.
    """
    for text, match in _select_abbreviated_texts(content).iter_matches(_DAILY_PATTERN):
        if _is_personal_name(text.value, match):
            continue
        meaning = "every other day" if match.group(1) else "daily"
        yield (
            text.locate_words(*match.span()),
            f'"{match.group()}" stands for {meaning}',
            f'write "{meaning}"',
        )


@rule(
    Severity.WARNING,
    good=_make_abbreviation_example(
        "one tablet at bedtime", "4 mg qhs", "hs-CRP was measured", "HS is a rare disease"
    ),
    bad=[_make_abbreviation_example("1 tablet HS"), _make_abbreviation_example("nightly h.s.")],
    source=ISMP,
    fix='write "at bedtime" or "half strength", the one that is meant',
)
def bedtime(content: Content) -> Faults:
    """HS stands for bedtime or for half strength.

    It means both, and each is taken for the other.  The list of 2024 lets qhs stand: it means bedtime only.
    """
    for text, match in _select_abbreviated_texts(content).iter_matches(_BEDTIME_PATTERN):
        group_index = match.lastindex or 0
        message = f'"{match.group(group_index)}" means bedtime or half strength'
        yield text.locate_words(*match.span(group_index)), message, "write the one that is meant"


@rule(
    Severity.ERROR,
    good=_make_abbreviation_example(
        "10 mg of morphine sulfate", "MS in 10 patients is a disease of nerves", "found by LC-MS"
    ),
    bad=_make_abbreviation_example("MS 10 mg", "MgSO4 1 g"),
    source=JOINT_COMMISSION_AND_ISMP,
)
def morphine_magnesium(content: Content) -> Faults:
    """MS, MSO4 or MgSO4 stands for morphine sulfate or magnesium sulfate.

    Each is taken for the other medicine.
    """
    for text, match in _select_abbreviated_texts(content).iter_matches(_SULFATE_PATTERN):
        message = f'"{match.group()}" is read as morphine sulfate and as magnesium sulfate'
        yield text.locate_words(*match.span()), message, "write the name of the one that is meant"


@rule(
    Severity.WARNING,
    good=_make_abbreviation_example("injected subcutaneously", "SC joints are rarely affected"),
    bad=_make_abbreviation_example("5 mg SC once", "injected sub q"),
    source=ISMP,
)
def subcutaneous(content: Content) -> Faults:
    """SC, SQ or sub q stands for subcutaneously.

    SC is read as SL, under the tongue, SQ as 5 every, and the q of sub q as every.
    """
    for text, match in _select_abbreviated_texts(content).iter_matches(_SUBCUTANEOUS_PATTERN):
        abbreviation = match.group("written") or match.group()
        place = text.locate_words(match.end() - len(abbreviation), match.end())
        yield place, f'"{abbreviation}" stands for subcutaneously', 'write "subcutaneously"'


@rule(
    Severity.WARNING,
    good=_make_abbreviation_example(
        "stopped at discharge", "DC current", "and/or calcium", "a D/C ratio of 2"
    ),
    bad=_make_abbreviation_example("D/C after 5 days"),
    source=ISMP,
    fix='write "discharge" or "discontinue", the one that is meant',
)
def discontinue(content: Content) -> Faults:
    """D/C stands for discharge or for discontinue.

    A list of medicines for discharge has been read as a list of medicines to stop.
    """
    for text, match in _select_abbreviated_texts(content).iter_matches(_DISCONTINUE_PATTERN):
        yield (
            text.locate_words(*match.span()),
            f'"{match.group()}" means discharge or discontinue',
            "write the one that is meant",
        )


@rule(
    Severity.WARNING,
    good=[
        _make_abbreviation_example("methotrexate 10 mg", "MTX-1 is a gene"),
        {"substance": [{"id": "methotrexate", "label": "methotrexate", "synonyms": ["MTX"]}]},
    ],
    bad=_make_abbreviation_example("MTX 10 mg"),
    source=ISMP,
    fix="write the name of the medicine in full",
)
def medicine_letters(content: Content) -> Faults:
    """The name of a medicine is shortened to letters.

    MTX has been read as mitoxantrone, AZT as azathioprine, HCTZ as hydrocortisone.  Among the synonyms of a
    term, where people look a name up, the letters may stand.
    """
    for text, match in _select_abbreviated_texts(content).iter_matches(_MEDICINE_ABBREVIATION_PATTERN):
        if text.field.name != "synonyms":
            medicine = _MEDICINE_BY_ABBREVIATION[match.group()]
            yield (
                text.locate_words(*match.span()),
                f'"{match.group()}" stands for {medicine}',
                f'write "{medicine}"',
            )


def _is_personal_name(value: str, match: re.Match[str]) -> bool:
    """Say whether letters are the first names of somebody: a family name follows, and no dose is before."""
    if not re.fullmatch(_INITIALS_PATTERN, match.group()) or not re.compile(_FAMILY_NAME_PATTERN).match(
        value, match.end()
    ):
        return False
    return re.search(DOSE_PATTERN, take_text_before(value, match.start())) is None
