"""What facts say that products and treatments bring about: of what there is more, and of what less."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bmkit.rules.derived.value import agree, has, text
from bmkit.rules.medication.populations import holds_for

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from bmkit.content import Content, Record

_RAISES = ("increases", "causes", "induces", "enhances", "prolongs")
_LOWERS = ("reduces", "relieves", "prevents", "inhibits", "disrupts")
# Fields that say what is done, and to which outcome.
_TOLD = (("effect", "outcome"), ("goal_effect", "goal"), ("because_effect", "because"))
_AGENTS = ("product", "treatment")
# Fields of an effect that has no outcome, which do not say on what it is.
_ASIDE = (
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
# What happens at some times only may be the opposite of what happens at others.
_AT_TIMES = ("frequency", "timing")
# How often a condition comes is called by many names.
_OFTEN = re.compile(
    r"(?:the )?(?:frequency|incidence|likelihood|number|occurrence|probability|rate|risk) of .+",
    re.IGNORECASE,
)


class Claim(NamedTuple):
    """A fact that says in a field that something is raised, or else lowered."""

    record: Record
    field: str
    raises: bool


def claims(content: Content) -> dict[Hashable, list[Claim]]:
    """Give what facts say of effects, by the article, who has the effect and on what."""
    found: dict[Hashable, list[Claim]] = {}
    for record in _telling(content):
        agent = next(((name, text(record, name)) for name in _AGENTS if text(record, name)), None)
        for name, outcome in _TOLD if agent else ():
            word = text(record, name)
            if word in _RAISES or word in _LOWERS:
                on = _on(record, outcome, content) if has(record, outcome) else _all_but_effect(record)
                found.setdefault((record.folder, agent, on), []).append(Claim(record, name, word in _RAISES))
    return found


def _telling(content: Content) -> Iterator[Record]:
    """Give the facts of the kinds that may tell of an effect."""
    for kind in content.kinds():
        has_agent = any(name in kind for name in _AGENTS)
        if kind.group == "fact" and has_agent and any(name in kind for name, _ in _TOLD):
            yield from content.of(kind.name)


def may_differ(one: Record, other: Record, content: Content) -> bool:
    """Say whether two facts speak of other patients, forms or times, so that opposites may both be true."""
    same = agree(one, other, "form") and all(
        one.value.get(name) == other.value.get(name) for name in _AT_TIMES
    )
    return not same or not (holds_for(one, other, content) or holds_for(other, one, content))


def _on(record: Record, name: str, content: Content) -> Hashable:
    """Give what an outcome measures: how often its condition comes, or else the outcome itself."""
    outcome = content.find("outcome", text(record, name), record)
    if outcome is not None and has(outcome, "condition") and _OFTEN.fullmatch(text(outcome, "label")):
        return ("often", text(outcome, "condition"))
    return ("outcome", text(record, name))


def _all_but_effect(record: Record) -> Hashable:
    rest = frozenset((name, str(value)) for name, value in record.value.items() if name not in _ASIDE)
    return (record.kind.name, rest)
