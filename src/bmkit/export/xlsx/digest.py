"""What a cell holds, in a form that is the same however a spreadsheet stores it, and digests of that."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bmkit.write_json import format_plain_number

if TYPE_CHECKING:
    from collections.abc import Iterable

# Digits that a spreadsheet keeps of a number.
MAX_DIGITS = 15
# Excel believes in a 29 February 1900, so earlier days have other numbers there.
_FIRST_DAY = date(1900, 3, 1)
_DATE = re.compile(r"[12]\d{3}-\d\d-\d\d")
# As XlsxWriter escapes them; openpyxl takes back only the escape of an escape.
_ESCAPED_CODE = re.compile("(_x[0-9a-fA-F]{4}_)")
_UNSTORABLE_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def normalize_cell(value: Any) -> str:
    """Return what a cell holds as text, "" for nothing; texts, numbers and days are never alike.

    It is the same for a value that is written and for what openpyxl reads of it.
    """
    if isinstance(value, str):
        return f"t{value}" if value else ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "tyes" if value else "tno"
    if isinstance(value, int | float | Decimal):
        return f"n{format_plain_number(to_decimal(value).normalize())}"
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return f"d{value.isoformat()}" if isinstance(value, date) else f"?{value}"


def to_decimal(value: float | Decimal) -> Decimal:
    """Return a number with the digits that a spreadsheet shows of it."""
    if not isinstance(value, float):
        return Decimal(value)
    number = Decimal(repr(value))
    return number if len(number.as_tuple().digits) <= MAX_DIGITS else Decimal(f"{value:.{MAX_DIGITS}g}")


def should_stay_text(token: str) -> bool:
    """Return whether a number, with all its digits, has more than a spreadsheet keeps."""
    return len(token) > MAX_DIGITS and len(token.replace(".", "").strip("-0")) > MAX_DIGITS


@lru_cache(1000)
def parse_day(value: str) -> date | None:
    """Return the day, None if Excel does not know it."""
    day = date.fromisoformat(value) if _DATE.fullmatch(value) else None
    return day if day and day >= _FIRST_DAY else None


def restore_text(text: str) -> str:
    """Return a text that openpyxl read: with the ends of lines and the escapes that all programs agree on."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return text.replace("x005F_", "") if "x005F_" in text else text


def predict_text(text: str) -> str:
    """Return what is read of a text that is written: `restore_text` of what openpyxl reads.

    What XML cannot hold stays escaped: "_x0007_".
    """
    if _UNSTORABLE_CHARACTER.search(text) or "_x" in text:
        text = _ESCAPED_CODE.sub(r"_x005F\1", text)
        text = _UNSTORABLE_CHARACTER.sub(lambda match: f"_x{ord(match.group()):04X}_", text)
    return restore_text(text)


def restore_unstorable(text: str) -> str:
    """Return a text that openpyxl read with what XML cannot hold as it was before its escape."""
    return _ESCAPED_CODE.sub(
        lambda match: (
            letter if _UNSTORABLE_CHARACTER.match(letter := chr(int(match[1][2:6], 16))) else match[1]
        ),
        text,
    )


def hash_cells(cells: Iterable[str]) -> str:
    """Return the digest of cells in their order, each as `normalize_cell` has it."""
    return hashlib.blake2b("\x1f".join(cells).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
