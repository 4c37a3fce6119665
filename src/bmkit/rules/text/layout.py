"""How a text is laid out and spelt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.issue import Place, Severity, format_pointer
from bmkit.rules.derived.free_text import find_field_texts, select_own_texts, split_words
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content
    from bmkit.issue import PathPart
    from bmkit.rules.derived.free_text import FieldTexts, FreeText

_BLANK_RUN_PATTERN = r"[ \u00a0\u2000-\u200a\u202f]{2,}"
# An escape that the backslash before it does not escape itself.
_UNICODE_ESCAPE_PATTERN = r"(?<!\\)(?:\\\\)*(\\u(?:[dD][89abAB][0-9a-fA-F]{2}\\u)?[0-9A-Fa-f]{4})"


def _make_statements_example(*texts: str) -> dict[str, Any]:
    return {"statement": [{"id": f"text-{index}", "text": text} for index, text in enumerate(texts)]}


def _make_raw_site_example(label: str) -> dict[str, Any]:
    return {"written": {"site": f'{{"records": [{{"id": "rib", "label": "{label}"}}]}}'}}


@rule(
    Severity.WARNING,
    good=_make_statements_example("one blank between words"),
    bad=[_make_statements_example("two  blanks"), _make_statements_example("a blank at the end ")],
)
def blanks(content: Content) -> Faults:
    """A text has several blanks in a row, or one at its beginning or end.

    It does not compare as the same text, and often a word between the blanks was lost.
    """
    for text in select_own_texts(content, _has_extra_blanks).texts:
        blank_run = re.search(_BLANK_RUN_PATTERN, text.value)
        position_words = "several blanks in a row" if blank_run else "a blank at its beginning or end"
        yield (
            text.locate_words(*blank_run.span()) if blank_run else _locate_outer_blanks(text),
            f"the text has {position_words}",
            "see whether a word is missing; bmkit fix takes the blanks out",
        )


@rule(
    Severity.WARNING,
    good=_make_raw_site_example("rib"),
    bad=_make_raw_site_example("\\u0072ib"),
    fix="write the character itself; bmkit fmt does",
)
def escape(content: Content) -> Faults:
    r"""A letter is written as an escape, so that the file hides what it says.

    Who reads or searches the file sees \u0072ib, who reads the page sees rib: a review of the one approves
    the other unread.
    """
    for file in content.files:
        if b"\\u" in content.get_bytes(file.path):
            file_text = content.read_text(file.path)
            for parts, is_key, offset, escape_sequence, character in _iter_needless_escapes(
                file_text, file.value
            ):
                message = f'{escape_sequence} stands for "{character}"'
                place = Place(file.path, format_pointer(parts), is_key, offset, offset + 1)
                yield place, message, f'write "{character}" itself; bmkit fmt does'


@rule(
    Severity.WARNING,
    good=[
        _make_statements_example("the tumour spreads", "other tumours do not"),
        _make_statements_example("the tumor spreads", "other tumors do not"),
        {"tumour": [{"id": "one", "label": "bone tumour", "synonyms": ["bone tumor"]}]},
    ],
    bad=_make_statements_example("the tumour spreads", "tumours of bone", "other tumors do not"),
    fix="choose one of the two spellings and write it everywhere",
)
def two_spellings(content: Content) -> Faults:
    """A word is spelt in the British and in the American way in one article.

    A search finds half of the facts.  Synonyms are where the other spelling belongs.
    """
    from bmkit.rules.text.spelling import OTHER_SPELLINGS

    own_fields = [
        field_texts
        for field_texts in find_field_texts(content)
        if not field_texts.quoted and field_texts.field.name != "synonyms"
    ]
    used_words = {word for field_texts in own_fields for word in field_texts.words if word in OTHER_SPELLINGS}
    for word in sorted(word for word in used_words if OTHER_SPELLINGS[word] in used_words):
        texts_by_folder, other_texts_by_folder = (
            _group_texts_with_word(own_fields, word),
            _group_texts_with_word(own_fields, OTHER_SPELLINGS[word]),
        )
        for folder, folder_texts in texts_by_folder.items():
            other_count = len(other_texts_by_folder.get(folder, ()))
            # Of two that are as frequent one is told, the later in the alphabet: mostly the British one.
            for text in (
                folder_texts
                if other_count and (len(folder_texts), OTHER_SPELLINGS[word]) < (other_count, word)
                else ()
            ):
                message = f'"{word}" is spelt "{OTHER_SPELLINGS[word]}" elsewhere'
                word_match = re.search(rf"(?<!\w){word}(?!\w)", text.value)
                place = text.locate_words(*word_match.span()) if word_match else text.place
                yield place, message, f'write "{OTHER_SPELLINGS[word]}", or "{word}" everywhere'


def _group_texts_with_word(own_fields: list[FieldTexts], word: str) -> dict[str, list[FreeText]]:
    """Give the texts that hold a word, by article."""
    texts_by_folder: dict[str, list[FreeText]] = {}
    for field_texts in own_fields:
        for text in (
            field_texts.select_texts(lambda value: word in split_words(value))
            if word in field_texts.words
            else ()
        ):
            texts_by_folder.setdefault(text.record.folder, []).append(text)
    return texts_by_folder


def _locate_outer_blanks(text: FreeText) -> Place:
    """Give the place of the blanks that a text begins with, or else of those that it ends with."""
    value = text.value
    leading_length = len(value) - len(value.lstrip())
    return (
        text.locate_words(0, leading_length)
        if leading_length
        else text.locate_words(len(value.rstrip()), len(value))
    )


def _has_extra_blanks(value: str) -> bool:
    if value.isascii():
        return "  " in value or value != value.strip()
    return value != value.strip() or re.search(_BLANK_RUN_PATTERN, value) is not None


def _iter_needless_escapes(
    file_text: str, value: Any
) -> Iterator[tuple[tuple[PathPart, ...], bool, int, str, str]]:
    """Give the first needless escape of every string and key of a file.

    That is the way to the string, whether it is a key, the offset in its value, the escape, what it means.
    """
    # Only a file with escapes pays for these imports, and for looking up its places.
    from json import loads

    from bmkit.jsontext import Positions

    positions = Positions(file_text)
    for parts, is_key in _walk_string_paths(value, ()):
        start, end = positions.locate_pointer(format_pointer(parts), key=is_key)
        for match in re.compile(_UNICODE_ESCAPE_PATTERN).finditer(file_text, start, end):
            character: str = loads(f'"{match.group(1)}"')
            if character.isprintable():
                text_before: str = loads(f'{file_text[start : match.start(1)]}"')
                yield parts, is_key, len(text_before), match.group(1), character
                break


def _walk_string_paths(
    value: Any, parts: tuple[PathPart, ...]
) -> Iterator[tuple[tuple[PathPart, ...], bool]]:
    """Give the way to every string and, with True, to every key."""
    if isinstance(value, str):
        yield parts, False
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk_string_paths(item, (*parts, index))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield (*parts, name), True
            yield from _walk_string_paths(item, (*parts, name))
