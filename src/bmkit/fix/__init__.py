"""Repairs that are safe to make without asking: of names, words and text, never of a quantity or a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.fix.repair import Repair, apply_repairs
from bmkit.fix.find import RepairFinder

if TYPE_CHECKING:
    from collections.abc import Collection

    from bmkit.content import Content

__all__ = ["Repair", "apply_repairs", "find_repairs"]


def find_repairs(content: Content, file_paths: Collection[str] | None = None) -> list[Repair]:
    """Give the repairs of all files, or of those in `files` (paths relative to the root), in their order.

    What is mended: an id, an enum's word or a field's name that differs from the only one near it by case,
    blanks and hyphens, number, or two neighbouring letters in the wrong order; a synonym where an id belongs;
    the path of the schema; and in free text blanks, composed letters and the micro sign.  Numbers, and all
    that stands inside quantities and codes, are never looked at, and no field is renamed that holds such.  An
    id that several records say, and one that nobody says but the record that has it, may be right: then the
    name of the record is what was misspelt.  SchemaError if a schema cannot be used.
    """
    all_repairs: list[Repair] = []
    for file in content.files:
        if file_paths is None or file.path in file_paths:
            all_repairs += RepairFinder(content, file).find_file_repairs()
    return all_repairs
