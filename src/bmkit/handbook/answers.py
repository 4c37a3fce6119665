"""What bmkit says to the bad examples of a rule, and with it how a fault of that sort is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.handbook.told import TOLD
from bmkit.handbook.tried import issues_of_schema, issues_of_shape
from bmkit.jsontext import JsonError, parse_json
from bmkit.jsontext.rules import JSON_RULES
from bmkit.rules import load_all_rules, run_rules
from bmkit.rules.examples import build_content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.handbook.pages import Page
    from bmkit.rules import Rule


class Answer(NamedTuple):
    """A message to a bad example, and its hint, which may be ""."""

    message: str
    hint: str


def answers(name: str, most: int | None = None) -> list[Answer]:
    """Give what is said to the bad examples of a rule, each answer once; empty if they cannot be tried.

    With `most` only so many examples are tried, the first ones.
    """
    return list(dict.fromkeys(_answers(name, most)))


def fix_of(page: Page) -> str:
    """Say how a fault of a rule is put right: as its page says, or else as the hint at a bad example does."""
    return page.fix or next((answer.hint for answer in answers(page.rule) if answer.hint), "")


def _answers(name: str, most: int | None) -> Iterator[Answer]:
    for rule in load_all_rules():
        if rule.id == name:
            yield from _of_rule(rule, most)
    if name in TOLD and name.startswith(("shape.", "schema.")):
        tried = issues_of_shape if name.startswith("shape.") else issues_of_schema
        yield from (
            Answer(issue.message, issue.hint) for issue in tried(TOLD[name].bad) if issue.rule == name
        )
    if name in JSON_RULES and JSON_RULES[name].bad:
        try:
            parse_json(JSON_RULES[name].bad)
        except JsonError as refused:
            for fault in refused.faults:
                if fault.rule == name:
                    yield Answer(fault.message, fault.hint)


def _of_rule(rule: Rule, most: int | None) -> Iterator[Answer]:
    for scrap in rule.bad[:most]:
        for issue in run_rules([rule], build_content(scrap)):
            yield Answer(issue.message, issue.hint)
