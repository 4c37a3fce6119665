"""The handbook says all that there is to say of every rule, and its examples do what they are shown for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bmkit.baseline import find_gone_entries, find_new, read_baseline
from bmkit.content import read_content
from bmkit.handbook import find_fix, format_examples, list_rule_docs
from bmkit.handbook.rule_docs import (
    OTHER_RULES,
    find_schema_example_issues,
    find_shape_example_issues,
)
from bmkit.jsontext import JsonError, parse_json
from bmkit.schema import read_shipped_schemas

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.rule_doc import RuleDoc


@pytest.mark.parametrize("page", list_rule_docs(), ids=lambda page: page.rule_id)
def test_of_every_rule_is_told_what_why_and_how_to_put_it_right_with_examples(page: RuleDoc) -> None:
    assert page.title.endswith(".")
    assert page.why.strip().endswith(".")
    for texts in (
        format_examples(page.bad, page.bad_in_words),
        format_examples(page.good, page.good_in_words),
    ):
        assert texts
        assert all(text.strip() for text in texts)
    fix = find_fix(page)
    assert fix
    assert fix[0].islower()
    assert not fix.endswith((".", "?")), "how any fault of the sort is put right is no question"
    assert "content/article/" not in fix, "an example's file says nothing of another fault"
    assert not page.source.endswith(".")


def list_other_rules(family: str) -> list[object]:
    return [
        pytest.param(name, rule_doc, id=name)
        for name, rule_doc in OTHER_RULES.items()
        if name.startswith(f"{family}.")
    ]


@pytest.mark.parametrize(("name", "rule_doc"), list_other_rules("shape"))
def test_an_example_of_shape_breaks_its_rule_and_no_other(name: str, rule_doc: RuleDoc) -> None:
    assert {issue.rule for issue in find_shape_example_issues(rule_doc.bad[0])} == {name}
    assert find_shape_example_issues(rule_doc.good[0]) == []


@pytest.mark.parametrize(("name", "rule_doc"), list_other_rules("schema"))
def test_an_example_of_a_schema_breaks_its_rule_and_no_other(name: str, rule_doc: RuleDoc) -> None:
    if rule_doc.bad_in_words:
        assert rule_doc.good_in_words
        assert not rule_doc.bad
        return
    issues = find_schema_example_issues(rule_doc.bad[0])
    assert {(issue.rule, issue.severity.value) for issue in issues} == {(name, rule_doc.severity)}
    assert find_schema_example_issues(rule_doc.good[0]) == []


@pytest.mark.parametrize(("name", "rule_doc"), [*list_other_rules("content"), *list_other_rules("codes")])
def test_example_files_break_their_rule_and_no_other(name: str, rule_doc: RuleDoc, tmp_path: Path) -> None:
    issue_sets = []
    for side, files in (("bad", rule_doc.bad[0]), ("good", rule_doc.good[0])):
        root = tmp_path / side
        # Another file, for where all that the example has is passed over, or is no content.
        for path, text in {"content/one/result.json": '{"records": []}', **files}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
        issues = read_content(os.fspath(root), read_shipped_schemas()).issues
        issue_sets.append({(issue.rule, issue.severity.value) for issue in issues})
    assert issue_sets == [{(name, rule_doc.severity)}, set()]


def test_the_example_of_a_baseline_holds_what_is_gone(tmp_path: Path) -> None:
    rule_doc = OTHER_RULES["baseline.outdated"]
    for files, rules in ((rule_doc.bad[0], ["baseline.outdated"]), (rule_doc.good[0], [])):
        ((path, text),) = files.items()
        (tmp_path / path).write_text(text, "utf-8")
        known = read_baseline(os.fspath(tmp_path / path))
        left = find_new([], known)[1]
        assert [issue.rule for issue in find_gone_entries(left, known, path)] == rules


@pytest.mark.parametrize(("name", "rule_doc"), list_other_rules("json"))
def test_an_example_of_json_breaks_its_rule(name: str, rule_doc: RuleDoc) -> None:
    parse_json(rule_doc.good[0])
    if rule_doc.bad:
        with pytest.raises(JsonError) as refused:
            parse_json(rule_doc.bad[0])
        assert name in {fault.rule for fault in refused.value.faults}
    else:
        assert rule_doc.bad_in_words
        assert rule_doc.good_in_words
