"""Numbers of doses, and how they are written."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.reading.doses import BOTH, ISMP, UNIT
from bmkit.rules.reading.stated import stated
from bmkit.rules.reading.written import numbered
from bmkit.rules.rule import Faults, rule
from bmkit.wording import number

if TYPE_CHECKING:
    from bmkit.content import Content

# What medicines are measured out in; a share or a temperature may claim its precision.
_MEASURED_OUT = ("mass", "mass-rate", "volume", "count")
_ENDS = ("value", "low", "high")

# Each starts with the character that it is about, and looks back only from there: an expression that starts
# with a look behind is tried at every letter.
_TRAILING = rf"[0-9](?<![\w.,][0-9])[\d,]*\.\d*0(?=\s?{UNIT})"
_NAKED = r"\.(?<![\w.,)\]]\.)\d+"
_STATISTIC = r"\b[pPrR]\s?[<>=≤≥]\s?\Z"
_COMMA = rf"[0-9](?<![\w.,][0-9])(?:(?<=0),\d+|\d*,\d{{1,2}}(?!\d)(?=\s?(?:{UNIT}|%)))(?!-|,\d)"
_LONG = rf"[0-9](?<![\w.,][0-9])\d{{3,}}(?:\.\d+)?(?=\s?-?{UNIT})"
_TOGETHER = r"[0-9](?<![\w.,][0-9])\d*(?:[.,]\d+)*(?:kg|mg|mcg|[µμu]g|ng|g|mL|ml|L|mmol|mEq|IU|units?)(?!\w)"
_NAMED = rf"[0-9](?<=[^\W\d_]{{4}}[0-9])[\d.,]*\s{UNIT}"
_RATIO = r"1(?<![\w:.,]1)\s?:\s?\d{1,3}(?:,?\d{3})+(?![\w:])"
_NO_STRENGTH = r"\btit(?:re|er)s?\b|\bscale\b|%"
_HALF = r"[1½](?<![\w/].)(?:(?<=1)/2|(?<=½))(?=\s(?:of\s)?(?:an?\s)?(?:tablet|capsule|pill)s?\b)"
_COMPARED = rf"[<>≤≥](?<![-=<>].)=?\s?\d[\d.,]*\s?(?:{UNIT}|%|(?:hour|day|week|month|year)s?\b)"
_SIGNS = {"<": "below", ">": "above", "<=": "at most", ">=": "at least", "≤": "at most", "≥": "at least"}


def _said(*texts: str) -> dict[str, Any]:
    return {"statement": [{"id": f"text-{at}", "text": text} for at, text in enumerate(texts)]}


def _dosing(value: Decimal | int) -> dict[str, Any]:
    return {"dosing": [{"id": "one", "product": "zometa", "dose": {"value": value, "unit": "mg"}}]}


@rule(
    Severity.ERROR,
    good=[
        _dosing(4),
        _dosing(Decimal("4.05")),
        {"incidence": [{"id": "one", "share": {"value": Decimal("65.0"), "unit": "%"}}]},
        _said("4 mg, then 0.5 mg", "a calcium of 1.0 mmol/L", "version 2.0 of the form"),
    ],
    bad=[_dosing(Decimal("4.0")), _said("4.0 mg are infused")],
    source=BOTH,
)
def trailing_zero(content: Content) -> Faults:
    """A dose ends in a zero behind the decimal point.

    Whoever misses the point reads ten times the dose: 4.0 mg as 40 mg.  What a laboratory measured may end
    in a zero, because there it says how exact the value is.
    """
    measured = [one for one in stated(content) if one.field.dimension in _MEASURED_OUT]
    for record, parts, value in (found for one in measured for found in one.found):
        for end in _ENDS:
            dose = value.get(end)
            if isinstance(dose, Decimal) and _ends_in_zero(dose):
                message = f"{dose} {value['unit']} ends in a zero behind the decimal point"
                yield record.at(*parts, end), message, f"write {dose.normalize():f}"
    for text, match in numbered(content).matches(_TRAILING):
        short = Decimal(match.group().replace(",", "")).normalize()
        yield (
            text.place,
            f'"{match.group()}" ends in a zero behind the decimal point',
            f'write "{number(short)}"',
        )


@rule(
    Severity.ERROR,
    good=_said("0.5 mg once", "sections 2.5 and 3", "p < .05 in one trial"),
    bad=_said(".5 mg once"),
    source=BOTH,
)
def naked_decimal(content: Content) -> Faults:
    """A number starts with the decimal point.

    Whoever misses the point reads ten times the dose: .5 mg as 5 mg.
    """
    for text, match in numbered(content).matches(_NAKED):
        if not re.search(_STATISTIC, text.value[: match.start()]):
            message = f'"{match.group()}" starts with the decimal point'
            yield text.place, message, f'write "0{match.group()}"'


@rule(
    Severity.ERROR,
    good=_said("sodium chloride 0.9 %", "1,600 mg a day", "1,25-dihydroxyvitamin D", "groups 1,2 and 3"),
    bad=_said("sodium chloride 0,9 %", "2,5 mg a day"),
)
def decimal_comma(content: Content) -> Faults:
    """A decimal comma stands in an English text.

    English readers take a comma for the mark of thousands, or miss it, and read a dose many times too high.
    """
    for text, match in numbered(content).matches(_COMMA):
        point = match.group().replace(",", ".")
        yield text.place, f'"{match.group()}" has a decimal comma', f'write "{point}"'


@rule(
    Severity.WARNING,
    good=_said("1,600 mg a day", "800 mg", "1600 patients in 2019", "0.1234 mg"),
    bad=_said("100000 units at once"),
    source=ISMP,
)
def thousands(content: Content) -> Faults:
    """A large dose is written without commas.

    Zeros in a row are miscounted: 100000 units are read as 10,000 or 1,000,000.
    """
    for text, match in numbered(content).matches(_LONG):
        hint = f'write "{number(Decimal(match.group()))}"'
        yield text.place, f"{match.group()} has no comma between its thousands", hint


@rule(
    Severity.WARNING,
    good=_said(
        "10 mg of it", "technetium-99m and 99mTc", "vitamin B12", "the L5 vertebra", "65% of patients"
    ),
    bad=_said("10mg of it", "propranolol20 mg"),
    source=ISMP,
)
def run_together(content: Content) -> Faults:
    """A number touches its unit or the name of the medicine.

    The m of 10mg is read as two zeros, and the l of a name that touches 20 mg as a one.
    """
    for text, match in numbered(content).matches(_TOGETHER):
        parted = re.sub(r"(?<=\d)(?=[^\W\d_])", " ", match.group(), count=1)
        message = f'"{match.group()}" has no space between number and unit'
        yield text.place, message, f'write "{parted}"'
    for text, match in numbered(content).matches(_NAMED):
        name = text.value[: match.start()].split()[-1]
        message = f'"{name}" touches the number behind it'
        yield text.place, message, "put a space between name and dose"


@rule(
    Severity.WARNING,
    good=_said(
        "1 mg per 10 mL",
        "a ratio of 3:1 at 10:30",
        "an antibody titre of 1:1280",
        "lidocaine 1% with adrenaline 1:200,000",
    ),
    bad=_said("adrenaline 1:1000"),
    source=ISMP,
)
def ratio(content: Content) -> Faults:
    """A strength is written as a ratio.

    1:1,000 and 1:10,000 are a tenfold apart and look alike, and few people can turn them into milligrams.
    With a local anaesthetic whose strength is a percentage the ratio is usual, and allowed.
    """
    for text, match in numbered(content).matches(_RATIO):
        if not re.search(_NO_STRENGTH, text.value):
            message = f'the strength "{match.group()}" is a ratio'
            yield text.place, message, 'write the amount in the volume, such as "1 mg per 10 mL"'


@rule(
    Severity.WARNING,
    good=_said("half a tablet", "1/2 of the patients"),
    bad=_said("1/2 tablet in the morning", "½ tablet in the morning"),
    source=ISMP,
)
def half_tablet(content: Content) -> Faults:
    """Half a tablet is written as a fraction.

    1/2 tablet is read as one or two tablets.
    """
    for text, match in numbered(content).matches(_HALF):
        yield text.place, f'"{match.group()}" of a tablet is a fraction', 'write "half a tablet"'


@rule(
    Severity.WARNING,
    good=_said("above 5 mg", "p < 0.05", "calcium -> bone", "at most 7 days"),
    bad=_said("a dose > 5 mg", "for <=7 days"),
    source=ISMP,
)
def greater_less(content: Content) -> Faults:
    """A sign stands for more or less in a text about doses.

    The two signs are taken for each other, and < 10 is read as 40.  In a quantity of its own, the comparator
    is a field, and readers get words for it.
    """
    for text, match in numbered(content).matches(_COMPARED):
        sign = re.split(r"[\s\d]", match.group(), maxsplit=1)[0]
        yield text.place, f'"{match.group()}" says more or less by a sign', f'write "{_SIGNS[sign]}"'


def _ends_in_zero(dose: Decimal) -> bool:
    _, digits, exponent = dose.as_tuple()
    return isinstance(exponent, int) and exponent < 0 and digits[-1] == 0
