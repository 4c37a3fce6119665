"""Which records refer to which ids, and what that says of an id that is not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bmkit.shape import ShapeChecker, find_shape_issues

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.schema import Field

_Uses = dict[tuple[str, str], list["Record"]]
"""The records that refer to an id, each once, by kind and id."""


def is_slip(content: Content, kind: str, missing: str, record: Record) -> bool:
    """Say whether it is the reference `missing` that is misspelt, and not the `record` it seems to mean.

    What cannot be an id is.  What can be one may as well be the right name of a record that lost it: then
    others say the missing name too, or nobody the one that is there.
    """
    content.once(_shaped)
    if not record.shaped:
        return False
    if not _can_be_id(record, missing):
        return True
    if any(folder.unread for folder in content.folders.values()):
        return False  # who else refers to them cannot be told
    uses = content.once(_uses)
    others = uses.get((kind, record.id), ())
    return len(uses.get((kind, missing), ())) < 2 and any(  # noqa: PLR2004  a slip is made once
        other is not record and content.named(kind, record.id, other) is record for other in others
    )


def _can_be_id(record: Record, word: str) -> bool:
    pattern = record.kind.get_field("id").pattern if "id" in record.kind else ""
    try:
        return not pattern or re.search(pattern, word) is not None
    except re.error:  # patterns are ECMAScript's, which knows some that Python does not
        return True


def _shaped(content: Content) -> bool:
    find_shape_issues(content, ShapeChecker())
    return True


def _uses(content: Content) -> _Uses:
    uses: _Uses = {}
    for file in content.files:
        for record in file.records:
            for kind, name in set(_said(record.value, file.kind.fields)):
                uses.setdefault((kind, name), []).append(record)
    return uses


def _said(value: dict[str, Any], fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    """Give kind and id of all that a record refers to, whatever its shape."""
    for field in fields:
        item = value.get(field.name)
        for one in item if isinstance(item, list) else (item,):
            if field.type == "reference" and isinstance(one, str):
                yield field.target_kind, one
            elif field.fields and isinstance(one, dict):
                yield from _said(one, field.fields)
