"""Hierarchies of terms: a term and everything above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import per_content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

_PARENT_FIELDS = ("parent", "part_of")


def find_lineage(content: Content, kind: str, term_id: str, near: Record | None = None) -> list[str]:
    """Return the id of a term and the ids of all terms above it, the nearest first."""
    lineages = _get_lineage_cache(content)
    key = (kind, term_id, near.folder if near is not None else "")
    if key not in lineages:
        lineage = lineages[key] = [term_id]
        for ancestor_id in lineage:
            term = content.find_record(kind, ancestor_id, near)
            for parent_id in _iter_parent_ids(term) if term is not None else ():
                if parent_id not in lineage:
                    lineage.append(parent_id)
    return lineages[key]


def belongs_to(
    content: Content, kind: str, term_id: str, ancestor_id: str, near: Record | None = None
) -> bool:
    """Return whether a term is the other term or belongs to it."""
    return ancestor_id in find_lineage(content, kind, term_id, near)


def are_related(content: Content, kind: str, term_id: str, other_id: str, near: Record | None = None) -> bool:
    """Return whether one of two terms belongs to the other."""
    return belongs_to(content, kind, term_id, other_id, near) or belongs_to(
        content, kind, other_id, term_id, near
    )


def iter_visible_records(content: Content, kind: str, near: Record) -> Iterator[Record]:
    """Return the valid records of a kind that a record may refer to."""
    return (record for record in content.iter_reachable_records(kind, near) if record.is_valid)


@per_content
def _get_lineage_cache(_: Content) -> dict[tuple[str, str, str], list[str]]:
    """Return the cache of lineages, by kind, id and folder of the record that refers to the term."""
    return {}


def _iter_parent_ids(term: Record) -> Iterator[str]:
    for field_name in _PARENT_FIELDS:
        if field_name in term.kind and term.kind.get_field(field_name).target_kind == term.kind.name:
            value = term[field_name]
            yield from value if isinstance(value, list) else [value] if value else []
