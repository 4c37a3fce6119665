"""A document that is no article, whose facts stand on pages, in tables and in other publications."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.content import read_content
from bmkit.export.fhir import FhirOptions, build_resources
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.check import find_fhir_faults

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.export.fhir.resources import Resources

LABEL = {
    "id": "radium",
    "label": "Radium-223, prescribing information",
    "document": "label",
    "language": "en",
    "publisher": "The holder of the licence",
    "version": "7",
    "doi": "10.1000/182",
    "pmid": "12345678",
    "url": "https://example.org/label",
    "published": "2025-03-01",
}


def make_result(name: str, **source: str) -> dict[str, Any]:
    return {
        "id": name,
        "condition": "metastasis",
        "outcome": "survival",
        "statistic": "median",
        "estimate": {"value": 14, "unit": "mo"},
        "source": source,
    }


@pytest.fixture(params=["R5", "R4B"])
def resources(request: pytest.FixtureRequest, tmp_path: Path) -> Resources:
    files = {
        "terms/outcome": [
            {"id": "survival", "label": "survival"},
            {"id": "lifespan", "label": "lifespan", "retired": True, "replaced_by": "survival"},
        ],
        "terms/condition": [{"id": "metastasis", "label": "metastasis", "category": "disease"}],
        "terms/publication": [{"id": "parker", "label": "Parker 2013", "doi": "10.1000/183"}],
        "radium/article": [LABEL],
        "radium/result": [
            make_result("on-a-page", page="12"),
            make_result("in-a-table", table="3"),
            make_result("elsewhere", publication="parker", page="4"),
        ],
    }
    for path, records in files.items():
        file = tmp_path / "content" / f"{path}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        schema = f"../../schema/{file.stem}.schema.json"
        file.write_text(json.dumps({"$schema": schema, "records": records}), "utf-8")
    return build_resources(read_content(str(tmp_path)), FhirOptions(release=request.param))


def test_its_bundle_passes_the_check(resources: Resources) -> None:
    bundle = build_bundle(resources, "document")
    assert list(find_fhir_faults(bundle, resources.options.release)) == []
    assert bundle["entry"][0]["resource"]["type"]["text"] == "label"
    assert bundle["entry"][0]["resource"]["date"] == "2025-03-01"


def test_the_place_of_each_fact_is_named(resources: Resources) -> None:
    texts = [
        entity["what"]["display"]
        for (resource_type, _), resource in resources.by_key.items()
        if resource_type == "Provenance"
        for entity in resource["entity"]
    ]
    assert texts == [
        "result on-a-page: page 12",
        "result in-a-table: table 3",
        "result elsewhere: page 4, Parker 2013",
    ]


def test_the_citation_has_the_identifiers_of_the_document(tmp_path: Path, resources: Resources) -> None:
    citation = resources.by_key["Citation", resources.article.make_path()]
    artifact = citation["citedArtifact"]
    assert [identifier["value"] for identifier in artifact["identifier"]] == ["10.1000/182", "12345678"]
    assert artifact["version"] == {"value": "7"}
    assert artifact["webLocation"] == [{"url": "https://example.org/label"}]
    assert artifact["publicationForm"][0]["articleDate"] == "2025-03-01"


def test_a_retired_term_is_inactive(resources: Resources) -> None:
    concept_properties = {
        concept["code"]: concept.get("property", [])
        for (resource_type, path), resource in resources.by_key.items()
        if resource_type == "CodeSystem" and path == ("terms", "outcome")
        for concept in resource["concept"]
    }
    inactive = {"code": "inactive", "valueBoolean": True}
    assert concept_properties["lifespan"].count(inactive) == 1
    assert inactive not in concept_properties["survival"]
