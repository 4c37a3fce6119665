"""The links of a sheet: from each reference to the row of the record it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.xlsx.splice import MOST_LINKS, Link

if TYPE_CHECKING:
    from bmkit.export.xlsx.labels import Labels


class Jumps:
    """The links of one sheet, collected while its rows are written; `names` has the sheet of each kind."""

    def __init__(self, labels: Labels, names: dict[str, str]) -> None:
        self.links: list[Link] = []
        self._labels = labels
        self._names = names

    def add(self, kind: str, letter: str, first: int, values: list[Any], room: int) -> list[bool]:
        """Note the links of these cells to records of `kind`, and tell which cells have one.

        A cell has one link at most, and LibreOffice cuts off what is longer than a line in a cell with a
        link.  So there is none for several references in one cell, nor for a label of more than `room`
        characters.
        """
        if kind not in self._names:
            return [False] * len(values)
        rows, labels = self._labels.rows(kind), self._labels.of(kind)
        to = f"'{self._names[kind]}'!A"
        linked = []
        for row, value in enumerate(values, first):
            goal = value[0] if isinstance(value, list) and len(value) == 1 else value
            has = (
                isinstance(goal, str)
                and goal in rows
                and len(labels[goal]) <= room
                and len(self.links) < MOST_LINKS
            )
            if has:
                self.links.append(Link(f"{letter}{row}", f"{to}{rows[goal]}", f"go to {labels[goal]}"))
            linked.append(has)
        return linked
