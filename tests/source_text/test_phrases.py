"""The tables of phrases are such that they can measure a reader."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.source_text.phrases import read_phrases

from bmkit.ucum.dimensions import list_dimension_names, list_unit_codes

NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
QUANTITY = re.compile(rf"(?:<=?|>=?|about )?{NUMBER}(?:\.\.{NUMBER})? (?P<unit>\S+)")
VERDICTS = {
    "phrases": {"states", "not"},
    "negations": {"negated", "asserted"},
    "terms": {"named", "not"},
}


@pytest.mark.parametrize("table", VERDICTS)
def test_each_question_is_asked_once_and_has_an_answer(table: str) -> None:
    rows = read_phrases(table)
    questions = Counter(tuple(row.values())[:2] for row in rows)
    assert [question for question, count in questions.items() if count > 1] == []
    assert {row["verdict"] for row in rows} == VERDICTS[table]
    assert [row for row in rows if not row["phrase"].strip() or not row["trap"]] == []


@pytest.mark.parametrize("table", VERDICTS)
def test_traps_and_fair_phrases_are_about_as_many(table: str) -> None:
    counts = Counter(row["verdict"] for row in read_phrases(table))
    assert max(counts.values()) <= 1.25 * min(counts.values())


def test_the_quantities_are_such_as_facts_have() -> None:
    rows = read_phrases("phrases")
    unit_codes = {code for name in list_dimension_names() for code in list_unit_codes(name)}
    assert len(rows) > 400
    for row in rows:
        match = QUANTITY.fullmatch(row["quantity"])
        assert match, row
        assert match["unit"] in unit_codes, row


def test_the_words_of_a_negation_stand_in_its_phrase() -> None:
    for row in read_phrases("negations"):
        assert row["words"] in row["phrase"].replace("\n", " "), row
