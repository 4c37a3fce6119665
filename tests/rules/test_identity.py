"""An issue is the same as long as it finds the same, and another as soon as it finds something else."""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.quoting import quote_issue
from bmkit.rules import load_all_rules, run_rules
from bmkit.rules.examples import build_content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.issue import IssueKey
    from bmkit.rules import Rule

Path = tuple[str | int, ...]
Found = dict[tuple[str, ...], list[tuple[str, "IssueKey"]]]
# What names and supports a record, and the notes of editors: no part of what is found.
FRAME_FIELDS = ("id", "label", "synonyms", "as_in_article", "notes", "source")
NOTE_KIND = "editorial-note"
OTHER_KEYS = ("schemas", "written", "settings")
# A count of other records is no part of it either.
COUNT = re.compile(r"\b(\d+ other records|another record)\b|; [0-9,]+ more facts? .*do(es)? not agree")
REMOVED = object()
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}")
    for rule in load_all_rules()
    if rule.family != "suppression"
    for number, example in enumerate(rule.bad)
]
in_each_example = pytest.mark.parametrize(("rule", "example"), EXAMPLES)


def walk_values(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    if isinstance(value, dict | list):
        for name, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from walk_values(member, (*path, name))


def iter_record_values(example: dict[str, Any]) -> Iterator[tuple[Path, str, Any]]:
    """Yield the values of all records and of the lock, each with its path and the field that it is in."""
    tables: list[tuple[Path, Any]] = [
        ((kind,), records) for kind, records in example.items() if kind not in (*OTHER_KEYS, "articles")
    ]
    for folder, kinds in example.get("articles", {}).items():
        tables += [(("articles", folder, kind), records) for kind, records in kinds.items()]
    for table_path, records in tables:
        for path, value in walk_values(records, table_path):
            inner_path = path[len(table_path) :]
            if len(inner_path) > 1 and table_path[-1] != NOTE_KIND:
                yield path, str(inner_path[1]), value


def change_value(example: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(example)
    holder: Any = changed
    for part in path[:-1]:
        holder = holder[part]
    if value is REMOVED:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


def find_issues(rule: Rule, example: dict[str, Any]) -> Found:
    """Return the messages and keys of the issues, by rule, file, record and field."""
    content = build_content(example)
    issues: Found = defaultdict(list)
    for issue in run_rules([rule], content):
        quoted_issue = quote_issue(issue, content)
        issues[quoted_issue.key[:4]].append((COUNT.sub("", quoted_issue.message), quoted_issue.key))
    return issues


def list_other_values(value: Any, namesakes: set[str]) -> list[Any]:
    if isinstance(value, bool):
        return [not value, REMOVED]
    if isinstance(value, int | Decimal):
        return [value + 1, value * 10, value * 2, value / Decimal(10), REMOVED]
    return [*(sorted(namesakes - {value}) if isinstance(value, str) else ()), REMOVED]


@in_each_example
def test_what_changes_the_message_changes_the_issue(rule: Rule, example: dict[str, Any]) -> None:
    issues = find_issues(rule, example)
    texts_by_field: dict[str, set[str]] = defaultdict(set)
    for _, field, value in iter_record_values(example):
        if isinstance(value, str):
            texts_by_field[field].add(value)
    for path, field, value in iter_record_values(example):
        for other in list_other_values(value, texts_by_field[field]) if field not in FRAME_FIELDS else ():
            try:
                changed_issues = find_issues(rule, change_value(example, path, other))
            except (LookupError, TypeError, ValueError):
                continue  # no record of that shape gets as far as a rule
            for place in issues.keys() & changed_issues.keys():
                if sorted(issues[place]) != sorted(changed_issues[place]):
                    (messages, keys), (other_messages, other_keys) = (
                        map(sorted, zip(*found[place], strict=True)) for found in (issues, changed_issues)
                    )
                    assert messages == other_messages or keys != other_keys, (path, other, other_messages)


def reword(example: dict[str, Any]) -> dict[str, Any]:
    """Return the example with its keys the other way round and its numbers in another notation."""

    def restate(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: restate(member) for name, member in reversed(value.items())}
        if isinstance(value, list):
            return [restate(item) for item in value]
        return Decimal(f"{value}.0") if type(value) is int else value

    reworded = copy.deepcopy(example)
    for path, field, value in iter_record_values(example):
        if (
            len(path) == (4 if path[0] == "articles" else 2) + 1
            and isinstance(value, dict)
            and field != "codes"
        ):
            reworded = change_value(reworded, path, restate(value))
    return reworded


@in_each_example
def test_another_notation_is_the_same_issue(rule: Rule, example: dict[str, Any]) -> None:
    issues, reworded_issues = find_issues(rule, example), find_issues(rule, reword(example))
    for place in issues.keys() & reworded_issues.keys():
        assert sorted(key for _, key in issues[place]) == sorted(key for _, key in reworded_issues[place])


@in_each_example
def test_names_sources_and_records_that_were_not_read_count_for_nothing(
    rule: Rule, example: dict[str, Any]
) -> None:
    changed = copy.deepcopy(example)
    unread = {"id": "unread", "text": "nothing", "notes": []}
    changed.setdefault("statement", []).insert(0, unread)
    for path, field, value in iter_record_values(example):
        if field in {"label", "notes"} and isinstance(value, str) and path[0] != "statement":
            changed = change_value(changed, path, f"{value} and more")
    issues, changed_issues = find_issues(rule, example), find_issues(rule, changed)
    for place in issues.keys() & changed_issues.keys():
        if not place[3].startswith(FRAME_FIELDS[1:]):
            assert [key for _, key in issues[place]] == [key for _, key in changed_issues[place]]
