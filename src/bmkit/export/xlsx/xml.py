"""Text as the XML of a workbook takes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Control characters, what is no character at all, and what already looks like Excel's escape for those.
_BAD = re.compile("_(?=x[0-9a-fA-F]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
# One set of characters is looked for much faster than the cases themselves.
_ANY = re.compile("[&<>_\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")


def escaped(text: str) -> str:
    """`text` as the content of an element; what XML cannot hold as Excel writes it, U+0001 as _x0001_."""
    if not _ANY.search(text):
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _BAD.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def all_escaped(texts: Sequence[str | None]) -> Sequence[str | None]:
    """The texts as escaped gives them; one look tells for all of them that there is nothing to do."""
    if not _ANY.search("".join(filter(None, texts))):
        return texts
    return [text and escaped(text) for text in texts]


def quoted(text: str) -> str:
    """`text` as the value of an attribute, with its quotation marks."""
    return '"' + escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;") + '"'
