"""The free texts of content, grouped so that rules search only those that can have a fault."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import per_content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart, Place
    from bmkit.schema import Field, Kind

# Quotations of the article and names of terminologies are kept as they are.
_QUOTED_FIELDS = ("as_in_article", "article_says")
_CODE_DISPLAY_FIELD = "display"
_DIGIT_PATTERN = "[0-9½]"
# Single characters, and not "." and "/": only then str.translate is fast.
_WORD_SEPARATORS: dict[int, str | None] = {
    ord(char): " " for char in "0123456789₄ ,;:()[]{}\"'!?*+-–—=<>%&@\u00a0\n"
}
_WORD_SEPARATORS.update(dict.fromkeys(map(ord, "./")))
# Not a letter, digit or blank, so no pattern matches across two texts.
_TEXT_SEPARATOR = "\x00"


class FreeText(NamedTuple):
    """A free text of a record, with its field and path."""

    record: Record
    field: Field
    parts: tuple[PathPart, ...]
    value: str

    @property
    def place(self) -> Place:
        """The place of the text."""
        return self.record.locate_field(*self.parts)

    def locate_words(self, start: int, end: int) -> Place:
        """Return the place of the words of the text from `start` to `end`."""
        return self.place._replace(start=start, end=end)


class FreeTexts(NamedTuple):
    """Some texts, and all their values joined, to be searched at once."""

    texts: list[FreeText]
    joined: str

    def iter_matches(self, pattern: str) -> Iterator[tuple[FreeText, re.Match[str]]]:
        """Yield every match of the pattern in every text; without texts it is not compiled."""
        if self.texts and re.search(pattern, self.joined):
            for text in self.texts:
                for match in re.finditer(pattern, text.value):
                    yield text, match


class FieldTexts:
    """All texts of one field; `joined` are their values with blanks between, `quoted` ones are quotations."""

    __slots__ = ("_values", "_words", "field", "joined", "kind", "quoted")

    def __init__(
        self, kind: Kind, field: Field, values: list[tuple[Record, tuple[PathPart, ...], str]]
    ) -> None:
        self.kind = kind
        self.field = field
        self.quoted = is_quoted_field(field)
        self.joined = " ".join([value for _, _, value in values])
        self._values = values
        self._words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        """The different words of all its texts."""
        if self._words is None:
            if self.joined.isascii():
                self._words = frozenset(split_words(self.joined))
            else:
                # One character beyond ASCII makes the translation of a whole text many times slower.
                ascii_values = [value for _, _, value in self._values if value.isascii()]
                non_ascii_values = [value for _, _, value in self._values if not value.isascii()]
                self._words = frozenset(
                    (*split_words(" ".join(ascii_values)), *split_words(" ".join(non_ascii_values)))
                )
        return self._words

    def select_texts(self, is_wanted: Callable[[str], object]) -> list[FreeText]:
        """Return the texts whose value is wanted."""
        return [
            FreeText(record, self.field, parts, value)
            for record, parts, value in self._values
            if is_wanted(value)
        ]


def is_quoted_field(field: Field) -> bool:
    """Return whether the texts of a field are quotations of the article or of a terminology."""
    return field.path[0] in _QUOTED_FIELDS or (field.name == _CODE_DISPLAY_FIELD and len(field.path) > 1)


def select_own_texts(content: Content, is_wanted: Callable[[str], object]) -> FreeTexts:
    """Return the texts of editors that are wanted; a field whose joined text is not wanted has none."""
    matching_fields = [
        field_texts
        for field_texts in find_field_texts(content)
        if not field_texts.quoted and is_wanted(field_texts.joined)
    ]
    return join_texts(
        [text for field_texts in matching_fields for text in field_texts.select_texts(is_wanted)]
    )


def split_words(text: str) -> list[str]:
    """Return the words of a text, without digits and signs; "q.d." and "D/C" are words."""
    return text.translate(_WORD_SEPARATORS).split()


def select_texts_with_words(content: Content, words: frozenset[str]) -> FreeTexts:
    """Return the texts of editors with one of the words."""
    texts: list[FreeText] = []
    for field_texts in find_field_texts(content):
        present_words = frozenset() if field_texts.quoted else words & field_texts.words
        if present_words:
            texts += field_texts.select_texts(partial(has_any_word, present_words))
    return join_texts(texts)


def has_any_word(words: frozenset[str], text: str) -> bool:
    """Return whether a text holds one of the words."""
    # A word that is not a substring is not a word of the text, unless it has points.
    can_have_word = "." in text or "/" in text or any(word in text for word in words)
    return can_have_word and not words.isdisjoint(split_words(text))


def join_texts(texts: list[FreeText]) -> FreeTexts:
    """Return texts joined, to be searched at once."""
    return FreeTexts(texts, _TEXT_SEPARATOR.join([text.value for text in texts]))


def has_digit(text: str) -> bool:
    """Return whether a text has a digit or a half."""
    return re.search(_DIGIT_PATTERN, text) is not None


@per_content
def find_numbered_texts(content: Content) -> FreeTexts:
    """Return the texts of editors with a digit."""
    return select_own_texts(content, has_digit)


@per_content
def find_odd_texts(content: Content) -> list[FreeText]:
    """Return the texts, quotations included, with a character beyond printable ASCII."""
    odd_fields = [
        field_texts for field_texts in find_field_texts(content) if _is_odd_text(field_texts.joined)
    ]
    return [text for field_texts in odd_fields for text in field_texts.select_texts(_is_odd_text)]


def _is_odd_text(text: str) -> bool:
    return not (text.isascii() and text.isprintable())


@per_content
def find_field_texts(content: Content) -> list[FieldTexts]:
    """Return the free texts of the valid records, field by field."""
    kinds = [kind for kind in content.list_kinds() if kind.free_text_fields]
    return [
        field_texts
        for kind in kinds
        for field_texts in _group_kind_texts(kind, content.list_records(kind.name))
    ]


def _group_kind_texts(kind: Kind, records: Iterable[Record]) -> list[FieldTexts]:
    field_texts = []
    for field in kind.free_text_fields:
        values: list[tuple[Record, tuple[PathPart, ...], str]]
        if len(field.path) == 1 and not field.is_list:
            name = field.name
            values = [(record, (name,), record.value[name]) for record in records if name in record.value]
        else:
            values = [
                (record, parts, value)
                for record in records
                for parts, value in record.list_values_with_paths(field)
            ]
        if values:
            field_texts.append(FieldTexts(kind, field, values))
    return field_texts
