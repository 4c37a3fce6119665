"""Terms that an article has for itself are codes of its own system; that of the shared terms stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.content import read_content
from bmkit.export import write_export

from .projects import write_project
from .test_command import export_fhir

if TYPE_CHECKING:
    from pathlib import Path

_SYSTEM = "https://bmkit.invalid/fhir/CodeSystem"
_OWN_TERMS = {
    "tumour": [
        {"id": "nasal-melanoma", "label": "melanoma of the nose", "parent": "melanoma"},
        {"id": "left-nasal-melanoma", "label": "melanoma of the left nostril", "parent": "nasal-melanoma"},
    ],
    "substance": [{"id": "tasteless-acid", "label": "tasteless acid", "category": "active substance"}],
    "product": [
        {"id": "tastelex", "label": "Tastelex", "category": "medicine", "substances": ["tasteless-acid"]}
    ],
}


def write_own_terms(root: Path, article: str) -> None:
    """Give an article terms of its own, and let its first fact refer to one of them."""
    for kind, records in _OWN_TERMS.items():
        document = {"$schema": f"../../schema/{kind}.schema.json", "records": records}
        (root / "content" / article / f"{kind}.json").write_text(json.dumps(document), "utf-8")
    path = root / "content" / article / "result.json"
    document = json.loads(path.read_text("utf-8"))
    document["records"][0]["tumour"] = "left-nasal-melanoma"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")


def read_resources(file: Path) -> dict[str, dict[str, Any]]:
    """The resources of a Bundle by their canonical URL or fullUrl."""
    entries = json.loads(file.read_text("utf-8"))["entry"]
    return {entry["resource"].get("url", entry["fullUrl"]): entry["resource"] for entry in entries}


@pytest.mark.parametrize("release", ["R5", pytest.param("R4B", marks=pytest.mark.slow)])
def test_the_terms_of_an_article_are_a_code_system_of_its_own(tmp_path: Path, release: str) -> None:
    root = write_project(tmp_path, "first", "second")
    assert export_fhir(root, tmp_path / "without", "--release", release) == 0
    write_own_terms(root, "second")
    assert export_fhir(root, tmp_path / "out", "--release", release, "--check") == 0
    folder = "fhir" if release == "R5" else "fhir-r4b"
    first, second, before = (
        read_resources(tmp_path / out / folder / name / "collection.json")
        for out, name in (("out", "first"), ("out", "second"), ("without", "second"))
    )
    own_urls = {url for url in second if url.startswith(f"{_SYSTEM}/second/")}
    assert own_urls == {f"{_SYSTEM}/second/{kind}" for kind in _OWN_TERMS}
    assert not [url for url in first if "/second/" in url]
    assert first[f"{_SYSTEM}/tumour"] == second[f"{_SYSTEM}/tumour"] == before[f"{_SYSTEM}/tumour"]
    own_system = second[f"{_SYSTEM}/second/tumour"]
    [coding, parent] = [concept["property"] for concept in own_system["concept"]]
    assert coding[0]["valueCoding"] == {
        "system": f"{_SYSTEM}/tumour", "code": "melanoma", "display": "melanoma",
    }  # fmt: skip
    assert {"code": "parent", "valueCode": "nasal-melanoma"} in parent
    value_set = second["https://bmkit.invalid/fhir/ValueSet/second/tumour"]
    [included] = value_set["compose"]["include"]
    assert (included["system"], included["version"]) == (own_system["url"], own_system["version"])
    assert (own_system["name"], own_system["title"]) == ("SecondTumour", "Tumour: Bone metastasis")
    fact_systems = {
        coding["system"] for coding in _list_codings(second) if coding["code"] == "left-nasal-melanoma"
    }
    assert fact_systems == {f"{_SYSTEM}/second/tumour"}


def _list_codings(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if "system" in value and "code" in value and "display" in value else []
        return own + [coding for part in value.values() for coding in _list_codings(part)]
    return [coding for part in value for coding in _list_codings(part)] if isinstance(value, list) else []


def test_articles_read_one_after_the_other_give_the_same_files(tmp_path: Path) -> None:
    root = write_project(tmp_path, "first", "second")
    write_own_terms(root, "first")
    write_export("fhir", read_content(str(root)), tmp_path / "whole")
    assert export_fhir(root, tmp_path / "parts") == 0
    whole, parts = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("whole", "parts")
    )
    assert whole == parts
