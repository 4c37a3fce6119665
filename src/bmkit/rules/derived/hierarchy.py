"""What a term belongs to: itself and everything above it in its hierarchy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

_ABOVE = ("parent", "part_of")


def lineage(content: Content, kind: str, name: str, near: Record | None = None) -> list[str]:
    """Give the id itself and the ids of all that it belongs to, the nearest first."""
    known = content.once(_known)
    key = (kind, name, near.folder if near is not None else "")
    if key not in known:
        found = known[key] = [name]
        for one in found:
            term = content.find(kind, one, near)
            for above in _above(term) if term is not None else ():
                if above not in found:
                    found.append(above)
    return known[key]


def belongs(content: Content, kind: str, name: str, above: str, near: Record | None = None) -> bool:
    """Say whether a term is the other one, or belongs to it."""
    return above in lineage(content, kind, name, near)


def related(content: Content, kind: str, one: str, other: str, near: Record | None = None) -> bool:
    """Say whether one of two terms belongs to the other."""
    return belongs(content, kind, one, other, near) or belongs(content, kind, other, one, near)


def known(content: Content, kind: str, near: Record) -> Iterator[Record]:
    """Give the well-shaped records of a kind that can be looked up from a record."""
    return (record for record in content.every(kind, near) if record.shaped)


def _known(_: Content) -> dict[tuple[str, str, str], list[str]]:
    """Give a place to keep what each term belongs to, by kind, id and the folder it is looked up from."""
    return {}


def _above(term: Record) -> Iterator[str]:
    for name in _ABOVE:
        if name in term.kind and term.kind.field(name).ref == term.kind.name:
            value = term[name]
            yield from value if isinstance(value, list) else [value] if value else []
