"""What a text states is read exactly, and what may be something else is not read."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from tests.source_text.phrases import read_phrases

from bmkit.source_text.quantities import read_quantities
from bmkit.source_text.reading import ReadQuantity, format_read_quantity, parse_read_quantity
from bmkit.ucum.dimensions import convert_between, share_dimension

QUANTITY = re.compile(
    r"(?P<sign><=?|>=?|about )?(?P<low>-?[0-9.]+?)(?:\.\.(?P<high>-?[0-9.]+))? (?P<unit>\S+)"
)
MIN_FAIR_PHRASES = 203


def list_stated(text: str) -> list[str]:
    """Return what was read, as a seal writes it."""
    quantities, _ = read_quantities(text)
    return [
        format_read_quantity(ReadQuantity(item.low, item.high, item.unit, item.comparator, item.is_denied))
        for item in quantities
        if item.unit
    ]


def states(phrase: str, quantity: str) -> bool:
    """Return whether a phrase was read to state a quantity, in whatever unit of its dimension."""
    match = QUANTITY.fullmatch(quantity)
    assert match is not None
    ends = [Fraction(match["low"]), Fraction(match["high"] or match["low"])]
    return any(
        item.comparator == (match["sign"] or "").strip()
        and not item.is_denied
        and item.unit
        and share_dimension(item.unit, match["unit"])
        and [convert_between(end, item.unit, match["unit"]) for end in (item.low, item.high)] == ends
        for item in read_quantities(phrase)[0]
    )


def test_no_phrase_that_deceives_is_accepted_and_most_fair_ones_are_read() -> None:
    rows = read_phrases("phrases")
    answers = {"not": 0, "states": 0}
    for row in rows:
        if row["verdict"] == "not":
            assert not states(row["phrase"], row["quantity"]), row
        answers[row["verdict"]] += states(row["phrase"], row["quantity"])
    assert answers["states"] >= MIN_FAIR_PHRASES


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("it lasts from nineteen to twenty-five months", ["19..25 mo"]),
        ("between -5 and -2 °C; at +4 - +8 ° C", ["-5..-2 Cel", "4..8 Cel"]),
        ("half an hour, two and a half hours, an hour later", ["0.5 h", "2.5 h", "1 h"]),
        ("another year to thirty-five months", ["12..35 mo"]),
        ("a third of all, two thirds, half of them", ["1/3 1", "2/3 1", "0.5 1"]),
        ("1,600 mg, 2.5 mL, 20\u2009000 steps", ["1600 mg", "2.5 mL", "20000 1"]),
        ("it does not exceed 90 mg per day", ["<=90 mg/d"]),
        ("the daily oral dose should not exceed 16 mg", ["1 /d", "<=16 mg/d"]),
        ("The maximum that can be given at one time is 6 mg", ["1 1", "<=6 mg"]),
        ("do not keep it above 25 °C", ["<=25 Cel"]),
        ("no less than 5 days; 2 hours or more; at least 3", [">=5 d", ">=2 h", ">=3 1"]),
        ("with 7 mg given over fifteen minutes every two to three weeks", ["7 mg", "15 min", "2..3 wk"]),
        ("twice daily, 3 times a day, once weekly, every other day", ["2 /d", "3 /d", "1 /wk", "2 d"]),
        ("7 mg (not 70 mg)", ["7 mg", "not 70 mg"]),
        ("for two hours, but not more than a week", ["2 h", "<=1 wk"]),
        ("the third generation", ["3 #"]),
        ("15 mL/min/1.73 m²", ["15 mL/min/{1.73_m2}"]),
        ("one or more of them", [">=1 1"]),
        ("P > 0.05", [">0.05 1"]),
    ],
)
def test_what_is_stated_is_read(text: str, stated: list[str]) -> None:
    assert list_stated(text) == stated


@pytest.mark.parametrize(
    "text",
    [
        "7 mg or 9 mg", "about 65 75 %", "CA 15-3 is measured", "99m Tc", "strontium-89", "[ 5 ], [ 6 ]",
        "on 07.07.2025", "7 July 2025", "in 2025", "Table 2", "2-fold", "10^9", "one of the most",
        "no one", "1 in 5", "reference [12]", "half-life", "7 mg/x", "7 mg ± 2", "15 to 3 mg",
        "it rose from 3 mg to 5 mg", "over 24 months", "should not, in any case, exceed 7 mg", "5 % points",
        "hundreds of them", "20 x 5 mg", "7 mg of the powder per kg", "5 mg/",
    ],
)  # fmt: skip
def test_what_may_be_something_else_is_not_read(text: str) -> None:
    assert list_stated(text) == []


@pytest.mark.parametrize(
    ("text", "negations"),
    [
        ("it is not used in children", 1),
        ("it does not exceed 5 mg", 0),
        ("bone lesions without swelling are treated", 0),
        ("not only here, but there, too", 0),
        ("it cannot be divided; it must never be crushed", 2),
    ],
)
def test_what_is_denied_is_counted_but_where_it_is_part_of_a_comparator(text: str, negations: int) -> None:
    assert read_quantities(text)[1] == negations


@pytest.mark.parametrize(
    "text", ["", "4", "4  mg", "x mg", "4..5..6 mg", "1/0 mg", "4 m g", "9" * 200 + " mg"]
)
def test_a_quantity_that_no_seal_has_is_none(text: str) -> None:
    assert parse_read_quantity(text) is None


@pytest.mark.parametrize(
    "text", ["<=3600 mg/d", "not 19..25 mo", "~0.5 h", "-5..-2.5 Cel", "1/3 1", "3 #", "2 /d"]
)
def test_a_quantity_is_read_back_as_it_was_written(text: str) -> None:
    quantity = parse_read_quantity(text)
    assert quantity is not None
    assert format_read_quantity(quantity) == text
