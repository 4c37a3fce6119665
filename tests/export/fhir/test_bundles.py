"""The three Bundles and the bulk files: what they hold, and how they are loaded."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.articles import iter_articles
from bmkit.content import TERMS_FOLDER, Content, read_content
from bmkit.export import write_export
from bmkit.export.fhir import FhirOptions, build_article, build_resources
from bmkit.export.fhir.bundle import BulkFiles, build_bundle, format_bulk_line
from bmkit.export.fhir.check import find_fhir_faults
from bmkit.export.fhir.options import BUNDLE_TYPES

from .checks import find_faults
from .conftest import REPOSITORY
from .projects import FRAME, write_project

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.export.fhir.resources import Resources

Json = dict[str, Any]


@pytest.mark.slow
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_all_files_hold_the_same_resources(content: Content, tmp_path: Path, release: str) -> None:
    """What validators say of the resources of one file is then said of all."""
    written = write_export("fhir", content, tmp_path, release=release)
    bundles = [json.loads(path.read_text("utf-8")) for path in written if path.suffix == ".json"]
    first, *others = (
        {
            resource_id: {"id": resource_id, **entry["resource"]}
            for entry in bundle["entry"]
            if (resource_id := entry["fullUrl"][9:])
        }
        for bundle in bundles
    )
    assert [bundle["type"] for bundle in bundles] == list(BUNDLE_TYPES)
    assert all(other == first for other in others)
    files = [path.read_text("utf-8") for path in written if path.suffix == ".ndjson"]
    lines = {resource["id"]: resource for text in files for resource in map(json.loads, text.splitlines())}
    assert lines.keys() == first.keys()
    for element in [part for resource in lines.values() for part in _list_objects(resource)]:
        reference = element.get("reference")
        if isinstance(reference, str) and not reference.startswith("#"):
            element["reference"] = f"urn:uuid:{reference.partition('/')[2]}"
    assert lines == first


@pytest.mark.parametrize(
    "bundle_type",
    [BUNDLE_TYPES[0], *(pytest.param(name, marks=pytest.mark.slow) for name in BUNDLE_TYPES[1:])],
)
def test_every_bundle_passes_the_check(either: Resources, bundle_type: str) -> None:
    bundle = build_bundle(either, bundle_type)
    assert list(find_fhir_faults(bundle, either.options.release, with_resources=False)) == []


@pytest.mark.slow
def test_every_resource_passes_the_check(either: Resources) -> None:
    bundle = build_bundle(either, "collection")
    assert list(find_faults(bundle, either.options.release, with_bundle=False)) == []


def test_a_document_begins_with_its_composition_and_lists_each_resource_once(r5: Resources) -> None:
    document = build_bundle(r5, "document")
    assert document["entry"][0]["resource"]["resourceType"] == "Composition"
    assert max(Counter(entry["fullUrl"] for entry in document["entry"]).values()) == 1
    name = document["identifier"]["value"]
    assert re.fullmatch("bone-metastasis/article/bone-metastasis/document/2025-07-07-[0-9a-f]{12}", name)
    assert document["timestamp"].endswith("Z")


def test_every_resource_is_reached_from_the_composition(r5: Resources, r4b: Resources) -> None:
    for resources in (r5, r4b):
        linked_urls: dict[str, set[str]] = {}
        by_canonical = {resource.get("url"): url for url, resource in resources.iter_entries()}
        for url, resource in resources.iter_entries():
            for other in {*_list_strings(resource)}:
                target = other if other.startswith("urn:uuid:") else by_canonical.get(other)
                if target is not None:
                    linked_urls.setdefault(url, set()).add(target)
                    linked_urls.setdefault(target, set()).add(url)
        start = next(
            url for url, resource in resources.iter_entries() if resource["resourceType"] == "Composition"
        )
        reached, todo = {start}, [start]
        while todo:
            for url in linked_urls.get(todo.pop(), set()) - reached:
                reached.add(url)
                todo.append(url)
        assert [resource["id"] for url, resource in resources.iter_entries() if url not in reached] == []


def test_two_makings_are_the_same(content: Content, r5: Resources) -> None:
    assert build_bundle(build_resources(content), "collection") == build_bundle(r5, "collection")


def test_what_says_something_else_has_another_version(either: Resources) -> None:
    """A cache that holds url and version must not go on holding a dose that was corrected."""
    name = "content/bone-metastasis/regimen.json"
    text = (REPOSITORY / name).read_text("utf-8")
    changed_text = re.sub(r'("value": 4, "unit": "mg")', '"value": 40, "unit": "mg"', text)
    assert changed_text != text
    content = read_content(str(REPOSITORY), unsaved_files={name: changed_text.encode()})
    old, new = build_resources(content, either.options), either
    changed: set[str] = set()
    for key, resource in old.by_key.items():
        other_resource = new.by_key[key]
        if resource != other_resource:
            changed.add(key[0])
            assert resource.get("version") != other_resource.get("version") or "version" not in resource, key
        else:
            assert resource.get("version") == other_resource.get("version")
    assert {"ActivityDefinition", "MedicationKnowledge", "Composition"} <= changed
    for resources in (old, new):
        resource = resources.by_key["ActivityDefinition", ("bone-metastasis", "regimen", "zometa-4-mg")]
        assert re.fullmatch("2025-07-07-[0-9a-f]{12}", resource["version"])
    documents = [build_bundle(resources, "document") for resources in (old, new)]
    assert documents[0]["identifier"] != documents[1]["identifier"]


def test_another_base_is_everywhere(content: Content) -> None:
    resources = build_resources(content, FhirOptions(base="https://fhir.hospital.test/r5"))
    text = json.dumps(build_bundle(resources, "collection"), default=str)
    assert "bmkit.invalid" not in text
    assert (
        resources.by_key["Evidence", ("bone-metastasis", "result", "incidence-breast-cancer")]["url"]
        == "https://fhir.hospital.test/r5/Evidence/bone-metastasis/result/incidence-breast-cancer"
    )


def test_lines_of_the_bulk_files_refer_to_type_and_id(r5: Resources, tmp_path: Path) -> None:
    with BulkFiles(tmp_path) as bulk_files:
        bulk_files.add_resources(r5)
    resources = [
        json.loads(text)
        for name in bulk_files.file_names
        for text in (tmp_path / name).read_text("utf-8").splitlines()
    ]
    assert len(resources) == len(r5.by_key)
    known_references = {f"{resource['resourceType']}/{resource['id']}" for resource in resources}
    used_references = {
        text
        for resource in resources
        for element in _list_objects(resource)
        if isinstance(text := element.get("reference"), str)
    }
    assert used_references - known_references == set()
    for name in bulk_files.file_names:
        kinds = {
            json.loads(text)["resourceType"] for text in (tmp_path / name).read_text("utf-8").splitlines()
        }
        assert kinds == {name.removesuffix(".ndjson")}


def test_a_decimal_keeps_its_digits_in_a_line() -> None:
    from decimal import Decimal

    assert (
        format_bulk_line({"resourceType": "Group", "value": Decimal("4.0")})
        == '{"resourceType": "Group", "value": 4.0}\n'
    )


def test_what_articles_share_is_in_the_bulk_files_once(tmp_path: Path) -> None:
    root = write_project(tmp_path, "bone-metastasis", "second")
    written = write_export("fhir", read_content(str(root)), tmp_path / "out")
    folder = tmp_path / "out" / "fhir"
    assert {path.relative_to(folder).parts[0] for path in written} == {"bone-metastasis", "second", "bulk"}
    lines = [
        text for path in written if path.suffix == ".ndjson" for text in path.read_text("utf-8").splitlines()
    ]
    ids = Counter(json.loads(text)["id"] for text in lines)
    assert max(ids.values()) == 1
    evidence = [
        json.loads(text) for text in (folder / "bulk" / "Evidence.ndjson").read_text("utf-8").splitlines()
    ]
    assert {resource["url"].split("/")[5] for resource in evidence} == {"bone-metastasis", "second"}
    document = json.loads((folder / "second" / "document.json").read_text("utf-8"))
    here = {entry["resource"]["id"] for entry in document["entry"]}
    assert here <= set(ids)


def test_what_articles_share_is_the_same_in_each(tmp_path: Path) -> None:
    root = write_project(tmp_path, "bone-metastasis", "second")
    write_export("fhir", read_content(str(root)), tmp_path / "out")
    folder = tmp_path / "out" / "fhir"
    first, second = (
        {
            entry["fullUrl"]: entry["resource"]
            for entry in json.loads((folder / name / "document.json").read_text())["entry"]
        }
        for name in ("bone-metastasis", "second")
    )
    both = first.keys() & second.keys()
    assert len(both) > 50
    assert [first[url] for url in both if first[url] != second[url]] == []


@pytest.mark.slow
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_what_is_shared_is_the_same_whichever_article_brings_it(
    content: Content, tmp_path: Path, release: str
) -> None:
    """The transaction of each article puts it, and would change what the one before has put."""
    names = [
        kind.name for kind in content.list_kinds() if kind.group == "fact" and content.list_records(kind.name)
    ]
    root = write_project(tmp_path, *names, kinds=FRAME)
    other = root / "content" / "metastatic-site" / "article.json"
    other.write_text(other.read_text("utf-8").replace('"language": "en"', '"language": "de"'), "utf-8")
    brought: dict[tuple[str, tuple[str, ...]], dict[str, str]] = {}
    for article in iter_articles(read_content(str(root))):
        for key, resource in build_article(article, FhirOptions(release=release)).by_key.items():
            if key[1][0] == TERMS_FOLDER:
                brought.setdefault(key, {})[article.name] = json.dumps(resource, default=str)
    assert {"Group", "EvidenceVariable", "CodeSystem", "Medication"} <= {kind for kind, _ in brought}
    assert [key for key, texts in brought.items() if len({*texts.values()}) > 1] == []
    # Facts of another kind bring the same Group.
    tumour = brought["Group", (TERMS_FOLDER, "tumour", "kidney-cancer")]
    assert {"result", "metastatic-site"} <= tumour.keys()


def test_an_article_that_does_not_say_its_day_has_no_document(tmp_path: Path) -> None:
    root = write_project(tmp_path, "first")
    (root / "content" / "first" / "article.json").unlink()
    write_export("fhir", read_content(str(root)), tmp_path / "out", check=True)
    assert {path.name for path in (tmp_path / "out" / "fhir" / "first").iterdir()} == {
        "collection.json",
        "transaction.json",
    }


def test_a_kind_of_ones_own_is_evidence_by_its_parts(tmp_path: Path) -> None:
    root = write_project(tmp_path, "second")
    shutil.copytree(REPOSITORY / "schema", root / "schema")
    schema = (root / "schema" / "result.schema.json").read_text("utf-8")
    (root / "schema" / "prevalence.schema.json").write_text(schema, "utf-8")
    (root / "content" / "second" / "result.json").rename(root / "content" / "second" / "prevalence.json")
    write_export("fhir", read_content(str(root)), tmp_path / "out", check=True, only=["document"])
    document = json.loads((tmp_path / "out" / "fhir" / "second" / "document.json").read_text("utf-8"))
    [evidence] = [
        entry["resource"]
        for entry in document["entry"]
        if str(entry["resource"].get("url")).endswith("Evidence/second/prevalence/incidence-breast-cancer")
    ]
    assert {
        variable["id"]: variable["observed"]["display"] for variable in evidence["variableDefinition"]
    } == {
        "population": "people with breast cancer",
        "measuredVariable": "Event: bone metastasis",
    }
    assert [statistic["id"] for statistic in evidence["statistic"]] == ["estimate"]


def _list_objects(value: Any) -> list[Json]:
    if isinstance(value, list):
        return [element for part in value for element in _list_objects(part)]
    if isinstance(value, dict):
        return [value, *(element for part in value.values() for element in _list_objects(part))]
    return []


def _list_strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _list_strings(part)]
