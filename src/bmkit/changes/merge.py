"""The merge of two edits of a record: what one side changed is taken, what both changed is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.changes.values import ValueReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.schema import Field, Kind

# What stands in a record for a field that it does not have; a value may be null.
_ABSENT = object()
_READER = ValueReader({})


class Conflict(NamedTuple):
    """What both sides changed, each otherwise: a field of the record, or "" for the whole record.

    The values are None where the field, or the record, is not there.
    """

    field_name: str
    base: Any
    ours: Any
    theirs: Any


class Merged(NamedTuple):
    """A merged record, None if it is gone, with what could not be merged.

    Where there is a conflict `value` has our value; of a record that one side removed and the other changed
    it is the changed one.  `has_both` says that each side changed something that the other did not: fields
    that fit by themselves need not fit together.
    """

    value: dict[str, Any] | None
    conflicts: tuple[Conflict, ...] = ()
    has_both: bool = False


def merge_records(
    base: Mapping[str, Any] | None,
    ours: Mapping[str, Any] | None,
    theirs: Mapping[str, Any] | None,
    kind: Kind,
) -> Merged:
    """Return the merge of two edits of a record of `kind`; None stands for a record that is not there.

    The unit is the whole field of the record, such as a quantity or a list: 4 mg that became 5 mg here and
    4 ug there is a conflict, not 5 ug.  A side that changed only the notation of a value yields to one that
    changed the value.  Of two records that were added under one id nobody knows what belongs together: each
    difference is a conflict.
    """
    if ours is None or theirs is None:
        kept = theirs if ours is None else ours
        is_taken = base is None or (kept is not None and not _says_same(kept, base, kind))
        if kept is None or not is_taken:
            return Merged(None)
        # Without a base only one side has ever had it.
        return Merged(dict(kept), () if base is None else (Conflict("", base, ours, theirs),))
    value: dict[str, Any] = {}
    conflicts = []
    changed_by: set[str] = set()
    for name in dict.fromkeys((*ours, *theirs)):
        field = kind.get_field(name) if name in kind else None
        sides = (
            _ABSENT if base is None else base.get(name, _ABSENT),
            ours.get(name, _ABSENT),
            theirs.get(name, _ABSENT),
        )
        chosen = _choose_side(*sides, field, has_base=base is not None)
        if chosen is None:
            conflicts.append(Conflict(name, *(None if side is _ABSENT else side for side in sides)))
            chosen = "ours"
        merged_value = sides[2] if chosen == "theirs" else sides[1]
        if chosen and _read_key(merged_value, field) != _read_key(sides[0], field):
            changed_by.add(chosen)
        if merged_value is not _ABSENT:
            value[name] = merged_value
    return Merged(value, tuple(conflicts), has_both={"ours", "theirs"} <= changed_by)


def _choose_side(base: Any, ours: Any, theirs: Any, field: Field | None, *, has_base: bool) -> str | None:
    """Return which side changed a value, "ours" or "theirs"; "" if both say the same, None for a conflict."""
    if repr(ours) == repr(theirs):  # 4.0 is not 4 there, and True not 1
        return ""
    if has_base:
        if repr(theirs) == repr(base):
            return "ours"
        if repr(ours) == repr(base):
            return "theirs"
    base_key, our_key, their_key = (_read_key(side, field) for side in (base, ours, theirs))
    if our_key == their_key:
        return ""
    if has_base and their_key == base_key:
        return "ours"
    return "theirs" if has_base and our_key == base_key else None


def _read_key(value: Any, field: Field | None) -> Any:
    return value if value is _ABSENT else _READER.normalize(value, field)


def _says_same(record: Mapping[str, Any], other: Mapping[str, Any], kind: Kind) -> bool:
    if record.keys() != other.keys():
        return False
    fields = {name: kind.get_field(name) if name in kind else None for name in record}
    return all(
        _read_key(record[name], fields[name]) == _read_key(other[name], fields[name]) for name in record
    )
