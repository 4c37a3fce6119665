"""Numbers in texts, compared with the numbers in fields."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.derived.amounts import is_quantity
from bmkit.rules.derived.free_text import (
    find_field_texts,
    has_any_word,
    has_digit,
    is_quoted_field,
    split_words,
)
from bmkit.rules.rule import Faults, rule
from bmkit.schema.roles import FRAME_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.rules.derived.free_text import FreeText

    _Numbers = frozenset[int | Decimal]

_NOTE_KIND = "editorial-note"
# Its label and reading are about the facts; its reasons may give any number.
_NOTE_STATEMENT_FIELDS = ("label", "reading")
# Where a fact is from, and what others call the term.
_NON_STATEMENT_FIELDS = ("source", "codes", "id")

_IDENTIFIER_ROLES = ("doi", "pmid", "url")

_NUMBER_BY_WORD = dict(
    zip(
        (
            *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
            *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
        ),
        range(2, 21),
        strict=True,
    )
)
_NUMBER_WORDS = frozenset((*_NUMBER_BY_WORD, *map(str.capitalize, _NUMBER_BY_WORD)))
# Not the 89 of strontium-89, nor the 99 of 99mTc.
_NUMBER_PATTERN = (
    r"[0-9](?<![\w.,][0-9])(?<![^\W\d_][-\u2010\u2011–][0-9])"
    r"\d*(?:,\d{3})*(?:\.\d+)?(?!\w|[-\u2010\u2011–][^\W\d_])"
)


@rule(Severity.WARNING)
def number_without_field(content: Content) -> Faults:
    """A text states a number that no field of its record has, though it has others.

    A correction of the field misses the text: the two then disagree, and nobody can tell which is right.  The
    reasons in an editorial note may state any number; so may a name, and a record without numbers.
    """
    for text, include_words in _iter_number_texts(content):
        stated_numbers = dict(_iter_stated_numbers(text.value, include_words=include_words))
        if text.record.kind.name != _NOTE_KIND:
            stated_numbers = _select_comparable(text, stated_numbers)
        if stated_numbers:
            # Only for a text with numbers is its surrounding searched, the nearest first.
            for known_numbers in _iter_known_numbers(text.record, content):
                stated_numbers = {
                    occurrence: number
                    for occurrence, number in stated_numbers.items()
                    if number not in known_numbers
                }
                if not stated_numbers:
                    break
        for offset, number_text in (
            stated_numbers if not _may_lack_related_records(text.record, content) else ()
        ):
            message = f"the text states {number_text}, which no field of the record has"
            yield (
                text.locate_words(offset, offset + len(number_text)),
                message,
                "correct the text or the field, or add a field for the number",
            )


def _select_comparable(
    text: FreeText, stated_numbers: dict[tuple[int, str], Decimal]
) -> dict[tuple[int, str], Decimal]:
    """Return the numbers of a text that a field of its record could have: none if it has no number."""
    record = text.record
    quantities = [
        value
        for field in record.kind.quantity_fields
        for value in record.list_values(field)
        if is_quantity(value)
    ]
    has_numbers = quantities or any(
        field.type in {"integer", "number"} and field.name in record.value for field in record.kind.fields
    )
    if not has_numbers:
        return {}
    # The quantities of names have a rule of their own.
    return stated_numbers if text.field.path[0] not in FRAME_FIELDS else {}


def _iter_number_texts(content: Content) -> Iterator[tuple[FreeText, bool]]:
    """Yield the texts that may state numbers, and whether numbers in words count."""
    for field_texts in find_field_texts(content):
        kind, field_name = field_texts.kind, field_texts.field.path[0]
        if field_texts.quoted or field_texts.field.role in _IDENTIFIER_ROLES:
            continue
        if kind.name == _NOTE_KIND:
            if field_name in _NOTE_STATEMENT_FIELDS and has_digit(field_texts.joined):
                yield from ((text, False) for text in field_texts.select_texts(has_digit))
        # A term of a kind without quantities has no field that could hold the number.
        elif field_name not in _NON_STATEMENT_FIELDS and (kind.group == "fact" or kind.quantity_fields):
            present_words = _NUMBER_WORDS & field_texts.words
            if present_words or has_digit(field_texts.joined):
                yield from (
                    (text, True)
                    for text in field_texts.select_texts(partial(_can_state_number, present_words))
                )


def _can_state_number(present_words: frozenset[str], value: str) -> bool:
    return has_digit(value) or has_any_word(present_words, value)


def _iter_stated_numbers(value: str, *, include_words: bool) -> Iterator[tuple[tuple[int, str], Decimal]]:
    """Yield the numbers of a text: offset and spelling, and value."""
    seen_texts = set()
    for match in re.finditer(_NUMBER_PATTERN, value):
        if match.group() not in seen_texts:
            seen_texts.add(match.group())
            yield (match.start(), match.group()), Decimal(match.group().replace(",", ""))
    search_start = 0
    for word in split_words(value) if include_words else ():
        offset = max(value.find(word, search_start), search_start)
        search_start = offset + len(word)
        if word in _NUMBER_WORDS and word not in seen_texts:
            seen_texts.add(word)
            yield (offset, word), Decimal(_NUMBER_BY_WORD[word.lower()])


def _iter_known_numbers(record: Record, content: Content) -> Iterator[_Numbers]:
    """Yield the numbers of a record, of the records that refer to it if it is a note, then of their terms."""
    related_records = [record]
    yield _find_record_numbers(record, content)
    if record.kind.name == _NOTE_KIND:
        related_records += _group_records_by_note(content).get((record.folder, record.id), ())
        for noted_record in related_records[1:]:
            yield _find_record_numbers(noted_record, content)
    for noted_record in related_records:
        for field in noted_record.kind.reference_fields:
            for target_id in noted_record.list_values(field) if field.target_kind != _NOTE_KIND else ():
                target_record = content.find_record(field.target_kind, target_id, noted_record)
                if target_record is not None:
                    yield _find_record_numbers(target_record, content)
                    yield frozenset(
                        number
                        for _, number in _iter_stated_numbers(
                            str(target_record.value.get("label")), include_words=True
                        )
                    )


def _may_lack_related_records(record: Record, content: Content) -> bool:
    """Return whether a record that the record refers to, or that refers to a note, may be missing."""
    if record.kind.name == _NOTE_KIND:
        return not content.is_complete(record)
    fields = [field for field in record.kind.reference_fields if field.path[0] not in _NON_STATEMENT_FIELDS]
    references = (
        (field.target_kind, target_id) for field in fields for target_id in record.list_values(field)
    )
    return any(
        content.find_record(target_kind, target_id, record) is None for target_kind, target_id in references
    )


@per_content
def _group_records_by_note(content: Content) -> dict[tuple[str, str], list[Record]]:
    """Return the records that refer to each note, by its folder and id."""
    records_by_note: dict[tuple[str, str], list[Record]] = {}
    for field_reference in content.iter_field_references():
        if field_reference.field.target_kind == _NOTE_KIND:
            for record in field_reference.records:
                for note_id in record.list_values(field_reference.field):
                    records_by_note.setdefault((record.folder, note_id), []).append(record)
    return records_by_note


def _find_record_numbers(record: Record, content: Content) -> _Numbers:
    """Return the numbers in the fields of a record and in its quotations, and the lengths of its lists."""
    numbers_by_record = _get_numbers_cache(content)
    if id(record) not in numbers_by_record:
        numbers_by_record[id(record)] = frozenset(_iter_own_numbers(record))
    return numbers_by_record[id(record)]


@per_content
def _get_numbers_cache(_: Content) -> dict[int, _Numbers]:
    """Return an empty store for the numbers of each record, by identity: many facts name one term."""
    return {}


def _iter_own_numbers(record: Record) -> Iterator[int | Decimal]:
    for field_name, value in record.value.items():
        if field_name not in _NON_STATEMENT_FIELDS:
            yield from _walk_numbers(value)
    for field in record.kind.free_text_fields:
        for value in record.list_values(field) if is_quoted_field(field) else ():
            yield from (number for _, number in _iter_stated_numbers(value, include_words=True))


def _walk_numbers(value: Any) -> Iterator[int | Decimal]:
    if isinstance(value, dict):
        for member in value.values():
            yield from _walk_numbers(member)
    elif isinstance(value, list):
        yield len(value)
        for item in value:
            yield from _walk_numbers(item)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield value if value >= 0 else -value
