"""docs/evidence.md shows records that fit their schemas and break no rule of their values."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bmkit.content import File
from bmkit.schema import read_shipped_schemas
from bmkit.shape import ShapeChecker

PAGE = Path(__file__).parents[1] / "docs" / "evidence.md"
SCHEMAS = read_shipped_schemas()
SHAPE_CHECKER = ShapeChecker()


def list_records() -> list[tuple[str, dict[str, Any]]]:
    """Return the records that the page shows, each with its kind."""
    blocks = re.findall(r"(?ms)^```json ([a-z-]+)\n(.*?)^```$", PAGE.read_text("utf-8"))
    return [(kind_name, json.loads(text)) for kind_name, text in blocks]


def test_the_page_shows_a_record_of_most_kinds_of_evidence() -> None:
    kind_names = [kind_name for kind_name, _ in list_records()]
    assert len(kind_names) > len(set(kind_names)) > 10


@pytest.mark.parametrize(("kind_name", "record"), list_records(), ids=lambda value: str(value)[:40])
def test_a_record_of_the_page_fits_its_schema(kind_name: str, record: dict[str, Any]) -> None:
    kind = SCHEMAS.get_kind(kind_name)
    whole_record = {**record, **({"source": {"page": "1"}} if kind.group == "fact" else {})}
    file = File("content/x/k.json", "x", kind, {"$schema": "", "records": [whole_record]})
    assert [issue.message for issue in SHAPE_CHECKER.find_issues(file)] == []
