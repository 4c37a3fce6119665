"""Ids, canonical URLs, identifiers and references of resources, derived from kinds and ids alone."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from bmkit.content import Record

Json = dict[str, Any]
# What a resource is about: a folder ("terms" or the article), a kind, an id and, where several resources are
# about one record, what each is of it.
ResourcePath = tuple[str, ...]

_WORD_PATTERN = re.compile(r"[A-Za-z0-9]+")
_PLAIN_TEXT_PATTERN = re.compile(r"[A-Za-z0-9 ,:;'()/-]+")
_ID_PATTERN = re.compile(r"[A-Za-z0-9.-]{1,64}")
_UUID_PREFIX = "urn:uuid:"
# The longest computable name that all releases take.
_MAX_COMPUTABLE_NAME = 250
# Our systems of identifiers: of records, and of stretches of the text of an article.
IDENTIFIER_SYSTEM = "identifier"
SPAN_SYSTEM = "span"


def drop_empty(elements: Json) -> Json:
    """The elements but for the empty ones, of which FHIR has none."""
    return {name: element for name, element in elements.items() if element not in (None, "", [], {})}


def make_record_path(record: Record, *path_parts: str) -> ResourcePath:
    """The path of a resource about `record`; `path_parts` tell several about one record apart."""
    return (record.folder, record.kind.name, record.id, *path_parts)


def get_label(record: Record) -> str:
    """The label of a term, or its id where its kind has no label."""
    return str(record.value.get("label", record.id))


def make_resource_id(base: str, resource_type: str, path: ResourcePath) -> str:
    """The id of the resource about `path`: a UUID, the same for ever."""
    return str(uuid5(NAMESPACE_URL, f"{base}/{resource_type}/{'/'.join(path)}"))


def make_full_url(resource_id: str) -> str:
    """The fullUrl of the entry of a Bundle of the resource with that id."""
    return _UUID_PREFIX + resource_id


def parse_target_id(url: str) -> str:
    """The id in a reference from make_full_url, "" for any other."""
    return url.removeprefix(_UUID_PREFIX) if url.startswith(_UUID_PREFIX) else ""


def build_reference(resource_id: str, resource_type: str, display: str) -> Json:
    """A reference to the resource of that type and id."""
    return {"reference": make_full_url(resource_id), "type": resource_type, "display": display}


def make_canonical_url(base: str, resource_type: str, path: ResourcePath) -> str:
    """The canonical URL of the resource about `path`."""
    return f"{base}/{resource_type}/{'/'.join(path)}"


def build_identifier(base: str, path: ResourcePath, use: str = "official") -> Json:
    """The identifier of what is at `path`; all resources about one fact have the same for it."""
    system_url = make_identifier_system(base, IDENTIFIER_SYSTEM)
    return {"use": use, "system": system_url, "value": "/".join(path)}


def make_identifier_system(base: str, system_name: str) -> str:
    """The URL of one of our systems of identifiers."""
    return f"{base}/{system_name}"


def make_computable_name(*words: str) -> str:
    """A name for programs: "regimen", "zometa-4-mg" give RegimenZometa4Mg."""
    word_parts = [word_part for word in words for word_part in _WORD_PATTERN.findall(word)]
    return ("".join(word_part[:1].upper() + word_part[1:] for word_part in word_parts) or "Unnamed")[
        :_MAX_COMPUTABLE_NAME
    ]


def make_element_id(record_id: str) -> str:
    """The id of a record as one of the data type id, which may be shorter and has no underscore."""
    return record_id if _ID_PATTERN.fullmatch(record_id) else _make_digest(record_id)


def make_slug(text: str) -> str:
    """A text as a code: "in the morning" gives in-the-morning.

    A text with unusual signs gets a digest, because its words alone would not be unique.
    """
    words = _join_words(text)
    return words if words and _PLAIN_TEXT_PATTERN.fullmatch(text) else make_distinct_slug(text)


def make_distinct_slug(text: str) -> str:
    """A text as a code that no other text has: its words and a digest."""
    return "-".join(part for part in (_join_words(text), _make_digest(text)) if part)


def _make_digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


def _join_words(text: str) -> str:
    return "-".join(word_part.lower() for word_part in _WORD_PATTERN.findall(text))
