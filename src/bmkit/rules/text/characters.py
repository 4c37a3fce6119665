"""Characters that readers do not see, or take for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.proposals import propose_value
from bmkit.rules.derived.free_text import find_odd_texts, is_quoted_field
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.content import Content
    from bmkit.issue import Hint
    from bmkit.rules.derived.free_text import FreeText

_UNICODE_SECURITY_SOURCE = "Unicode Technical Standard 39, Unicode Security Mechanisms"


@rule(Severity.ERROR)
def unprintable(content: Content) -> Faults:
    """A text has an unprintable character: a control, a line end or a replacement character.

    Programs break lines at it, drop it or show a box.  A replacement character stands for a letter that a
    wrong encoding lost.
    """
    if texts := find_odd_texts(content):
        from bmkit.rules.derived.confusables import is_not_text

        yield from _find_character_faults(texts, is_not_text, "is not a printable character", "remove it")


@rule(Severity.ERROR, source=_UNICODE_SECURITY_SOURCE)
def invisible(content: Content) -> Faults:
    """A text has an invisible character.

    Two words that look the same are different to programs: a search finds only one of them.
    """
    if texts := find_odd_texts(content):
        from bmkit.rules.derived.confusables import is_invisible

        yield from _find_character_faults(texts, is_invisible, "is invisible", "remove it")


@rule(Severity.ERROR, source="Boucher and Anderson, Trojan Source: Invisible Vulnerabilities (2021)")
def direction_mark(content: Content) -> Faults:
    """A text has a character that changes the direction of the text.

    Words are shown in another order than they are stored: a reviewer approves one text, and programs read
    another.
    """
    if texts := find_odd_texts(content):
        from bmkit.rules.derived.confusables import is_direction_mark

        yield from _find_character_faults(
            texts, is_direction_mark, "changes the direction of the text", "remove it"
        )


@rule(Severity.ERROR, source=_UNICODE_SECURITY_SOURCE, fix="retype the word in one alphabet")
def mixed_scripts(content: Content) -> Faults:
    """A word has letters of several alphabets.

    A word with a Cyrillic letter that looks Latin is found by no search.  Greek letters are usual in the
    names of substances, and allowed unless they look Latin.
    """
    texts = find_odd_texts(content)
    if not texts:
        return
    from bmkit.rules.derived.confusables import find_mixed_script_words, name_character

    for text in texts:
        for offset, word, plain_word in find_mixed_script_words(text.value):
            odd_character = next(
                character
                for character, plain_character in zip(word, plain_word, strict=False)
                if character != plain_character or not plain_character.isascii()
            )
            place = text.locate_words(offset, offset + len(word))
            yield (
                place,
                f'"{word}" has letters of several alphabets: {name_character(odd_character)}',
                _propose_plain_word(word, plain_word),
            )


@rule(Severity.ERROR, source=_UNICODE_SECURITY_SOURCE, fix="retype the word with plain letters")
def look_alike(content: Content) -> Faults:
    """A word only looks like plain letters.

    All its letters are of another alphabet, of double width or ligatures: readers see no difference, and
    programs neither find the word nor know the unit.
    """
    texts = find_odd_texts(content)
    if not texts:
        return
    from bmkit.rules.derived.confusables import find_disguised_words, name_character

    for text in texts:
        for offset, word, plain_word in find_disguised_words(text.value):
            odd_character = next(character for character in word if not character.isascii())
            place = text.locate_words(offset, offset + len(word))
            yield (
                place,
                f'"{word}" is not "{plain_word}": {name_character(odd_character)}',
                _propose_plain_word(word, plain_word),
            )


@rule(
    Severity.WARNING,
    source="Unicode Standard Annex 15, Unicode Normalization Forms",
    fix="write the letter and its accent as one character; bmkit fix does",
)
def not_composed(content: Content) -> Faults:
    """A letter and its accent are stored as two characters.

    The word looks the same as with one character, but is not equal to it.  Quotations of the article and
    names of terminologies are not checked.
    """
    texts = find_odd_texts(content)
    if not texts:
        return
    from unicodedata import normalize

    from bmkit.rules.derived.confusables import find_disguised_words

    for text in texts:
        composed = normalize("NFC", text.value)
        # Signs that are composed to letters, such as that of kelvin, are for the rule above.
        if (
            composed != text.value
            and not is_quoted_field(text.field)
            and not find_disguised_words(text.value)
        ):
            character_pairs = enumerate(zip(text.value, composed, strict=False))
            first_offset = next(
                (
                    offset
                    for offset, (character, composed_character) in character_pairs
                    if character != composed_character
                ),
                0,
            )
            yield (
                text.locate_words(first_offset, first_offset + 2),
                "a letter and its accent are two characters",
                propose_value(composed, f'write "{composed}"; bmkit fix does', place=text.place),
            )


def _find_character_faults(
    texts: list[FreeText], is_faulty: Callable[[str], bool], message: str, hint: str
) -> Faults:
    """Yield one fault for each faulty character of a text, however often it occurs."""
    from bmkit.rules.derived.confusables import name_character

    for text in texts:
        for character in dict.fromkeys(text.value):
            if not (character.isascii() and character.isprintable()) and is_faulty(character):
                offset = text.value.index(character)
                yield text.locate_words(offset, offset + 1), f"{name_character(character)} {message}", hint


def _propose_plain_word(word: str, plain_word: str) -> Hint:
    otherwise = "write it in one alphabet"
    return propose_value(plain_word, otherwise=otherwise) if plain_word != word else otherwise
