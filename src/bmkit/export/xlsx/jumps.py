"""The links of a sheet: from each reference to the row of the record it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.xlsx.splice import MOST_LINKS, goal

if TYPE_CHECKING:
    from bmkit.export.xlsx.labels import Labels


class Jumps:
    """The links of one sheet, collected while its rows are written; `names` has the sheet of each kind.

    `links` holds them as XML, as many in one text as a block of rows has in one column.
    """

    def __init__(self, labels: Labels, names: dict[str, str]) -> None:
        self.links: list[str] = []
        self._left = MOST_LINKS
        self._labels = labels
        self._names = names
        self._goals: dict[tuple[str, int], dict[str, str]] = {}

    def add(self, kind: str, letter: str, first: int, values: list[Any], room: int) -> list[bool]:
        """Note the links of these cells to records of `kind`, and tell which cells have one.

        A cell has one link at most, and LibreOffice cuts off what is longer than a line in a cell with a
        link.  So there is none for several references in one cell, nor for a label of more than `room`
        characters.
        """
        goals = self._goals_of(kind, room)
        linked = [
            (value if type(value) is str else value[0] if value and len(value) == 1 else None) in goals
            for value in values
        ]
        if sum(linked) > self._left:
            return [False] * len(values)
        self._left -= sum(linked)
        self.links.append(
            "".join(
                f'<hyperlink ref="{letter}{row}"{goals[value if type(value) is str else value[0]]}'
                for row, (has, value) in enumerate(zip(linked, values, strict=True), first)
                if has
            )
        )
        return linked

    def _goals_of(self, kind: str, room: int) -> dict[str, str]:
        """Id to the rest of the XML of a link, for the records of `kind` that are linked to."""
        if (kind, room) not in self._goals:
            rows = self._labels.rows(kind)
            sheet = self._names.get(kind)
            self._goals[kind, room] = {
                name: goal(f"'{sheet}'!A{rows[name]}", f"go to {label}")
                for name, label in self._labels.of(kind).items()
                if sheet and len(label) <= room
            }
        return self._goals[kind, room]
