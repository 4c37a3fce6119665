"""bmkit export: write the content in other forms."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bmkit.cli.options import PathName, add_max_size_option, add_root_option, complete_formats
from bmkit.cli.process import EXIT_CLEAN, EXIT_ERRORS, WrongUseError, raise_on_sigterm
from bmkit.cli.project import find_project_root, read_project
from bmkit.cli.run_check import build_report, run_check
from bmkit.cli.stream import ArticleStream, FaultyContentError
from bmkit.cli.terminal import detect_terminal, print_for_people, show_progress
from bmkit.export import ALL, EXPORTS, UnfitError, streams, write, write_articles
from bmkit.issue import Severity
from bmkit.report import render_report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bmkit.report import Report

FHIR = "fhir"


@click.command("export")
@click.argument("forms", nargs=-1, required=True, metavar="FORMAT...", shell_complete=complete_formats)
@click.option(
    "--out",
    "-o",
    metavar="DIR",
    default="build",
    show_default=True,
    type=PathName(file_okay=False),
    help="Where to; it is made if need be.",
)
@add_max_size_option
@add_root_option
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
    formats = _select_formats(forms)
    option_values = {
        "release": release,
        "base": base,
        "status": status,
        "only": only or None,
        "check": check or None,
    }
    options = _group_options_by_format(formats, option_values)
    with raise_on_sigterm():
        return _export_formats(formats, Path(out), root, limit, options)


command.help = (command.help or "").replace("{forms}", ", ".join(EXPORTS))


def _export_formats(
    formats: Sequence[str], out: Path, root: str | None, limit: int, options: dict[str, dict[str, Any]]
) -> int:
    if all(streams(format_name) for format_name in formats):
        return _export_article_stream(formats, out, root, limit, options)
    content = read_project(root, limit=limit)
    errors = [issue for issue in run_check(content) if issue.severity is Severity.ERROR]
    if errors:
        return _print_refusal(build_report(errors, content))
    for format_name in formats:
        status = _run_export(
            format_name, partial(write, format_name, content, out, **options.get(format_name, {}))
        )
        if status != EXIT_CLEAN:
            return status
    return EXIT_CLEAN


def _export_article_stream(
    formats: Sequence[str], out: Path, root: str | None, limit: int, options: dict[str, dict[str, Any]]
) -> int:
    """Export article by article, in the memory of one."""
    for format_name in formats:
        try:
            article_stream = ArticleStream(find_project_root(root), limit)
            write_export = partial(
                write_articles,
                format_name,
                article_stream.article_names,
                article_stream.iter_articles(),
                out,
                **options.get(format_name, {}),
            )
            status = _run_export(format_name, write_export)
        except FaultyContentError as error:
            return _print_refusal(error.report)
        if status != EXIT_CLEAN:
            return status
    return EXIT_CLEAN


def _print_refusal(report: Report) -> int:
    terminal = detect_terminal()
    print_for_people(render_report("text", report, terminal), terminal)
    click.echo("nothing was exported: content with errors must not be published", err=True)
    return EXIT_ERRORS


def _run_export(format_name: str, write_export: Callable[..., list[Path]]) -> int:
    try:
        with show_progress(format_name) as tick:
            paths = write_export(tick=tick)
    except UnfitError as error:
        click.echo(str(error), err=True)
        return EXIT_ERRORS
    click.echo(f"{paths[0]}" + (f" and {len(paths) - 1} more" if len(paths) > 1 else ""))
    return EXIT_CLEAN


def _select_formats(format_names: Sequence[str]) -> list[str]:
    if ALL in format_names:
        return list(EXPORTS)
    for format_name in format_names:
        if format_name not in EXPORTS:
            raise WrongUseError(
                f'there is no format "{format_name}"', f"the formats are {', '.join(EXPORTS)} and {ALL}"
            )
    return list(dict.fromkeys(format_names))


def _group_options_by_format(
    formats: Sequence[str], option_values: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Give the options of each format; WrongUseError if one was given that no wanted format has."""
    fhir_options = {name: value for name, value in option_values.items() if value is not None}
    if fhir_options and FHIR not in formats:
        raise WrongUseError(f"--{next(iter(fhir_options))} is for {FHIR}, which is not asked for")
    if "base" in fhir_options:
        from bmkit.export.fhir.options import parse_base_url

        fhir_options["base"] = parse_base_url(fhir_options["base"])
    return {FHIR: fhir_options}
