"""Values as the cells of a sheet: numbers and days stay what they are, everything else is text."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bmkit.export.json_value import format_plain_number
from bmkit.export.xlsx.styles import MAX_DECIMAL_PLACES
from bmkit.export.xlsx.xml import escape_xml, escape_xml_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

# What Excel keeps of a number.
_MAX_DIGITS = 15
_DAY_ZERO = date(1899, 12, 30).toordinal()
# Excel believes in a 29 February 1900, so earlier days have other numbers there.
_FIRST_DAY = date(1900, 3, 1)
_DATE_PATTERN = re.compile(r"[12]\d{3}-\d\d-\d\d")


def build_text_cells(
    column_letters: str, first_row: int, format_indexes: Iterable[int], texts: Sequence[str | None]
) -> list[str]:
    """The cells of a column from row `first` down, each with its style, empty where there is no text."""
    return [
        f'<c r="{column_letters}{row}" s="{format_index}"/>'
        if text is None
        else f'<c r="{column_letters}{row}" s="{format_index}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        for row, (format_index, text) in enumerate(
            zip(format_indexes, escape_xml_texts(texts), strict=False), first_row
        )
    ]


def build_number_cells(
    column_letters: str, first_row: int, format_index_by_name: dict[str, int], values: Iterable[Any]
) -> list[str]:
    """The cells of a column of numbers, each with the places it was written with.

    What has more digits than Excel keeps stays text: rounded, it would be another number.
    """
    integer_format = format_index_by_name["number.0"]
    format_index_by_places = [
        format_index_by_name[f"number.{decimal_places}"] for decimal_places in range(MAX_DECIMAL_PLACES + 1)
    ]
    return [
        f'<c r="{column_letters}{row}" s="{integer_format}"/>'
        if value is None
        else f'<c r="{column_letters}{row}" s="{format_index_by_places[len(number_text) - number_text.find(".") - 1 if "." in number_text else 0]}">'
        f"<v>{number_text}</v></c>"
        if len(number_text := str(value)) <= MAX_DECIMAL_PLACES and "E" not in number_text
        else _build_number_cell(f"{column_letters}{row}", format_index_by_name, value)
        for row, value in enumerate(values, first_row)
    ]


def build_date_cells(
    column_letters: str, first_row: int, format_index_by_name: dict[str, int], values: Iterable[Any]
) -> list[str]:
    """The cells of a column of days; what Excel does not count as one stays text."""
    date_format = format_index_by_name["date"]
    return [
        f'<c r="{column_letters}{row}" s="{date_format}"/>'
        if value is None
        else _build_date_cell(f"{column_letters}{row}", format_index_by_name, value)
        for row, value in enumerate(values, first_row)
    ]


def _build_inline_text_cell(cell_name: str, format_index: int, text: str) -> str:
    return f'<c r="{cell_name}" s="{format_index}" t="inlineStr"><is><t>{escape_xml(text)}</t></is></c>'


def _build_number_cell(cell_name: str, format_index_by_name: dict[str, int], value: int | Decimal) -> str:
    number_text = format_plain_number(value)
    integer_part, _, decimals = number_text.partition(".")
    if len(number_text) > _MAX_DIGITS and len((integer_part + decimals).strip("-0")) > _MAX_DIGITS:
        return _build_inline_text_cell(cell_name, format_index_by_name["text"], number_text)
    format_index = format_index_by_name[
        f"number.{len(decimals)}" if len(decimals) <= MAX_DECIMAL_PLACES else "number"
    ]
    return f'<c r="{cell_name}" s="{format_index}"><v>{number_text}</v></c>'


def _build_date_cell(cell_name: str, format_index_by_name: dict[str, int], value: str) -> str:
    serial_day = _to_serial_day(value)
    if serial_day is None:
        return _build_inline_text_cell(cell_name, format_index_by_name["text"], value)
    return f'<c r="{cell_name}" s="{format_index_by_name["date"]}"><v>{serial_day}</v></c>'


@lru_cache(1000)
def _to_serial_day(value: str) -> int | None:
    """The number that Excel has for a day, None if it has none."""
    day = date.fromisoformat(value) if _DATE_PATTERN.fullmatch(value) else None
    return None if day is None or day < _FIRST_DAY else day.toordinal() - _DAY_ZERO
