"""bmkit export: write the content in other forms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmkit.cli import offered
from bmkit.cli.check_all import issues_of, report_of
from bmkit.cli.progress import progress
from bmkit.cli.project import read_project, root_option
from bmkit.cli.screen import say, screen
from bmkit.cli.size import max_size
from bmkit.cli.status import CLEAN, ERRORS, WrongUseError
from bmkit.export import ALL, EXPORTS, ExportError, UnfitError, write
from bmkit.issue import Severity
from bmkit.report import render

if TYPE_CHECKING:
    from collections.abc import Sequence

FHIR = "fhir"


@click.command("export")
@click.argument("forms", nargs=-1, required=True, metavar="FORMAT...", shell_complete=offered.forms)
@click.option(
    "--out",
    "-o",
    metavar="DIR",
    default="build",
    show_default=True,
    shell_complete=offered.folders,
    help="Where to; it is made if need be.",
)
@max_size
@root_option
@click.option(
    "--release", type=click.Choice(["R5", "R4B"]), help="For fhir: the release to write; R5 if not said."
)
@click.option("--base", metavar="URL", help="For fhir: what every canonical URL and identifier starts with.")
@click.option(
    "--status",
    type=click.Choice(["draft", "active"]),
    help="For fhir: draft until somebody answers for the content, then active; draft if not said.",
)
@click.option("--check", is_flag=True, help="For fhir: write only what is valid FHIR; needs the extra fhir.")
def command(
    forms: tuple[str, ...],
    out: str,
    limit: int,
    root: str | None,
    release: str | None,
    base: str | None,
    status: str | None,
    check: bool,
) -> int:
    """Write the content in other forms: FORMAT is {forms}, or all.

    Content with errors is not exported: they are said instead.
    """
    wanted = _wanted(forms)
    options = _options(wanted, {"release": release, "base": base, "status": status, "check": check or None})
    content = read_project(root, limit=limit)
    errors = [issue for issue in issues_of(content) if issue.severity is Severity.ERROR]
    if errors:
        shown = screen()
        say(render("text", report_of(errors, content), shown), shown)
        click.echo("nothing was exported: content with errors must not be published", err=True)
        return ERRORS
    for form in wanted:
        try:
            with progress(form) as tick:
                written = write(form, content, Path(out), tick, **options.get(form, {}))
        except UnfitError as wrong:
            click.echo(str(wrong), err=True)
            return ERRORS
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


def _options(wanted: Sequence[str], given: dict[str, str | bool | None]) -> dict[str, dict[str, str | bool]]:
    """Give the options of each format; WrongUseError if one was given that no wanted format has."""
    said = {name: value for name, value in given.items() if value is not None}
    if said and FHIR not in wanted:
        raise WrongUseError(f"--{next(iter(said))} is for {FHIR}, which is not asked for")
    return {FHIR: said}
