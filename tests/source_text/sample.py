"""A small article in our own words with its facts, each on spans of it, as a project on disk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bmkit.content import Content, read_content
from bmkit.schema import read_shipped_schemas
from bmkit.shape import ShapeChecker, find_shape_issues
from bmkit.source_text.reading import digest_text

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = "sample"
SHAPE_CHECKER = ShapeChecker()
TEXT = """Renalex by the drip

Renalex is put into a vein. Each time 8 mg are infused over twenty minutes, every two to three weeks.
The daily dose of Renalex should not exceed 12 mg. It must never be pushed in by hand.

Where lung cancer goes

Lung cancer often reaches the thigh bone, and rarely the skull.
Patients with lung cancer then live for six to seven months, and one third of them for less.
"""
SECTIONS = {"drip": "Renalex by the drip", "spread": "Where lung cancer goes"}


def make_span(quote: str, text: str = TEXT, **more: str) -> dict[str, Any]:
    """Return the span of words of a text, which must stand in it once."""
    assert text.count(quote) == 1, quote
    start = text.index(quote)
    return {"start": start, "end": start + len(quote), "digest": digest_text(quote), **more}


def make_source(section: str, *quotes: str) -> dict[str, Any]:
    """Return a source with the spans of quotes; one that starts with "~" is context."""
    spans = [
        make_span(quote[1:], **{"as": "context"}) if quote.startswith("~") else make_span(quote)
        for quote in quotes
    ]
    return {"section": section, "spans": spans}


def make_facts() -> dict[str, list[dict[str, Any]]]:
    """Return the facts of the article by kind, all of which it states."""
    eight, twelve = {"value": 8, "unit": "mg"}, {"value": 12, "unit": "mg", "comparator": "<="}
    given = "Each time 8 mg are infused over twenty minutes, every two to three weeks."
    reaches = "Lung cancer often reaches the thigh bone, and rarely the skull."
    lives = "Patients with lung cancer then live for six to seven months"
    return {
        "regimen": [
            {
                "id": "renalex-8-mg",
                "product": "renalex",
                "route": "intravenous",
                "dose": eight,
                "administration_time": {"value": 20, "unit": "min"},
                "interval": {"low": 2, "high": 3, "unit": "wk"},
                "source": make_source("drip", "~Renalex is put into a vein.", given),
            }
        ],
        "dose-limit": [
            {
                "id": "renalex-12-mg-a-day",
                "product": "renalex",
                "per": "time",
                "window": {"value": 1, "unit": "d"},
                "maximum": twelve,
                "source": make_source("drip", "The daily dose of Renalex should not exceed 12 mg."),
            }
        ],
        "metastatic-site": [
            {
                "id": "lung-to-femur",
                "tumour": "lung-cancer",
                "site": "femur",
                "frequency": "often",
                "source": make_source("spread", reaches),
            }
        ],
        "result": [
            {
                "id": "survival",
                "tumour": "lung-cancer",
                "outcome": "survival",
                "statistic": "median",
                "estimate": {"low": 6, "high": 7, "unit": "mo"},
                "source": make_source("spread", lives),
            }
        ],
    }


def make_terms() -> dict[str, list[dict[str, Any]]]:
    """Return the terms by kind."""
    return {
        "product": [
            {"id": "renalex", "label": "Renalex", "category": "medicine", "substances": ["renalic-acid"]},
            {"id": "ossalex", "label": "Ossalex", "category": "medicine", "substances": ["renalic-acid"]},
        ],
        "substance": [{"id": "renalic-acid", "label": "renalic acid", "category": "active substance"}],
        "route": [
            {"id": "intravenous", "label": "intravenous", "synonyms": ["into a vein"], "way": "into a vein"},
            {"id": "oral", "label": "oral", "way": "by mouth"},
        ],
        "tumour": [
            {"id": "lung-cancer", "label": "lung cancer"},
            {"id": "liver-cancer", "label": "liver cancer"},
        ],
        "site": [
            {"id": "femur", "label": "femur", "synonyms": ["thigh bone"], "category": "bone"},
            {"id": "ulna", "label": "ulna", "category": "bone"},
        ],
        "outcome": [{"id": "survival", "label": "survival", "synonyms": ["live"], "wanted": "more"}],
    }


def write_sample(
    root: Path,
    facts: dict[str, list[dict[str, Any]]] | None = None,
    terms: dict[str, list[dict[str, Any]]] | None = None,
    text: str = TEXT,
) -> Path:
    """Write the project and, beside its content, the text; return the path of the text."""
    sections = [
        {
            "id": section_id,
            "label": section_id,
            "order": order,
            "start": TEXT.index(heading),
            "end": end,
            "heading": make_span(heading),
        }
        for order, ((section_id, heading), end) in enumerate(
            zip(SECTIONS.items(), (TEXT.index(SECTIONS["spread"]), len(TEXT)), strict=True), 1
        )
    ]
    article = {
        "id": ARTICLE,
        "label": "Sample",
        "language": "en",
        "reviewed": "2026-01-31",
        "length": len(TEXT),
        "digest": digest_text(TEXT),
    }
    records = {"section": sections, "article": [article], **(make_facts() if facts is None else facts)}
    for folder, records_by_kind in ((ARTICLE, records), ("terms", make_terms() if terms is None else terms)):
        for kind, kind_records in records_by_kind.items():
            document = {"$schema": f"../../schema/{kind}.schema.json", "records": kind_records}
            path = root / "content" / folder / f"{kind}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    text_path = root / "text.txt"
    text_path.write_text(text, encoding="utf-8")
    return text_path


def read_sample(root: Path) -> Content:
    """Return the content of the project, of which the shape was looked at."""
    content = read_content(str(root), read_shipped_schemas())
    assert [issue.message for issue in find_shape_issues(content, SHAPE_CHECKER)] == []
    return content
