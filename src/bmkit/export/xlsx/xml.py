"""Text as the XML of a workbook takes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Control characters, what is no character at all, and what already looks like Excel's escape for those.
_ESCAPED_CHARACTERS = re.compile("_(?=x[0-9a-fA-F]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
# One set of characters is looked for much faster than the cases themselves.
_SPECIAL_CHARACTERS = re.compile("[&<>_\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")


def escape_xml(text: str) -> str:
    """`text` as the content of an element; what XML cannot hold as Excel writes it, U+0001 as _x0001_."""
    if not _SPECIAL_CHARACTERS.search(text):
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _ESCAPED_CHARACTERS.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def escape_xml_texts(texts: Sequence[str | None]) -> Sequence[str | None]:
    """The texts as escaped gives them; one look tells for all of them that there is nothing to do."""
    if not _SPECIAL_CHARACTERS.search("".join(filter(None, texts))):
        return texts
    return [text and escape_xml(text) for text in texts]


def quote_xml_value(text: str) -> str:
    """`text` as the value of an attribute, with its quotation marks."""
    return '"' + escape_xml(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;") + '"'
