"""A cell that was changed, read as a value of its field; or refused, with what is wrong and what helps."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl.styles.numbers import is_date_format

from bmkit.export.xlsx.columns import NO, YES, format_single_value, make_sheet_column
from bmkit.export.xlsx.digest import normalize_cell, parse_day, predict_text, should_stay_text, to_decimal
from bmkit.rewrite import ABSENT
from bmkit.suggest import suggest_hint
from bmkit.write_json import format_plain_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bmkit.export.xlsx.columns import SheetColumn
    from bmkit.schema import Field, Kind
    from bmkit.sheets.exported import Exported
    from bmkit.sheets.read import SheetCell
    from bmkit.tables import Column

PLAIN_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?")
_NUMBER_WITH_WORDS = re.compile(r"([-+]?\d+(?:\.\d+)?)\s*([^\d\s.,].*)")
_ESCAPE = re.compile("_x[0-9a-fA-F]{4}_")
_TRUE_FORMULAS = {"=TRUE()": True, "=FALSE()": False, "=TRUE": True, "=FALSE": False}
_BOOLEAN_WORDS = {YES: True, NO: False, "true": True, "false": False}
# What spreadsheets and word processors put in place of what was typed.
_TYPED_BY_PRETTY = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u202f": " ", "\u2026": "...",
})  # fmt: skip
_PRETTY_CHARACTER = re.compile("[\u2018\u2019\u201c\u201d\u00a0\u202f\u2026]")
# What a format shows of a number that the number is not.
_FORMAT_QUOTES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_FORMAT_FRACTION = re.compile(r"[?#0]\s*/\s*[?#0-9]")
_FORMAT_MONEY = re.compile(r"\[\$[^\]-]|[$€£¥]")
_FORMAT_WORDS = re.compile(r'"([^"]*\w[^"]*)"')
_FORMAT_SCALE = re.compile(r"[0#?],+(?![0#?,])")
_FORMAT_PLACES = re.compile(r"(?:#,##)?0(?:\.(0+))?")
_SPAN = re.compile(r"(\d+)\s*[–-]\s*(\d+)(?:\s+([0-9a-f]{16}))?")


class CellError(Exception):
    """A cell that stands for no value of its field; the message is for people, and says what helps."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class CellValue(NamedTuple):
    """The value of a cell, ABSENT for none, with notes for people."""

    value: Any
    notes: tuple[str, ...] = ()


class CellReader(NamedTuple):
    """Reads the cells of a column.

    `choices` has the id or code that an entry stands for; `read_span_digest` returns the digest of a piece of
    the text, and is None where the text is not at hand.
    """

    sheet_column: SheetColumn
    field: Field
    choices: Mapping[str, Any]
    read_span_digest: Callable[[int, int], str] | None = None

    def format_shown(self, value: Any) -> str:
        """Return what the export writes for a value, None for none, as SheetCell.content has it."""
        if value is None:
            return ""
        cell_format = self.sheet_column.cell_format
        if cell_format == "number":
            token = format_plain_number(value)
            return normalize_cell(token if should_stay_text(token) else value)
        if cell_format == "date":
            return normalize_cell(parse_day(value) or value)
        return normalize_cell(predict_text(self.sheet_column.format_cell(value)))

    def read(self, cell: SheetCell, base: Any, *, has_base: bool) -> CellValue:
        """Return the value of a cell; `base` is what was exported there, None for nothing.

        CellError if it stands for none.
        """
        if cell.is_struck:
            raise CellError("the text is struck through", "delete it, or take the line away")
        shown = self.format_shown(base)
        if cell.content == shown:
            return CellValue(ABSENT if base is None else base)
        if cell.data_type == "f" and cell.value not in _TRUE_FORMULAS:
            raise CellError(f"holds the formula {cell.value}", "put the value in its place")
        if cell.data_type == "e":
            raise CellError(f"holds the error {cell.value}", self._name_base(base))
        if cell.value is None or cell.value == "":
            if not self.sheet_column.is_editable and has_base:
                raise CellError("is locked, and was emptied", self._name_base(base))
            return CellValue(ABSENT)
        if isinstance(cell.value, str):
            if fold_typing(cell.value) == fold_typing(shown[1:]):
                note = (
                    "differs from what was exported in blanks, quotes or dots alone and counts as unchanged"
                )
                return CellValue(ABSENT if base is None else base, (note,))
            if _ESCAPE.search(cell.value):
                raise CellError("holds a character that cannot be seen", "type the text anew")
        if not self.sheet_column.is_editable and has_base:
            raise CellError("is locked, and was changed", self._name_base(base))
        value, notes = self._read_field(cell, base)
        if cell.is_rich:
            notes = (*notes, "the format of single words is left out")
        return CellValue(value, notes)

    def _read_field(self, cell: SheetCell, base: Any) -> CellValue:
        field = self.field
        if field.is_list:
            return self._read_list(cell, base)
        if field.target_kind or self.choices or field.values:
            return self._read_choice(cell, base)
        if field.type == "boolean":
            return self._read_boolean(cell)
        if field.type in {"integer", "number"}:
            return self._read_number(cell, base)
        if field.format == "date":
            return self._read_date(cell, base)
        return self._read_text(cell, base)

    def _read_list(self, cell: SheetCell, base: Any) -> CellValue:
        """Return the items of a cell, one a line or as a JSON list; unchanged ones are those of the base."""
        text = self._get_text(cell, base)
        column = self.sheet_column
        base_items = {column.format_cell([item]): item for item in base or ()}
        lines = _parse_text_list(text)
        if lines is None and text.lstrip().startswith("[") and self.field.type == "object":
            items = _parse_object_list(text)
            if items is not None:
                return CellValue(items)
        notes: list[str] = []
        items = []
        for line in text.split("\n") if lines is None else lines:
            if lines is None and not line.strip():
                continue
            key = line if lines is None else column.format_cell([line]) if self.field.type == "text" else line
            if key in base_items:
                items.append(base_items[key])
                continue
            read = self._read_item(line.strip() if lines is None else line, base_items)
            items.append(read.value)
            notes += read.notes
        return CellValue(items or ABSENT, tuple(notes))

    def _read_item(self, line: str, base_items: Mapping[str, Any]) -> CellValue:
        field = self.field
        if field.type == "object":
            return CellValue(self._read_object(line))
        if field.target_kind:
            return CellValue(self._read_reference(line))
        if field.type in {"integer", "number"}:
            return CellValue(parse_number(line))
        if field.type == "boolean":
            return CellValue(parse_boolean(line))
        folded = {fold_typing(text): item for text, item in base_items.items()}
        if fold_typing(line) in folded:
            return CellValue(folded[fold_typing(line)], (f'"{line}" counts as unchanged',))
        return CellValue(line, name_pretty_characters(line))

    def _read_object(self, line: str) -> dict[str, Any]:
        """Return a span: the only object that has a form to be typed."""
        names = [member.name for member in self.field.fields]
        match = _SPAN.fullmatch(line)
        if not {"start", "end"} <= set(names):
            raise CellError(f'"{line}" cannot be read back', "write the entries as a JSON list of objects")
        if match is None:
            raise CellError(f'"{line}" is no place in the text', "write 15022–15130 8ee9aad6a1ae7a92")
        start, end, digest = int(match[1]), int(match[2]), match[3]
        if digest is None and "digest" in names:
            if self.read_span_digest is None:
                raise CellError(
                    f'"{line}" has no digest', "write the 16 digits of the digest behind it, or give --text"
                )
            digest = self.read_span_digest(start, end)
        span = {"start": start, "end": end, "digest": digest}
        return {name: span[name] for name in names if span.get(name) is not None}

    def _read_choice(self, cell: SheetCell, base: Any) -> CellValue:
        if isinstance(cell.value, bool) or cell.value in _TRUE_FORMULAS:
            return self._read_boolean(cell)
        text = self._get_text(cell, base).strip()
        if self.field.target_kind:
            return CellValue(self._read_reference(text))
        if text in self.choices:
            return CellValue(self.choices[text])
        for value in self.field.values:
            if text == format_single_value(value):
                return CellValue(value)
        if self.field.type == "boolean":
            return CellValue(parse_boolean(text))
        if fold_typing(text) in self.choices:
            return CellValue(self.choices[fold_typing(text)])
        raise CellError(f'"{text}" is not in the list', suggest_hint(text, self.choices))

    def _read_reference(self, text: str) -> Any:
        """Return the id that a label stands for, or an object of it and what stands in brackets behind it."""
        choices = self.choices
        found = choices.get(text, choices.get(fold_typing(text)))
        if found is None and text in set(choices.values()):
            found = text
        if found is not None:
            return found
        label, bracket, words = text.removesuffix(")").rpartition(" (")
        members = self.field.fields
        if bracket and text.endswith(")") and len(members) == 2 and members[1].is_list:  # noqa: PLR2004  id and words
            found = choices.get(label)
            if found is not None:
                return {members[0].name: found, members[1].name: words.split(", ")}
        raise CellError(
            f'"{text}" is no {self.field.target_kind} of the workbook or the content',
            suggest_hint(text, choices),
        )

    def _read_boolean(self, cell: SheetCell) -> CellValue:
        if isinstance(cell.value, bool):
            return CellValue(cell.value)
        if cell.value in _TRUE_FORMULAS:
            return CellValue(_TRUE_FORMULAS[cell.value])
        return CellValue(parse_boolean(str(cell.value)))

    def _read_number(self, cell: SheetCell, base: Any) -> CellValue:
        value = cell.value
        if isinstance(value, bool) or value in _TRUE_FORMULAS:
            raise CellError("holds yes or no where a number stands", self._name_base(base))
        if isinstance(value, str):
            number = parse_number(value.strip())
            if base is not None and number == base:
                return CellValue(base, ("is a number as text and counts as unchanged",))
            return CellValue(number, ("is a number as text",))
        if not isinstance(value, int | float):
            raise CellError(f"holds {_name_moment(value)} where a number stands", self._name_base(base))
        if shown_as := find_odd_format(cell.number_format):
            raise CellError(
                f"holds the number {format_plain_number(to_decimal(value))}, shown as {shown_as}",
                "give the cell the format of a number, and type the number anew",
            )
        return _read_shown_number(to_decimal(value), cell.number_format)

    def _read_date(self, cell: SheetCell, base: Any) -> CellValue:
        value = cell.value
        if isinstance(value, datetime) and value.time() == time():
            return CellValue(value.date().isoformat())
        if isinstance(value, date) and not isinstance(value, datetime):
            return CellValue(value.isoformat())
        if isinstance(value, str):
            return CellValue(value.strip())  # whether that is a day says its schema
        raise CellError(f"holds {_name_moment(value)} where a day stands", self._name_base(base))

    def _read_text(self, cell: SheetCell, base: Any) -> CellValue:
        if isinstance(cell.value, int | float) and not isinstance(cell.value, bool) and isinstance(base, str):
            number = to_decimal(cell.value)
            places = len(base.partition(".")[2])
            if base == _round(number, places) and Decimal(base) == number:
                return CellValue(base, ("is a number where a text stood, and counts as unchanged",))
        text = self._get_text(cell, base)
        stripped_text = text.strip()
        notes = name_pretty_characters(text)
        if stripped_text != text:
            notes = (*notes, "the blanks around it are left out")
        return CellValue(stripped_text, notes)

    def _get_text(self, cell: SheetCell, base: Any) -> str:
        """Return the text of a cell; CellError for what a spreadsheet made something else of."""
        value = cell.value
        if isinstance(value, str) and cell.data_type != "f":
            return value
        what = "yes or no" if isinstance(value, bool) or cell.data_type == "f" else _name_moment(value)
        hint = "give the cell the format of text, and type the text anew"
        if base is not None:
            hint = f"{hint}; {self._name_base(base)}"
        raise CellError(f"holds {what} where a text stands", hint)

    def _name_base(self, base: Any) -> str:
        """Return what stood in the cell, for people; "" for nothing."""
        return "" if base is None else f'it was "{self.sheet_column.format_cell(base)}"'


def make_cell_reader(
    column: Column,
    kind: Kind,
    exported: Exported,
    ids_by_label: Mapping[str, str],
    read_span_digest: Callable[[int, int], str] | None = None,
) -> CellReader:
    """Return the reader of a column of a kind; `ids_by_label` has the ids of what it may refer to."""
    field = column.field
    choices: Mapping[str, Any] = ids_by_label
    if not field.target_kind:
        values_by_code: dict[str, Any] = {format_single_value(value): value for value in field.values}
        if field.type == "boolean":
            values_by_code = {"true": True, "false": False}
        choices = {
            entry: values_by_code[code]
            for entry, code in exported.codes.get((kind.name, column.name), {}).items()
            if code in values_by_code
        }
    return CellReader(make_sheet_column(column, exported, kind), field, choices, read_span_digest)


def find_odd_format(number_format: str) -> str:
    """Return what a format shows of a number that it is not, such as "a percentage"; "" for the number."""
    if _FORMAT_MONEY.search(number_format):
        return "an amount of money"
    words = _FORMAT_WORDS.search(number_format)
    bare_format = _FORMAT_QUOTES.sub("", number_format)
    if "%" in bare_format:
        return "a percentage"
    if _FORMAT_FRACTION.search(bare_format):
        return "a fraction"
    if is_date_format(number_format):
        return "a date"
    if words:
        return f'with the words "{words[1].strip()}" of its format'
    return "thousands" if _FORMAT_SCALE.search(bare_format) else ""


def _read_shown_number(number: Decimal, number_format: str) -> CellValue:
    """Return a number as it would be typed: 5, though the cell shows 5.0 because 4.5 stood there."""
    places = max(0, -int(number.as_tuple().exponent))
    value = int(number) if number == number.to_integral_value() else number
    match = _FORMAT_PLACES.fullmatch(number_format)
    shown_places = len(match[1] or "") if match else places
    shown = _round(number, shown_places)
    if Decimal(shown) == number:
        return CellValue(value)
    return CellValue(value, (f"shows {shown}, but holds {format_plain_number(number)}",))


def _round(number: Decimal, places: int) -> str:
    return str(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def parse_number(text: str) -> int | Decimal:
    """Return a number as it is typed; CellError, with what to type, for anything else."""
    if not PLAIN_NUMBER.fullmatch(text):
        raise CellError(f'"{text}" is no number', _suggest_number(text))
    number = Decimal(text)
    return int(number) if re.fullmatch(r"[-+]?\d+", text) else number


def _suggest_number(text: str) -> str:
    if match := _NUMBER_WITH_WORDS.fullmatch(text):
        return f"write {match[1]} alone; a unit or comparator has a cell of its own"
    if re.fullmatch(r"\d+,\d+", text):
        return f"write {text.replace(',', '.')} with a point if that is meant"
    if re.fullmatch(r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d+)?", text):
        return "write the digits without separators, and a point before the decimals"
    return "write the digits alone, with a point before the decimals"


def parse_boolean(text: str) -> bool:
    """Return yes or no, in the words of the workbook or of JSON; CellError for anything else."""
    value = _BOOLEAN_WORDS.get(text.strip().casefold())
    if value is None:
        raise CellError(f'"{text}" is neither yes nor no')
    return value


def _parse_text_list(text: str) -> list[str] | None:
    """Return the texts of a JSON list of nothing else, None if it is no such list."""
    items = _parse_json_list(text)
    return items if items and all(isinstance(item, str) for item in items) else None


def _parse_object_list(text: str) -> list[Any] | None:
    items = _parse_json_list(text)
    return items if items and all(isinstance(item, dict) for item in items) else None


def _parse_json_list(text: str) -> list[Any] | None:
    if not text.startswith("["):
        return None
    try:
        items = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return items if isinstance(items, list) else None


def fold_typing(text: str) -> str:
    """Return a text with the quotes, blanks and dots that are on a keyboard, without blanks around it."""
    return text.translate(_TYPED_BY_PRETTY).strip()


def name_pretty_characters(text: str) -> tuple[str, ...]:
    """Return a note of the quotes, blanks and dots that are on no keyboard; none if there are none."""
    characters = sorted(set(_PRETTY_CHARACTER.findall(text)))
    names = ", ".join(f"U+{ord(character):04X}" for character in characters)
    return (f"has quotes, blanks or dots that a program may have put there ({names})",) if characters else ()


def _name_moment(value: Any) -> str:
    if isinstance(value, int | float):
        return f"the number {format_plain_number(to_decimal(value))}"
    if isinstance(value, datetime):
        return f"the date {value.date() if value.time() == time() else value}"
    return f"the date {value}" if isinstance(value, date) else f"the time {value}"
