"""Values of records by role: what a field or a term is for a rule, whatever it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.rules.derived.amounts import (
    Amount,
    are_equal_amounts,
    is_quantity,
    name_upper_end,
    to_amount,
)
from bmkit.rules.derived.hierarchy import find_lineage
from bmkit.rules.rule import Fault
from bmkit.wording import format_quantity, format_without_comparator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart, Place
    from bmkit.rules.rule import Against


def has_role_value(record: Record, role: str) -> bool:
    """Return whether a record has a value in the field of the role; without such a field it has none."""
    return record.find_value(role) is not None


def find_role_text(record: Record, role: str) -> str:
    """Return the text or id in the field of the role, "" if there is none; of a list, its only item."""
    texts = list_role_texts(record, role)
    return texts[0] if len(texts) == 1 else ""


def list_role_texts(record: Record, role: str) -> list[str]:
    """Return the texts or ids in the field of the role, of a field that is no list its own."""
    value = record.find_value(role)
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def find_role_amount(record: Record, role: str) -> Amount | None:
    """Return the quantity in the field of the role, None if there is none."""
    field = record.kind.find_role_field(role)
    value = record.value.get(field.name) if field is not None else None
    return to_amount(value, field.dimension) if field is not None and is_quantity(value) else None


def name_role_field(record: Record, role: str) -> str:
    """Return the name of the field that has the role; the role itself if there is none."""
    field = record.kind.find_role_field(role)
    return field.name if field is not None else role


def format_role_quantity(record: Record, role: str, *, keep_comparator: bool = True) -> str:
    """Return the text of the quantity in the field of the role: "at most 4 mg"."""
    format_text = format_quantity if keep_comparator else format_without_comparator
    return format_text(record.find_value(role))


def locate_role(record: Record, role: str, *parts: PathPart) -> Place:
    """Return the place of the value in the field of the role, or of what stands at `parts` in it."""
    return record.locate_field(name_role_field(record, role), *parts)


def locate_role_end(record: Record, role: str) -> Place:
    """Return the place of the upper end of the quantity in the field of the role."""
    return locate_role(record, role, name_upper_end(record.find_value(role)))


def make_role_fault(  # noqa: PLR0913  a fault has that many parts
    record: Record,
    role: str,
    verdict: str,
    hint: str = "",
    against: Against = (),
    *,
    keep_comparator: bool = False,
) -> Fault:
    """Return a fault at the upper end of a quantity: "dose 40 mg" and then the verdict, "is far from …".

    The comparator of the quantity is left out unless the verdict can follow it: "at most 6 months is not the
    8 months" would compare twice.
    """
    quantity_text = format_role_quantity(record, role, keep_comparator=keep_comparator)
    message = f"{name_role_field(record, role)} {quantity_text} {verdict}"
    return Fault(locate_role_end(record, role), message, hint, against)


def agree_on_role(record: Record, other: Record, role: str) -> bool:
    """Return whether two records have the same value for a role, or one of them has none."""
    value, other_value = record.find_value(role), other.find_value(role)
    if value is None or other_value is None:
        return True
    amount, other_amount = find_role_amount(record, role), find_role_amount(other, role)
    if amount is None or other_amount is None:
        return bool(value == other_value)
    return are_equal_amounts(amount, other_amount)


def find_role_term(record: Record, role: str, content: Content) -> Record | None:
    """Return the term that the field of the role refers to, None if there is none or more than one."""
    field = record.kind.find_role_field(role)
    term_id = find_role_text(record, role)
    return content.find_record(field.target_kind, term_id, record) if field is not None and term_id else None


def find_role_lineage(record: Record, role: str, content: Content) -> Sequence[str]:
    """Return the id in the field of the role and the ids of all terms above it, the nearest first."""
    field = record.kind.find_role_field(role)
    term_id = find_role_text(record, role)
    if field is None or not term_id:
        return ()
    return find_lineage(content, field.target_kind, term_id, record) if field.target_kind else (term_id,)


def are_role_terms_related(record: Record, other: Record, role: str, content: Content) -> bool:
    """Return whether the term of one record for a role belongs to that of the other, or is the same."""
    lineage, other_lineage = (
        find_role_lineage(record, role, content),
        find_role_lineage(other, role, content),
    )
    return bool(lineage and other_lineage) and (lineage[0] in other_lineage or other_lineage[0] in lineage)


def find_meaning(record: Record, role: str, meaning_role: str, content: Content) -> Any:
    """Return what a term means by the role of one of its fields, such as the way of a route.

    The term is that of the record for `role`.  A term that does not say it means what the nearest term above
    it means; None if none of them says it.
    """
    field = record.kind.find_role_field(role)
    if field is None or not field.target_kind:
        return None
    terms = (
        content.find_record(field.target_kind, term_id, record)
        for term_id in find_role_lineage(record, role, content)
    )
    meanings = (term.find_value(meaning_role) for term in terms if term is not None)
    return next((meaning for meaning in meanings if meaning is not None), None)


def iter_visible_records_of_role(content: Content, role: str, near: Record) -> Iterator[Record]:
    """Return the valid records of the kinds of a role that a record may refer to."""
    return (record for record in content.iter_reachable_records_of_role(role, near) if record.is_valid)


def list_facts_with_roles(content: Content, *roles: str) -> Iterator[Record]:
    """Yield the facts that have a value for each of the roles."""
    for kind in content.list_kinds():
        if kind.group == "fact" and all(kind.find_role_field(role) is not None for role in roles):
            for record in content.list_records(kind.name):
                if all(record.find_value(role) is not None for role in roles):
                    yield record
