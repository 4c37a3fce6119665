"""Hierarchies of terms: a term and everything above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.schema.roles import load_roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.schema import Field

_PARENT_FIELD = "parent"
_WIDER_MARK = "wider"
# So many can be looked at one by one.
_FEW = 10


def find_wider_terms(
    content: Content, kind: str, term_id: str, near: Record | None = None
) -> list[tuple[str, str]]:
    """Return the kind and id of a term and of all that it also stands for, the nearest first.

    That is its parent, what it is a part of, and what its fields of a role marked "wider" name, such as the
    class of a product.
    """
    wider_terms = _get_wider_terms_cache(content)
    # What all articles share is the same for each; a term of one's own is looked up from its article.
    shared_key, key = (kind, term_id, ""), (kind, term_id, near.folder if near is not None else "")
    if shared_key in wider_terms:
        return wider_terms[shared_key]
    if key not in wider_terms:
        terms, known_terms = [(kind, term_id)], {(kind, term_id)}
        is_shared = True
        for wider_kind, wider_id in terms:
            term = content.find_record(wider_kind, wider_id, near)
            is_shared = is_shared and term is not None and term.folder != key[2]
            for wider_term in _iter_next_wider_terms(term, content) if term is not None else ():
                if wider_term not in known_terms:
                    known_terms.add(wider_term)
                    terms.append(wider_term)
        wider_terms[shared_key if is_shared else key] = terms
        return terms
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


def is_exception(some_records: list[Record], records: list[Record]) -> bool:
    """Return whether some records are few, or no more than the others: what most of a list are is no slip."""
    return len(some_records) <= _FEW or 2 * len(some_records) <= len(records)


def iter_visible_records(content: Content, kind: str, near: Record) -> Iterator[Record]:
    """Return the valid records of a kind that a record may refer to."""
    return (record for record in content.iter_reachable_records(kind, near) if record.is_valid)


@per_content
def _get_wider_terms_cache(_: Content) -> dict[tuple[str, str, str], list[tuple[str, str]]]:
    """Return the cache of wider terms, by kind, id and folder of the record that refers to the term."""
    return {}


def _iter_next_wider_terms(term: Record, content: Content) -> Iterator[tuple[str, str]]:
    fields_by_kind = _get_wider_fields_cache(content)
    wider_fields = fields_by_kind.get(term.kind.name)
    if wider_fields is None:
        wider_fields = fields_by_kind[term.kind.name] = [
            field for field in term.kind.reference_fields if len(field.path) == 1 and _is_wider(field)
        ]
    for field in wider_fields:
        if field.name in term.value:
            for wider_id in term.list_values(field):
                yield field.target_kind, wider_id


@per_content
def _get_wider_fields_cache(_: Content) -> dict[str, list[Field]]:
    """Return the cache of the fields that name what a term also stands for, by kind."""
    return {}


def _is_wider(field: Field) -> bool:
    role = load_roles().of_fields.get(field.role)
    return field.name == _PARENT_FIELD or (role is not None and _WIDER_MARK in role.marks)
