"""Values as the cells of a sheet: numbers and days stay what they are, everything else is text."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from bmkit.export.json_value import plain
from bmkit.export.xlsx.style import PLACES
from bmkit.export.xlsx.xml import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

# What Excel keeps of a number.
_DIGITS = 15
_SMALL = 1_000_000
_DAY_ZERO = date(1899, 12, 30).toordinal()
# Excel believes in a 29 February 1900, so earlier days have other numbers there.
_FIRST_DAY = date(1900, 3, 1)
_DATE = re.compile(r"[12]\d{3}-\d\d-\d\d")


def text_cells(letter: str, first: int, styles: Iterable[int], texts: Iterable[str | None]) -> list[str]:
    """The cells of a column from row `first` down, each with its style, empty where there is no text."""
    return [
        f'<c r="{letter}{row}" s="{style}"/>' if text is None else _text(f"{letter}{row}", style, text)
        for row, (style, text) in enumerate(zip(styles, texts, strict=False), first)
    ]


def number_cells(letter: str, first: int, styles: dict[str, int], values: Iterable[Any]) -> list[str]:
    """The cells of a column of numbers, each with the places it was written with.

    What has more digits than Excel keeps stays text: rounded, it would be another number.
    """
    whole = styles["number.0"]
    return [
        f'<c r="{letter}{row}" s="{whole}"/>'
        if value is None
        else f'<c r="{letter}{row}" s="{whole}"><v>{value}</v></c>'
        if type(value) is int and -_SMALL < value < _SMALL
        else _number(f"{letter}{row}", styles, value)
        for row, value in enumerate(values, first)
    ]


def date_cells(letter: str, first: int, styles: dict[str, int], values: Iterable[Any]) -> list[str]:
    """The cells of a column of days; what Excel does not count as one stays text."""
    empty = styles["date"]
    return [
        f'<c r="{letter}{row}" s="{empty}"/>' if value is None else _date(f"{letter}{row}", styles, value)
        for row, value in enumerate(values, first)
    ]


def _text(where: str, style: int, text: str) -> str:
    said = escaped(text)
    return f'<c r="{where}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _number(where: str, styles: dict[str, int], value: int | Decimal) -> str:
    token = plain(value)
    whole, _, behind = token.partition(".")
    if len(token) > _DIGITS and len((whole + behind).strip("-0")) > _DIGITS:
        return _text(where, styles["text"], token)
    style = styles[f"number.{len(behind)}" if len(behind) <= PLACES else "number"]
    return f'<c r="{where}" s="{style}"><v>{token}</v></c>'


def _date(where: str, styles: dict[str, int], value: str) -> str:
    day = date.fromisoformat(value) if _DATE.fullmatch(value) else None
    if day is None or day < _FIRST_DAY:
        return _text(where, styles["text"], value)
    return f'<c r="{where}" s="{styles["date"]}"><v>{day.toordinal() - _DAY_ZERO}</v></c>'
