"""How far the review of the facts is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bmkit.review.find import DISPUTED, REVIEWED, list_reviews

if TYPE_CHECKING:
    from bmkit.content import Content, Record

SIGNED, CHANGED, DISPUTED_STATE, PROPOSED_STATE, NEVER = (
    "signed",
    "changed since",
    "disputed",
    "proposed",
    "never looked at",
)
STATES = (SIGNED, CHANGED, DISPUTED_STATE, PROPOSED_STATE, NEVER)
"""The states of a fact, each fact in one: what is disputed by one is not signed by another."""
_NO_SECTION = "(none)"


def count_states(content: Content, *, by_section: bool = False) -> dict[str, Counter[str]]:
    """Return how many facts of each kind, or section, are in each state; by name."""
    state_by_fact = find_states(content)
    counts: dict[str, Counter[str]] = {}
    for record in content.iter_records():
        if record.kind.group == "fact":
            name = _name_section(record) if by_section else record.kind.name
            counts.setdefault(name, Counter())[state_by_fact.get((record.file, record.id), NEVER)] += 1
    return dict(sorted(counts.items()))


def find_states(content: Content) -> dict[tuple[str, str], str]:
    """Return the state of each record that a reviewer has spoken of, by its file and id."""
    states: dict[tuple[str, str], str] = {}
    for review in list_reviews(content):
        if review.target is None:
            continue
        if review.status == DISPUTED:
            state = DISPUTED_STATE
        elif review.status == REVIEWED:
            state = CHANGED if review.changes else SIGNED
        else:
            state = PROPOSED_STATE
        key = (review.target.file, review.target.id)
        states[key] = min(states.get(key, state), state, key=_RANKS.__getitem__)
    return states


# Of what several say the gravest counts; but one signature is enough where another is of before.
_RANKS = {state: rank for rank, state in enumerate((DISPUTED_STATE, SIGNED, CHANGED, PROPOSED_STATE, NEVER))}


def _name_section(record: Record) -> str:
    source = record.value.get("source")
    section = source.get("section") if isinstance(source, dict) else None
    return section if isinstance(section, str) else _NO_SECTION
