"""The terms that a term is compared with: those of its own article, and the shared ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bmkit.content import TERMS_FOLDER, per_content

if TYPE_CHECKING:
    from collections.abc import Hashable

    from bmkit.content import Content, Record

_Value = TypeVar("_Value")


@per_content
def list_comparable_terms(content: Content) -> list[Record]:
    """Return all valid terms that can be found, the shared ones first; none if no term is judged.

    A rule judges those of which `content.is_judged` holds, and compares them with all.
    """
    if all(kind.group != "term" for kind in content.list_kinds()):
        return []
    return [
        record
        for folder in sorted(content.folders.values(), key=lambda folder: folder.name != TERMS_FOLDER)
        for records in folder.records_by_kind.values()
        if records and records[0].kind.group == "term"
        for record in records
        if record.is_valid
    ]


def take_first(
    firsts: dict[tuple[Hashable, ...], _Value], folder: str, key: Hashable, value: _Value
) -> _Value:
    """Return the first value of a key, as found from a folder; `value`, which is then kept, if it is that.

    `firsts` has the first ones by folder and key.  Those of the shared terms are to come before others.
    """
    return firsts.get((TERMS_FOLDER, key)) or firsts.setdefault((folder, key), value)
