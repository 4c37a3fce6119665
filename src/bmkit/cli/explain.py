"""bmkit explain: all there is to say of a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bmkit.cli import offered
from bmkit.cli.rule_names import chosen
from bmkit.cli.status import CLEAN
from bmkit.cli.terminal import say, screen
from bmkit.handbook import answers, fix_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.handbook import Page
    from bmkit.report import Screen

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
# More examples of a rule are its tests; who reads them all does not see the two that differ.
_MOST = 2


@click.command("explain")
@click.argument("names", nargs=-1, required=True, metavar="RULE...", shell_complete=offered.rules)
def command(names: tuple[str, ...]) -> int:
    """Say what a RULE finds, why it matters, and how it is put right; or all rules of a family.

    The name of a rule stands in brackets at the end of an issue.
    """
    shown = screen()
    text = "\n".join("\n".join(_said(page, shown)) for page in chosen(names))
    say(text, shown)
    return CLEAN


def _said(page: Page, shown: Screen) -> Iterator[str]:
    yield f"{_bold(page.rule, shown)}  {page.severity}"
    yield ""
    yield from _wrapped(page.title, shown, "")
    for paragraph in page.why.split("\n\n"):
        yield ""
        yield from _wrapped(paragraph, shown, "")
    fix = fix_of(page)
    if fix:
        yield ""
        yield from _wrapped(f"To put it right: {fix}", shown, "")
    if page.source:
        yield ""
        yield from _wrapped(f"Source: {page.source}", shown, "")
    for heading, examples in (("bad", page.bad), ("good", page.good)):
        for example in examples[:_MOST]:
            yield ""
            yield _bold(f"{heading}:", shown)
            yield from (f"  {line}" for line in example.split("\n"))
    said = answers(page.rule, _MOST)[:_MOST]
    if said:
        yield ""
        yield _bold("bmkit says:", shown)
    for answer in said:
        yield from _wrapped(answer.message, shown, "  ")
        if answer.hint:
            yield from _wrapped(f"hint: {answer.hint}", shown, "    ")
    yield ""


def _wrapped(text: str, shown: Screen, indent: str) -> list[str]:
    from textwrap import wrap

    return wrap(text, max(40, min(shown.width, 100)), initial_indent=indent, subsequent_indent=indent)


def _bold(text: str, shown: Screen) -> str:
    return f"{_BOLD}{text}{_PLAIN}" if shown.colour else text
