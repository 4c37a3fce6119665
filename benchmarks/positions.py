"""How long does it take to find lines and columns: five pointers in a text, against reading the text.

    python benchmarks/positions.py [ROUNDS]

json-source-map takes part if it is installed in this Python.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from functools import partial
from typing import Any

from bmkit.jsontext import Lines, Positions
from pairs import bar, interleaved

SIZES = {"50 KB": 50_000, "5 MB": 5_000_000}
WHERE = (0.1, 0.3, 0.5, 0.7, 0.95)


def build_document(size: int) -> tuple[str, list[str]]:
    """Make a text of some size with pointers spread over it."""
    records: list[dict[str, Any]] = []
    length = 0
    while length < size:
        record = {
            "id": f"fact-{len(records)}",
            "tumour": "breast-cancer",
            "share": {"low": len(records) % 50, "high": 75.5, "unit": "%"},
            "regions": ["spine", "pelvis", "femur"],
            "source": {
                "section": "frequency",
                "spans": [{"start": 10, "end": 50, "digest": "0123456789abcdef"}],
            },
        }
        length += len(json.dumps(record, indent=2)) + 100
        records.append(record)
    text = json.dumps({"$schema": "x.schema.json", "records": records}, indent=2)
    return text, [f"/records/{int(len(records) * part)}/share/low" for part in WHERE]


def locate_pointers(text: str, pointers: list[str]) -> list[tuple[int, int]]:
    """Find start and end of every pointer, as a report does."""
    positions, lines = Positions(text), Lines(text)
    places = []
    for pointer in pointers:
        start, end = positions.locate_pointer(pointer)
        places.append(lines.to_line_column(start))
        lines.to_line_column(end)
    return places


def locate_with_json_source_map(text: str, pointers: list[str]) -> list[tuple[int, int]]:
    """Find the same with json-source-map."""
    from json_source_map import calculate  # type: ignore[import-untyped,import-not-found,unused-ignore]

    entries = calculate(text)
    return [(entries[p].value_start.line + 1, entries[p].value_start.column + 1) for p in pointers]


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    peer = importlib.util.find_spec("json_source_map") is not None
    held = []
    for name, size in SIZES.items():
        text, pointers = build_document(size)
        runs = {"loads": partial(json.loads, text), "found": partial(locate_pointers, text, pointers)}
        if peer:
            runs["mapped"] = partial(locate_with_json_source_map, text, pointers)
            if locate_with_json_source_map(text, pointers) != locate_pointers(text, pointers):
                print("json-source-map finds other places")
                return 1
        times = interleaved(runs, rounds if size < 1_000_000 else max(5, rounds // 2))
        held.append(bar(f"P1 five pointers in {name} : json.loads", times.ratio("found", "loads"), 3))
        if peer:
            ratio = times.ratio("mapped", "found")
            held.append(bar(f"P1 15 x five pointers in {name} : json-source-map", 15 / ratio, 1))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
