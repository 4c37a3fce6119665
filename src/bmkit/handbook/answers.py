"""What bmkit says to the bad examples of a rule, and with it how a fault of that sort is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.handbook.told import OTHER_RULE_DOCS
from bmkit.handbook.tried import find_schema_example_issues, find_shape_example_issues
from bmkit.jsontext import JsonError, parse_json
from bmkit.jsontext.rules import JSON_RULES
from bmkit.rules import load_all_rules, run_rules
from bmkit.rules.examples import build_content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.handbook.pages import RuleDoc
    from bmkit.rules import Rule


class ExampleMessage(NamedTuple):
    """A message to a bad example, and its hint, which may be ""."""

    message: str
    hint: str


def collect_example_messages(rule_id: str, max_examples: int | None = None) -> list[ExampleMessage]:
    """Give what is said to the bad examples of a rule, each answer once; empty if they cannot be tried.

    With `most` only so many examples are tried, the first ones.
    """
    return list(dict.fromkeys(_run_bad_examples(rule_id, max_examples)))


def find_fix(rule_doc: RuleDoc) -> str:
    """Say how a fault of a rule is put right: as its page says, or else as the hint at a bad example does."""
    return rule_doc.fix or next(
        (
            example_message.hint
            for example_message in collect_example_messages(rule_doc.rule_id)
            if example_message.hint
        ),
        "",
    )


def _run_bad_examples(rule_id: str, max_examples: int | None) -> Iterator[ExampleMessage]:
    for rule in load_all_rules():
        if rule.id == rule_id:
            yield from _run_rule_examples(rule, max_examples)
    if rule_id in OTHER_RULE_DOCS and rule_id.startswith(("shape.", "schema.")):
        find_example_issues = (
            find_shape_example_issues if rule_id.startswith("shape.") else find_schema_example_issues
        )
        yield from (
            ExampleMessage(issue.message, issue.hint)
            for issue in find_example_issues(OTHER_RULE_DOCS[rule_id].bad)
            if issue.rule == rule_id
        )
    if rule_id in JSON_RULES and JSON_RULES[rule_id].bad:
        try:
            parse_json(JSON_RULES[rule_id].bad)
        except JsonError as error:
            for fault in error.faults:
                if fault.rule == rule_id:
                    yield ExampleMessage(fault.message, fault.hint)


def _run_rule_examples(rule: Rule, max_examples: int | None) -> Iterator[ExampleMessage]:
    for example in rule.bad[:max_examples]:
        for issue in run_rules([rule], build_content(example)):
            yield ExampleMessage(issue.message, issue.hint)
