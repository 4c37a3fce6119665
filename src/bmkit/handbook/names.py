"""The names of all rules, without what there is to say of them."""

from __future__ import annotations

from bmkit.handbook.told import TOLD
from bmkit.jsontext.rules import JSON_RULES
from bmkit.rules import load_all_rules


def rule_names() -> list[str]:
    """Give the names of all families and rules, each family before its rules."""
    rules = sorted([*(rule.id for rule in load_all_rules()), *JSON_RULES, *TOLD])
    return list(dict.fromkeys(name for rule in rules for name in (rule.partition(".")[0], rule)))
