"""Hierarchies of terms: a term and everything above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.schema.roles import load_roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record

_PARENT_FIELD = "parent"
_WIDER_MARK = "wider"


def find_wider_terms(
    content: Content, kind: str, term_id: str, near: Record | None = None
) -> list[tuple[str, str]]:
    """Return the kind and id of a term and of all that it also stands for, the nearest first.

    That is its parent, what it is a part of, and what its fields of a role marked "wider" name, such as the
    class of a product.
    """
    wider_terms = _get_wider_terms_cache(content)
    key = (kind, term_id, near.folder if near is not None else "")
    if key not in wider_terms:
        terms = wider_terms[key] = [(kind, term_id)]
        for wider_kind, wider_id in terms:
            term = content.find_record(wider_kind, wider_id, near)
            for wider_term in _iter_next_wider_terms(term) if term is not None else ():
                if wider_term not in terms:
                    terms.append(wider_term)
    return wider_terms[key]


def find_lineage(content: Content, kind: str, term_id: str, near: Record | None = None) -> list[str]:
    """Return the id of a term and the ids of all terms of its kind above it, the nearest first."""
    return [
        wider_id
        for wider_kind, wider_id in find_wider_terms(content, kind, term_id, near)
        if wider_kind == kind
    ]


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
def _get_wider_terms_cache(_: Content) -> dict[tuple[str, str, str], list[tuple[str, str]]]:
    """Return the cache of wider terms, by kind, id and folder of the record that refers to the term."""
    return {}


def _iter_next_wider_terms(term: Record) -> Iterator[tuple[str, str]]:
    for field in term.kind.reference_fields:
        role = load_roles().of_fields.get(field.role)
        is_wider = field.name == _PARENT_FIELD or (role is not None and _WIDER_MARK in role.marks)
        if is_wider and len(field.path) == 1:
            for wider_id in term.list_values(field):
                yield field.target_kind, wider_id
