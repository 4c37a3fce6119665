"""The content of this repository, held against the text that it was taken from, where the text is at hand."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .number_count import find_uncovered_numbers, read_records

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
# So many words in a row are a sentence of the article's, not a fact.
WORDS_IN_A_ROW = 12


@pytest.fixture(scope="module")
def text() -> str:
    name = os.environ.get("BMKIT_ARTICLE_TEXT", "")
    if not name:
        pytest.skip("the article is not ours to publish; BMKIT_ARTICLE_TEXT may name a copy of its text")
    return Path(name).read_text("utf-8")


@pytest.fixture(scope="module")
def records() -> list[tuple[str, dict[str, Any]]]:
    return list(read_records(CONTENT))


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_the_text_is_the_one_the_article_record_names(
    text: str, records: list[tuple[str, dict[str, Any]]]
) -> None:
    [article] = [record for kind, record in records if kind == "article"]
    assert (article["length"], article["digest"]) == (len(text), hash_text(text))


def test_every_span_has_the_digest_of_its_text(text: str, records: list[tuple[str, dict[str, Any]]]) -> None:
    spans = [
        (kind, record["id"], span)
        for kind, record in records
        if "source" in record
        for span in record["source"]["spans"]
    ]
    wrong = [
        (kind, id_)
        for kind, id_, span in spans
        if hash_text(text[span["start"] : span["end"]]) != span["digest"]
    ]
    assert spans
    assert not wrong


def test_every_number_of_the_text_is_in_a_record(text: str) -> None:
    counted, missing = find_uncovered_numbers(text, CONTENT)
    assert len(counted) > 100
    assert not missing


def test_no_sentence_of_the_article_is_in_the_repository(text: str) -> None:
    def split_words(text_or_words: str) -> list[str]:
        return re.findall(r"[a-z0-9]+", text_or_words.lower())

    def collect_runs(text_or_words: list[str]) -> set[tuple[str, ...]]:
        return {
            tuple(text_or_words[i : i + WORDS_IN_A_ROW])
            for i in range(len(text_or_words) - WORDS_IN_A_ROW + 1)
        }

    article_runs = collect_runs(split_words(text))
    listing = subprocess.run(
        [shutil.which("git") or "git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [ROOT / name for name in listing.stdout.split("\0") if name]
    readable = {".json", ".md", ".py", ".txt", ".html", ".csv", ".toml", ".yaml", ".yml", ".tsv", ".j2"}
    copied_files = {
        str(file.relative_to(ROOT))
        for file in files
        if file.is_file()
        and file.suffix in readable
        and article_runs & collect_runs(split_words(file.read_text("utf-8", "replace")))
    }
    assert not copied_files


def test_statements_of_no_other_kind_are_few(records: list[tuple[str, dict[str, Any]]]) -> None:
    facts = [kind for kind, _ in records if _read_group(kind) == "fact"]
    assert len(facts) > 500
    assert facts.count("statement") * 6 <= len(facts)


def test_each_tumour_and_site_named_by_one_passage_is_one_record(
    records: list[tuple[str, dict[str, Any]]],
) -> None:
    seen: set[tuple[Any, ...]] = set()
    for kind, record in records:
        if kind == "metastatic-site":
            starts = tuple(span["start"] for span in record["source"]["spans"])
            pair = (record["tumour"], record["site"], record.get("timing"), starts)
            assert pair not in seen
            seen.add(pair)
    assert len(seen) > 100


def _read_group(kind: str) -> str:
    schema: dict[str, str] = json.loads((ROOT / "schema" / f"{kind}.schema.json").read_text("utf-8"))
    return schema["x-group"]
