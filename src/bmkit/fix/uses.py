"""Which records refer to which ids, and what that says of an id that is not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.shape import ShapeChecker, find_shape_issues

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.schema import Field

_ReferrersById = dict[tuple[str, str], list["Record"]]
"""The records that refer to an id, each once, by kind and id."""


def is_misspelt_reference(content: Content, kind: str, missing_id: str, record: Record) -> bool:
    """Say whether it is the reference `missing` that is misspelt, and not the `record` it seems to mean.

    What cannot be an id is.  What can be one may as well be the right name of a record that lost it: then
    others say the missing name too, or nobody the one that is there.
    """
    content.compute_once(_mark_invalid_records)
    if not record.is_valid:
        return False
    if not _can_be_id(record, missing_id):
        return True
    if any(folder.unread_kinds for folder in content.folders.values()):
        return False  # who else refers to them cannot be told
    referrers_by_id = content.compute_once(_map_referrers)
    referrers = referrers_by_id.get((kind, record.id), ())
    return len(referrers_by_id.get((kind, missing_id), ())) < 2 and any(  # noqa: PLR2004  a slip is made once
        referrer is not record and content.get(kind, record.id, referrer) is record for referrer in referrers
    )


def _can_be_id(record: Record, word: str) -> bool:
    pattern = record.kind.get_field("id").pattern if "id" in record.kind else ""
    try:
        return not pattern or re.search(pattern, word) is not None
    except re.error:  # patterns are ECMAScript's, which knows some that Python does not
        return True


def _mark_invalid_records(content: Content) -> bool:
    find_shape_issues(content, ShapeChecker())
    return True


def _map_referrers(content: Content) -> _ReferrersById:
    referrers_by_id: _ReferrersById = {}
    for file in content.files:
        for record in file.records:
            for kind, target_id in set(_iter_reference_ids(record.value, file.kind.fields)):
                referrers_by_id.setdefault((kind, target_id), []).append(record)
    return referrers_by_id


def _iter_reference_ids(value: dict[str, Any], fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    """Give kind and id of all that a record refers to, whatever its shape."""
    for field in fields:
        field_value = value.get(field.name)
        for element in field_value if isinstance(field_value, list) else (field_value,):
            if field.type == "reference" and isinstance(element, str):
                yield field.target_kind, element
            elif field.fields and isinstance(element, dict):
                yield from _iter_reference_ids(element, field.fields)
