"""The evidence of the second project: it is written, said and exported, and its faults are seen."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.check import find_content_issues
from bmkit.cli import main
from bmkit.content import read_content
from bmkit.export import DESCRIPTION_BY_FORMAT
from bmkit.export.xlsx.columns import UniqueLabels, make_sheet_column
from bmkit.sentence import format_sentence
from bmkit.tables import make_table

if TYPE_CHECKING:
    from bmkit.content import Content, Record

PROJECT = Path(__file__).parent.parent / "examples" / "second" / "project"
FOLDER = "evidence"


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(str(PROJECT))


def list_evidence(content: Content) -> list[Record]:
    return [
        record
        for kind in content.list_kinds()
        for record in content.list_records(kind.name)
        if record.folder == FOLDER
    ]


def test_it_has_no_issue(content: Content) -> None:
    assert len(list_evidence(content)) > 60
    assert not list(find_content_issues(content))


def test_every_span_is_in_the_text(content: Content) -> None:
    text = (PROJECT / "texts" / f"{FOLDER}.txt").read_text("utf-8")
    (article,) = [record for record in list_evidence(content) if record.kind.name == "article"]
    assert (article["length"], article["digest"]) == (len(text), digest(text))
    spans = [
        span
        for record in list_evidence(content)
        for span in (record.value.get("heading"), *record.value.get("source", {}).get("spans", ()))
        if span
    ]
    assert len(spans) > 8
    assert [span["digest"] for span in spans] == [digest(text[span["start"] : span["end"]]) for span in spans]


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


@pytest.mark.slow
@pytest.mark.parametrize("export_format", sorted(DESCRIPTION_BY_FORMAT))
def test_it_is_exported(tmp_path: Path, export_format: str, capfd: pytest.CaptureFixture[str]) -> None:
    status = main(["export", export_format, "--root", str(PROJECT), "-o", str(tmp_path / "out")])
    assert (status, capfd.readouterr().err) == (0, "")
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


@pytest.mark.slow
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_its_resources_are_valid(tmp_path: Path, release: str) -> None:
    options = ["--release", release, "--check", "--root", str(PROJECT), "-o", str(tmp_path / "out")]
    assert main(["export", "fhir", *options]) == 0


SENTENCES = {
    "skeletal-event-hazard": (
        "In women with breast cancer and metastases in bone, the hazard ratio of time to the first skeletal "
        "event in the denosumab arm against zoledronic acid is 0.82, 95 % confidence interval 0.71–0.95, "
        "P value 0.01 (trial of denosumab in breast cancer)"
    ),
    "survival-with-radium": (
        "In 614 men with prostate cancer and metastases in bone, median survival in the radium-223 arm is "
        "14.9 months (trial of radium-223 in prostate cancer)"
    ),
    "sensitivity-of-scintigraphy": (
        "The sensitivity of bone scintigraphy for metastasis in bone is 86.0 %, per patient"
    ),
    "new-diagnoses": (
        "In the general population, the rate of new diagnoses of metastasis in bone is 18.8 per 100,000"
        " people a year"
    ),
    "five-year-survival-in-bone-only": (
        "In patients with breast cancer and metastases in bone only, survival at 5 years is 32.1 %"
    ),
    "statins-for-adults-at-risk": (
        "According to the US Preventive Services Task Force, the use of statins is recommended in adults of "
        "40 to 75 years with a cardiovascular risk of 10 % or more, grade B"
    ),
    "radium-223-half-life": "The physical half-life of radium-223 dichloride is 11.4 days",
    "morphine-to-fentanyl": (
        "60–134 mg of oral morphine per day corresponds to 25 mcg per hour of transdermal fentanyl "
        "(patch), not the other way round"
    ),
    "calcium": (
        "The reference interval of serum calcium in adults is 8.5–10.2 mg per dL (2.12–2.55 mmol per L)"
    ),
    "nrs-4-and-more": (
        "A score on the numeric rating scale of at least 4 points means moderate or severe pain"
    ),
    "performance-status": (
        "Trial of radium-223 in prostate cancer takes patients with ECOG performance status of 0 to 2 points"
    ),
}


@pytest.mark.parametrize(("name", "sentence"), SENTENCES.items())
def test_a_fact_reads_as_somebody_would_sign_it(content: Content, name: str, sentence: str) -> None:
    (record,) = [
        record for record in list_evidence(content) if record.id == name and record.kind.group == "fact"
    ]
    assert format_sentence(record, content) == sentence


def test_a_band_is_in_words_in_the_workbook(content: Content) -> None:
    records = [record for record in list_evidence(content) if record.kind.name == "eligibility"]
    table = make_table(records[0].kind, records)
    [column] = [column for column in table.columns if column.name == "criteria"]
    sheet_column = make_sheet_column(column, UniqueLabels((table,), content.list_records))
    assert {sheet_column.format_cell(record["criteria"]) for record in records} == {
        "ECOG performance status · 0 to 2 points",
        "pain on the numeric rating scale · at least 4 points",
    }


@pytest.mark.parametrize("estimate", [{"value": 1490, "unit": "mo"}, {"value": 14.9, "unit": "%"}])
def test_a_value_that_is_not_usual_is_a_warning(estimate: dict[str, Any]) -> None:
    file = f"content/{FOLDER}/result.json"
    document = json.loads((PROJECT / file).read_text("utf-8"))
    (record,) = [record for record in document["records"] if record["id"] == "survival-with-radium"]
    record["estimate"] = estimate
    issues = find_content_issues(
        read_content(str(PROJECT), unsaved_files={file: json.dumps(document).encode()})
    )
    assert "evidence.unusual-value" in [issue.rule for issue in issues]
