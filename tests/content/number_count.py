"""Counts the numbers of the article's text, in digits or in words, that stand in records with their meaning.

Run by hand: python tests/content/number_count.py TEXT CONTENT-FOLDER
"""

import json
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

_UP_TO_NINETEEN = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
UNITS = {word: value for value, word in enumerate(_UP_TO_NINETEEN)}
TENS = {word: 10 * value for value, word in enumerate(_TENS, start=2)}
OTHER: dict[str, Decimal | int] = {
    "first": 1,
    "second": 2,
    "third": 3,
    "half": Decimal("0.5"),
    "single": 1,
    "both": 2,
}
MEASURES = "hour|year|week|month|day|glass"

_WORD = re.compile(
    rf"\b(?:(?P<hundreds>{'|'.join(UNITS)})\s+hundred"
    rf"|(?P<ten>{'|'.join(TENS)})(?:-(?P<one>{'|'.join(UNITS)}))?"
    rf"|(?P<unit>{'|'.join(UNITS)})"
    rf"|(?P<other>{'|'.join(OTHER)})(?:\s+an\s+hour)?"
    rf"|(?P<article>an?|another)(?=\s+(?:{MEASURES})\b))\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+(?:\.\d+)*")

# Words that look like numbers and count nothing, by their first code point.
NOT_A_NUMBER = {
    396: "a sample of how references are written",
    401: "a sample of how references are written",
    4018: "at first: in the beginning",
    4654: "one of the most",
    5287: "several times a day: a field of words",
    8212: "at first: in the beginning",
    12020: "no universal one",
    16178: "one of the most",
    17860: "one of the most",
    15122: "at one time: in one administration",
    20036: "at one time: in one administration",
    6446: "first alarm sign: in a field of words",
    2443: "both: two facts, one for each",
    18014: "both: two facts, one for each",
    8662: "both: a field of words",
    7932: "single metastasis: a type of lesion of its own",
    18356: "two forms: two records of the forms",
    17111: "first complication: named in the outcome",
    17303: "first complication: named in the outcome",
    17348: "second complication: named in the outcome",
    22616: "second dose: named in the activity",
    15739: "first two days: counted from the infusion on",
}


class Number(NamedTuple):
    """A number of the text: its code points [start, end), its words, its value."""

    start: int
    end: int
    text: str
    value: Decimal


def find_numbers(text: str) -> list[Number]:
    """Return all numbers of the text in their order; a date gives one number a part."""
    numbers = []
    for match in _DIGITS.finditer(text):
        parts = match[0].split(".") if match[0].count(".") > 1 else [match[0]]
        numbers += [Number(match.start(), match.end(), match[0], Decimal(part)) for part in parts]
    for match in _WORD.finditer(text):
        word = {name: part.lower() for name, part in match.groupdict().items() if part}
        if "hundreds" in word:
            value = Decimal(100 * UNITS[word["hundreds"]])
        elif "ten" in word:
            value = Decimal(TENS[word["ten"]] + UNITS[word.get("one", "zero")])
        elif "unit" in word:
            value = Decimal(UNITS[word["unit"]])
        elif "other" in word:
            value = Decimal(OTHER[word["other"]])
        else:
            value = Decimal(1)
        numbers.append(Number(match.start(), match.end(), match[0], value))
    return sorted(numbers)


def read_records(content: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the kind and the value of every record of the content."""
    for file in sorted(content.glob("*/*.json")):
        for record in json.loads(file.read_text("utf-8"), parse_float=Decimal)["records"]:
            yield file.name.removesuffix(".json"), record


def iter_stated_numbers(value: Any, terms: dict[str, list[Any]], *, deep: bool = True) -> Iterator[Decimal]:
    """Yield the numbers that a record states, with those of the terms it refers to."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in ("source", "codes", "notes"):
                yield from iter_stated_numbers(part, terms, deep=deep)
    elif isinstance(value, list):
        for part in value:
            yield from iter_stated_numbers(part, terms, deep=deep)
    elif isinstance(value, str):
        yield from map(Decimal, re.findall(r"(?<![.\d])\d+", value))
        if deep:
            for term in terms.get(value, ()):
                yield from iter_stated_numbers(term, terms, deep=False)
    elif isinstance(value, int | Decimal):
        yield Decimal(value)


def find_uncovered_numbers(text: str, content: Path) -> tuple[list[Number], list[Number]]:
    """Return every number that counts something, and those that no record with their place states."""
    records = list(read_records(content))
    terms: dict[str, list[Any]] = {}
    for _, record in records:
        if "source" not in record:
            terms.setdefault(record["id"], []).append(record)
    claims = []
    for _, record in records:
        if "source" in record:
            stated_numbers = set(iter_stated_numbers(record, terms))
            claims += [(span["start"], span["end"], stated_numbers) for span in record["source"]["spans"]]
    counted = [number for number in find_numbers(text) if number.start not in NOT_A_NUMBER]
    missing = [
        number
        for number in counted
        if not any(
            start <= number.start and number.end <= end and _states_number(stated_numbers, number)
            for start, end, stated_numbers in claims
        )
    ]
    return counted, missing


def _states_number(stated_numbers: set[Decimal], number: Number) -> bool:
    same = {number.value}
    if number.value == Decimal("0.5"):  # half an hour, half of the bone mass
        same |= {Decimal(30), Decimal(50)}
    if number.text.lower() in {"a", "another", "one"}:  # a week, a year
        same |= {Decimal(7), Decimal(12)}
    return bool(stated_numbers & same) or _is_in_run(stated_numbers, number)


def _is_in_run(stated_numbers: set[Decimal], number: Number) -> bool:
    return (
        len(stated_numbers) == 2
        and min(stated_numbers) < number.value < max(stated_numbers)
        and number.text.isdigit()
    )


if __name__ == "__main__":
    counted, missing = find_uncovered_numbers(Path(sys.argv[1]).read_text("utf-8"), Path(sys.argv[2]))
    print(f"{len(counted) - len(missing)} of {len(counted)} numbers of the text stand in records")  # noqa: T201  a script's answer
    for number in missing:
        print(f"  not in a record: {number.text!r} at {number.start}")  # noqa: T201  a script's answer
    sys.exit(bool(missing))
