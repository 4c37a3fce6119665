"""A message of an inverted range names both ends."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.rule_runs import list_issues


def test_a_message_of_an_inverted_range_names_both_ends_as_they_were_written() -> None:
    share = {"low": Decimal("85.0"), "high": 65, "unit": "%"}
    (issue,) = list_issues("limits.inverted", result=[{"id": "one", "estimate": share}])
    assert issue.message == "low 85.0 is above high 65"
    assert issue.place.pointer == "/records/0/estimate/low"
