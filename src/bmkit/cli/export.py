"""bmkit export: write the content in other forms."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bmkit.cli import offered
from bmkit.cli.progress import progress
from bmkit.cli.project import read_project, root_of, root_option
from bmkit.cli.run_check import issues_of, report_of
from bmkit.cli.size import max_size
from bmkit.cli.status import CLEAN, ERRORS, WrongUseError
from bmkit.cli.stream import FaultyError, OneByOne
from bmkit.cli.terminal import say, screen
from bmkit.cli.terminated import clean_end
from bmkit.export import ALL, EXPORTS, ExportError, UnfitError, streams, write, write_articles
from bmkit.issue import Severity
from bmkit.report import render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bmkit.report import Report

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
@click.option(
    "--base",
    metavar="URL",
    help="For fhir: the http(s) address that every canonical URL and identifier starts with.",
)
@click.option(
    "--status",
    type=click.Choice(["draft", "active"]),
    help="For fhir: draft until somebody answers for the content, then active; draft if not said.",
)
@click.option(
    "--only",
    type=click.Choice(["document", "collection", "transaction", "bulk"]),
    multiple=True,
    help="For fhir: write this and nothing else; may be said more than once. The folder is replaced, so that "
    "nothing else of an earlier export stays.",
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
    only: tuple[str, ...],
    check: bool,
) -> int:
    """Write the content in other forms: FORMAT is {forms}, or all.

    Content with errors is not exported: they are said instead.
    """
    wanted = _wanted(forms)
    given = {"release": release, "base": base, "status": status, "only": only or None, "check": check or None}
    options = _options(wanted, given)
    with clean_end():
        return _export(wanted, Path(out), root, limit, options)


command.help = (command.help or "").replace("{forms}", ", ".join(EXPORTS))


def _export(
    wanted: Sequence[str], out: Path, root: str | None, limit: int, options: dict[str, dict[str, Any]]
) -> int:
    if all(streams(form) for form in wanted):
        return _one_by_one(wanted, out, root, limit, options)
    content = read_project(root, limit=limit)
    errors = [issue for issue in issues_of(content) if issue.severity is Severity.ERROR]
    if errors:
        return _refused(report_of(errors, content))
    for form in wanted:
        ended = _tried(form, partial(write, form, content, out, **options.get(form, {})))
        if ended != CLEAN:
            return ended
    return CLEAN


def _one_by_one(
    wanted: Sequence[str], out: Path, root: str | None, limit: int, options: dict[str, dict[str, Any]]
) -> int:
    """Export article by article, in the memory of one."""
    for form in wanted:
        try:
            articles = OneByOne(root_of(root), limit)
            export = partial(
                write_articles, form, articles.names, articles.parts(), out, **options.get(form, {})
            )
            ended = _tried(form, export)
        except FaultyError as faulty:
            return _refused(faulty.report)
        if ended != CLEAN:
            return ended
    return CLEAN


def _refused(report: Report) -> int:
    shown = screen()
    say(render("text", report, shown), shown)
    click.echo("nothing was exported: content with errors must not be published", err=True)
    return ERRORS


def _tried(form: str, export: Callable[..., list[Path]]) -> int:
    try:
        with progress(form) as tick:
            written = export(tick=tick)
    except UnfitError as wrong:
        click.echo(str(wrong), err=True)
        return ERRORS
    except ExportError as wrong:
        raise WrongUseError(str(wrong)) from None
    click.echo(f"{written[0]}" + (f" and {len(written) - 1} more" if len(written) > 1 else ""))
    return CLEAN


def _wanted(forms: Sequence[str]) -> list[str]:
    if ALL in forms:
        return list(EXPORTS)
    for form in forms:
        if form not in EXPORTS:
            raise WrongUseError(
                f'there is no format "{form}"', f"the formats are {', '.join(EXPORTS)} and {ALL}"
            )
    return list(dict.fromkeys(forms))


def _options(wanted: Sequence[str], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give the options of each format; WrongUseError if one was given that no wanted format has."""
    said = {name: value for name, value in given.items() if value is not None}
    if said and FHIR not in wanted:
        raise WrongUseError(f"--{next(iter(said))} is for {FHIR}, which is not asked for")
    if "base" in said:
        from bmkit.export.fhir.options import base_of

        try:
            said["base"] = base_of(said["base"])
        except ExportError as wrong:
            raise WrongUseError(str(wrong)) from None
    return {FHIR: said}
