"""What no cell of a workbook holds is an issue at its place, counted as spreadsheets count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.export.conftest import make_measure, make_records, write_project

from bmkit.check import find_content_issues
from bmkit.content import read_content

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 32_767


@pytest.mark.parametrize(
    ("fields", "pointer", "length"),
    [
        ({"words": "x" * 20_000}, "", 0),
        ({"words": "x" * (LIMIT + 1)}, "/words", LIMIT + 1),
        ({"words": "😀" * 10_000}, "", 0),
        ({"words": "😀" * 16_384}, "/words", 32_768),
        ({"words": "骨" * 33_000}, "/words", 33_000),
        ({"tags": ["x" * 9_000] * 3}, "", 0),
        ({"tags": ["x" * 9_000] * 4}, "/tags", 36_016),
        # The labels of what it refers to are longer than their ids.
        ({"regions": ["x"] * 1_000}, "", 0),
        ({"regions": ["x"] * 1_100}, "/regions", 34_099),
        # In the sentence other fields stand beside it.
        ({"words": "x" * (LIMIT - 2)}, "/id", 32_785),
    ],
)
def test_what_is_too_long_for_a_cell_is_an_error_there(
    tmp_path: Path, fields: dict[str, Any], pointer: str, length: int
) -> None:
    sites = [*make_records()["site"], {"id": "x", "label": "x" * 30}]
    write_project(tmp_path, {**make_records(), "site": sites, "measure": [make_measure(1, **fields)]})
    issues = [
        (issue.place.pointer, issue.message)
        for issue in find_content_issues(read_content(str(tmp_path)), select=["shape"])
    ]
    places = [place for place, _ in issues]
    assert places == ([f"/records/0{pointer}"] if pointer else [])
    if pointer:
        assert f"has {length:,} characters, over the 32,767 that a cell of a workbook holds" in issues[0][1]
