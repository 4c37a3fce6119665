"""The names of all rules, without what there is to say of them."""

from __future__ import annotations

from bmkit.handbook.told import OTHER_RULE_DOCS
from bmkit.jsontext.rules import JSON_RULES
from bmkit.rules import load_all_rules


def list_rule_names() -> list[str]:
    """Give the names of all families and rules, each family before its rules."""
    rule_ids = sorted([*(rule.id for rule in load_all_rules()), *JSON_RULES, *OTHER_RULE_DOCS])
    return list(dict.fromkeys(name for rule_id in rule_ids for name in (rule_id.partition(".")[0], rule_id)))
