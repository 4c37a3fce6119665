"""The three Bundles and the bulk files: what they hold, and how they are loaded."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from bmkit.content import Content, read_content
from bmkit.export import write
from bmkit.export.fhir import Setting, made
from bmkit.export.fhir.bulk import line, write_bulk
from bmkit.export.fhir.bundle import TYPES, bundle
from bmkit.export.fhir.check import check

from .conftest import REPOSITORY
from .projects import articles

if TYPE_CHECKING:
    from bmkit.export.fhir.making import Making

Json = dict[str, Any]


# The types of each release that HL7 defined a search by identifier for.
SEARCHED = json.loads((Path(__file__).parent / "searched_by_identifier.json").read_text("utf-8"))


class Server:
    """As much of a FHIR server as a transaction of conditional updates needs.

    It assigns ids itself, and refuses what a conforming server refuses: a search that its release does not
    define, and a conditional update whose resource has another id than what was found.
    """

    def __init__(self, release: str) -> None:
        self.held: dict[str, Json] = {}
        self.searched = frozenset(SEARCHED[release].split())

    def load(self, transaction: Json) -> None:
        names = {entry["fullUrl"]: self.name(entry) for entry in transaction["entry"]}
        for entry in transaction["entry"]:
            self.held[names[entry["fullUrl"]]] = self.turned(entry["resource"], names)

    def name(self, entry: Json) -> str:
        """The type and id under which the resource of an entry will be held."""
        kind, _, query = entry["request"]["url"].partition("?identifier=")
        made_of = entry["resource"]
        if not query:
            assert kind == f"{made_of['resourceType']}/{made_of['id']}"
            return str(kind)
        assert kind in self.searched, f"{kind} has no search parameter identifier"
        found = [
            name for name, held in self.held.items() if name.startswith(f"{kind}/") and marked(held, query)
        ]
        assert len(found) < 2, f"{query} matches several"
        assert "id" not in made_of, "names another id than what is found"
        return found[0] if found else f"{kind}/{uuid4()}"

    def turned(self, value: Any, names: dict[str, str]) -> Any:
        """A resource with its references turned to what the server calls their targets."""
        if isinstance(value, dict):
            turned = {key: self.turned(part, names) for key, part in value.items()}
            if isinstance(name := value.get("reference"), str):
                turned["reference"] = names.get(name, name)
            return turned
        return [self.turned(part, names) for part in value] if isinstance(value, list) else value


def marked(held: Json, mark: str) -> bool:
    marks = held.get("identifier", [])
    every = [marks] if isinstance(marks, dict) else marks
    return any(f"{one['system']}|{one['value']}" == mark for one in every)


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_a_transaction_loaded_twice_leaves_no_duplicate(content: Content, release: str) -> None:
    transaction = bundle(made(content, Setting(release=release)), "transaction")
    server = Server(release)
    server.load(transaction)
    once = dict(server.held)
    server.load(transaction)
    assert server.held == once
    assert len(once) == len(transaction["entry"])
    assert "urn:uuid:" not in json.dumps(list(once.values()), default=str)


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_what_cannot_be_searched_for_is_put_under_its_id(content: Content, release: str) -> None:
    transaction = bundle(made(content, Setting(release=release)), "transaction")
    urls = {entry["request"]["url"] for entry in transaction["entry"]}
    under_ids = {url.partition("/")[0] for url in urls if "?" not in url}
    older = {"MedicationKnowledge", "ObservationDefinition"} if release == "R4B" else set()
    assert under_ids == {"Provenance", *older}


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_all_files_hold_the_same_resources(content: Content, tmp_path: Path, release: str) -> None:
    """What validators say of the resources of one file is then said of all."""
    written = write("fhir", content, tmp_path, release=release)
    bundles = [json.loads(path.read_text("utf-8")) for path in written if path.suffix == ".json"]
    first, *others = (
        {name: {"id": name, **one["resource"]} for one in held["entry"] if (name := one["fullUrl"][9:])}
        for held in bundles
    )
    assert [held["type"] for held in bundles] == list(TYPES)
    assert all(other == first for other in others)
    files = [path.read_text("utf-8") for path in written if path.suffix == ".ndjson"]
    lines = {one["id"]: one for text in files for one in map(json.loads, text.splitlines())}
    assert lines.keys() == first.keys()
    for one in [part for made_of in lines.values() for part in _objects(made_of)]:
        name = one.get("reference")
        if isinstance(name, str) and not name.startswith("#"):
            one["reference"] = f"urn:uuid:{name.partition('/')[2]}"
    assert lines == first


@pytest.mark.parametrize("release", ["R5", "R4B"])
@pytest.mark.parametrize("kind", TYPES)
def test_every_bundle_passes_the_check(content: Content, release: str, kind: str) -> None:
    made_of = made(content, Setting(release=release))
    assert check(bundle(made_of, kind), release, within=kind == "document") == []


def test_a_document_begins_with_its_composition_and_lists_each_resource_once(r5: Making) -> None:
    document = bundle(r5, "document")
    assert document["entry"][0]["resource"]["resourceType"] == "Composition"
    assert max(Counter(entry["fullUrl"] for entry in document["entry"]).values()) == 1
    name = document["identifier"]["value"]
    assert re.fullmatch("bone-metastasis/article/bone-metastasis/document/2025-07-07-[0-9a-f]{12}", name)
    assert document["timestamp"].endswith("Z")


def test_every_resource_is_reached_from_the_composition(r5: Making, r4b: Making) -> None:
    for making in (r5, r4b):
        near: dict[str, set[str]] = {}
        by_canonical = {one.get("url"): url for url, one in making.entries()}
        for url, one in making.entries():
            for other in {*_strings(one)}:
                target = other if other.startswith("urn:uuid:") else by_canonical.get(other)
                if target is not None:
                    near.setdefault(url, set()).add(target)
                    near.setdefault(target, set()).add(url)
        start = next(url for url, one in making.entries() if one["resourceType"] == "Composition")
        reached, todo = {start}, [start]
        while todo:
            for url in near.get(todo.pop(), set()) - reached:
                reached.add(url)
                todo.append(url)
        assert [one["id"] for url, one in making.entries() if url not in reached] == []


def test_two_makings_are_the_same(content: Content, r5: Making) -> None:
    assert bundle(made(content), "collection") == bundle(r5, "collection")


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_what_says_something_else_has_another_version(release: str) -> None:
    """A cache that holds url and version must not go on holding a dose that was corrected."""
    name = "content/bone-metastasis/dosing.json"
    text = (REPOSITORY / name).read_text("utf-8")
    wrong = re.sub(r'("value": 4, "unit": "mg")', '"value": 40, "unit": "mg"', text)
    assert wrong != text
    setting = Setting(release=release)
    old, new = (
        made(read_content(str(REPOSITORY), unsaved={name: held.encode()}), setting) for held in (wrong, text)
    )
    changed: set[str] = set()
    for key, one in old.resources.items():
        other = new.resources[key]
        if one != other:
            changed.add(key[0])
            assert one.get("version") != other.get("version") or "version" not in one, key
        else:
            assert one.get("version") == other.get("version")
    assert {"ActivityDefinition", "MedicationKnowledge", "Composition"} <= changed
    for making in (old, new):
        one = making.resources["ActivityDefinition", ("bone-metastasis", "dosing", "zometa-4-mg")]
        assert re.fullmatch("2025-07-07-[0-9a-f]{12}", one["version"])
    documents = [bundle(making, "document") for making in (old, new)]
    assert documents[0]["identifier"] != documents[1]["identifier"]


def test_another_base_is_everywhere(content: Content) -> None:
    made_of = made(content, Setting(base="https://fhir.hospital.test/r5"))
    text = json.dumps(bundle(made_of, "collection"), default=str)
    assert "bmkit.invalid" not in text
    assert (
        made_of.resources["Evidence", ("bone-metastasis", "incidence", "incidence-breast-cancer")]["url"]
        == "https://fhir.hospital.test/r5/Evidence/bone-metastasis/incidence/incidence-breast-cancer"
    )


def test_lines_of_the_bulk_files_refer_to_type_and_id(r5: Making, tmp_path: Path) -> None:
    names = write_bulk([r5], tmp_path)
    resources = [
        json.loads(text) for name in names for text in (tmp_path / name).read_text("utf-8").splitlines()
    ]
    assert len(resources) == len(r5.resources)
    known = {f"{one['resourceType']}/{one['id']}" for one in resources}
    referred = {
        text for one in resources for held in _objects(one) if isinstance(text := held.get("reference"), str)
    }
    assert referred - known == set()
    for name in names:
        kinds = {
            json.loads(text)["resourceType"] for text in (tmp_path / name).read_text("utf-8").splitlines()
        }
        assert kinds == {name.removesuffix(".ndjson")}


def test_a_decimal_keeps_its_digits_in_a_line() -> None:
    from decimal import Decimal

    assert (
        line({"resourceType": "Group", "value": Decimal("4.0")})
        == '{"resourceType": "Group", "value": 4.0}\n'
    )


def test_what_articles_share_is_in_the_bulk_files_once(tmp_path: Path) -> None:
    root = articles(tmp_path, "bone-metastasis", "second")
    written = write("fhir", read_content(str(root)), tmp_path / "out")
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
    assert {one["url"].split("/")[5] for one in evidence} == {"bone-metastasis", "second"}
    document = json.loads((folder / "second" / "document.json").read_text("utf-8"))
    here = {entry["resource"]["id"] for entry in document["entry"]}
    assert here <= set(ids)


def test_what_articles_share_is_the_same_in_each(tmp_path: Path) -> None:
    root = articles(tmp_path, "bone-metastasis", "second")
    write("fhir", read_content(str(root)), tmp_path / "out")
    folder = tmp_path / "out" / "fhir"
    first, second = (
        {
            entry["fullUrl"]: entry["resource"]
            for entry in json.loads((folder / name / "document.json").read_text())["entry"]
        }
        for name in ("bone-metastasis", "second")
    )
    both = first.keys() & second.keys()
    assert len(both) > 100
    assert [first[url] for url in both if first[url] != second[url]] == []


def test_an_article_that_does_not_say_its_day_has_no_document(tmp_path: Path) -> None:
    root = articles(tmp_path, "bone-metastasis", "second")
    (root / "content" / "second" / "article.json").unlink()
    write("fhir", read_content(str(root)), tmp_path / "out", check=True)
    assert {path.name for path in (tmp_path / "out" / "fhir" / "second").iterdir()} == {
        "collection.json",
        "transaction.json",
    }


def test_a_kind_that_nobody_mapped_is_evidence(tmp_path: Path) -> None:
    root = articles(tmp_path, "bone-metastasis", "second")
    shutil.copytree(REPOSITORY / "schema", root / "schema")
    schema = (root / "schema" / "incidence.schema.json").read_text("utf-8")
    (root / "schema" / "prevalence.schema.json").write_text(schema, "utf-8")
    (root / "content" / "second" / "incidence.json").rename(root / "content" / "second" / "prevalence.json")
    write("fhir", read_content(str(root)), tmp_path / "out", check=True)
    document = json.loads((tmp_path / "out" / "fhir" / "second" / "document.json").read_text("utf-8"))
    found = [
        entry["resource"]
        for entry in document["entry"]
        if entry["resource"].get("identifier", [{}])
        and "second/prevalence/incidence-breast-cancer/measuredVariable" in str(entry["resource"].get("url"))
    ]
    [variable] = found
    assert {one["id"] for one in variable["characteristic"]} == {"tumour", "share"}


def _objects(value: Any) -> list[Json]:
    if isinstance(value, list):
        return [one for part in value for one in _objects(part)]
    if isinstance(value, dict):
        return [value, *(one for part in value.values() for one in _objects(part))]
    return []


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _strings(part)]
