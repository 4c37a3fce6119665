"""What people wrote in words: the free texts of content, so sorted that rules look where they may find."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bmkit.content import Content, Record
    from bmkit.content.record import Part
    from bmkit.issue import Place
    from bmkit.schema import Field, Kind

# The words of the article and of terminologies are kept as they are, however odd.
_QUOTES = ("as_in_article", "article_says")
_CODE = "display"
_DIGIT = "[0-9½]"
# One character each, and none for "." and "/": only then are texts translated at the speed of C.
_APART: dict[int, str | None] = {ord(char): " " for char in "0123456789₄ ,;:()[]{}\"'!?*+-–—=<>%&@\u00a0\n"}
_APART.update(dict.fromkeys(map(ord, "./")))
# Neither a letter, a digit nor a blank: no pattern reaches from one text into the next.
_BETWEEN = "\x00"


class Text(NamedTuple):
    """A free text of a record, the way to it, and its field."""

    record: Record
    field: Field
    parts: tuple[Part, ...]
    value: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.record.at(*self.parts)

    def at(self, start: int, end: int) -> Place:
        """Give the place of some of its words, from `start` to `end`."""
        return self.place._replace(start=start, end=end)


class Texts(NamedTuple):
    """Some texts, and all their values in one to be searched at once."""

    texts: list[Text]
    joined: str

    def matches(self, pattern: str) -> Iterator[tuple[Text, re.Match[str]]]:
        """Give every place of every text where the pattern is found; without texts it is not compiled."""
        if self.texts and re.search(pattern, self.joined):
            for text in self.texts:
                for match in re.finditer(pattern, text.value):
                    yield text, match


class Column:
    """All texts of one field: `joined` are their values, blanks between; `quoted` ones are not our own."""

    __slots__ = ("_values", "_words", "field", "joined", "kind", "quoted")

    def __init__(self, kind: Kind, field: Field, values: list[tuple[Record, tuple[Part, ...], str]]) -> None:
        self.kind = kind
        self.field = field
        self.quoted = is_quoted(field)
        self.joined = " ".join([value for _, _, value in values])
        self._values = values
        self._words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        """The different words of all its texts."""
        if self._words is None:
            if self.joined.isascii():
                self._words = frozenset(words(self.joined))
            else:
                # One letter beyond ASCII makes the translation of all that it stands in many times slower.
                plain = [value for _, _, value in self._values if value.isascii()]
                other = [value for _, _, value in self._values if not value.isascii()]
                self._words = frozenset((*words(" ".join(plain)), *words(" ".join(other))))
        return self._words

    def texts(self, wanted: Callable[[str], object]) -> list[Text]:
        """Give the texts whose value is `wanted`."""
        return [
            Text(record, self.field, parts, value) for record, parts, value in self._values if wanted(value)
        ]


def is_quoted(field: Field) -> bool:
    """Say whether the texts of a field are the words of the article or of a terminology, not our own."""
    return field.path[0] in _QUOTES or (field.name == _CODE and len(field.path) > 1)


def columns(content: Content) -> list[Column]:
    """Give the free texts of the well-shaped records, column by column; found once."""
    return content.once(_columns)


def numbered(content: Content) -> Texts:
    """Give the texts in our own words that hold a digit; found once."""
    return content.once(_numbered)


def odd_texts(content: Content) -> list[Text]:
    """Give the texts, quoted ones too, with a character beyond printable ASCII; found once."""
    return content.once(_odd)


def own_texts(content: Content, wanted: Callable[[str], object]) -> Texts:
    """Give the texts in our own words that are `wanted`: a column that as a whole is not holds none."""
    found = [column for column in columns(content) if not column.quoted and wanted(column.joined)]
    return together([text for column in found for text in column.texts(wanted)])


def words(value: str) -> list[str]:
    """Give the words of a text, without digits and signs; "q.d." and "D/C" are words."""
    return value.translate(_APART).split()


def with_words(content: Content, wanted: frozenset[str]) -> Texts:
    """Give the texts in our own words that hold one of the words."""
    found: list[Text] = []
    for column in columns(content):
        there = frozenset() if column.quoted else wanted & column.words
        if there:
            found += column.texts(partial(holds, there))
    return together(found)


def holds(there: frozenset[str], value: str) -> bool:
    """Say whether a text holds one of the words."""
    # What is no part of the text is no word of it, unless it has points in it: most texts stay in one piece.
    maybe = "." in value or "/" in value or any(word in value for word in there)
    return maybe and not there.isdisjoint(words(value))


def together(texts: list[Text]) -> Texts:
    """Put texts together, to be searched at once."""
    return Texts(texts, _BETWEEN.join([text.value for text in texts]))


def has_digit(value: str) -> bool:
    """Say whether a digit stands in the text, or half of one."""
    return re.search(_DIGIT, value) is not None


def _numbered(content: Content) -> Texts:
    return own_texts(content, has_digit)


def _odd(content: Content) -> list[Text]:
    found = [column for column in columns(content) if _is_odd(column.joined)]
    return [text for column in found for text in column.texts(_is_odd)]


def _is_odd(value: str) -> bool:
    return not (value.isascii() and value.isprintable())


def _columns(content: Content) -> list[Column]:
    kinds = [kind for kind in content.kinds() if kind.texts]
    return [column for kind in kinds for column in _of_kind(kind, content.of(kind.name))]


def _of_kind(kind: Kind, records: Iterable[Record]) -> list[Column]:
    found = []
    for field in kind.texts:
        values: list[tuple[Record, tuple[Part, ...], str]]
        if len(field.path) == 1 and not field.many:
            name = field.name
            values = [(record, (name,), record.value[name]) for record in records if name in record.value]
        else:
            values = [(record, parts, value) for record in records for parts, value in record.values(field)]
        if values:
            found.append(Column(kind, field, values))
    return found
