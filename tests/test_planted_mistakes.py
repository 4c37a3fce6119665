"""Mistakes that must not pass are errors in both contents, whatever is called how."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from tests.planted_mistakes import (
    MISTAKES,
    OWN_MISTAKES,
    change_content,
    group_mistakes,
    list_multiplied_doses,
    move_changes,
    read_both,
    read_second,
)
from tests.renaming import rename_content
from tests.test_renaming import outline_issues

from bmkit.check import find_content_issues
from bmkit.issue import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.planted_mistakes import Changes, Mistake

    from bmkit.content import Content
    from bmkit.issue import Issue

CONTENTS = {"second": (read_second, MISTAKES), "both": (read_both, {**MISTAKES, **OWN_MISTAKES})}
# What is said of a list of medicines of which nothing is usual.
SAID_WITHOUT_USUAL = {"completeness.no-usual-range"}
NAMES_AND_MISTAKES = [
    pytest.param(name, mistake, marks=[pytest.mark.slow] if name == "both" else [])
    for name, (_, mistakes) in CONTENTS.items()
    for mistake in mistakes
]


@cache
def find_issues_by_mistake(name: str, *, with_usual: bool) -> dict[str, list[Issue]]:
    """Return what is said of a content with a group of mistakes in it, by each of them."""
    read, mistakes = CONTENTS[name]
    issues_by_mistake: dict[str, list[Issue]] = {}
    for group in group_mistakes(read(), mistakes):
        changes = join_changes(name, group)
        issues = find_content_issues(change_content(read(), changes, with_usual=with_usual))
        issues_by_mistake |= dict.fromkeys(group, issues)
    return issues_by_mistake


def join_changes(name: str, mistakes: Mapping[str, Mistake]) -> Changes:
    changes = {record: fields for mistake in mistakes.values() for record, fields in mistake.changes.items()}
    return move_changes(changes) if name == "both" else changes


def select_issues(issues: list[Issue], mistake: Mistake) -> list[Issue]:
    record_ids = {mistake.place} if mistake.place else {name.partition("/")[2] for name in mistake.changes}
    return [issue for issue in issues if issue.record_id in record_ids]


@pytest.mark.parametrize(("name", "mistake"), NAMES_AND_MISTAKES)
def test_a_mistake_is_an_error(name: str, mistake: str) -> None:
    planted = CONTENTS[name][1][mistake]
    issues = select_issues(find_issues_by_mistake(name, with_usual=True)[mistake], planted)
    assert planted.rule in {issue.rule for issue in issues if issue.severity is Severity.ERROR}, issues


@pytest.mark.parametrize(("name", "mistake"), NAMES_AND_MISTAKES)
def test_a_mistake_is_noticed_where_nothing_says_what_is_usual(name: str, mistake: str) -> None:
    planted = CONTENTS[name][1][mistake]
    issues = select_issues(find_issues_by_mistake(name, with_usual=False)[mistake], planted)
    expected_rule = planted.rule if planted.without_usual is None else planted.without_usual
    rules = {issue.rule for issue in issues} - SAID_WITHOUT_USUAL
    assert expected_rule in rules if expected_rule else not rules, issues


@pytest.mark.parametrize("name", ["second", pytest.param("both", marks=pytest.mark.slow)])
def test_nothing_is_said_of_the_contents_as_they_stand(name: str) -> None:
    read, _ = CONTENTS[name]
    assert find_content_issues(change_content(read(), {})) == []
    without_usual = find_content_issues(change_content(read(), {}, with_usual=False))
    assert {issue.rule for issue in without_usual} == SAID_WITHOUT_USUAL


def test_every_dose_tenfold_and_thousandfold_is_an_error() -> None:
    content = read_second()
    mistakes = list_multiplied_doses(content)
    assert len(mistakes) > 90
    for group in group_mistakes(content, mistakes):
        issues = find_content_issues(change_content(content, join_changes("second", group)))
        errors = [issue for issue in issues if issue.severity is Severity.ERROR]
        assert [name for name, mistake in group.items() if not select_issues(errors, mistake)] == []


@pytest.mark.slow
@pytest.mark.parametrize("with_usual", [True, False])
def test_mistakes_are_noticed_under_whatever_names(with_usual: bool) -> None:
    for group in group_mistakes(read_both(), CONTENTS["both"][1]):
        planted: Content = change_content(read_both(), join_changes("both", group), with_usual=with_usual)
        renamed = rename_content(planted)
        assert outline_issues(renamed.content, None, renamed) == outline_issues(planted, None, renamed)
