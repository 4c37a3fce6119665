"""Records of one kind together: numbers that stand once, ranges without overlap, parts of one whole."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.quoting import quote_value
from bmkit.rules.derived.amounts import are_disjoint, convert_to, to_amount
from bmkit.rules.derived.facts import find_statement, is_contradiction_explained
from bmkit.rules.derived.relations import (
    format_related_value,
    group_records,
    iter_relations_between_records,
    iter_values_of_relation,
    to_lower_end,
)
from bmkit.rules.rule import Fault, Faults, rule
from bmkit.schema.relations import DISJOINT, SUM, UNIQUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content import Content, Record
    from bmkit.rules.derived.amounts import Amount
    from bmkit.rules.derived.relations import RelatedValue
    from bmkit.rules.rule import Against
    from bmkit.schema import Field
    from bmkit.schema.relations import Relation


@rule(Severity.ERROR)
def not_unique(content: Content) -> Faults:
    """Two records have the same value where each should have its own.

    Nobody can tell which of two steps of one number comes first.  What is the same in all else may be listed
    twice, for example because the article names it twice.
    """
    for kind, field, relation in iter_relations_between_records(content, UNIQUE):
        for records in group_records(content, kind, field, relation).values():
            first_by_value: dict[Any, Record] = {}
            for record in records:
                first = first_by_value.setdefault(record.value[field.name], record)
                is_same = first is record or _find_content(first) == _find_content(record)
                if not is_same and not is_contradiction_explained(first, record, content):
                    value_text = format_related_value(record.value[field.name])
                    message = f'{field.name} {value_text} is also that of "{first.id}"'
                    yield record.locate_field(field.name), message, "give each its own", (first,)


def _find_content(record: Record) -> frozenset[tuple[str, str]]:
    """Return what a record says, without quantities and without where the article says it."""
    left_out = {"source", *(field.name for field in record.kind.quantity_fields)}
    return frozenset(item for item in find_statement(record) if item[0] not in left_out)


@rule(Severity.ERROR)
def overlap(content: Content) -> Faults:
    """Two ranges overlap, where each should have its own part.

    A fact in the words of two sections could have either as its source, and a score in two grades is of both.
    A range with an open end may hold others: of "4 and more" 7 to 10 is a part.
    """
    for kind, field, relation in iter_relations_between_records(content, DISJOINT):
        for records in group_records(content, kind, field, relation).values():
            if relation.other_field:
                yield from _find_overlapping_spans(records, field, relation)
            else:
                yield from _find_overlapping_quantities(records, field)


def _find_overlapping_spans(records: list[Record], field: Field, relation: Relation) -> Faults:
    known = [record for record in records if record.value.get(relation.other_field) is not None]
    known.sort(key=lambda record: (record.value[field.name], record.value[relation.other_field]))
    for previous, following in pairwise(known):
        start, previous_end = following.value[field.name], previous.value[relation.other_field]
        if start < previous_end:
            message = (
                f"{field.name} {format_related_value(start)} is before the {relation.other_field} "
                f'{format_related_value(previous_end)} of "{previous.id}"'
            )
            names = " and ".join(relation.shared_fields)
            hint = "correct one of the two ends" + (f", or the {names} of one" if names else "")
            against = (previous.locate_field(relation.other_field),)
            yield following.locate_field(field.name), message, hint, against


def _find_overlapping_quantities(records: list[Record], field: Field) -> Faults:
    for previous, following in _pair_neighbours(records, field):
        amount = to_amount(following.value[field.name], field.dimension)
        other = to_amount(previous.value[field.name])
        is_part = _is_part(amount, other) or _is_part(other, amount)
        if not is_part and not are_disjoint(amount, other):
            message = (
                f"{field.name} {format_related_value(following.value[field.name])} overlaps "
                f'{format_related_value(previous.value[field.name])} of "{previous.id}"'
            )
            against = (previous.locate_field(field.name),)
            yield following.locate_field(field.name), message, "correct one of the two ends", against


def _is_part(amount: Amount, whole: Amount) -> bool:
    """Return whether all of an amount is in a range that has only one end."""
    return (whole.is_open() and not amount.is_capped() and amount.low >= whole.low) or (
        whole.is_capped() and not amount.is_open() and amount.high <= whole.high
    )


def _pair_neighbours(records: list[Record], field: Field) -> Iterator[tuple[Record, Record]]:
    """Yield the records whose quantities follow each other, by their dimension."""
    records_by_unit: dict[str, list[tuple[Fraction, Record]]] = {}
    for record in records:
        amount = to_amount(record.value[field.name], field.dimension)
        for unit, placed_records in records_by_unit.items():
            converted = convert_to(amount, unit)
            if converted is not None:
                placed_records.append((converted.low, record))
                break
        else:
            records_by_unit[amount.unit] = [(amount.low, record)]
    for placed_records in records_by_unit.values():
        ordered = [record for _, record in sorted(placed_records, key=lambda placed: placed[0])]
        yield from pairwise(ordered)


@rule(Severity.ERROR, fix="correct the share that is wrong, or tell the two wholes apart", guards_dose=True)
def sum_above_whole(content: Content) -> Faults:
    """The parts of a whole add up to more than the whole.

    At least one of the parts is wrong, or they are parts of different things.
    """
    for parts in _group_parts(content):
        last_part = next(reversed(parts.values()))
        maximum, total = last_part.field.maximum, sum(to_lower_end(part.value) for part in parts.values())
        if not last_part.relation.whole:
            unit_suffix = f" {last_part.value['unit']}" if isinstance(last_part.value, dict) else ""
            if maximum is not None and total > Fraction(maximum):
                yield _make_sum_fault(parts, total, f"above {maximum}{unit_suffix}", (quote_value(maximum),))
            continue
        whole = last_part.find_value_at(last_part.relation.whole, content)
        if whole is not None and total > to_lower_end(whole[1]):
            yield _make_sum_fault(parts, total, f"above {_describe_whole(last_part, *whole)}", (whole[0],))


@rule(Severity.ERROR, fix="correct the part that is wrong, the whole, or the number of its parts")
def sum_below_whole(content: Content) -> Faults:
    """All parts of a whole are there, and add up to less than the whole.

    At least one of the parts is wrong, or the whole has more of them than it says.
    """
    for parts in _group_parts(content):
        last_part = next(reversed(parts.values()))
        total = sum(to_lower_end(part.value) for part in parts.values())
        whole, part_count = (
            last_part.find_value_at(path, content) if path else None
            for path in (last_part.relation.whole, last_part.relation.part_count)
        )
        has_all_parts = part_count is not None and part_count[1] == len(parts)
        if whole is not None and has_all_parts and total < to_lower_end(whole[1]):
            yield _make_sum_fault(parts, total, f"below {_describe_whole(last_part, *whole)}", (whole[0],))


def _make_sum_fault(
    parts: dict[str, RelatedValue], total: Fraction | int, verdict: str, whole: Against
) -> Fault:
    last_part = next(reversed(parts.values()))
    whole_phrase = " and ".join(
        str(last_part.record.value.get(field_name)) for field_name in last_part.relation.shared_fields
    )
    unit_suffix = f" {last_part.value['unit']}" if isinstance(last_part.value, dict) else ""
    message = f"the parts of {whole_phrase} add up to {float(total):g}{unit_suffix}, {verdict}"
    against = (*whole, *(part.place for part in parts.values()))
    return Fault(last_part.place, message, f"the parts are {', '.join(parts)}", against)


def _describe_whole(part: RelatedValue, whole_record: Record, whole_value: Any) -> str:
    whole_name = part.relation.whole.rpartition(".")[2]
    return f'the {whole_name} {format_related_value(whole_value)} of "{whole_record.id}"'


def _iter_parts(content: Content) -> Iterator[RelatedValue]:
    for kind, field, relation in iter_relations_between_records(content, SUM):
        yield from iter_values_of_relation(content, kind, field, relation)


def _group_parts(content: Content) -> Iterable[dict[str, RelatedValue]]:
    """Return the parts of each whole, by what tells them apart."""
    parts_by_whole: dict[tuple[Any, ...], dict[str, RelatedValue]] = {}
    for declared_value in _iter_parts(content):
        record, relation = declared_value.record, declared_value.relation
        whole_values = (str(record.value.get(field_name)) for field_name in relation.shared_fields)
        whole_key = (record.folder, record.kind.name, declared_value.field.path, *whole_values)
        part_name = str(record.value.get(relation.other_field))
        stated_part = parts_by_whole.setdefault(whole_key, {}).setdefault(part_name, declared_value)
        # A part that is stated twice counts once.
        if to_lower_end(declared_value.value) < to_lower_end(stated_part.value):
            parts_by_whole[whole_key][part_name] = declared_value
    return parts_by_whole.values()
