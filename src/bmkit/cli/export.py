"""bmkit export: write the content in other forms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmkit.cli.check_all import issues_of, report_of
from bmkit.cli.progress import progress
from bmkit.cli.project import ROOT_HELP, read_project
from bmkit.cli.screen import say, screen
from bmkit.cli.status import CLEAN, ERRORS, WrongUseError
from bmkit.export import EXPORTS, ExportError, write
from bmkit.issue import Severity
from bmkit.report import render

if TYPE_CHECKING:
    from collections.abc import Sequence

ALL = "all"


@click.command("export")
@click.argument("forms", nargs=-1, required=True, metavar="FORMAT...")
@click.option(
    "--out", "-o", metavar="DIR", default="build", show_default=True, help="Where to; it is made if need be."
)
@click.option("--root", metavar="DIR", help=ROOT_HELP)
def command(forms: tuple[str, ...], out: str, root: str | None) -> int:
    """Write the content in other forms: FORMAT is {forms}, or all.

    Content with errors is not exported: they are said instead.
    """
    wanted = _wanted(forms)
    content = read_project(root)
    errors = [issue for issue in issues_of(content) if issue.severity is Severity.ERROR]
    if errors:
        shown = screen()
        say(render("text", report_of(errors, content), shown), shown)
        click.echo("nothing was exported: content with errors must not be published", err=True)
        return ERRORS
    for form in wanted:
        try:
            with progress(form) as tick:
                written = write(form, content, Path(out), tick)
        except ExportError as wrong:
            raise WrongUseError(str(wrong)) from None
        click.echo(f"{written[0]}" + (f" and {len(written) - 1} more" if len(written) > 1 else ""))
    return CLEAN


command.help = (command.help or "").replace("{forms}", ", ".join(EXPORTS))


def _wanted(forms: Sequence[str]) -> list[str]:
    if ALL in forms:
        return list(EXPORTS)
    for form in forms:
        if form not in EXPORTS:
            raise WrongUseError(
                f'there is no format "{form}"', f"the formats are {', '.join(EXPORTS)} and {ALL}"
            )
    return list(dict.fromkeys(forms))
