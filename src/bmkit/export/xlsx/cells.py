"""Values as the cells of a sheet: numbers and days stay what they are, everything else is text."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bmkit.export.json_value import plain
from bmkit.export.xlsx.styles import PLACES
from bmkit.export.xlsx.xml import all_escaped, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

# What Excel keeps of a number.
_DIGITS = 15
_DAY_ZERO = date(1899, 12, 30).toordinal()
# Excel believes in a 29 February 1900, so earlier days have other numbers there.
_FIRST_DAY = date(1900, 3, 1)
_DATE = re.compile(r"[12]\d{3}-\d\d-\d\d")


def text_cells(letter: str, first: int, styles: Iterable[int], texts: Sequence[str | None]) -> list[str]:
    """The cells of a column from row `first` down, each with its style, empty where there is no text."""
    return [
        f'<c r="{letter}{row}" s="{style}"/>'
        if text is None
        else f'<c r="{letter}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        for row, (style, text) in enumerate(zip(styles, all_escaped(texts), strict=False), first)
    ]


def number_cells(letter: str, first: int, styles: dict[str, int], values: Iterable[Any]) -> list[str]:
    """The cells of a column of numbers, each with the places it was written with.

    What has more digits than Excel keeps stays text: rounded, it would be another number.
    """
    whole = styles["number.0"]
    placed = [styles[f"number.{places}"] for places in range(PLACES + 1)]
    return [
        f'<c r="{letter}{row}" s="{whole}"/>'
        if value is None
        else f'<c r="{letter}{row}" s="{placed[len(token) - token.find(".") - 1 if "." in token else 0]}">'
        f"<v>{token}</v></c>"
        if len(token := str(value)) <= PLACES and "E" not in token
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
    return f'<c r="{where}" s="{style}" t="inlineStr"><is><t>{escaped(text)}</t></is></c>'


def _number(where: str, styles: dict[str, int], value: int | Decimal) -> str:
    token = plain(value)
    whole, _, behind = token.partition(".")
    if len(token) > _DIGITS and len((whole + behind).strip("-0")) > _DIGITS:
        return _text(where, styles["text"], token)
    style = styles[f"number.{len(behind)}" if len(behind) <= PLACES else "number"]
    return f'<c r="{where}" s="{style}"><v>{token}</v></c>'


def _date(where: str, styles: dict[str, int], value: str) -> str:
    number = _day(value)
    if number is None:
        return _text(where, styles["text"], value)
    return f'<c r="{where}" s="{styles["date"]}"><v>{number}</v></c>'


@lru_cache(1000)
def _day(value: str) -> int | None:
    """The number that Excel has for a day, None if it has none."""
    day = date.fromisoformat(value) if _DATE.fullmatch(value) else None
    return None if day is None or day < _FIRST_DAY else day.toordinal() - _DAY_ZERO
