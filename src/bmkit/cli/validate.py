"""bmkit validate: check the content and say what is wrong with it."""

from __future__ import annotations

import click

from bmkit.cli.check_all import issues_of, report_of
from bmkit.cli.project import ROOT_HELP, asked_for, read_project
from bmkit.cli.screen import say, screen, write
from bmkit.cli.status import CLEAN, ERRORS
from bmkit.report import FOR_PEOPLE, FORMATS, render


@click.command("validate")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="How to say it.",
)
@click.option(
    "--select", multiple=True, metavar="RULE", help="Only this rule or family; may be given more than once."
)
@click.option(
    "--ignore", multiple=True, metavar="RULE", help="Not this rule or family; may be given more than once."
)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "jsonschema-rs", "jsonschema"]),
    default="auto",
    show_default=True,
    help="What checks the shape of records.",
)
@click.option("--root", metavar="DIR", help=ROOT_HELP)
def command(
    paths: tuple[str, ...],
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    engine: str,
    root: str | None,
) -> int:
    """Check the content and say what is wrong with it.

    All content is read and checked; with PATHs only what is wrong in those files, or below those folders, is
    said and counts.
    """
    content = read_project(root, paths)
    wanted = asked_for(paths, content) if paths else None
    issues = issues_of(content, engine, select, ignore)
    here = issues if wanted is None else [issue for issue in issues if issue.place.file in wanted]
    report = report_of(here, content, wanted)
    shown = screen()
    text = render(form, report, shown)
    if form in FOR_PEOPLE:
        say(text, shown)
        if len(here) < len(issues):
            count = len(issues) - len(here)
            click.echo(f"{count} more in files that were not asked for", err=True)
    else:
        write(text)
    return ERRORS if report.errors or (strict and report.warnings) else CLEAN
