"""The second project and docs/medicine.md: other medicine than ours is written, checked and exported."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.cli import main
from bmkit.content import read_content
from bmkit.export import DESCRIPTION_BY_FORMAT
from bmkit.sentence import format_sentence

if TYPE_CHECKING:
    from bmkit.content import Content, Record

REPOSITORY = Path(__file__).parent.parent
PROJECT = REPOSITORY / "examples" / "second" / "project"
HANDBOOK_PAGE = (REPOSITORY / "docs" / "medicine.md").read_text("utf-8")
SNIPPETS = [
    json.loads(text, parse_float=Decimal)
    for text in re.findall(r"^```json\n(.*?)^```", HANDBOOK_PAGE, re.MULTILINE | re.DOTALL)
]


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(str(PROJECT))


def list_all_records(content: Content) -> list[Record]:
    return [record for kind in content.list_kinds() for record in content.list_records(kind.name)]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet["id"])
def test_what_the_page_shows_is_a_record_of_the_project(content: Content, snippet: dict[str, Any]) -> None:
    records = [
        {name: value for name, value in record.value.items() if name != "source"}
        for record in list_all_records(content)
    ]
    assert snippet in records


def test_every_source_is_in_the_text(content: Content) -> None:
    spans = 0
    for article in content.list_records("article"):
        text = (PROJECT / "texts" / f"{article.id}.txt").read_text("utf-8")
        assert (article["length"], article["digest"]) == (len(text), digest(text))
        for record in list_all_records(content):
            for span in (
                record.value.get("source", {}).get("spans", ()) if record.folder == article.id else ()
            ):
                assert span["digest"] == digest(text[span["start"] : span["end"]]), record.id
                spans += 1
    assert spans > 40


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("export_format", sorted(DESCRIPTION_BY_FORMAT))
def test_it_is_exported(tmp_path: Path, export_format: str, capfd: pytest.CaptureFixture[str]) -> None:
    status = main(["export", export_format, "--root", str(PROJECT), "-o", str(tmp_path / "out")])
    assert (status, capfd.readouterr().err) == (0, "")
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_every_number_of_the_listed_facts_is_in_the_sentences_of_their_records(content: Content) -> None:
    with (PROJECT.parent / "facts.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 38)]
    records = {f"{record.kind.name}/{record.id}": record for record in list_all_records(content)}
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
}


@pytest.mark.parametrize(("name", "sentence"), SENTENCES.items())
def test_a_dose_reads_as_somebody_would_sign_it(content: Content, name: str, sentence: str) -> None:
    (record,) = [
        record for record in list_all_records(content) if record.id == name and record.kind.group == "fact"
    ]
    assert format_sentence(record, content) == sentence
