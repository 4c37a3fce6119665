r"""Phrases of labels and trials of all sorts, and what a careful clinician says that they state.

The tables were written before the reader and without looking at it, so that they measure it: what is
mended because of a row may not be counted as read.  In their cells `\n` is a line break and `\u2009` the
character of that number.

- `phrases.tsv`: whether the phrase states the quantity, with its unit, comparator and sign;
- `negations.tsv`: whether the phrase says the words or denies them;
- `terms.tsv`: whether the phrase names the thing of that name, given the other names (parted by "; ").
"""

from __future__ import annotations

import re
from pathlib import Path


def read_phrases(table: str) -> list[dict[str, str]]:
    """Return the rows of a table, "phrases", "negations" or "terms", by the words of its first line."""
    text = Path(__file__).with_name(f"{table}.tsv").read_text(encoding="utf-8")
    columns, *rows = [[_decode_cell(cell) for cell in line.split("\t")] for line in text.splitlines()]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _decode_cell(cell: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), cell.replace("\\n", "\n"))
