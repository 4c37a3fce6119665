"""Effects that facts state of products and treatments: what they raise and what they lower."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bmkit.rules.derived.amounts import agree_on, find_text, has_value
from bmkit.rules.medication.populations import holds_for

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from bmkit.content import Content, Record

_RAISING_EFFECTS = ("increases", "causes", "induces", "enhances", "prolongs")
_LOWERING_EFFECTS = ("reduces", "relieves", "prevents", "inhibits", "disrupts")
# Fields with an effect, and with its outcome.
_EFFECT_FIELDS = (("effect", "outcome"), ("goal_effect", "goal"), ("because_effect", "because"))
_AGENT_FIELDS = ("product", "treatment")
# Fields of a fact without an outcome that do not name what is affected.
_NON_SUBJECT_FIELDS = (
    "id",
    "notes",
    "source",
    "effect",
    "population",
    "condition",
    "form",
    "frequency",
    "addition",
    "stance",
)
# Opposite effects at different times may both be true.
_TIME_FIELDS = ("frequency", "timing")
# Names for the frequency of a condition.
_FREQUENCY_OF_CONDITION = re.compile(
    r"(?:the )?(?:frequency|incidence|likelihood|number|occurrence|probability|rate|risk) of .+",
    re.IGNORECASE,
)


class Claim(NamedTuple):
    """A fact whose field states that something is raised, or else lowered."""

    record: Record
    field: str
    raises: bool


def group_claims(content: Content) -> dict[Hashable, list[Claim]]:
    """Return the effects that facts state, by article, product or treatment, and what is affected."""
    claims: dict[Hashable, list[Claim]] = {}
    for record in _iter_effect_facts(content):
        agent = next(
            ((name, find_text(record, name)) for name in _AGENT_FIELDS if find_text(record, name)), None
        )
        for name, outcome_field in _EFFECT_FIELDS if agent else ():
            effect = find_text(record, name)
            if effect in _RAISING_EFFECTS or effect in _LOWERING_EFFECTS:
                affected = (
                    _find_affected(record, outcome_field, content)
                    if has_value(record, outcome_field)
                    else _find_affected_fields(record)
                )
                claims.setdefault((record.folder, agent, affected), []).append(
                    Claim(record, name, effect in _RAISING_EFFECTS)
                )
    return claims


def _iter_effect_facts(content: Content) -> Iterator[Record]:
    """Yield the facts of the kinds that can state an effect."""
    for kind in content.list_kinds():
        has_agent = any(name in kind for name in _AGENT_FIELDS)
        if kind.group == "fact" and has_agent and any(name in kind for name, _ in _EFFECT_FIELDS):
            yield from content.list_records(kind.name)


def can_both_be_true(fact: Record, other_fact: Record, content: Content) -> bool:
    """Return whether two facts are about different patients, forms or times, so opposites may be true."""
    is_same_setting = agree_on(fact, other_fact, "form") and all(
        fact.value.get(name) == other_fact.value.get(name) for name in _TIME_FIELDS
    )
    return not is_same_setting or not (
        holds_for(fact, other_fact, content) or holds_for(other_fact, fact, content)
    )


def _find_affected(record: Record, name: str, content: Content) -> Hashable:
    """Return what an outcome measures: the frequency of its condition, or else the outcome itself."""
    outcome = content.find_record("outcome", find_text(record, name), record)
    if (
        outcome is not None
        and has_value(outcome, "condition")
        and _FREQUENCY_OF_CONDITION.fullmatch(find_text(outcome, "label"))
    ):
        return ("often", find_text(outcome, "condition"))
    return ("outcome", find_text(record, name))


def _find_affected_fields(record: Record) -> Hashable:
    other_fields = frozenset(
        (name, str(value)) for name, value in record.value.items() if name not in _NON_SUBJECT_FIELDS
    )
    return (record.kind.name, other_fields)
