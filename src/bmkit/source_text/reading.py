"""What was read in some words of a text: facts, and never the words themselves."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bmkit.source_text.names import NameIndex, find_place_names, fold_inflected, list_term_names
from bmkit.wording import format_quantity, format_unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content
    from bmkit.schema import Field, Kind
    from bmkit.source_text.quantities import Quantity

READER = "en 1"
"""The language and version of the reader: what another one reads may be otherwise."""

LANGUAGE = "en"
UNREAD_FIELDS = ("id", "label", "notes", "source")
"""The fields of a record that say nothing that its text must say."""

_DIGEST_LENGTH = 16
_SIGNS = {"about": "~"}
_WORD_KIND = "word"
_ORDINAL_UNIT = "#"
_MAX_QUANTITY_LENGTH = 120
_QUANTITY = re.compile(
    r"(?P<denied>not )?(?P<sign><=|>=|<|>|~)?(?P<low>-?\d+(?:\.\d+|/[1-9]\d*)?)"
    r"(?:\.\.(?P<high>-?\d+(?:\.\d+|/[1-9]\d*)?))? (?P<unit>\S+)"
)


class ReadQuantity(NamedTuple):
    """A quantity as it was read: `unit` is a UCUM code, "1" of a count and "#" of an ordinal."""

    low: Fraction
    high: Fraction
    unit: str
    comparator: str = ""
    is_denied: bool = False


class Reading(NamedTuple):
    """What some words state: quantities, terms ("kind/id"), words of closed lists, and how many are "not"."""

    quantities: frozenset[ReadQuantity] = frozenset()
    terms: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    negations: int = 0

    def join(self, other: Reading) -> Reading:
        """Return what two pieces of text state together."""
        return Reading(
            self.quantities | other.quantities,
            self.terms | other.terms,
            self.words | other.words,
            self.negations + other.negations,
        )


class Reader:
    """Reads English words, knowing the names of the terms that one article can refer to."""

    def __init__(self, content: Content, folder_name: str) -> None:
        self._names = list_term_names(content, folder_name)
        self._place_names = find_place_names(content, folder_name)
        self._closed_words = sorted(
            {
                word
                for kind in content.schemas
                if kind.group == "fact"
                for field in list_word_fields(kind)
                for word in field.values
                if isinstance(word, str)
            }
        )

    @cached_property
    def term_index(self) -> NameIndex:
        """The names of terms."""
        return NameIndex(self._names)

    @cached_property
    def word_index(self) -> NameIndex:
        """The words of closed lists."""
        return NameIndex(((f"{_WORD_KIND}/{word}", word) for word in self._closed_words), fold_inflected)

    @property
    def names_digest(self) -> str:
        """A digest of all names that it knows: with others it may read otherwise."""
        lines = [f"{key} {name}" for key, name in self._names]
        for place_key, disease_keys in sorted(self._place_names.keys_by_place.items()):
            lines.append(f"{place_key}: {' '.join(disease_keys)}")
        return digest_text("\n".join([*lines, *self._closed_words]))

    def read(self, words: str) -> Reading:
        """Return what some words state; a function of them, of the names and of the version alone."""
        from bmkit.source_text.quantities import read_quantities

        quantities, negations = read_quantities(words)
        return Reading(
            frozenset(to_read_quantity(quantity) for quantity in quantities if quantity.unit),
            frozenset(self._find_terms(words)),
            frozenset(key.removeprefix(f"{_WORD_KIND}/") for key in self.word_index.find_keys(words)),
            negations,
        )

    def _find_terms(self, words: str) -> set[str]:
        """Return what is named, also a disease by its place: "a cancer of the lungs or kidneys" names two."""
        keys, other_words = self.term_index.find_keys_and_other_words(words)
        if other_words & self._place_names.last_words:
            for key in tuple(keys):
                keys.update(self._place_names.keys_by_place.get(key, ()))
        return keys


def to_read_quantity(quantity: Quantity) -> ReadQuantity:
    """Return a quantity without its place in the text."""
    return ReadQuantity(quantity.low, quantity.high, quantity.unit, quantity.comparator, quantity.is_denied)


def list_word_fields(kind: Kind) -> list[Field]:
    """List the fields of a kind that hold a word of a closed list which a text may say."""
    quantity_paths = {field.path for field in kind.quantity_fields}
    return [
        field
        for field in kind.walk_fields()
        if field.type == "text"
        and field.values
        and field.is_named
        and field.path[0] not in UNREAD_FIELDS
        and field.path[:-1] not in quantity_paths
    ]


def digest_text(text: str) -> str:
    """Return the digest of a text as spans have it: 16 hexadecimal digits of SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_LENGTH]


def format_read_quantity(quantity: ReadQuantity) -> str:
    """Return a quantity on one line: "<=3600 mg/d", "not 19..25 mo"."""
    sign = _SIGNS.get(quantity.comparator, quantity.comparator)
    ends = dict.fromkeys((quantity.low, quantity.high))
    numbers = "..".join(map(format_fraction, ends))
    return f"{'not ' if quantity.is_denied else ''}{sign}{numbers} {quantity.unit}"


def describe_quantities(quantities: Iterable[ReadQuantity]) -> str:
    """Return quantities as people read them: "at most 15 minutes, 3–4 weeks, 4 mg"."""
    return ", ".join(sorted(map(_describe_quantity, quantities)))


def _describe_quantity(quantity: ReadQuantity) -> str:
    ends = list(dict.fromkeys(map(format_fraction, (quantity.low, quantity.high))))
    if quantity.unit == _ORDINAL_UNIT or any("/" in end for end in ends):
        # Neither has a form in content.
        unit = "" if quantity.unit == _ORDINAL_UNIT else f" {format_unit(quantity.unit)}"
        words = f"{'number ' if quantity.unit == _ORDINAL_UNIT else ''}{'–'.join(ends)}{unit}".strip()
    else:
        names = ("value",) if len(ends) == 1 else ("low", "high")
        numbers = {name: Decimal(end) for name, end in zip(names, ends, strict=True)}
        words = format_quantity({**numbers, "unit": quantity.unit, "comparator": quantity.comparator})
    return f"not {words}" if quantity.is_denied else words


def parse_read_quantity(text: str) -> ReadQuantity | None:
    """Return the quantity that `format_read_quantity` wrote; None if the text is none."""
    match = _QUANTITY.fullmatch(text) if len(text) <= _MAX_QUANTITY_LENGTH else None
    if match is None:
        return None
    low = Fraction(match["low"])
    comparator = "about" if match["sign"] == "~" else match["sign"] or ""
    high = Fraction(match["high"]) if match["high"] else low
    return ReadQuantity(low, high, match["unit"], comparator, bool(match["denied"]))


def format_fraction(number: Fraction) -> str:
    """Return a number exactly: as a decimal where it is one, else as a fraction."""
    rest, digits = number.denominator, 0
    for factor in (2, 5):
        power = 0
        while rest % factor == 0:
            rest, power = rest // factor, power + 1
        digits = max(digits, power)
    if rest > 1:
        return str(number)
    scaled = abs(number.numerator) * 10**digits // number.denominator
    text = f"{scaled:0{digits + 1}d}"
    decimal = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"-{decimal}" if number < 0 else decimal
