"""Letters that stand for words of a prescription, and are read as other letters or as other words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.dose_text import DOSE_PATTERN, ISMP, JOINT_COMMISSION_AND_ISMP, take_text_before
from bmkit.rules.derived.free_text import select_texts_with_words
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.free_text import FreeTexts

_MEDICINES = {
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

_DAILY = r"(?<![\w.-])(?:[qQ]\.?[dD]|[qQ]\.?([oO])\.?[dD])(?![\w-])\.?"
_NAMED = r"\s[A-Z][^\W\d_]"
_INITIALS = r"Q\.(?:O\.)?D\."
_BEDTIME = (
    r"(?<![\w.-])(h\.s\.)(?![\w-])"
    rf"|(?:{DOSE_PATTERN}|\b(?:tablets?|capsules?|doses?|daily|nightly|night|once|at|take|taken|give|given))"
    r"\s(hs|HS|H\.S\.)(?![\w-])"
)
_SULFATE = (
    rf"(?<!\w)(?:MS|MgS)O[4₄](?!\w)|(?<![\w-])MS(?=\s{DOSE_PATTERN})|(?:(?<=mg\s)|(?<=mg\sof\s))MS(?![\w-])"
)
_SUBCUTANEOUS = (
    r"(?<![\w-])(?:s\.c\.|S\.C\.|s\.q\.|[Ss]ub[ -]?[Qq]|subq)(?!\w)"
    rf"|(?:{DOSE_PATTERN}|\b(?:injected|injections?|given|doses?|daily|once|weekly))\s(?P<written>SC|SQ|sc|sq)(?![\w-])"
    r"|(?<![\w-])(?:SC|SQ)(?=\s(?:injection|infusion|dose|route|use)s?\b)"
)
_STOP = r"(?<![\w/])(?:D/C|d/c)(?:'?e?d)?(?![\w/]|[\s-](?:ratio|quotient)s?\b)"
_NAME = rf"(?<![\w-])({'|'.join(_MEDICINES)})(?![\w-])"

# Of texts with none of these words no rule below says anything.
_LETTERS = frozenset(
    (
        *("QD", "Qd", "qD", "qd", "QOD", "QoD", "qoD", "qOD", "qod", "HS", "hs"),
        *("MS", "MSO", "MgSO", "ZnSO", "SC", "sc", "SQ", "sq", "q", "Q", "subq", "subQ", "SubQ", "Subq"),
        *("DC", "dc", "DCd", "dcd", "DCed", "dced"),
        *_MEDICINES,
    )
)


def _said(*texts: str) -> dict[str, Any]:
    return {"statement": [{"id": f"text-{at}", "text": text} for at, text in enumerate(texts)]}


def _lettered(content: Content) -> FreeTexts:
    """Give the texts with letters that may be short for a word."""
    return select_texts_with_words(content, _LETTERS)


@rule(
    Severity.ERROR,
    good=_said("once daily", "every other day", "the gene QDPR", "found by Q.D. Smith"),
    bad=_said("4 mg QD", "4 mg q.o.d. by mouth"),
    source=JOINT_COMMISSION_AND_ISMP,
    fix='write "daily" or "every other day"',
)
def every_day(content: Content) -> Faults:
    """QD or QOD stands for every day or every other day.

    The two are read for each other and for QID, four times a day: the dose doubles or quadruples.
    """
    for text, match in content.compute_once(_lettered).iter_matches(_DAILY):
        if _is_name(text.value, match):
            continue
        words = "every other day" if match.group(1) else "daily"
        yield text.locate_words(*match.span()), f'"{match.group()}" stands for {words}', f'write "{words}"'


@rule(
    Severity.WARNING,
    good=_said("one tablet at bedtime", "4 mg qhs", "hs-CRP was measured", "HS is a rare disease"),
    bad=[_said("1 tablet HS"), _said("nightly h.s.")],
    source=ISMP,
    fix='write "at bedtime" or "half strength", the one that is meant',
)
def bedtime(content: Content) -> Faults:
    """HS stands for bedtime or for half strength.

    It means both, and each is taken for the other.  The list of 2024 lets qhs stand: it means bedtime only.
    """
    for text, match in content.compute_once(_lettered).iter_matches(_BEDTIME):
        letters = match.lastindex or 0
        message = f'"{match.group(letters)}" means bedtime or half strength'
        yield text.locate_words(*match.span(letters)), message, "write the one that is meant"


@rule(
    Severity.ERROR,
    good=_said("10 mg of morphine sulfate", "MS in 10 patients is a disease of nerves", "found by LC-MS"),
    bad=_said("MS 10 mg", "MgSO4 1 g"),
    source=JOINT_COMMISSION_AND_ISMP,
)
def morphine_magnesium(content: Content) -> Faults:
    """MS, MSO4 or MgSO4 stands for morphine sulfate or magnesium sulfate.

    Each is taken for the other medicine.
    """
    for text, match in content.compute_once(_lettered).iter_matches(_SULFATE):
        message = f'"{match.group()}" is read as morphine sulfate and as magnesium sulfate'
        yield text.locate_words(*match.span()), message, "write the name of the one that is meant"


@rule(
    Severity.WARNING,
    good=_said("injected subcutaneously", "SC joints are rarely affected"),
    bad=_said("5 mg SC once", "injected sub q"),
    source=ISMP,
)
def subcutaneous(content: Content) -> Faults:
    """SC, SQ or sub q stands for subcutaneously.

    SC is read as SL, under the tongue, SQ as 5 every, and the q of sub q as every.
    """
    for text, match in content.compute_once(_lettered).iter_matches(_SUBCUTANEOUS):
        letters = match.group("written") or match.group()
        place = text.locate_words(match.end() - len(letters), match.end())
        yield place, f'"{letters}" stands for subcutaneously', 'write "subcutaneously"'


@rule(
    Severity.WARNING,
    good=_said("stopped at discharge", "DC current", "and/or calcium", "a D/C ratio of 2"),
    bad=_said("D/C after 5 days"),
    source=ISMP,
    fix='write "discharge" or "discontinue", the one that is meant',
)
def discontinue(content: Content) -> Faults:
    """D/C stands for discharge or for discontinue.

    A list of medicines for discharge has been read as a list of medicines to stop.
    """
    for text, match in content.compute_once(_lettered).iter_matches(_STOP):
        yield (
            text.locate_words(*match.span()),
            f'"{match.group()}" means discharge or discontinue',
            "write the one that is meant",
        )


@rule(
    Severity.WARNING,
    good=[
        _said("methotrexate 10 mg", "MTX-1 is a gene"),
        {"substance": [{"id": "methotrexate", "label": "methotrexate", "synonyms": ["MTX"]}]},
    ],
    bad=_said("MTX 10 mg"),
    source=ISMP,
    fix="write the name of the medicine in full",
)
def medicine_letters(content: Content) -> Faults:
    """The name of a medicine is shortened to letters.

    MTX has been read as mitoxantrone, AZT as azathioprine, HCTZ as hydrocortisone.  Among the synonyms of a
    term, where people look a name up, the letters may stand.
    """
    for text, match in content.compute_once(_lettered).iter_matches(_NAME):
        if text.field.name != "synonyms":
            name = _MEDICINES[match.group()]
            yield text.locate_words(*match.span()), f'"{match.group()}" stands for {name}', f'write "{name}"'


def _is_name(value: str, match: re.Match[str]) -> bool:
    """Say whether letters are the first names of somebody: a family name follows, and no dose is before."""
    if not re.fullmatch(_INITIALS, match.group()) or not re.compile(_NAMED).match(value, match.end()):
        return False
    return re.search(DOSE_PATTERN, take_text_before(value, match.start())) is None
