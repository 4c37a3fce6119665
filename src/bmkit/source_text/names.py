"""The terms that a text names: by whole words, the longest name first, in British or American spelling."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bmkit.content import Content, Record

_NAME_FIELDS = ("label", "synonyms", "as_in_article")
# A hyphen is part of a word: "non-Hodgkin" does not name what "Hodgkin" names.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*(?![^\W_])|[^\W_]+(?:[-\u2010\u2011'\u2019][^\W_]+)*|%")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_PLURALS: dict[str, str] = dict(
    re.findall(
        r"(\w+)/(\w+)",
        "feet/foot teeth/tooth women/woman men/man children/child femora/femur phalanges/phalanx lives/life "
        "pelves/pelvis criteria/criterion bacteria/bacterium ova/ovum lens/lens lenses/lens",
    )
)
_LATIN_ENDINGS = (
    (re.compile("(?<=[aeioy])sis$"), "se"),
    (re.compile("(?<=[a-z]{3})ae$"), "a"),
    (re.compile("(?<=[a-z]{3})i$"), "us"),
)
_SPELLINGS = (
    (re.compile(r"[ao]e(?=[a-z])"), "e"),
    (re.compile(r"(?<=tum|col|vap|lab|hum)our"), "or"),
    (re.compile(r"(?<=fav)our"), "or"),
    (re.compile(r"(?<=behavi)our"), "or"),
    (re.compile(r"is(?=(?:e|ed|es|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=[a-z][tb])re$"), "er"),
    (re.compile("sulph"), "sulf"),
)
_MIN_SPELLED = 5
_MIN_PLURAL = 4
_INFLECTION = re.compile(r"(?<=[a-z]{4})(?:ing|ed|es|e|s)$")


@lru_cache(maxsize=8192)
def fold_word(word: str) -> str:
    """Return a word in the form in which words are compared: small letters, singular, one spelling."""
    folded = _POSSESSIVE.sub("", unicodedata.normalize("NFKC", word).casefold())
    if folded in _PLURALS:
        return _PLURALS[folded]
    for pattern, replacement in _LATIN_ENDINGS:
        folded = pattern.sub(replacement, folded)
    if len(folded) >= _MIN_PLURAL and folded.endswith("s") and not folded.endswith(("ss", "us", "is")):
        if folded.endswith("ies"):
            folded = f"{folded[:-3]}y"
        else:
            folded = re.sub(r"(?<=ss|ch|sh)es$|(?<=[xz])es$|s$", "", folded)
    if len(folded) >= _MIN_SPELLED:
        for pattern, replacement in _SPELLINGS:
            folded = pattern.sub(replacement, folded)
    return folded


@lru_cache(maxsize=8192)
def fold_inflected(word: str) -> str:
    """Return a word without the end that a verb has: "reduces" and "reducing" are one."""
    return _INFLECTION.sub("", fold_word(word))


class NameIndex:
    """Names to be found in texts, each with a key "kind/id"; of one kind the longest name wins.

    A word of a name that is all capitals is no other word: "AIDS" does not stand in "aids to walking".
    """

    def __init__(self, names: Iterable[tuple[str, str]], fold: Callable[[str], str] = fold_word) -> None:
        self._fold = fold
        self._capitals: set[str] = set()
        self._keys: dict[str, dict[tuple[str, ...], set[str]]] = defaultdict(lambda: defaultdict(set))
        self._longest: dict[tuple[str, str], int] = defaultdict(int)
        for key, name in names:
            tokens = [match.group() for match in _TOKEN.finditer(name)]
            self._capitals.update(token for token in tokens if token.isupper() and len(token) > 1)
            words = tuple(self._fold_token(token) for token in tokens)
            if words:
                kind = key.partition("/")[0]
                self._keys[kind][words].add(key)
                self._longest[kind, words[0]] = max(self._longest[kind, words[0]], len(words))

    def _fold_token(self, token: str) -> str:
        return token if token in self._capitals else self._fold(token)

    def find_keys(self, text: str) -> set[str]:
        """Return the keys of what a text names; of a name that two have, both."""
        return self.find_keys_and_other_words(text)[0]

    def find_keys_and_other_words(self, text: str) -> tuple[set[str], set[str]]:
        """Return the keys of what a text names, and those of its words that are part of no name."""
        words = [self._fold_token(match.group()) for match in _TOKEN.finditer(text)]
        keys: set[str] = set()
        other_words: list[str | None] = [*words]
        for kind in self._keys:
            for start, end, named_keys in self._iter_names(kind, words):
                keys |= named_keys
                other_words[start:end] = [None] * (end - start)
        return keys, {word for word in other_words if word is not None}

    def iter_places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield from where to where a text names something."""
        tokens = list(_TOKEN.finditer(text))
        words = [self._fold_token(token.group()) for token in tokens]
        for kind in self._keys:
            for start, end, _ in self._iter_names(kind, words):
                yield tokens[start].start(), tokens[end - 1].end()

    def _iter_names(self, kind: str, words: list[str]) -> Iterator[tuple[int, int, set[str]]]:
        names = self._keys[kind]
        start = 0
        while start < len(words):
            longest_end = min(start + self._longest.get((kind, words[start]), 0), len(words))
            for end in range(longest_end, start, -1):
                keys = names.get(tuple(words[start:end]))
                if keys is not None:
                    yield start, end, keys
                    start = end
                    break
            else:
                start += 1


def iter_term_names(record: Record) -> Iterator[str]:
    """Yield the declared names of a term."""
    for field_name in _NAME_FIELDS:
        if field_name in record.kind:
            for name in record.list_values(record.kind.get_field(field_name)):
                if isinstance(name, str):
                    yield name


def name_key(record: Record) -> str:
    """Return what a term is called in a reading: "kind/id"."""
    return f"{record.kind.name}/{record.id}"


def list_term_names(content: Content, folder_name: str) -> list[tuple[str, str]]:
    """List the key and name of every name of the terms that an article can refer to, sorted."""
    return sorted(
        (name_key(record), name)
        for record in _iter_terms(content, folder_name)
        for name in iter_term_names(record)
    )


def _iter_terms(content: Content, folder_name: str) -> Iterator[Record]:
    """Yield the valid terms that an article can refer to and a text can name."""
    for name_of_folder in content.list_reachable_folders(folder_name):
        for records in content.folders[name_of_folder].records_by_kind.values():
            if records and records[0].kind.group == "term" and records[0].kind.is_named:
                yield from (record for record in records if record.is_valid)


class PlaceNames(NamedTuple):
    """How diseases are called by the places where they start: "kidney cancer" is a cancer of the kidney.

    `last_words` are those that such names end with, folded; `keys_by_place` has the diseases by the key of
    their place.
    """

    last_words: frozenset[str]
    keys_by_place: dict[str, list[str]]


def find_place_names(content: Content, folder_name: str) -> PlaceNames:
    """Return which diseases a text can name by their places: those whose label ends as "kidney cancer"."""
    diseases: list[tuple[str, str, str]] = []
    last_words: set[str] = set()
    for record in _iter_terms(content, folder_name):
        for place in _iter_places(record, content):
            diseases.append(
                (name_key(record), name_key(place), _split_words(str(record.value.get("label")))[-1])
            )
            place_names = [_split_words(name) for name in iter_term_names(place)]
            for words in map(_split_words, iter_term_names(record)):
                if any(_is_part_of(place_words, words[:-1]) for place_words in place_names):
                    last_words.add(words[-1])
    keys_by_place: dict[str, list[str]] = defaultdict(list)
    for disease_key, place_key, last_word in diseases:
        if last_word in last_words:
            keys_by_place[place_key].append(disease_key)
    return PlaceNames(frozenset(last_words), dict(keys_by_place))


def _iter_places(record: Record, content: Content) -> Iterator[Record]:
    """Yield where a disease starts."""
    field = record.kind.find_role_field("site")
    if field is not None and record.kind.role == "condition":
        for place_id in record.list_values(field):
            place = content.find_record(field.target_kind, place_id, record)
            if place is not None:
                yield place


def _split_words(text: str) -> list[str]:
    return [fold_word(match.group()) for match in _TOKEN.finditer(text)] or [""]


def _is_part_of(part: list[str], words: list[str]) -> bool:
    return any(words[start : start + len(part)] == part for start in range(len(words)))
