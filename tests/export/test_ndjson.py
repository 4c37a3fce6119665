"""Facts as lines of JSON: each fact once, with all its values, and labels beside ids."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.mistakes import ROOTS

from bmkit.articles import iter_articles
from bmkit.content import read_content
from bmkit.export import write_export
from bmkit.shape import ShapeChecker, find_shape_issues

if TYPE_CHECKING:
    from pathlib import Path

# Runs with `make slow`: it exports whole contents.
pytestmark = pytest.mark.slow


def strip_resolved(value: Any) -> Any:
    """Return a value as content has it: ids for what they refer to, quantities without words."""
    if isinstance(value, list):
        return [strip_resolved(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if {"kind", "id"} <= value.keys():
        return value["id"]
    return {name: strip_resolved(part) for name, part in value.items() if name != "words"}


@pytest.mark.parametrize("name", ["own", pytest.param("second", marks=pytest.mark.audit)])
def test_every_fact_is_a_line_with_all_its_values(name: str, tmp_path: Path) -> None:
    content = read_content(ROOTS[name])
    find_shape_issues(content, ShapeChecker())
    folder = write_export("ndjson", content, tmp_path)[0].parent
    for article in iter_articles(content):
        lines = (folder / f"{article.name}.ndjson").read_text("utf-8").splitlines()
        facts = {
            (fact["kind"], fact["id"]): fact
            for fact in (json.loads(line, parse_float=Decimal) for line in lines)
        }
        records = [record for record in article.content.iter_records() if record.kind.group == "fact"]
        assert len(lines) == len(facts) == len(records)
        for record in records:
            fact = facts[record.kind.name, record.id]
            expected = {key: value for key, value in record.value.items() if key not in {"id", "notes"}}
            assert (
                strip_resolved({key: value for key, value in fact["fields"].items() if key != "notes"})
                == expected
            )
            for field in record.kind.fields:
                if field.type == "reference" and not field.is_list and field.name in expected:
                    target = article.content.get(field.target_kind, expected[field.name], record)
                    assert target is not None
                    assert fact["fields"][field.name].get("label") == target.value.get("label")
