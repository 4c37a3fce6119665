"""Rules by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.cli.process import WrongUseError
from bmkit.handbook import list_rule_docs, list_rule_names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bmkit.rule_doc import RuleDoc


def select_rule_docs(names: Sequence[str]) -> list[RuleDoc]:
    """Return the documentation of rules or families, all if none is named; WrongUseError if unknown."""
    refuse_unknown_rules(names)
    return [
        rule_doc
        for rule_doc in list_rule_docs()
        if not names or rule_doc.rule_id in names or rule_doc.family in names
    ]


def refuse_unknown_rules(names: Sequence[str]) -> None:
    """Raise WrongUseError for a name that no rule or family has."""
    known_names = list_rule_names()
    for name in names:
        if name not in known_names:
            from bmkit.suggest import suggest_hint

            hint = suggest_hint(name, known_names, "bmkit rules lists them")
            raise WrongUseError(f'there is no rule "{name}"', hint)


def find_rule_texts(names: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return the title and the reason of each of the rules; an unknown one is left out."""
    return {
        rule_doc.rule_id: (rule_doc.title, rule_doc.why)
        for rule_doc in list_rule_docs()
        if rule_doc.rule_id in names
    }
