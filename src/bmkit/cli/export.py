"""bmkit export: write the content in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from bmkit.articles import iter_articles
from bmkit.cli.options import PathName, add_max_size_option, add_root_option, complete_formats
from bmkit.cli.process import EXIT_CLEAN, EXIT_ERRORS, WrongUseError
from bmkit.cli.project import find_project_root, list_home_folders, read_project
from bmkit.cli.run_check import build_report, run_check
from bmkit.cli.stream import (
    ArticleStream,
    FaultyContentError,
    Signatures,
    find_unsigned_errors,
    split_errors,
)
from bmkit.cli.terminal import detect_terminal, print_for_people, print_lines, show_progress
from bmkit.config import Settings, read_settings
from bmkit.content import REVIEW_KIND
from bmkit.export import (
    ALL_FORMATS,
    DESCRIPTION_BY_FORMAT,
    InvalidExportError,
    get_options,
    needs_signatures,
    write_exports,
)
from bmkit.report import render_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bmkit.articles import ArticleContent
    from bmkit.issue import Issue
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
@click.option(
    "--signed-only", is_flag=True, help="Export nothing unless every fact is signed as it now stands."
)
@add_max_size_option
@add_root_option
def command(
    forms: tuple[str, ...],
    out: str,
    signed_only: bool,
    limit: int,
    root: str | None,
    **option_values: Any,
) -> int:
    """Write the content in one or more formats.

    Content with errors is not exported: the errors are shown instead. All formats replace those of an earlier
    export together, or none does.
    """
    formats = _select_formats(forms)
    project_root = find_project_root(root)
    settings = read_settings(project_root)
    options = _merge_options(formats, option_values, settings)
    signatures = Signatures.ALL if signed_only else Signatures.NOT_ASKED
    if not signed_only and any(needs_signatures(name, values) for name, values in options.items()):
        signatures = Signatures.IF_REVIEWED
    return _export_formats(Path(out), _Source(project_root, limit, settings, signatures), options)


def _merge_options(
    formats: Sequence[str], option_values: dict[str, Any], settings: Settings
) -> FormatOptions:
    """Return the options of each format: as the command line gives them, else as the settings do."""
    context = click.get_current_context()
    options: FormatOptions = {}
    for format_name in formats:
        options[format_name] = {}
        setting_values = {"base": settings.base_url, **settings.export_options.get(format_name, {})}
        for option in get_options(format_name):
            key = option.name or ""
            value = setting_values.get(option.opts[0].lstrip("-"))
            if not value or context.get_parameter_source(key) is not ParameterSource.DEFAULT:
                value = option_values[key]
            options[format_name][key] = value
    return options


class _Source(NamedTuple):
    """The project that is exported, how large its files may be, and which facts must be signed."""

    root: str
    limit: int
    settings: Settings
    signatures: Signatures


def _export_formats(out: Path, source: _Source, options: FormatOptions) -> int:
    try:
        articles, article_count, passed_errors = _open_articles(source)
        with show_progress("export") as tick:
            written = write_exports(
                options,
                articles,
                out,
                tick,
                article_count=article_count,
                home_folders=list_home_folders(source.root),
            )
    except FaultyContentError as error:
        return _print_refusal(error.report)
    except InvalidExportError as error:
        print_lines(*str(error).split("\n"), to_stderr=True)
        return EXIT_ERRORS
    for files in written.values():
        more_text = f" and {files.file_count - 1} more" if files.file_count > 1 else ""
        print_lines(f"{files.first_file}{more_text}")
    if passed_errors:
        count = len(passed_errors)
        print_lines(
            f"{count} error{'' if count == 1 else 's'} about reviews and sources: bmkit validate shows what "
            "must be looked at before anybody uses this",
            to_stderr=True,
        )
    return EXIT_CLEAN


def _open_articles(source: _Source) -> tuple[Iterable[ArticleContent], int, Sequence[Issue]]:
    """Return the checked articles, their number, and the errors that do not stop this export.

    FaultyContentError, at once or on the way, for those that do.  Articles are read one after the other, in
    the memory of one; all errors are known when all articles are written.
    """
    if not source.settings.raises_severity:
        article_stream = ArticleStream(source.root, source.limit, source.signatures)
        article_count = len(article_stream.article_names)
        return article_stream.iter_articles(), article_count, article_stream.passed_errors
    # An article alone does not show what no other needs: only rules that are errors by themselves are
    # sure to find the same article by article.
    content = read_project(source.root, limit=source.limit)
    errors, passed_errors = split_errors(run_check(content), source.signatures)
    if source.signatures is Signatures.ALL or (
        source.signatures is Signatures.IF_REVIEWED and content.list_records(REVIEW_KIND)
    ):
        errors += find_unsigned_errors(content)
    if errors:
        raise FaultyContentError(build_report(errors, content))
    articles = list(iter_articles(content))
    return articles, len(articles), passed_errors


def _print_refusal(report: Report) -> int:
    terminal = detect_terminal()
    print_for_people(render_report("text", report, terminal), terminal)
    print_lines("nothing was exported: content with errors must not be published", to_stderr=True)
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
