"""The name of each kind's sheet: the name of the kind, as far as Excel allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.xlsx.validation import LISTS

if TYPE_CHECKING:
    from bmkit.tables import Table

COVER = "Cover"
MAP = "bmkit map"
# Excel's own limit, and the one name that it keeps for itself.
_LONGEST = 31
_TAKEN = (COVER, MAP, LISTS, "History")


def sheet_names(tables: tuple[Table, ...]) -> dict[str, str]:
    """Kind to name of its sheet; a name that is too long or taken is cut, and numbered."""
    taken = {name.casefold() for name in _TAKEN}
    names: dict[str, str] = {}
    for table in tables:
        name, number = table.name[:_LONGEST], 1
        while name.casefold() in taken:
            number += 1
            name = f"{table.name[: _LONGEST - len(f' {number}')]} {number}"
        taken.add(name.casefold())
        names[table.name] = name
    return names
