"""The words of a resource for people: XHTML made from the sentences of its facts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]


def narrative(language: str, paragraphs: Iterable[str], items: Iterable[tuple[str, str]] = ()) -> Json:
    """A Narrative of paragraphs and then of items: pairs of an XML id ("" for none) and a text."""
    body = "".join(f"<p>{_text(one)}</p>" for one in paragraphs)
    rows = "".join(f"<li{_id(name)}>{_text(one)}</li>" for name, one in items)
    listed = f"<ul>{rows}</ul>" if rows else ""
    tag = escape(language)
    head = f'<div xmlns="http://www.w3.org/1999/xhtml" lang="{tag}" xml:lang="{tag}">'
    return {"status": "generated", "div": f"{head}{body}{listed}{_END}"}


def extended(told: Json, paragraphs: Iterable[str]) -> Json:
    """A Narrative with more paragraphs at its end."""
    more = "".join(f"<p>{_text(one)}</p>" for one in paragraphs)
    return {**told, "div": f"{told['div'].removesuffix(_END)}{more}{_END}"}


_END = "</div>"


def _id(name: str) -> str:
    return f' id="{escape(name)}"' if name else ""


def _text(text: str) -> str:
    return escape("".join("\ufffd" if _illegal(sign) else sign for sign in text), quote=False)


def _illegal(sign: str) -> bool:
    """Whether XML cannot have this character, written in whatever way."""
    return (sign < " " and sign not in "\t\n\r") or sign in "\ufffe\uffff"
