"""Names of resources: ids, canonical URLs, identifiers and references, all made from kinds and ids alone."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]
# What a resource is about: its folder ("terms" or the article), a kind, an id and, if need be, its part in
# the fact.
Path = tuple[str, ...]

_WORD = re.compile(r"[A-Za-z0-9]+")
_PLAIN = re.compile(r"[A-Za-z0-9 ,:;'()/-]+")
_UUID = "urn:uuid:"
# The longest computable name that all releases take.
_LONGEST = 250


def resource_id(base: str, kind: str, path: Path) -> str:
    """The id of the resource of type `kind` about `path`: a UUID, the same for ever."""
    return str(uuid5(NAMESPACE_URL, f"{base}/{kind}/{'/'.join(path)}"))


def full_url(name: str) -> str:
    """The fullUrl of the entry of a Bundle that holds the resource with the id `name`."""
    return _UUID + name


def target_id(url: str) -> str:
    """The id in a reference that full_url made, "" for any other."""
    return url.removeprefix(_UUID) if url.startswith(_UUID) else ""


def reference(name: str, kind: str, display: str) -> Json:
    """A reference to the resource of type `kind` with the id `name`."""
    return {"reference": full_url(name), "type": kind, "display": display}


def canonical(base: str, kind: str, path: Path) -> str:
    """The canonical URL of the resource of type `kind` about `path`."""
    return f"{base}/{kind}/{'/'.join(path)}"


def identifier(base: str, path: Path, use: str = "official") -> Json:
    """The identifier of what `path` names; a fact that several resources state has the same one in each."""
    return {"use": use, "system": f"{base}/identifier", "value": "/".join(path)}


def computable(*words: str) -> str:
    """A name that programs can use: "dosing", "zometa-4-mg" give DosingZometa4Mg."""
    parts = [part for word in words for part in _WORD.findall(word)]
    return ("".join(part[:1].upper() + part[1:] for part in parts) or "Unnamed")[:_LONGEST]


def slug(text: str) -> str:
    """A text as a code: "in the morning" gives in-the-morning; other texts, other codes.

    What has other signs than words are written with is told apart by a digest.
    """
    words = "-".join(part.lower() for part in _WORD.findall(text))
    if words and _PLAIN.fullmatch(text):
        return words
    return "-".join(part for part in (words, sha256(text.encode()).hexdigest()[:8]) if part)
