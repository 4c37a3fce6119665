"""Quantities in the names of terms, compared with those of their fields."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, convert_to, is_quantity, to_amount
from bmkit.rules.derived.free_text import find_field_texts, has_digit
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

_NAME_FIELDS = ("label", "synonyms")
# "50 to 60 mL/min", "0.9 %"; not the 223 of radium-223, nor a 10-year risk.
_NUMBER = r"(?<![\w.,\-–])\d[\d,]*(?:\.\d+)?"
_QUANTITY_PATTERN = rf"({_NUMBER})(?:\s*(?:to|and|–)\s*({_NUMBER}))?\s+?(%|[^\W\d_][\w/²]*)"
# The strength of a solution in per cent is grams in a decilitre.
_SOLUTION_UNITS = {"%": "g/dL"}


@rule(Severity.WARNING, guards_dose=True)
def other_quantity(content: Content) -> Faults:
    """A name states a quantity that its term has otherwise: "50 to 60 mL/min" of a band from 500.

    Readers go by the name, rules and exports by the field: a dose is given to other patients, or in another
    solution, than it is checked for.
    """
    for field_texts in find_field_texts(content):
        if field_texts.kind.group != "term" or field_texts.field.path[0] not in _NAME_FIELDS:
            continue
        for text in field_texts.select_texts(has_digit):
            amounts = list(_iter_amounts(text.record, content))
            for match in re.finditer(_QUANTITY_PATTERN, text.value) if amounts else ():
                for number in (match[1], match[2]):
                    if number and _differs(number, match[3], amounts):
                        message = f"the name states {number} {match[3]}, which no field of the record has"
                        place = text.locate_words(*match.span())
                        yield (
                            place,
                            message,
                            "correct the name or the field",
                            tuple(_list_terms(text.record, content)),
                        )
                        break


def _differs(number: str, unit_word: str, amounts: list[Amount]) -> bool:
    """Return whether a number in a unit is none of the ends, though some amounts measure the same."""
    # Most names state no quantity, and never need the names of units.
    from bmkit.ucum.names import suggest_any_unit

    code = suggest_any_unit(unit_word)
    exact = Fraction(number.replace(",", ""))
    comparable = [
        (converted.low, amount)
        for amount in amounts
        for stated_code in (code, _SOLUTION_UNITS.get(code, ""))
        if stated_code
        and (converted := convert_to(Amount(exact, exact, stated_code), amount.unit)) is not None
    ]
    return bool(comparable) and all(end not in amount[:2] for end, amount in comparable)


def _iter_amounts(record: Record, content: Content) -> Iterator[Amount]:
    """Yield the quantities of a term, and of the terms that it refers to."""
    for each in (record, *_list_terms(record, content)):
        for field in each.kind.quantity_fields:
            for value in each.list_values(field):
                if is_quantity(value):
                    yield to_amount(value, field.dimension)


def _list_terms(record: Record, content: Content) -> list[Record]:
    terms = (
        content.find_record(field.target_kind, target_id, record)
        for field in record.kind.reference_fields
        for target_id in record.list_values(field)
    )
    return [term for term in terms if term is not None and term.kind.group == "term"]
