"""How a text is laid out and spelt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.content import format_pointer
from bmkit.issue import Place, Severity
from bmkit.rules.derived.free_text import find_field_texts, select_own_texts, split_words
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content
    from bmkit.content.record import PathPart
    from bmkit.rules.derived.free_text import FieldTexts, FreeText

_BLANKS = r"[ \u00a0\u2000-\u200a\u202f]{2,}"
# An escape that the backslash before it does not escape itself.
_ESCAPE = r"(?<!\\)(?:\\\\)*(\\u(?:[dD][89abAB][0-9a-fA-F]{2}\\u)?[0-9A-Fa-f]{4})"


def _said(*texts: str) -> dict[str, Any]:
    return {"statement": [{"id": f"text-{at}", "text": text} for at, text in enumerate(texts)]}


def _written(label: str) -> dict[str, Any]:
    return {"written": {"site": f'{{"records": [{{"id": "rib", "label": "{label}"}}]}}'}}


@rule(
    Severity.WARNING,
    good=_said("one blank between words"),
    bad=[_said("two  blanks"), _said("a blank at the end ")],
)
def blanks(content: Content) -> Faults:
    """A text has several blanks in a row, or one at its beginning or end.

    It does not compare as the same text, and often a word between the blanks was lost.
    """
    for text in select_own_texts(content, _has_blanks).texts:
        row = re.search(_BLANKS, text.value)
        where = "several blanks in a row" if row else "a blank at its beginning or end"
        yield (
            text.locate_words(*row.span()) if row else _at_the_end(text),
            f"the text has {where}",
            "see whether a word is missing; bmkit fix takes the blanks out",
        )


@rule(
    Severity.WARNING,
    good=_written("rib"),
    bad=_written("\\u0072ib"),
    fix="write the character itself; bmkit fmt does",
)
def escape(content: Content) -> Faults:
    r"""A letter is written as an escape, so that the file hides what it says.

    Who reads or searches the file sees \u0072ib, who reads the page sees rib: a review of the one approves
    the other unread.
    """
    for file in content.files:
        if b"\\u" in content.get_bytes(file.path):
            raw = content.read_text(file.path)
            for parts, key, at, escape, char in _escapes(raw, file.value):
                message = f'{escape} stands for "{char}"'
                place = Place(file.path, format_pointer(parts), key, at, at + 1)
                yield place, message, f'write "{char}" itself; bmkit fmt does'


@rule(
    Severity.WARNING,
    good=[
        _said("the tumour spreads", "other tumours do not"),
        _said("the tumor spreads", "other tumors do not"),
        {"tumour": [{"id": "one", "label": "bone tumour", "synonyms": ["bone tumor"]}]},
    ],
    bad=_said("the tumour spreads", "tumours of bone", "other tumors do not"),
    fix="choose one of the two spellings and write it everywhere",
)
def two_spellings(content: Content) -> Faults:
    """A word is spelt in the British and in the American way in one article.

    A search finds half of the facts.  Synonyms are where the other spelling belongs.
    """
    from bmkit.rules.text.spellings import OTHER_SPELLINGS

    own = [
        column
        for column in find_field_texts(content)
        if not column.quoted and column.field.name != "synonyms"
    ]
    used = {word for column in own for word in column.words if word in OTHER_SPELLINGS}
    for word in sorted(word for word in used if OTHER_SPELLINGS[word] in used):
        texts, others = _texts_with(own, word), _texts_with(own, OTHER_SPELLINGS[word])
        for folder, fewer in texts.items():
            more = len(others.get(folder, ()))
            # Of two that are as frequent one is told, the later in the alphabet: mostly the British one.
            for text in fewer if more and (len(fewer), OTHER_SPELLINGS[word]) < (more, word) else ():
                message = f'"{word}" is spelt "{OTHER_SPELLINGS[word]}" elsewhere'
                found = re.search(rf"(?<!\w){word}(?!\w)", text.value)
                place = text.locate_words(*found.span()) if found else text.place
                yield place, message, f'write "{OTHER_SPELLINGS[word]}", or "{word}" everywhere'


def _texts_with(own: list[FieldTexts], word: str) -> dict[str, list[FreeText]]:
    """Give the texts that hold a word, by article."""
    found: dict[str, list[FreeText]] = {}
    for column in own:
        for text in (
            column.select_texts(lambda value: word in split_words(value)) if word in column.words else ()
        ):
            found.setdefault(text.record.folder, []).append(text)
    return found


def _at_the_end(text: FreeText) -> Place:
    """Give the place of the blanks that a text begins with, or else of those that it ends with."""
    value = text.value
    first = len(value) - len(value.lstrip())
    return text.locate_words(0, first) if first else text.locate_words(len(value.rstrip()), len(value))


def _has_blanks(value: str) -> bool:
    if value.isascii():
        return "  " in value or value != value.strip()
    return value != value.strip() or re.search(_BLANKS, value) is not None


def _escapes(raw: str, value: Any) -> Iterator[tuple[tuple[PathPart, ...], bool, int, str, str]]:
    """Give the first needless escape of every string and key of a file.

    That is the way to the string, whether it is a key, the offset in its value, the escape, what it means.
    """
    # Only a file with escapes pays for these imports, and for looking up its places.
    from json import loads

    from bmkit.jsontext import Positions

    positions = Positions(raw)
    for parts, key in _strings(value, ()):
        start, end = positions.locate_pointer(format_pointer(parts), key=key)
        for match in re.compile(_ESCAPE).finditer(raw, start, end):
            char: str = loads(f'"{match.group(1)}"')
            if char.isprintable():
                before: str = loads(f'{raw[start : match.start(1)]}"')
                yield parts, key, len(before), match.group(1), char
                break


def _strings(value: Any, way: tuple[PathPart, ...]) -> Iterator[tuple[tuple[PathPart, ...], bool]]:
    """Give the way to every string and, with True, to every key."""
    if isinstance(value, str):
        yield way, False
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _strings(item, (*way, number))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield (*way, name), True
            yield from _strings(item, (*way, name))
