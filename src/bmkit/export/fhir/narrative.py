"""The words of a resource for people: XHTML made from the sentences of its facts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]


def build_narrative(language: str, paragraphs: Iterable[str], items: Iterable[tuple[str, str]] = ()) -> Json:
    """A Narrative of paragraphs and then of items: pairs of an XML id ("" for none) and a text."""
    body = "".join(f"<p>{_escape_xhtml(paragraph)}</p>" for paragraph in paragraphs)
    list_items = "".join(
        f"<li{_format_xml_id(element_id)}>{_escape_xhtml(item_text)}</li>" for element_id, item_text in items
    )
    item_list = f"<ul>{list_items}</ul>" if list_items else ""
    language_tag = escape(language)
    opening_tag = (
        f'<div xmlns="http://www.w3.org/1999/xhtml" lang="{language_tag}" xml:lang="{language_tag}">'
    )
    return {"status": "generated", "div": f"{opening_tag}{body}{item_list}{_CLOSING_TAG}"}


def append_paragraphs(base_narrative: Json, paragraphs: Iterable[str]) -> Json:
    """A Narrative with more paragraphs at its end."""
    added_paragraphs = "".join(f"<p>{_escape_xhtml(paragraph)}</p>" for paragraph in paragraphs)
    return {
        **base_narrative,
        "div": f"{base_narrative['div'].removesuffix(_CLOSING_TAG)}{added_paragraphs}{_CLOSING_TAG}",
    }


_CLOSING_TAG = "</div>"


def _format_xml_id(element_id: str) -> str:
    return f' id="{escape(element_id)}"' if element_id else ""


def _escape_xhtml(text: str) -> str:
    return escape(
        "".join("\ufffd" if _is_illegal_in_xml(character) else character for character in text), quote=False
    )


def _is_illegal_in_xml(character: str) -> bool:
    """Whether XML cannot have this character, written in whatever way."""
    return (character < " " and character not in "\t\n\r") or character in "\ufffe\uffff"
