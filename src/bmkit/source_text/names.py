"""The terms that a text names: by whole words, the longest name first, in British or American spelling."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

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
        words = [self._fold_token(match.group()) for match in _TOKEN.finditer(text)]
        return {key for kind in self._keys for key in self._iter_keys(kind, words)}

    def _iter_keys(self, kind: str, words: list[str]) -> Iterator[str]:
        names = self._keys[kind]
        index = 0
        while index < len(words):
            for length in range(self._longest.get((kind, words[index]), 0), 0, -1):
                keys = names.get(tuple(words[index : index + length]))
                if keys is not None:
                    yield from keys
                    index += length
                    break
            else:
                index += 1


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
        for name_of_folder in content.list_reachable_folders(folder_name)
        for records in content.folders[name_of_folder].records_by_kind.values()
        if records and records[0].kind.group == "term" and records[0].kind.is_named
        for record in records
        if record.is_valid
        for name in iter_term_names(record)
    )
