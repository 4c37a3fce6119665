"""The list of error-prone notations, entry by entry: each is found, and what looks like it is not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.rules.rule_runs import list_writing_issues

from bmkit.rules.writing.letters import read_error_prone_letters

TABLE = Path(__file__).with_name("error_prone.tsv")
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
LETTERS = [entry for entries in read_error_prone_letters().values() for entry in entries]


def test_the_notations_are_found_and_no_look_alikes() -> None:
    assert len(ROWS) > 480
    wrong = [row for row in ROWS if bool(list_writing_issues(row["text"])) != (row["verdict"] == "fires")]
    assert wrong == []


def test_what_is_proposed_is_no_error_prone_notation_and_no_misreading() -> None:
    assert len(LETTERS) > 50
    for entry in LETTERS:
        assert list_writing_issues(entry.proposal) == []
        assert entry.proposal == "" or entry.proposal not in entry.misreading


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("CPZ 10 mg", "write what is meant in full"),
        ("4 mg OD with food", "write what is meant in full"),
        ("2 drops OS twice a day", 'write "in the left eye"'),
        ("MTX 10 mg", 'write "methotrexate"'),
        ("4 mg q 6 p.m.", 'write "daily at 6 PM"'),
    ],
)
def test_where_an_abbreviation_has_been_used_for_two_things_none_is_proposed(text: str, hint: str) -> None:
    assert [issue.hint for issue in list_writing_issues(text)] == [hint]
