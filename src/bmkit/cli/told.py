"""Rules by name, for the commands that speak of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.cli.status import WrongUseError
from bmkit.handbook import every_rule

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from click import Context, Parameter

    from bmkit.handbook import Page


def chosen(names: Sequence[str]) -> list[Page]:
    """Give the pages of rules or families, of all if none is named; WrongUseError for a name that is none."""
    pages = every_rule()
    known = _names(pages)
    for name in names:
        if name not in known:
            from bmkit.suggest import suggest

            meant = suggest(name, known)
            hint = f'did you mean "{meant}"?' if meant else "bmkit rules lists them"
            raise WrongUseError(f'there is no rule "{name}"', hint)
    return [page for page in pages if not names or page.rule in names or page.family in names]


def told_of(names: Collection[str]) -> dict[str, tuple[str, str]]:
    """Give the title of each of the rules and why it is one; one that no page tells of is left out."""
    return {page.rule: (page.title, page.why) for page in every_rule() if page.rule in names}


def rule_names(ctx: Context, param: Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  click's signature
    """Give the names that complete what was typed, for the shell."""
    return [name for name in _names(every_rule()) if name.startswith(incomplete)]


def _names(pages: Sequence[Page]) -> list[str]:
    """Give the names of all families and rules."""
    return list(dict.fromkeys(name for page in pages for name in (page.family, page.rule)))
