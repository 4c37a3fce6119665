"""The second project and docs/medicine.md: other content than ours is written, said, checked and exported."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.both_contents import AddedRecords, Values, make_content, read_contents
from tests.mistakes import ROOTS

from bmkit.check import find_content_issues
from bmkit.cli import main
from bmkit.export import DESCRIPTION_BY_FORMAT
from bmkit.export.xlsx.columns import UniqueLabels, make_sheet_column
from bmkit.sentence import format_sentence
from bmkit.tables import make_table

if TYPE_CHECKING:
    from bmkit.content import Content

SECOND_PROJECT = Path(ROOTS["second"])
HANDBOOK_PAGE = (Path(__file__).parent.parent / "docs" / "medicine.md").read_text("utf-8")
SNIPPETS = [
    json.loads(text, parse_float=Decimal)
    for text in re.findall(r"^```json\n(.*?)^```", HANDBOOK_PAGE, re.MULTILINE | re.DOTALL)
]


@pytest.fixture(scope="module")
def content() -> Content:
    return read_contents("second")


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet["id"])
def test_what_the_page_shows_is_a_record_of_the_project(content: Content, snippet: dict[str, Any]) -> None:
    records = [
        {name: value for name, value in record.value.items() if name != "source"}
        for record in content.iter_records()
    ]
    assert snippet in records


def test_every_span_is_in_the_text(content: Content) -> None:
    spans = 0
    for article in content.list_records("article"):
        if "length" not in article.value:
            continue
        text = (SECOND_PROJECT / "texts" / f"{article.id}.txt").read_text("utf-8")
        assert (article["length"], article["digest"]) == (len(text), digest(text))
        for record in content.iter_records():
            own_spans = (record.value.get("heading"), *record.value.get("source", {}).get("spans", ()))
            for span in filter(None, own_spans if record.folder == article.id else ()):
                assert span["digest"] == digest(text[span["start"] : span["end"]]), record.id
                spans += 1
    assert spans > 50


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("export_format", sorted(DESCRIPTION_BY_FORMAT))
def test_it_is_exported(tmp_path: Path, export_format: str, capfd: pytest.CaptureFixture[str]) -> None:
    status = main(["export", export_format, "--root", str(SECOND_PROJECT), "-o", str(tmp_path / "out")])
    assert (status, capfd.readouterr().err) == (0, "")
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


@pytest.mark.slow
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_its_resources_are_valid(tmp_path: Path, release: str) -> None:
    options = ["--release", release, "--check", "--root", str(SECOND_PROJECT), "-o", str(tmp_path / "out")]
    assert main(["export", "fhir", *options]) == 0


def test_every_number_of_the_listed_facts_is_in_the_sentences_of_their_records(content: Content) -> None:
    with (SECOND_PROJECT.parent / "facts.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 38)]
    records = {f"{record.kind.name}/{record.id}": record for record in content.iter_records()}
    for row in rows:
        sentences = [format_sentence(records[name], content) for name in row["records"].split()]
        assert find_numbers(row["fact"]) <= find_numbers(" ".join(sentences)), row["fact"]


def find_numbers(text: str) -> set[Decimal]:
    """The numbers of a text; what belongs to a word (radium-223) is none."""
    return {Decimal(number.replace(",", "")) for number in re.findall(r"(?<![\w-])\d[\d,]*(?:\.\d+)?", text)}


SENTENCES = {
    "zoledronic-acid-clearance-30-to-39": (
        "Zoledronic acid, intravenous (concentrate for infusion), is given to patients with a creatinine"
        " clearance of 30 to 39 mL/min: 3 mg as an infusion in 100 mL of sodium chloride 0.9 % solution"
        " over at least 15 minutes, every 3–4 weeks"
    ),
    "denosumab-first-month": (
        "Denosumab, subcutaneous, is given for giant cell tumour of bone as a loading dose: 120 mg,"
        " on days 8 and 15 of the first month"
    ),
    "radium-223-every-4-weeks": (
        "Radium-223 dichloride, intravenous, is given for bone metastases of prostate cancer:"
        " 55 kBq per kg as a bolus, every 4 weeks, 6 times in all"
    ),
    "heparin-infusion": (
        "Heparin by body weight, step 2: heparin, intravenous, is given for venous thrombosis:"
        " 18 units per kg per hour as an infusion"
    ),
    "insulin-glargine-titration": (
        "Insulin glargine, step 2: insulin glargine, subcutaneous, is given for type 2 diabetes: once a day,"
        " 2 units more every 3 days until a fasting glucose of 80 to 130 mg/dL is reached"
    ),
    "morphine-as-needed": "Morphine, oral, is given for pain: 5–10 mg, as needed, every 1–2 hours",
    "amoxicillin-1-to-11-months": (
        "Amoxicillin, oral, is given to infants of 1 to 11 months: 125 mg 3 times a day"
    ),
    "prednisolone-taper": (
        "Prednisolone, tapered, step 2: prednisolone, oral, is given for acute asthma: once a day,"
        " in the morning, 5 mg less every week"
    ),
    "paracetamol-day": (
        "Highest dose of paracetamol (intravenous) in children of 2 to 12 years: at most 75 mg per kg per day"
    ),
    "salbutamol-day": "Highest dose of salbutamol (inhaled): at most 8 puffs per 24 hours",
    "zoledronic-acid-breast-feeding": "Zoledronic acid: contraindicated in women who breast-feed",
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
    "glyceryl-trinitrate-angina": (
        "Glyceryl trinitrate, sublingual, is given for angina: 0.4 mg, as needed, at least 5 minutes apart,"
        " at most 3 times in all"
    ),
    "fentanyl-patch": "Fentanyl, transdermal (patch), is given for pain: 25 mcg per hour, every 72 hours",
    "dexamethasone-step-2": (
        "Dexamethasone in steps, step 2: dexamethasone, oral, is given for compression of the spinal cord:"
        " 8 mg once a day, for 3 days, in the morning"
    ),
}


@pytest.mark.parametrize(("name", "sentence"), SENTENCES.items())
def test_a_fact_reads_as_somebody_would_sign_it(content: Content, name: str, sentence: str) -> None:
    (record,) = [
        record for record in content.iter_records() if record.id == name and record.kind.group == "fact"
    ]
    assert format_sentence(record, content) == sentence


def test_a_band_is_in_words_in_the_workbook(content: Content) -> None:
    records = content.list_records("eligibility")
    table = make_table(records[0].kind, records)
    [column] = [column for column in table.columns if column.name == "criteria"]
    sheet_column = make_sheet_column(column, UniqueLabels((table,), content.list_records), table.kind)
    assert {sheet_column.format_cell(record["criteria"]) for record in records} == {
        "ECOG performance status · 0 to 2 points",
        "pain on the numeric rating scale · at least 4 points",
    }


@pytest.mark.parametrize("estimate", [{"value": 1490, "unit": "mo"}, {"value": Decimal("14.9"), "unit": "%"}])
def test_a_value_that_is_not_usual_is_a_warning(content: Content, estimate: Values) -> None:
    [record] = [record for record in content.list_records("result") if record.id == "survival-with-radium"]
    value = {**record.value, "estimate": estimate}
    issues = find_content_issues(make_content(content, {"result/survival-with-radium": value}))
    assert "evidence.unusual-value" in {issue.rule for issue in issues}


def make_share(record_id: str, number: float, **fields: Any) -> Values:
    share = {
        "outcome": "survival",
        "statistic": "survival share",
        "estimate": {"value": Decimal(str(number)), "unit": "%"},
    }
    return {"id": record_id, **share, "source": {"page": "1"}, **fields}


def make_accuracy(study: str, number: float) -> Values:
    accuracy = {"procedure": "bone-scintigraphy", "event": "metastasis-in-bone", "statistic": "sensitivity"}
    return make_share(f"sensitivity-{study}", number, **accuracy, outcome=None, study=study)


# Right content beside that of the project, by folder and kind.
RIGHT: dict[str, AddedRecords] = {
    "two time points, and a share below 1 %": {
        ("evidence", "result"): [
            make_share(
                "one-year", 78, population="breast-cancer-in-bone-only", time_point={"value": 1, "unit": "a"}
            ),
            make_share(
                "ten-years",
                0.5,
                population="breast-cancer-in-bone-only",
                time_point={"value": 10, "unit": "a"},
            ),
        ]
    },
    "two studies of one measure": {
        ("evidence", "study"): [{"id": name, "label": f"{name} study"} for name in ("early", "late")],
        ("evidence", "result"): [make_accuracy("early", 78), make_accuracy("late", 95)],
    },
    "numbers of a statement, a label and a DOI": {
        ("evidence", "theme"): [{"id": "history", "label": "history"}],
        ("evidence", "statement"): [
            {
                "id": "first",
                "theme": "history",
                "product": "radium-223",
                "text": "radium was found in 1898",
                "source": {"page": "1"},
            }
        ],
        ("evidence", "publication"): [
            {"id": "with-doi", "label": "report of 921 men in 2013", "doi": "10.1000/2013.921", "year": 2013}
        ],
        ("evidence", "study"): [
            {
                "id": "with-number",
                "label": "trial 20050136",
                "publications": ["with-doi"],
                "design": "cohort study",
            }
        ],
        ("evidence", "result"): [make_accuracy("with-number", 90)],
    },
    "a standing list of which most is not used yet": {
        ("standing-list", "product"): [
            {
                "id": f"product-{number}",
                "label": f"product {number}",
                "drug_class": "opioids",
                "category": "medicine",
            }
            for number in range(60)
        ]
    },
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_content_is_not_called_wrong(content: Content, name: str) -> None:
    added = {
        place: [{field: value for field, value in record.items() if value is not None} for record in records]
        for place, records in RIGHT[name].items()
    }
    issues = find_content_issues(make_content(content, {}, added))
    assert [(issue.rule, issue.message) for issue in issues] == []
