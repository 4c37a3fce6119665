"""Numbers that stand in a text, beside those that stand in fields."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.reading.written import has_digit, is_quoted, numbered, with_words
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.rules.reading.written import Text

_NOTE = "editorial-note"
# What a note argues with may come from anywhere; what it reads, and is called, is about the facts.
_OF_NOTES = ("label", "reading")
# These say where a fact is from, and what others call the term.
_NO_STATEMENTS = ("source", "codes", "id")

_WORDS = dict(
    zip(
        (
            *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
            *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
        ),
        range(2, 21),
        strict=True,
    )
)
_NUMBER_WORDS = frozenset((*_WORDS, *map(str.capitalize, _WORDS)))
# Not the 89 of strontium-89, nor the 99 of 99mTc.
_NUMBER = re.compile(r"(?<![\w.,])(?<![^\W\d_][-–])\d+(?:,\d{3})*(?:\.\d+)?(?!\w|[-–][^\W\d_])")
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)


def _fact(text: str, count: int | None = None) -> dict[str, Any]:
    record: dict[str, Any] = {"id": "one", "text": text}
    return {"statement": [{**record, "count": {"value": count, "unit": "1"}} if count else record]}


def _solution(share: int) -> dict[str, Any]:
    concentration = {"value": share, "unit": "%"}
    return {"solution": [{"id": "one", "label": "glucose 5 % solution", "concentration": concentration}]}


@rule(
    Severity.WARNING,
    good=[
        _fact("bone is renewed by two types of cells", 2),
        _fact("strontium-89 goes to bone, as does 99mTc"),
        _solution(5),
        {
            "editorial-note": [{"id": "time", "reading": "kept as 15 minutes", "reason": "others say 30"}],
            "dosing": [{"id": "one", "infusion_time": {"value": 15, "unit": "min"}, "notes": ["time"]}],
        },
    ],
    bad=[
        _fact("bone is renewed by two types of cells", 3),
        _fact("pain eases after 10 days"),
        _solution(10),
    ],
)
def unsaid_number(content: Content) -> Faults:
    """A text states a number that no field beside it has.

    Who corrects the field does not see the text: from then on the two disagree, and nobody can tell which is
    right.  The reasons that an editorial note gives may speak of any number.
    """
    for text, in_words in _candidates(content):
        known: set[Decimal] | None = None
        for shown, stated in _stated(text.value, in_words=in_words):
            # Only a text with a number pays for what stands around it.
            known = _known(text.record, content) if known is None else known
            if stated not in known:
                message = f"the text states {shown}, which no field of the record has"
                yield text.place, message, "correct the one that is wrong, or give the number its field"


def _candidates(content: Content) -> Iterator[tuple[Text, bool]]:
    """Give the texts that may state numbers, and whether numbers in words count."""
    with_word = [text for text in with_words(content, _NUMBER_WORDS) if not has_digit(text.value)]
    for text in (*numbered(content), *with_word):
        kind = text.record.kind
        if kind.name == _NOTE:
            if text.field.name in _OF_NOTES:
                yield text, False
        # A term of a kind without quantities has no field that could hold the number.
        elif kind.group == "fact" or (kind.quantities and text.parts[0] not in _NO_STATEMENTS):
            yield text, True


def _stated(value: str, *, in_words: bool) -> Iterator[tuple[str, Decimal]]:
    """Give the numbers of a text, as they are written and as they are."""
    for match in _NUMBER.finditer(value):
        yield match.group(), Decimal(match.group().replace(",", ""))
    for match in _WORD.finditer(value) if in_words else ():
        yield match.group(), Decimal(_WORDS[match.group().lower()])


def _known(record: Record, content: Content) -> set[Decimal]:
    """Give the numbers of a record and of those around it: that it refers to, or that a note is about."""
    around = [record]
    if record.kind.name == _NOTE:
        around += content.once(_noted).get(id(record), ())
    found: set[Decimal] = set()
    for one in around:
        found.update(_numbers(one))
        for field in one.kind.references:
            for _, target in one.values(field) if field.ref != _NOTE else ():
                other = content.find(field.ref, target, one)
                if other is not None:
                    found.update(_numbers(other))
                    found.update(
                        number for _, number in _stated(str(other.value.get("label")), in_words=True)
                    )
    return found


def _noted(content: Content) -> dict[int, list[Record]]:
    """Give for every note the records that name it."""
    found: dict[int, list[Record]] = {}
    for reference in content.references():
        if reference.field.ref == _NOTE:
            note = content.find(_NOTE, reference.target, reference.record)
            found.setdefault(id(note), []).append(reference.record)
    return found


def _numbers(record: Record) -> Iterator[Decimal]:
    """Give the numbers of a record's fields, how long its lists are, and the numbers of what it quotes."""
    for name, value in record.value.items():
        if name not in _NO_STATEMENTS:
            yield from _inside(value)
    for field in record.kind.texts:
        for _, value in record.values(field) if is_quoted(field) else ():
            yield from (number for _, number in _stated(value, in_words=True))


def _inside(value: Any) -> Iterator[Decimal]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _inside(inner)
    elif isinstance(value, list):
        yield Decimal(len(value))
        for item in value:
            yield from _inside(item)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield abs(Decimal(value))
