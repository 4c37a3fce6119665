"""Answers to what an editor asks about a document, in the words of the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from bmkit.canonical import canonical
from bmkit.fix import repairs
from bmkit.jsontext import JsonFault, parse
from bmkit.lsp.cursor import spot
from bmkit.lsp.hover import hover
from bmkit.lsp.offers import Offer, offers

if TYPE_CHECKING:
    from bmkit.lsp.places import Places
    from bmkit.lsp.project import Project


class Asked(NamedTuple):
    """The document that a question is about.

    `path` is relative to the root of `project`; `snippets` says that the editor knows where the cursor goes
    in what it inserts.
    """

    uri: str
    path: str
    text: str
    places: Places
    project: Project
    snippets: bool

    def offset(self, position: types.Position) -> int:
        """Give the offset of a position."""
        return self.places.offset(position.line, position.character)


def between(places: Places, start: int, end: int) -> types.Range:
    """Give the range between two offsets."""
    return types.Range(types.Position(*places.place(start)), types.Position(*places.place(end)))


def completed(asked: Asked, position: types.Position) -> types.CompletionList | None:
    """Give what may be typed at a position."""
    at = spot(asked.text, asked.offset(position))
    kind = asked.project.kind(asked.path)
    if kind is None:
        return None
    made = offers(at, kind, asked.project.content, asked.path.split("/")[1])
    here = between(asked.places, at.start, at.end)
    sort = types.CompletionItemKind.Field if at.key else types.CompletionItemKind.Value
    items = [_item(offer, here, sort, number, snippets=asked.snippets) for number, offer in enumerate(made)]
    return types.CompletionList(is_incomplete=False, items=items)


def hovered(asked: Asked, position: types.Position) -> types.Hover | None:
    """Say what stands at a position."""
    at = spot(asked.text, asked.offset(position))
    kind = asked.project.kind(asked.path)
    if not at.token or kind is None:
        return None
    asked.project.issues()  # a sentence is made only of a record that was found to fit its schema
    said = hover(at, kind, asked.project.content, asked.path)
    if not said:
        return None
    markdown = types.MarkupContent(types.MarkupKind.Markdown, said)
    return types.Hover(markdown, between(asked.places, at.start, at.end))


def formatted(asked: Asked) -> list[types.TextEdit] | None:
    """Write the document canonically; None if it is no JSON yet."""
    text = asked.text
    try:
        parse(text.encode("utf-8", "surrogatepass"))
    except JsonFault:
        return None
    made = canonical(text, asked.project.kind(asked.path))
    return [types.TextEdit(between(asked.places, 0, len(text)), made)] if made != text else []


def mended(asked: Asked, where: types.Range) -> list[types.CodeAction]:
    """Offer the repairs of what stands in a range."""
    first, last = asked.offset(where.start), asked.offset(where.end)
    made = repairs(asked.project.content, {asked.path})
    return [
        types.CodeAction(
            f"write {one.new}",
            kind=types.CodeActionKind.QuickFix,
            edit=types.WorkspaceEdit(
                changes={asked.uri: [types.TextEdit(between(asked.places, one.start, one.end), one.new)]}
            ),
        )
        for one in made
        if one.start <= last and first <= one.end
    ]


def _item(
    offer: Offer, here: types.Range, kind: types.CompletionItemKind, number: int, *, snippets: bool
) -> types.CompletionItem:
    snippet = snippets and bool(offer.snippet)
    return types.CompletionItem(
        offer.label,
        kind=kind,
        detail=offer.detail or None,
        documentation=offer.about or None,
        # The token with its quotes is replaced, so that is what editors compare with.
        filter_text=offer.text,
        sort_text=f"{number:06}",
        insert_text_format=types.InsertTextFormat.Snippet if snippet else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(here, offer.snippet if snippet else offer.text),
    )
