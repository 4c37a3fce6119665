"""Numbers that stand in a text, beside those that stand in fields."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.free_text import (
    find_field_texts,
    has_any_word,
    has_digit,
    is_quoted_field,
    split_words,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.rules.derived.free_text import FreeText

    _Numbers = frozenset[int | Decimal]

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
_NUMBER = (
    r"[0-9](?<![\w.,][0-9])(?<![^\W\d_][-\u2010\u2011–][0-9])"
    r"\d*(?:,\d{3})*(?:\.\d+)?(?!\w|[-\u2010\u2011–][^\W\d_])"
)


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
        _fact("iodine\u2011131 goes to the thyroid"),
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
        stated = dict(_stated(text.value, in_words=in_words))
        if stated:
            # Only a text with a number pays for what stands around it, the nearest first.
            for known in _known(text.record, content):
                stated = {where: number for where, number in stated.items() if number not in known}
                if not stated:
                    break
        for at, shown in stated if not _is_in_part(text.record, content) else ():
            message = f"the text states {shown}, which no field of the record has"
            yield (
                text.locate_words(at, at + len(shown)),
                message,
                "correct the one that is wrong, or give the number its field",
            )


def _candidates(content: Content) -> Iterator[tuple[FreeText, bool]]:
    """Give the texts that may state numbers, and whether numbers in words count."""
    for column in find_field_texts(content):
        kind, name = column.kind, column.field.path[0]
        if column.quoted:
            continue
        if kind.name == _NOTE:
            if name in _OF_NOTES and has_digit(column.joined):
                yield from ((text, False) for text in column.select_texts(has_digit))
        # A term of a kind without quantities has no field that could hold the number.
        elif kind.group == "fact" or (kind.quantity_fields and name not in _NO_STATEMENTS):
            there = _NUMBER_WORDS & column.words
            if there or has_digit(column.joined):
                yield from ((text, True) for text in column.select_texts(partial(_may_state, there)))


def _may_state(there: frozenset[str], value: str) -> bool:
    return has_digit(value) or has_any_word(there, value)


def _stated(value: str, *, in_words: bool) -> Iterator[tuple[tuple[int, str], Decimal]]:
    """Give the numbers of a text: where each stands and how it is written, and what it is."""
    seen = set()
    for match in re.finditer(_NUMBER, value):
        if match.group() not in seen:
            seen.add(match.group())
            yield (match.start(), match.group()), Decimal(match.group().replace(",", ""))
    behind = 0
    for word in split_words(value) if in_words else ():
        at = max(value.find(word, behind), behind)
        behind = at + len(word)
        if word in _NUMBER_WORDS and word not in seen:
            seen.add(word)
            yield (at, word), Decimal(_WORDS[word.lower()])


def _known(record: Record, content: Content) -> Iterator[_Numbers]:
    """Give the numbers of a record, if it is a note of the records about it, then of what all these name."""
    around = [record]
    yield _numbers(record, content)
    if record.kind.name == _NOTE:
        around += content.compute_once(_noted).get((record.folder, record.id), ())
        for one in around[1:]:
            yield _numbers(one, content)
    for one in around:
        for field in one.kind.reference_fields:
            for target in one.list_values(field) if field.target_kind != _NOTE else ():
                other = content.find_record(field.target_kind, target, one)
                if other is not None:
                    yield _numbers(other, content)
                    yield frozenset(
                        number for _, number in _stated(str(other.value.get("label")), in_words=True)
                    )


def _is_in_part(record: Record, content: Content) -> bool:
    """Say whether something that the record speaks of, or that speaks of a note, may be missing."""
    if record.kind.name == _NOTE:
        return not content.is_complete(record)
    fields = [field for field in record.kind.reference_fields if field.path[0] not in _NO_STATEMENTS]
    named = ((field.target_kind, target) for field in fields for target in record.list_values(field))
    return any(content.find_record(ref, target, record) is None for ref, target in named)


def _noted(content: Content) -> dict[tuple[str, str], list[Record]]:
    """Give for every note, by its folder and id, the records that name it."""
    found: dict[tuple[str, str], list[Record]] = {}
    for mention in content.iter_field_references():
        if mention.field.target_kind == _NOTE:
            for record in mention.records:
                for target in record.list_values(mention.field):
                    found.setdefault((record.folder, target), []).append(record)
    return found


def _numbers(record: Record, content: Content) -> _Numbers:
    """Give the numbers of a record's fields, how long its lists are, and the numbers of what it quotes."""
    found = content.compute_once(_found)
    if id(record) not in found:
        found[id(record)] = frozenset(_own_numbers(record))
    return found[id(record)]


def _found(_: Content) -> dict[int, _Numbers]:
    """Give a place to keep the numbers of each record, by its identity: many facts name one term."""
    return {}


def _own_numbers(record: Record) -> Iterator[int | Decimal]:
    for name, value in record.value.items():
        if name not in _NO_STATEMENTS:
            yield from _inside(value)
    for field in record.kind.free_text_fields:
        for value in record.list_values(field) if is_quoted_field(field) else ():
            yield from (number for _, number in _stated(value, in_words=True))


def _inside(value: Any) -> Iterator[int | Decimal]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _inside(inner)
    elif isinstance(value, list):
        yield len(value)
        for item in value:
            yield from _inside(item)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield value if value >= 0 else -value
