"""bmkit export: write the content in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from bmkit.cli.options import PathName, add_max_size_option, add_root_option, complete_formats
from bmkit.cli.process import EXIT_CLEAN, EXIT_ERRORS, WrongUseError, raise_on_sigterm
from bmkit.cli.project import find_project_root
from bmkit.cli.stream import ArticleStream, FaultyContentError
from bmkit.cli.terminal import detect_terminal, print_for_people, show_progress
from bmkit.export import (
    ALL_FORMATS,
    DESCRIPTION_BY_FORMAT,
    InvalidExportError,
    get_options,
    write_exports,
)
from bmkit.report import render_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bmkit.report import Report

    FormatOptions = dict[str, dict[str, Any]]


class ExportCommand(click.Command):
    """Takes, beside the options that all formats share, those of the formats that are named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words; an option of a format that is not asked for is wrong use."""
        # A value that is called like a format adds options that are refused in the end.
        ctx.obj = [name for name in DESCRIPTION_BY_FORMAT if name in args or ALL_FORMATS in args]
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            _refuse_options([error.option_name], set(DESCRIPTION_BY_FORMAT).difference(ctx.obj))
            raise
        if not ctx.resilient_parsing:
            given_options = [
                param.opts[0]
                for param in self.get_params(ctx)
                if ctx.get_parameter_source(param.name or "") is not ParameterSource.DEFAULT
            ]
            _refuse_options(given_options, set(ctx.obj).difference(_select_formats(ctx.params["forms"])))
        return rest

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the shared parameters, then the options of the formats that are named."""
        return [*super().get_params(ctx), *(option for name in ctx.obj or () for option in get_options(name))]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the formats, the shared options, and those of each format that is named."""
        with formatter.section("Formats"):
            formatter.write_dl([*DESCRIPTION_BY_FORMAT.items(), (ALL_FORMATS, "all of them")])
        sections = {
            "Options": [param for param in super().get_params(ctx) if isinstance(param, click.Option)]
        }
        sections.update((f"Options of {name}", [*get_options(name)]) for name in ctx.obj or ())
        for heading, options in sections.items():
            if options:
                with formatter.section(heading):
                    formatter.write_dl(
                        [record for option in options if (record := option.get_help_record(ctx))]
                    )


@click.command(
    "export",
    cls=ExportCommand,
    epilog="bmkit export FORMAT --help also shows the options of a format. Options may stand anywhere.",
)
@click.argument("forms", nargs=-1, required=True, metavar="FORMAT...", shell_complete=complete_formats)
@click.option(
    "--out",
    "-o",
    metavar="DIR",
    default="build",
    show_default=True,
    type=PathName(file_okay=False),
    help="Output folder, created if missing.",
)
@add_max_size_option
@add_root_option
def command(forms: tuple[str, ...], out: str, limit: int, root: str | None, **option_values: Any) -> int:
    """Write the content in one or more formats.

    Content with errors is not exported: the errors are shown instead. All formats replace those of an earlier
    export together, or none does.
    """
    formats = _select_formats(forms)
    options = {
        name: {key: option_values[key] for option in get_options(name) if (key := option.name or "")}
        for name in formats
    }
    with raise_on_sigterm():
        return _export_formats(Path(out), root, limit, options)


def _export_formats(out: Path, root: str | None, limit: int, options: FormatOptions) -> int:
    """Export article by article, in the memory of one."""
    article_stream = ArticleStream(find_project_root(root), limit)
    try:
        with show_progress("export") as tick:
            written = write_exports(
                options,
                article_stream.iter_articles(),
                out,
                tick,
                article_count=len(article_stream.article_names),
            )
    except FaultyContentError as error:
        return _print_refusal(error.report)
    except InvalidExportError as error:
        click.echo(str(error), err=True)
        return EXIT_ERRORS
    for files in written.values():
        more_text = f" and {files.file_count - 1} more" if files.file_count > 1 else ""
        click.echo(f"{files.first_file}{more_text}")
    return EXIT_CLEAN


def _print_refusal(report: Report) -> int:
    terminal = detect_terminal()
    print_for_people(render_report("text", report, terminal), terminal)
    click.echo("nothing was exported: content with errors must not be published", err=True)
    return EXIT_ERRORS


def _select_formats(format_names: Sequence[str]) -> list[str]:
    if ALL_FORMATS in format_names:
        return list(DESCRIPTION_BY_FORMAT)
    for format_name in format_names:
        if format_name not in DESCRIPTION_BY_FORMAT:
            raise WrongUseError(
                f'there is no format "{format_name}"',
                f"the formats are {', '.join(DESCRIPTION_BY_FORMAT)} and {ALL_FORMATS}",
            )
    return list(dict.fromkeys(format_names))


def _refuse_options(given_options: Sequence[str], other_formats: Iterable[str]) -> None:
    """Raise WrongUseError if one of the options given is of these formats, which are not asked for."""
    for name in sorted(other_formats):
        for option in get_options(name):
            if not {*option.opts, *option.secondary_opts}.isdisjoint(given_options):
                raise WrongUseError(f"{option.opts[0]} is for {name}, which is not asked for")
