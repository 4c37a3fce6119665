"""What bmkit says to the bad examples of a rule: how a fault of that sort is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.json_text import JsonFault, parse
from bmkit.json_text.explained import RULES as JSON_RULES
from bmkit.rules import all_rules, issues_of
from bmkit.rules.scrap import content_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.rules import Rule


class Answer(NamedTuple):
    """A message to a bad example, and its hint, which may be ""."""

    message: str
    hint: str


def answers(name: str) -> list[Answer]:
    """Give what is said to the bad examples of a rule, each answer once; empty if they cannot be tried."""
    return list(dict.fromkeys(_answers(name)))


def _answers(name: str) -> Iterator[Answer]:
    for rule in all_rules():
        if rule.id == name:
            yield from _of_rule(rule)
    if name in JSON_RULES and JSON_RULES[name].bad:
        try:
            parse(JSON_RULES[name].bad)
        except JsonFault as refused:
            for fault in refused.faults:
                if fault.rule == name:
                    yield Answer(fault.message, fault.hint)


def _of_rule(rule: Rule) -> Iterator[Answer]:
    for scrap in rule.bad:
        for issue in issues_of([rule], content_of(scrap)):
            yield Answer(issue.message, issue.hint)
