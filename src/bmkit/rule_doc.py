"""The documentation of a rule, whichever part of the program finds its faults."""

from __future__ import annotations

from typing import Any, NamedTuple


class RuleDoc(NamedTuple):
    """The documentation of a rule: what it finds, why that matters, how to fix it, and examples.

    `fix` is "" where the hints of its issues say it.  What an example is depends on the family: bytes of JSON
    for "json"; for "schema" what the schema of a kind has that a good one has not; texts by the path of their
    file for "content", "codes" and "baseline"; records by kind for all others.  `bad_in_words` and
    `good_in_words` are shown where the examples themselves cannot be, or where it takes more than a text.
    `source` is the publication that the rule rests on, if it rests on one.  A rule that `guards_dose` can be
    neither ignored nor lowered: a wrong dose could pass then, or what is held against doses go unread.
    """

    rule_id: str
    severity: str
    title: str
    why: str
    fix: str
    bad: tuple[Any, ...]
    good: tuple[Any, ...]
    source: str = ""
    bad_in_words: str = ""
    good_in_words: str = ""
    guards_dose: bool = False

    @property
    def family(self) -> str:
        """The group that the rule belongs to, the first half of its id."""
        return self.rule_id.partition(".")[0]
