"""Runs of rules on examples, for the tests of each module of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.rules import Rule, load_all_rules
from bmkit.rules.examples import build_content

if TYPE_CHECKING:
    from types import ModuleType

    from bmkit.issue import Issue

RULES = {rule.id: rule for rule in load_all_rules()}


def list_issues(rule_id: str, **records: Any) -> list[Issue]:
    """Return the issues of a rule on records by kind; "_" stands for the "-" of a kind."""
    return RULES[rule_id](build_content({kind.replace("_", "-"): items for kind, items in records.items()}))


def list_messages(rule_id: str, **records: Any) -> list[str]:
    return [issue.message for issue in list_issues(rule_id, **records)]


def list_places(rule_id: str, **records: Any) -> list[tuple[str, str]]:
    """Return pointer and message of each issue."""
    return [(issue.place.pointer, issue.message) for issue in list_issues(rule_id, **records)]


def list_family_issues(family: str, example: dict[str, Any]) -> list[Issue]:
    content = build_content(example)
    return [issue for rule in RULES.values() if rule.family == family for issue in rule(content)]


def list_broken_rules(family: str, example: dict[str, Any]) -> set[str]:
    """Return the rules of a family that an example breaks, without the name of the family."""
    return {issue.rule.removeprefix(f"{family}.") for issue in list_family_issues(family, example)}


def list_writing_issues(text: str) -> list[Issue]:
    return list_family_issues("writing", {"statement": [{"id": "one", "text": text}]})


def list_broken_writing(text: str) -> set[str]:
    return {issue.rule.removeprefix("writing.") for issue in list_writing_issues(text)}


def list_module_rules(module: ModuleType) -> set[str]:
    """Return the rules of a module, without the name of their family."""
    return {member.id.split(".")[1] for member in vars(module).values() if isinstance(member, Rule)}
