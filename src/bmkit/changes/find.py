"""What changed between two contents: records matched by id, compared field by field, each change weighed."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.changes.gravity import Gravity, rank_fact, rank_field, weigh_quantity
from bmkit.changes.values import ValueReader
from bmkit.schema import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.schema import Kind

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_ID = "id"


class FieldChange(NamedTuple):
    """What a field said before and says now, None for nothing; of a list that is a set one of its items.

    `reason` says in a few words why it is that grave where the values alone do not, or is "".
    """

    field: Field
    before: Any
    after: Any
    gravity: Gravity
    reason: str = ""

    @property
    def name(self) -> str:
        """The name of the field, with those of the objects that it stands in: "source.section"."""
        return ".".join(self.field.path)


class RecordChange(NamedTuple):
    """A record that was added, removed or changed, with what of it changed.

    `record` is the record as it is now, or as it was if it is gone; `before` is that in the earlier content,
    `after` that in the later one, None where it is not there.
    """

    action: str
    record: Record
    before: Record | None
    after: Record | None
    gravity: Gravity
    field_changes: tuple[FieldChange, ...] = ()

    @property
    def is_renamed(self) -> bool:
        """Whether the record has another id now."""
        return self.before is not None and self.after is not None and self.before.id != self.after.id

    @property
    def is_moved(self) -> bool:
        """Whether the record stands in another folder now."""
        return self.before is not None and self.after is not None and self.before.folder != self.after.folder


def find_changes(old: Content, new: Content) -> list[RecordChange]:
    """Return what changed from one content to another, in the order of the files as they are now.

    Records are matched by kind, folder and id; one that says the same under another id was renamed, one of
    the same id in another folder moved.  What only looks otherwise, such as the order of records, keys and
    sets, is no change, and neither is the new id of a record where others refer to it.
    """
    pairing = _Pairing(old, new)
    reader = ValueReader(pairing.new_ids)
    changes = [_compare_records(before, after, reader) for before, after in pairing.pairs]
    changes += [RecordChange(ADDED, record, None, record, rank_fact(record.kind)) for record in pairing.added]
    changes += [
        RecordChange(REMOVED, record, record, None, rank_fact(record.kind)) for record in pairing.removed
    ]
    return sorted(
        (change for change in changes if change is not None),
        key=lambda change: (change.record.file, change.record.index, change.after is None),
    )


def compare_values(
    before: Any, after: Any, field: Field, kind: Kind, reader: ValueReader
) -> Iterator[FieldChange]:
    """Yield the changes from one value of a field of a kind to another, None for no value."""
    yield from _Comparison(kind, reader).compare(before, after, field, None)


def _compare_records(before: Record, after: Record, reader: ValueReader) -> RecordChange | None:
    """Return the change from one record to the other, None if they say the same."""
    if before.value == after.value and not reader.new_ids and before.folder == after.folder:
        return None
    kind = after.kind
    comparison = _Comparison(kind, reader)
    field_changes = [
        change
        for field in (*kind.fields, *_make_unknown_fields(kind, before, after))
        if field.name != _ID
        for change in comparison.compare(
            before.value.get(field.name), after.value.get(field.name), field, None
        )
    ]
    if not field_changes and before.id == after.id and before.folder == after.folder:
        return None
    gravity = max((change.gravity for change in field_changes), default=Gravity.MINOR)
    return RecordChange(CHANGED, after, before, after, gravity, tuple(field_changes))


def _make_unknown_fields(kind: Kind, *records: Record) -> list[Field]:
    names = dict.fromkeys(name for record in records for name in record.value if name not in kind)
    return [Field(name, (name,), name, "", "") for name in names]


class _Comparison:
    """The comparison of values of one kind."""

    def __init__(self, kind: Kind, reader: ValueReader) -> None:
        self._kind = kind
        self._reader = reader

    def compare(
        self, before: Any, after: Any, field: Field, holder_gravity: Gravity | None
    ) -> Iterator[FieldChange]:
        if self._reader.normalize(before, field) == self._reader.normalize(after, field):
            return
        gravity = rank_field(field, self._kind, holder_gravity, is_lost=after is None)
        if isinstance(before, list) and isinstance(after, list):
            yield from self._compare_lists(before, after, field, holder_gravity, gravity)
        elif field.type == "quantity":
            yield FieldChange(field, before, after, *weigh_quantity(before, after, field, gravity))
        elif field.fields and isinstance(before, dict) and isinstance(after, dict):
            for member in field.fields:
                yield from self.compare(before.get(member.name), after.get(member.name), member, gravity)
        else:
            yield FieldChange(field, before, after, gravity)

    def _compare_lists(
        self,
        before: list[Any],
        after: list[Any],
        field: Field,
        holder_gravity: Gravity | None,
        gravity: Gravity,
    ) -> Iterator[FieldChange]:
        gone_items, new_items = self._drop_equal_items(before, after, field)
        if field.is_sequence:
            reason = "" if gone_items or new_items else "another order"
            yield FieldChange(field, before, after, gravity, reason)
            return
        for gone_item, new_item in _pair_items(gone_items, new_items, field):
            if gone_item is None or new_item is None:
                item_gravity = rank_field(field, self._kind, holder_gravity, is_lost=new_item is None)
                yield FieldChange(field, gone_item, new_item, item_gravity)
            else:
                yield from self.compare(gone_item, new_item, field, holder_gravity)

    def _drop_equal_items(
        self, before: list[Any], after: list[Any], field: Field
    ) -> tuple[list[Any], list[Any]]:
        """Return the items of each list that the other one does not have."""
        keys_before = [self._reader.normalize(item, field) for item in before]
        keys_after = [self._reader.normalize(item, field) for item in after]
        return (
            _select_surplus(before, keys_before, Counter(keys_after)),
            _select_surplus(after, keys_after, Counter(keys_before)),
        )


def _select_surplus(items: list[Any], keys: Sequence[Hashable], other_counts: Counter[Hashable]) -> list[Any]:
    surplus = []
    for item, key in zip(items, keys, strict=True):
        if other_counts[key]:
            other_counts[key] -= 1
        else:
            surplus.append(item)
    return surplus


def _pair_items(
    gone_items: list[Any], new_items: list[Any], field: Field
) -> Iterator[tuple[Any | None, Any | None]]:
    """Yield the items of a set that belong together, each of the others with None.

    Those belong together that name the same in their first member, and a lone item with a lone one.
    """
    if len(gone_items) == len(new_items) == 1:
        yield gone_items[0], new_items[0]
        return
    gone_by_name = _index_unique(gone_items, lambda item: _name_item(item, field))
    new_by_name = _index_unique(new_items, lambda item: _name_item(item, field))
    shared_names = gone_by_name.keys() & new_by_name.keys() - {None}
    for item in gone_items:
        name = _name_item(item, field)
        yield item, new_by_name[name] if name in shared_names else None
    for item in new_items:
        if _name_item(item, field) not in shared_names:
            yield None, item


def _name_item(item: Any, field: Field) -> Hashable:
    """Return what an item of a list names in its first member, None if it has none."""
    if field.type == "reference" and isinstance(item, str):
        return item
    name = item.get(field.fields[0].name) if field.fields and isinstance(item, dict) else None
    return name if isinstance(name, str) else None


def _index_unique(values: Sequence[Any], make_key: Callable[[Any], Hashable]) -> dict[Hashable, Any]:
    """Return values by their keys, without those that share one."""
    counts = Counter(make_key(value) for value in values)
    return {key: value for value in values if counts[key := make_key(value)] == 1}


class _Pairing:
    """Which record of one content is which of the other.

    `pairs` has the records that both have, `added` and `removed` the others, and `new_ids` the new id of what
    was renamed, by kind and earlier id.
    """

    def __init__(self, old: Content, new: Content) -> None:
        old_records, new_records = _index_records(old), _index_records(new)
        self.pairs = [(record, new_records[key]) for key, record in old_records.items() if key in new_records]
        self.removed = [record for key, record in old_records.items() if key not in new_records]
        self.added = [record for key, record in new_records.items() if key not in old_records]
        self.new_ids: dict[tuple[str, str], str] = {}
        self._pair_unique(lambda record: (record.kind.name, record.id))
        self._pair_renamed(new)

    def _pair_renamed(self, new: Content) -> None:
        """Pair what says the same under another id; what refers to it may then say the same, too."""
        kept_ids = {
            (record.kind.name, record.id)
            for folder in new.folders.values()
            for file in folder.files
            for record in file.records
        }
        is_growing = True
        while is_growing and self.removed and self.added:
            reader = ValueReader(self.new_ids)
            paired = self._pair_unique(partial(_read_statement, reader=reader))
            self.new_ids |= {
                (before.kind.name, before.id): after.id
                for before, after in paired
                if (before.kind.name, before.id) not in kept_ids
            }
            is_growing = bool(paired)

    def _pair_unique(self, make_key: Callable[[Record], Hashable]) -> list[tuple[Record, Record]]:
        """Pair the records left over that have the same key, where no other has it; return these pairs."""
        gone, come = _index_unique(self.removed, make_key), _index_unique(self.added, make_key)
        paired = [(gone[key], come[key]) for key in gone if key in come]
        paired_places = {id(record) for pair in paired for record in pair}
        self.removed = [record for record in self.removed if id(record) not in paired_places]
        self.added = [record for record in self.added if id(record) not in paired_places]
        self.pairs += paired
        return paired


def _index_records(content: Content) -> dict[tuple[str, str, str, int], Record]:
    """Return all records, also those with errors, by kind, folder, id and how often that came before."""
    counts: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    records = {}
    for folder in content.folders.values():
        for file in folder.files:
            for record in file.records:
                key = (record.kind.name, record.folder, record.id)
                records[*key, counts[key]] = record
                counts[key] += 1
    return records


def _read_statement(record: Record, reader: ValueReader) -> Hashable:
    """Return all that a record says but for its id, in a form that is the same for the same."""
    kind = record.kind
    return kind.name, *(
        (name, reader.normalize(value, kind.get_field(name) if name in kind else None))
        for name, value in sorted(record.value.items())
        if name != _ID
    )
