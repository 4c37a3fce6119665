"""A cell of a CSV file that was changed, read as a value of its field; or refused, with what helps."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.export.csv import format_csv_value
from bmkit.export.csv_safety import restore_text
from bmkit.jsontext import JsonError, parse_json
from bmkit.rewrite import ABSENT
from bmkit.sheets.cells import (
    PLAIN_NUMBER,
    CellError,
    CellValue,
    fold_typing,
    name_pretty_characters,
    parse_boolean,
    parse_number,
)
from bmkit.suggest import suggest_hint
from bmkit.write_json import format_plain_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.sheets.read import SheetCell
    from bmkit.tables import Column

_APOSTROPHE = "'"
_MAX_ASCII = 127
_UNUSED_WINDOWS_CODES = "\x81\x8d\x8f\x90\x9d"
_COMMA_NUMBER = re.compile(r"[-+]?\d+,\d+")
# One thousand, or one and no thousandths: nobody knows.
_GROUPED_NUMBER = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
_EXPONENT = re.compile(r"[\d.,]+[eE][-+]?\d+")
_DAY = re.compile(r"(\d{1,4})[-./ ]{1,2}(\d{1,2})[-./ ]{1,2}(\d{1,4})\.?(?: 0?0:00(?::00)?)?")
_YEAR_LENGTH = 4
# What a spreadsheet shows of a text that it took for a number, a day, a time, a truth value or a formula.
_MADE_BY_SPREADSHEET = re.compile(
    r"[-+]?[\d.,]+(?:e[-+]?\d+)?\s?%?|\d{1,4}[-./]\d{1,2}(?:[-./]\d{1,4})?|"
    r"\d{1,2}[-./ ]{1,2}[^\W\d]{3,9}\.?(?:[-./ ]{1,2}\d{2,4})?|[^\W\d]{3,9}\.?[-./ ]{1,2}\d{2,4}|"
    r"\d{1,2}:\d\d(?::\d\d)?(?: [ap]m)?|true|false|=.+|#[\w/]+[!?]?",
    re.IGNORECASE | re.DOTALL,
)


class CsvCellReader(NamedTuple):
    """Reads the cells of a column of a CSV file; `read_span_digest` is as CellReader has it."""

    column: Column
    read_span_digest: Callable[[int, int], str] | None = None

    @property
    def field(self) -> Any:
        """The field whose values stand in the column."""
        return self.column.field

    def read(self, cell: SheetCell, base: Any, *, has_base: bool) -> CellValue:  # noqa: ARG002  as CellReader has it
        """Return the value of a cell; `base` is what was exported there, None for nothing.

        CellError if it stands for none.
        """
        if cell.value is None and base is not None:
            raise CellError("the row ends before this cell", "write the row to its end")
        text = _join_lines(cell.value or "")
        shown = "" if base is None else _join_lines(format_csv_value(self.column, base))
        if text == shown:
            return CellValue(ABSENT if base is None else base)
        if text.strip() == "":
            return CellValue(ABSENT)
        if (right_text := _undo_wrong_decoding(text)) is not None:
            if right_text == shown:
                return CellValue(base, ("was read in another encoding than UTF-8: no change",))
            raise CellError(
                f'"{text}" was read in another encoding than UTF-8', f'it may be "{right_text}"; write that'
            )
        return self._read_field(text, base, has_decimal_comma=cell.number_format == ";")

    def _read_field(self, text: str, base: Any, *, has_decimal_comma: bool) -> CellValue:
        field = self.field
        if field.is_list or field.fields:
            return CellValue(self._read_json(text))
        if field.type == "boolean":
            return CellValue(parse_boolean(text))
        if field.type in {"integer", "number"}:
            return _read_number(text.strip(), base, has_decimal_comma=has_decimal_comma)
        if field.format == "date":
            return _read_day(text.strip(), base)
        if field.values:
            return CellValue(self._read_choice(restore_text(text.strip())))
        if field.target_kind or field.pattern:
            return CellValue(restore_text(text.strip()))  # whether it fits says its schema
        return self._read_text(text, base)

    def _read_json(self, text: str) -> Any:
        """Return the list of a cell, with the digests of places in the text that have none."""
        hint = 'write a JSON list, such as ["first", "second"]'
        try:
            value = parse_json(text.encode("utf-8", "surrogatepass"))
        except JsonError as error:
            raise CellError(f"is no JSON: {error.message}", hint) from None
        if not isinstance(value, list if self.field.is_list else dict):
            raise CellError("is no JSON list", hint)
        members = {member.name for member in self.field.fields}
        for item in value if self.field.is_list else ():
            is_place = isinstance(item, dict) and {"start", "end", "digest"} <= members
            if is_place and "digest" not in item and self.read_span_digest is not None:
                start, end = item.get("start"), item.get("end")
                if isinstance(start, int) and isinstance(end, int):
                    item["digest"] = self.read_span_digest(start, end)
        return value or ABSENT

    def _read_choice(self, text: str) -> Any:
        values_by_text = {format_csv_value(self.column, value): value for value in self.field.values}
        values_by_text = {restore_text(shown): value for shown, value in values_by_text.items()}
        if text not in values_by_text:
            raise CellError(f'"{text}" is not in the list', suggest_hint(text, values_by_text))
        return values_by_text[text]

    def _read_text(self, text: str, base: Any) -> CellValue:
        restored_text = restore_text(text)
        is_quoted = text.startswith(_APOSTROPHE)
        old_text = base if isinstance(base, str) else ""
        if base is not None and restored_text == base:
            return CellValue(base)
        if is_quoted:
            return CellValue(restored_text)
        if old_text and fold_typing(text) == fold_typing(old_text):
            return CellValue(base, ("differs from what was exported in blanks or quotes alone: no change",))
        was = f'; it was "{old_text}"' if old_text else ""
        if _MADE_BY_SPREADSHEET.fullmatch(text.strip()):
            raise CellError(
                f'"{text}" may be what a spreadsheet took a text for',
                f"put an apostrophe before it if it is meant{was}",
            )
        if old_text and _has_lost_letters(text, old_text):
            raise CellError(
                f'"{text}" has lost letters that are not English', f"save the file as CSV UTF-8{was}"
            )
        stripped_text = text.strip()
        notes = name_pretty_characters(text)
        if stripped_text != text:
            notes = (*notes, "the blanks around it are left out")
        return CellValue(stripped_text, notes)


def _undo_wrong_decoding(text: str) -> str | None:
    """Return a text that a program took for one in the encoding of Windows, as it was; None for any other."""
    if text.isascii():
        return None
    try:
        data = b"".join(
            # The five codes that this encoding does not have, programs keep as they are.
            letter.encode("latin-1" if letter in _UNUSED_WINDOWS_CODES else "cp1252")
            for letter in text
        )
        return data.decode("utf-8")
    except UnicodeError:
        return None


def _join_lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _read_number(text: str, base: Any, *, has_decimal_comma: bool) -> CellValue:
    """Return a number; in a file with semicolons a comma may be that of decimals."""
    was = "" if base is None else f"; it was {base}"
    notes: tuple[str, ...] = ()
    number_text = text.replace(",", ".") if has_decimal_comma and _COMMA_NUMBER.fullmatch(text) else text
    is_grouped = has_decimal_comma and _GROUPED_NUMBER.fullmatch(text) is not None
    is_same = PLAIN_NUMBER.fullmatch(number_text) and base is not None and Decimal(number_text) == base
    if is_same and ("," in text or not is_grouped):
        return CellValue(base)
    if is_grouped:
        thousands = text.replace(",", "").replace(".", "")
        decimals = format_plain_number(Decimal(text.replace(",", ".")).normalize())
        raise CellError(f'"{text}" may be thousands or decimals', f"write {thousands} or {decimals}{was}")
    if _EXPONENT.fullmatch(text):
        raise CellError(f'"{text}" may have lost digits', f"write all digits of the number{was}")
    if number_text != text:
        notes = (f"the comma in {text} counts as a decimal point",)
    return CellValue(parse_number(number_text), notes)


def _read_day(text: str, base: Any) -> CellValue:
    """Return a day as it is written; one that a spreadsheet shows otherwise counts if it can be no other."""
    match = _DAY.fullmatch(text)
    if match is None or (len(match[1]) == _YEAR_LENGTH and text == "-".join(match.groups())):
        return CellValue(text)  # whether that is a day says its schema
    days = set()
    first, second, third = match.groups()
    orders = (
        [(first, second, third)]
        if len(first) == _YEAR_LENGTH
        else [(third, second, first), (third, first, second)]
    )
    for year, month, day in orders:
        try:
            days.add(date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    if days == {base}:
        return CellValue(base, (f"{text} is {base}: no change",))
    raise CellError(
        f'"{text}" is not written year-month-day',
        "write it as in 2025-07-31" + (f"; it was {base}" if base is not None else ""),
    )


def _has_lost_letters(text: str, old_text: str) -> bool:
    """Return whether a text differs in nothing but letters that are not ASCII, and are now."""
    return len(text) == len(old_text) and all(
        letter == old or (ord(old) > _MAX_ASCII and ord(letter) <= _MAX_ASCII)
        for letter, old in zip(text, old_text, strict=True)
    )
