"""A small project of its own kinds, with a field of every shape and texts of every nasty sort."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.content import Content, read_content
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from bmkit.tables import Table

REPOSITORY = Path(__file__).parents[2]
NASTY = [
    "=1+1",
    "+1",
    "-2 by mouth",
    "@SUM(A1)",
    "\ttab first",
    "\rreturn first",
    "'quoted",
    "''",
    "a\nb",
    'say "so", then',
    "http://example.org",
    "_x0041_",
    "bell\x07 and null\x00",
    "<&>",
    " =2+3 spaces ",
    "\ufeff\u00a0＝1",  # noqa: RUF001
    "https://example.org/=x",
    "0012",
    "ärztlich 骨",
]


def _make_text_schema(title: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "title": title, "description": f"What {title} says.", **more}


def _make_reference_schema(title: str, kind: str) -> dict[str, Any]:
    return _make_text_schema(title, **{"x-ref": kind, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"})


def _make_number_schema(title: str, shape: str = "number", **more: Any) -> dict[str, Any]:
    return {"type": shape, "title": title, "description": f"The {title}.", **more}


def _make_list_schema(title: str, items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "title": title, "description": f"All of {title}.", "items": items}


def _make_object_schema(
    title: str, properties: dict[str, Any], required: list[str], **more: Any
) -> dict[str, Any]:
    return {
        "type": "object",
        "title": title,
        "description": f"The {title}.",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
        **more,
    }


def _make_quantity_schema(title: str, dimension: str, units: list[str], **limits: Any) -> dict[str, Any]:
    parts = {
        "value": _make_number_schema("Value", **limits),
        "low": _make_number_schema("From", **limits),
        "high": _make_number_schema("To", **limits),
        "comparator": _make_text_schema("Comparator", enum=["<", "<=", ">=", ">", "about"]),
        "unit": _make_text_schema("Unit", enum=units),
    }
    return _make_object_schema(title, parts, ["unit"], **{"x-unit": dimension})


ID = _make_text_schema("Id", pattern="^[a-z0-9]+(-[a-z0-9]+)*$")
SPAN = _make_object_schema(
    "Span",
    {
        "start": _make_number_schema("Start", "integer"),
        "end": _make_number_schema("End", "integer"),
        "digest": _make_text_schema("Digest"),
    },
    ["start", "end", "digest"],
)
CODE = _make_object_schema(
    "Code",
    {
        "system": _make_text_schema("System"),
        "code": _make_text_schema("Code"),
        "display": _make_text_schema("Display"),
        "note": _make_text_schema("Note"),
    },
    ["system", "code", "display"],
)
KINDS: dict[str, tuple[str, str, list[str], dict[str, Any]]] = {
    "article": (
        "article",
        "",
        ["id", "label", "language"],
        {
            "label": _make_text_schema("Title"),
            "language": _make_text_schema("Language", pattern="^[a-z]{2}(-[A-Z]{2})?$"),
            "reviewed": _make_text_schema("Reviewed", format="date"),
        },
    ),
    "section": (
        "article",
        "",
        ["id", "label", "order"],
        {"label": _make_text_schema("Label"), "order": _make_number_schema("Order", "integer")},
    ),
    "site": (
        "term",
        "",
        ["id", "label"],
        {
            "label": _make_text_schema("Label"),
            "synonyms": _make_list_schema("Synonyms", _make_text_schema("Synonym")),
            "parent": _make_reference_schema("Part of", "site"),
            "codes": _make_list_schema("Codes", CODE),
        },
    ),
    "measure": (
        "fact",
        "[{words}: ]{site} takes {dose}[ of {share}]",
        ["id", "site", "dose", "source"],
        {
            "site": _make_reference_schema("Site", "site"),
            "regions": _make_list_schema("Regions", _make_reference_schema("Region", "site")),
            "words": _make_text_schema("Words"),
            "choice": _make_text_schema(
                "Choice", enum=[f"choice number {number:02}" for number in range(60)]
            ),
            "sign": _make_text_schema("Sign", enum=["-", "=", "plain"]),
            "flag": {"type": "boolean", "title": "Flag", "description": "Yes or no."},
            "count": _make_number_schema("Count", "integer", minimum=0, maximum=40),
            "ratio": _make_number_schema("Ratio"),
            "day": _make_text_schema("Day", format="date"),
            "dose": _make_quantity_schema("Dose", "mass", ["mg", "ug"], minimum=0),
            "share": _make_quantity_schema("Share", "share", ["%"], minimum=0, maximum=100),
            "tags": _make_list_schema("Tags", _make_text_schema("Tag")),
            "scores": _make_list_schema("Scores", _make_number_schema("Score")),
            "never": _make_text_schema("Never"),
            "source": _make_object_schema(
                "Source",
                {
                    "section": _make_reference_schema("Section", "section"),
                    "spans": _make_list_schema("Spans", SPAN),
                },
                ["section", "spans"],
            ),
        },
    ),
}


def make_schema(kind: str) -> dict[str, Any]:
    """Return the schema of one of the kinds."""
    group, sentence, required, fields = KINDS[kind]
    file = {
        "$schema": _make_text_schema("Schema"),
        "records": {"type": "array", "items": {"$ref": "#/$defs/record"}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_make_object_schema(kind.capitalize(), file, ["records"]),
        "description": f"A {kind} of the tests.",
        "x-group": group,
        **({"x-sentence": sentence} if sentence else {}),
        "$defs": {"record": _make_object_schema(kind, {"id": ID, **fields}, required)},
    }


def make_measure(number: int, **more: Any) -> dict[str, Any]:
    """A record of the richest kind, with what is given."""
    return {
        "id": f"m-{number}",
        "site": "spine",
        "dose": {"value": Decimal("4.0"), "unit": "mg"},
        "source": {"section": "first", "spans": [{"start": 1, "end": 9, "digest": "00ff"}]},
        **more,
    }


def list_rows(table: Table, size: int = 1000) -> list[tuple[Any, ...]]:
    return [row for block in table.iter_blocks(size) for row in zip(*block.column_values, strict=True)]


def make_records() -> dict[str, list[dict[str, Any]]]:
    """Return the records of the project by kind."""
    return {
        "article": [
            {"id": "trial", "label": "The trial article", "language": "en", "reviewed": "2025-07-07"}
        ],
        "section": [
            {"id": "first", "label": "the first section", "order": 1},
            {"id": "second", "label": "=the second", "order": 2},
        ],
        "site": [
            {
                "id": "spine",
                "label": "spine",
                "codes": [{"system": "A", "code": "1.0", "display": "one", "note": "near"}],
            },
            {"id": "sacrum", "label": "sacrum", "parent": "spine", "synonyms": ["sacral bone", "os sacrum"]},
            {"id": "ribs", "label": "Ribs"},
            {"id": "ribs-left", "label": "ribs", "parent": "ribs"},
        ],
        "measure": [
            make_measure(0, regions=["sacrum", "ribs"], words="whole", choice="choice number 59", flag=True),
            make_measure(1, site="ribs-left", count=7, ratio=Decimal("19.99"), day="2024-02-29", flag=False),
            make_measure(2, dose={"low": 65, "high": Decimal("1e3"), "unit": "ug", "comparator": "about"}),
            make_measure(
                3, share={"value": Decimal("0.50"), "unit": "%", "comparator": "<="}, tags=["a, b", "c;d"]
            ),
            make_measure(4, ratio=Decimal("0.000000000012"), scores=[Decimal("4.0"), 5], day="1850-01-01"),
            make_measure(5, regions=["sacrum"], ratio=-5, sign="=", words=""),
            *(
                make_measure(10 + number, words=text, tags=[text, "second"])
                for number, text in enumerate(NASTY)
            ),
        ],
    }


def write_project(root: Path, content: dict[str, list[dict[str, Any]]], article: str = "trial") -> Path:
    """Write a project with these records, the terms beside the article."""
    (root / "schema").mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        (root / "schema" / f"{kind}.schema.json").write_text(json.dumps(make_schema(kind)), encoding="utf-8")
    for kind, values in content.items():
        folder = root / "content" / ("terms" if KINDS[kind][0] == "term" else article)
        folder.mkdir(parents=True, exist_ok=True)
        value = {"$schema": f"../../schema/{kind}.schema.json", "records": values}
        (folder / f"{kind}.json").write_text(format_json(value), encoding="utf-8")
    return root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The root of the small project."""
    return write_project(tmp_path / "project", make_records())


@pytest.fixture
def content(project: Path) -> Content:
    """The small project, read."""
    content = read_content(str(project))
    assert not content.issues
    return content


@pytest.fixture
def repository() -> Content:
    """The content of this repository."""
    return read_content(str(REPOSITORY))
