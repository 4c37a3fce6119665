"""An export has the terms that its article uses, and nothing that another article says of them."""

from __future__ import annotations

import csv
import gc
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from tests.workflow.conftest import ARTICLE, SECTION

from bmkit.cli import main
from bmkit.cli.stream import ArticleStream
from bmkit.content import Content
from bmkit.export import write_exports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bmkit.articles import ArticleContent

# Runs with `make slow`: it makes whole projects, exports or processes.
pytestmark = pytest.mark.slow

SOURCE = {
    "section": "prognosis",
    "spans": [{"start": 10, "end": 20, "digest": "0123456789abcdef"}],
}
TERMS: dict[str, list[dict[str, Any]]] = {
    "site": [
        {"id": "skeleton", "label": "skeleton", "category": "organ system"},
        {"id": "chest", "label": "chest", "category": "body region"},
        {"id": "lung", "label": "lung", "category": "organ", "part_of": ["chest"]},
        {"id": "foot", "label": "foot", "category": "body region"},
    ],
    "tumour": [
        {"id": "cancer", "label": "cancer", "as_in_article": ["the crab"]},
        {
            "id": "lung-cancer",
            "label": "lung cancer",
            "parent": "cancer",
            "origin": "lung",
            "as_in_article": ["a lung thing"],
            "notes": [{"note": "odd-lung", "explains": ["label"]}],
            "source": {
                "section": "lungs",
                "spans": [{"start": 60, "end": 70, "digest": "0123456789abcdef"}],
            },
        },
        {
            "id": "small-cell-lung-cancer",
            "label": "small-cell lung cancer",
            "parent": "lung-cancer",
            "as_in_article": ["little cells"],
            "notes": ["odd-cells"],
            "source": {"page": "7"},
        },
        {"id": "melanoma", "label": "melanoma", "parent": "cancer", "as_in_article": ["black spot"]},
        {"id": "sarcoma", "label": "sarcoma", "parent": "cancer", "as_in_article": ["fleshy one"]},
    ],
    "substance": [
        {"id": "zoledronic-acid", "label": "zoledronic acid", "category": "active substance"},
        {"id": "ibandronic-acid", "label": "ibandronic acid", "category": "active substance"},
    ],
    "drug-class": [{"id": "bisphosphonates", "label": "bisphosphonates"}],
    "product": [
        {
            "id": name,
            "label": name.capitalize(),
            "category": "medicine",
            "substances": [substance],
            "drug_class": "bisphosphonates",
        }
        for name, substance in (("zometa", "zoledronic-acid"), ("bondronat", "ibandronic-acid"))
    ],
    "route": [
        {"id": "parenteral", "label": "parenteral"},
        {"id": "intravenous", "label": "intravenous", "parent": "parenteral"},
        {"id": "oral", "label": "oral"},
    ],
    "usual-dose": [
        {
            "id": f"{product}-{route}",
            "label": f"{product}, {route}",
            "product": product,
            "route": route,
            "dose": {"value": 4, "unit": "mg"},
        }
        for product in ("zometa", "bondronat")
        for route in ("intravenous", "oral")
    ],
}


DESCRIBED_TERMS = {"small-cell-lung-cancer": "first", "lung-cancer": "second"}
"""The article that has a note on a term, or says where it is described."""


def make_incidence(tumour: str, *notes: str) -> dict[str, Any]:
    return {
        "id": f"incidence-{tumour}",
        "tumour": tumour,
        "radiation_dose": {"low": 65, "high": 75, "unit": "Gy"},
        **({"notes": [*notes]} if notes else {}),
        "source": SOURCE,
    }


def make_note(note_id: str) -> dict[str, Any]:
    return {
        "id": note_id,
        "label": f"remark {note_id}",
        "category": "wrong term",
        "article_says": f"words of {note_id}",
        "reading": "read as it is",
        "reason": "it is odd",
        "confidence": "certain",
        "check_before_use": "not needed",
        "source": SOURCE,
    }


FACTS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "first": {
        "radiotherapy": [make_incidence("small-cell-lung-cancer", "odd-cells")],
        "editorial-note": [make_note("odd-cells")],
        "regimen": [
            {
                "id": "zometa-4-mg",
                "product": "zometa",
                "route": "intravenous",
                "dose": {"value": 4, "unit": "mg"},
                "interval": {"value": 4, "unit": "wk"},
                "source": SOURCE,
            }
        ],
    },
    "second": {
        "radiotherapy": [make_incidence("lung-cancer", "odd-lung"), make_incidence("melanoma")],
        "editorial-note": [make_note("odd-lung")],
        "section": [
            {"id": "prognosis", "label": "prognosis", "order": 1, "start": 0, "end": 50},
            {"id": "lungs", "label": "lungs", "order": 2, "start": 50, "end": 100},
        ],
    },
    "third": {"radiotherapy": [make_incidence("sarcoma"), make_incidence("own-tumour")]},
}
OWN_TERMS = {
    "third": {"tumour": [{"id": "own-tumour", "label": "own tumour", "as_in_article": ["my own"]}]},
}


def write_file(root: Path, folder: str, kind: str, text: str) -> None:
    path = root / "content" / folder / f"{kind}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def make_document(kind: str, records: list[dict[str, Any]]) -> str:
    return json.dumps({"$schema": f"../../schema/{kind}.schema.json", "records": records})


def write_project(root: Path, *names: str) -> Path:
    for kind, records in TERMS.items():
        write_file(root, "terms", kind, make_document(kind, records))
    for name in names:
        write_file(root, name, "article", ARTICLE.replace('"one"', f'"{name}"'))
        write_file(root, name, "section", SECTION)
        for kind, records in (FACTS[name] | OWN_TERMS.get(name, {})).items():
            write_file(root, name, kind, make_document(kind, records))
    # What articles that are not there say of terms.
    absent_terms = {term_id for term_id, name in DESCRIBED_TERMS.items() if name not in names}
    tumours = [
        {
            field: value
            for field, value in record.items()
            if field not in ("notes", "source") or record["id"] not in absent_terms
        }
        for record in TERMS["tumour"]
    ]
    write_file(root, "terms", "tumour", make_document("tumour", tumours))
    return root


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Writes a project of some articles and exports it; returns where to."""

    def run(*names: str, formats: tuple[str, ...] = ("all",)) -> Path:
        folder = tmp_path / "-".join(names)
        root = write_project(folder / "project", *names)
        assert main(["export", *formats, "--root", str(root), "--out", str(folder / "out")]) == 0
        return folder / "out"

    return run


def read_csv_ids(out: Path, article: str) -> dict[str, list[str]]:
    """Return the ids of the terms of an article by kind."""
    ids = {}
    for kind in TERMS:
        path = out / "csv" / article / f"{kind}.csv"
        if path.exists():
            with path.open(newline="", encoding="utf-8") as file:
                ids[kind] = [row["id"] for row in csv.DictReader(file)]
    return ids


def read_sheet_ids(out: Path, article: str) -> dict[str, list[str]]:
    workbook = load_workbook(out / "xlsx" / f"{article}.xlsx")
    return {
        kind: [str(row[0].value) for row in workbook[kind].iter_rows(min_row=2) if row[0].value]
        for kind in TERMS
        if kind in workbook.sheetnames
    }


USED_TERMS = {
    "first": {
        "site": ["chest", "lung"],
        "tumour": ["cancer", "lung-cancer", "small-cell-lung-cancer"],
        "substance": ["zoledronic-acid"],
        "drug-class": ["bisphosphonates"],
        "product": ["zometa"],
        "route": ["parenteral", "intravenous"],
        "usual-dose": ["zometa-intravenous"],
    },
    "second": {"site": ["chest", "lung"], "tumour": ["cancer", "lung-cancer", "melanoma"]},
    "third": {"tumour": ["cancer", "sarcoma", "own-tumour"]},
}


@pytest.mark.parametrize("names", [("first",), ("first", "second"), ("first", "second", "third")], ids=str)
def test_tables_and_sheets_have_the_terms_that_are_used(
    export: Callable[..., Path], names: tuple[str, ...]
) -> None:
    out = export(*names)
    for name in names:
        assert read_csv_ids(out, name) == read_sheet_ids(out, name) == USED_TERMS[name]


def read_resources(out: Path, article: str) -> list[dict[str, Any]]:
    document = json.loads((out / "fhir" / article / "document.json").read_text("utf-8"))
    return [entry["resource"] for entry in document["entry"]]


def list_labels(resources: list[dict[str, Any]], resource_type: str) -> list[str]:
    return sorted(
        resource["code"].get("concept", resource["code"])["text"]
        for resource in resources
        if resource["resourceType"] == resource_type
    )


def test_fhir_has_resources_of_the_terms_that_are_used(export: Callable[..., Path]) -> None:
    out = export("first", "second", "third", formats=("fhir", "--check"))
    first, second = (read_resources(out, name) for name in ("first", "second"))
    assert list_labels(first, "MedicationKnowledge") == list_labels(first, "Medication") == ["Zometa"]
    assert list_labels(first, "Substance") == ["zoledronic acid"]
    assert list_labels(second, "MedicationKnowledge") == list_labels(second, "Substance") == []
    lines = (out / "fhir" / "bulk" / "MedicationKnowledge.ndjson").read_text("utf-8").splitlines()
    assert len(lines) == 1
    assert "usual-dose/zometa-intravenous" in json.dumps(first)
    assert "usual-dose/zometa-oral" not in json.dumps(first)
    assert "usual-dose/zometa" not in json.dumps(second)


def list_systems(resources: list[dict[str, Any]], folder: str = "terms") -> dict[str, dict[str, Any]]:
    return {
        resource["url"]: resource
        for resource in resources
        if resource["resourceType"] == "CodeSystem" and resource["meta"]["source"].endswith(f"/{folder}")
    }


@pytest.mark.parametrize("release", ["R5", pytest.param("R4B", marks=pytest.mark.slow)])
def test_a_code_system_is_whole_and_the_same_in_every_export(
    export: Callable[..., Path], release: str
) -> None:
    alone = export("first", formats=("fhir", "--release", release))
    out = export("first", "second", "third", formats=("fhir", "--release", release))
    for folder in (alone, out):
        if release == "R4B":
            (folder / "fhir-r4b").rename(folder / "fhir")
    before = list_systems(read_resources(alone, "first"))
    systems = [list_systems(read_resources(out, name)) for name in ("first", "second", "third")]
    assert systems[0] == systems[1] == systems[2] == before
    by_kind = {url.rpartition("/")[2]: system for url, system in systems[0].items()}
    for kind, records in TERMS.items():
        codes = [concept["code"] for concept in by_kind[kind]["concept"]]
        assert codes == [record["id"] for record in records]


# The words of each article, if no other uses the term that they stand for.
WORDS = {
    ("first",): {"first": ["the crab", "a lung thing", "little cells"]},
    ("first", "second"): {"first": ["little cells"], "second": ["black spot"]},
    ("second", "third"): {"second": ["a lung thing", "black spot"], "third": ["fleshy one", "my own"]},
    ("first", "second", "third"): {
        "first": ["little cells"],
        "second": ["black spot"],
        "third": ["fleshy one", "my own"],
    },
}
ALL_WORDS = ["the crab", "a lung thing", "little cells", "black spot", "fleshy one", "my own"]
NOTES = {"first": "odd-cells", "second": "odd-lung"}


def read_all_text(out: Path, article: str) -> str:
    """Return the text of all files of an article, cells of workbooks included."""
    paths = [*(out / "csv" / article).iterdir(), *(out / "fhir" / article).iterdir()]
    texts = [path.read_text("utf-8") for path in paths]
    workbook = load_workbook(out / "xlsx" / f"{article}.xlsx")
    texts += [
        str(cell.value)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    return "\n".join(texts)


@pytest.mark.parametrize("names", WORDS, ids=str)
def test_nothing_that_another_article_says_of_a_term_is_exported(
    export: Callable[..., Path], names: tuple[str, ...]
) -> None:
    out = export(*names)
    for name in names:
        text = read_all_text(out, name)
        assert [words for words in ALL_WORDS if words in text] == WORDS[names][name]
        for article, note in NOTES.items():
            assert (note in text) == (article == name), (note, name)
            assert (f"remark {note}" in text) == (article == name)


def test_of_a_term_no_place_in_another_article_is_told(export: Callable[..., Path]) -> None:
    out = export("first", "second", formats=("csv",))
    sources = {}
    for name in ("first", "second"):
        with (out / "csv" / name / "tumour.csv").open(newline="", encoding="utf-8") as file:
            rows = {row["id"]: row for row in csv.DictReader(file)}
        lung_cancer = rows["lung-cancer"]
        sources[name] = (
            lung_cancer["source.section"],
            lung_cancer["source.spans"] != "",
            lung_cancer["notes"],
        )
        if name == "first":
            assert rows["small-cell-lung-cancer"]["source.page"] == "7"
    assert sources == {
        "first": ("", False, ""),
        "second": ("lungs", True, '[{"note": "odd-lung", "explains": ["label"]}]'),
    }


def test_the_words_of_an_article_are_a_supplement_of_the_code_system(export: Callable[..., Path]) -> None:
    out = export("first", "second", formats=("fhir", "--check"))
    [(url, supplement)] = list_systems(read_resources(out, "second"), "second").items()
    assert url == "https://bmkit.invalid/fhir/CodeSystem/second/tumour/as-in-article"
    shared = list_systems(read_resources(out, "second"))["https://bmkit.invalid/fhir/CodeSystem/tumour"]
    assert (supplement["content"], supplement["supplements"]) == (
        "supplement",
        f"{shared['url']}|{shared['version']}",
    )
    assert [(concept["code"], concept["property"]) for concept in supplement["concept"]] == [
        ("melanoma", [{"code": "as-in-article", "valueString": "black spot"}])
    ]


def test_drop_down_lists_offer_all_that_may_be_chosen(export: Callable[..., Path]) -> None:
    out = export("first", "second", "third", formats=("xlsx",))
    for name in ("first", "third"):
        workbook = load_workbook(out / "xlsx" / f"{name}.xlsx")
        lists = {
            column[0].value: [cell.value for cell in column[1:] if cell.value is not None]
            for column in workbook["bmkit lists"].iter_cols()
        }
        own_labels = ["own tumour"] if name == "third" else []
        labels = [record["label"] for record in TERMS["tumour"]] + own_labels
        assert lists["tumour"] == sorted(labels)
        rows = {row[1].value: row[0].row for row in workbook["tumour"].iter_rows(min_row=2)}
        sheet = workbook["radiotherapy"]
        links = {
            cell.value: cell.hyperlink.location
            for row in sheet.iter_rows(min_row=2)
            for cell in row
            if cell.hyperlink and "tumour" in cell.hyperlink.location
        }
        assert len(links) == len(FACTS[name]["radiotherapy"])
        assert links == {label: f"'tumour'!A{rows[label]}" for label in links}


def test_an_article_is_exported_the_same_whatever_other_articles_there_are(
    export: Callable[..., Path], tmp_path: Path
) -> None:
    out = export("second", "third")
    before = {name: read_all_files(out, name) for name in ("second", "third")}
    root = tmp_path / "second-third" / "project"
    write_file(root, "fourth", "article", ARTICLE.replace('"one"', '"fourth"'))
    write_file(root, "fourth", "section", SECTION)
    regimen = make_document("regimen", FACTS["first"]["regimen"])
    write_file(root, "fourth", "regimen", regimen)
    assert main(["export", "all", "--root", str(root), "--out", str(out)]) == 0
    assert {name: read_all_files(out, name) for name in ("second", "third")} == before


def read_all_files(out: Path, article: str) -> dict[str, bytes]:
    folders = (out / "csv" / article, out / "fhir" / article)
    paths = [path for folder in folders for path in folder.iterdir()]
    return {str(path): path.read_bytes() for path in (*paths, out / "xlsx" / f"{article}.xlsx")}


def count_contents(root: str) -> int:
    return sum(isinstance(part, Content) and part.root == root for part in gc.get_objects())


@pytest.mark.audit
def test_articles_are_let_go_though_garbage_is_hardly_ever_looked_for(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project", "first")
    for number in range(34):
        folder = shutil.copytree(root / "content" / "first", root / "content" / f"article-{number}")
        (folder / "article.json").write_text(ARTICLE.replace('"one"', f'"article-{number}"'), "utf-8")
    stream = ArticleStream(str(root))
    alive_counts: list[int] = []

    def iter_watched() -> Iterator[ArticleContent]:
        for article in stream.iter_articles():
            alive_counts.append(count_contents(str(root)))
            yield article

    gc.disable()
    try:
        write_exports({"csv": {}}, iter_watched(), tmp_path / "out", article_count=len(stream.article_names))
    finally:
        gc.enable()
    assert len(alive_counts) == 35
    # The first count is that of what the check has left.
    assert max(alive_counts) < 28
