"""Rules by name, for the commands that speak of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.cli.status import WrongUseError
from bmkit.handbook import every_rule, rule_names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bmkit.handbook import Page


def chosen(names: Sequence[str]) -> list[Page]:
    """Give the pages of rules or families, of all if none is named; WrongUseError for a name that is none."""
    refuse_unknown(names)
    return [page for page in every_rule() if not names or page.rule in names or page.family in names]


def refuse_unknown(names: Sequence[str]) -> None:
    """Raise WrongUseError for a name that is none of a rule or family."""
    known = rule_names()
    for name in names:
        if name not in known:
            from bmkit.suggest import suggest

            meant = suggest(name, known)
            hint = f'did you mean "{meant}"?' if meant else "bmkit rules lists them"
            raise WrongUseError(f'there is no rule "{name}"', hint)


def told_of(names: Collection[str]) -> dict[str, tuple[str, str]]:
    """Give the title of each of the rules and why it is one; one that no page tells of is left out."""
    return {page.rule: (page.title, page.why) for page in every_rule() if page.rule in names}
