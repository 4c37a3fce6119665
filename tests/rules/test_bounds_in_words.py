"""A sentence that compares in words of its own does not put "at most" between them."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from bmkit.rules import load_all_rules
from bmkit.rules.examples import build_content

RULES = {rule.id: rule for rule in load_all_rules()}
_BOUND = r"(?:at most|at least|about|below|above)"
_NUMBER = r"[0-9.,]+"
TWICE = (
    rf"\b(?:the|usual|than|outside) {_BOUND} {_NUMBER}"
    rf"|{_BOUND} {_NUMBER}[^,;]* (?:is|are|reaches) (?:above|below|longer|outside|not the|ten|a )"
)


def bounded(value: Any, comparator: str) -> Any:
    """Give an example with that comparator at every quantity."""
    if isinstance(value, dict):
        made = {name: bounded(item, comparator) for name, item in value.items() if name != "schemas"}
        if "schemas" in value:
            made["schemas"] = value["schemas"]
        return {**made, "comparator": comparator} if "unit" in value else made
    return [bounded(item, comparator) for item in value] if isinstance(value, list) else copy.copy(value)


@pytest.mark.parametrize("comparator", ["<=", ">=", "about"])
@pytest.mark.parametrize("rule", RULES)
def test_no_message_has_a_comparator_where_it_compares(rule: str, comparator: str) -> None:
    for example in RULES[rule].bad:
        for issue in RULES[rule](build_content(bounded(example, comparator))):
            for words in (issue.message, issue.hint):
                assert not re.search(TWICE, words), words
