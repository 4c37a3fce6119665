"""bmkit rules: the rules, one a line."""

from __future__ import annotations

import click

from bmkit.cli import offered
from bmkit.cli.rule_names import chosen
from bmkit.cli.status import CLEAN
from bmkit.cli.terminal import screen, write


@click.command("rules")
@click.argument("names", nargs=-1, metavar="[RULE]...", shell_complete=offered.rules)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to say it.",
)
def command(names: tuple[str, ...], form: str) -> int:
    """List the rules that content is checked by, with what each finds.

    With RULEs only those, or all of a family such as limits.
    """
    pages = chosen(names)
    if form == "json":
        from json import dumps

        listed = [{"rule": page.rule, "severity": page.severity, "title": page.title} for page in pages]
        write(dumps(listed, indent=2, ensure_ascii=False) + "\n")
        return CLEAN
    widest = max(len(page.rule) for page in pages)
    shown = screen()
    for page in pages:
        click.echo(f"{page.rule:{widest}}  {page.severity:7}  {page.title}", color=shown.colour)
    return CLEAN
