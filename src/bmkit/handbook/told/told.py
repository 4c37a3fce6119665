"""What is told of a rule that is no function of rules/."""

from __future__ import annotations

from typing import Any, NamedTuple


class RuleDoc(NamedTuple):
    """One rule: a title and a reason in sentences, how it is put right, and what breaks and what keeps it.

    `bad` and `good` are, for a rule of the family "shape", examples of content as rules have them; for "schema"
    what a kind's schema file has that a good one has not; for all others, texts by the path of their file.
    `source` is the publication that the rule rests on, if it rests on one.
    """

    title: str
    why: str
    fix: str
    bad: dict[str, Any]
    good: dict[str, Any]
    severity: str = "error"
    source: str = ""
