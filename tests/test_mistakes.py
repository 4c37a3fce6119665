"""Mistakes planted in both contents of the repository are errors: in doses, in results, in sources."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from tests.both_contents import move_value, read_contents, read_contents_without_usual
from tests.mistakes import MISTAKES, WITHOUT_USUAL, apply_mistake
from tests.test_mutations import mutations

from bmkit.check import find_content_issues

if TYPE_CHECKING:
    from bmkit.issue import Issue

# The mistakes in our own content are also those that only the second's facts can have, planted beside it.
MISTAKES_BY_CONTENT = {**MISTAKES, "both": MISTAKES["second"]}
READERS = {True: read_contents, False: read_contents_without_usual}
# What is said of doses where nothing is usual, and of patients whom only usual doses name.
SAID_WITHOUT_USUAL = {"completeness.no-usual-range", "references.unused"}
NAMES = [
    pytest.param(content_name, mistake_name, marks=[pytest.mark.slow] if content_name == "both" else [])
    for content_name, mistakes in MISTAKES_BY_CONTENT.items()
    for mistake_name in mistakes
]
NAMES_WITHOUT_USUAL = [
    pytest.param(*name.values, marks=[] if name.values[0] == "second" else [pytest.mark.slow])
    for name in NAMES
]


@cache
def watch_content(name: str, *, with_usual: bool = True) -> Any:
    return mutations.Watch(READERS[with_usual](name))


def find_issue(content_name: str, mistake_name: str, *, with_usual: bool = True) -> Issue | None:
    """Return what is said of a content because of a mistake, an error if there is one."""
    read = READERS[with_usual]
    content = read("second" if content_name == "both" else content_name)
    record, value = apply_mistake(content, MISTAKES_BY_CONTENT[content_name][mistake_name])
    if content_name == "both":
        value = move_value(record, value)
        others = read("both").list_records(record.kind.name)
        [record] = [other for other in others if other.id == value["id"]]
    slip = mutations.Slip("planted", mistake_name, record, "", value)
    issue: Issue | None = watch_content(content_name, with_usual=with_usual).caught(slip)
    return issue


@pytest.mark.parametrize(("content_name", "mistake_name"), NAMES)
def test_a_planted_mistake_is_an_error(content_name: str, mistake_name: str) -> None:
    issue = find_issue(content_name, mistake_name)
    assert issue is not None
    assert issue.severity.value == "error", issue


@pytest.mark.parametrize(("content_name", "mistake_name"), NAMES_WITHOUT_USUAL)
def test_a_planted_mistake_is_noticed_where_nothing_says_what_is_usual(
    content_name: str, mistake_name: str
) -> None:
    issue = find_issue(content_name, mistake_name, with_usual=False)
    expected = WITHOUT_USUAL["own" if content_name == "own" else "second"].get(mistake_name, "error")
    assert ("" if issue is None else issue.severity.value) == expected, issue


@pytest.mark.parametrize("content_name", ["second", pytest.param("both", marks=pytest.mark.slow)])
def test_nothing_else_is_said_of_the_contents(content_name: str) -> None:
    assert find_content_issues(read_contents(content_name)) == []
    without_usual = find_content_issues(read_contents_without_usual(content_name))
    assert {issue.rule for issue in without_usual} == SAID_WITHOUT_USUAL


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_every_dose_and_limit_tenfold_and_thousandfold_is_noticed(step: int) -> None:
    slips = [
        slip
        for slip in mutations.slips(read_contents("second"))
        if slip.sort in {"× 10", "× 1000"} and slip.among in {"dose", "limit"}
    ]
    assert len(slips) > 90
    for slip in slips[::step]:
        issue = watch_content("second").caught(slip)
        assert issue is not None, slip
        # A step ten times as big as it should be may be as big as a whole dose.
        is_step = slip.place == "/change_dose" and slip.sort == "× 10"
        assert issue.severity.value == "error" or is_step, (slip, issue)
