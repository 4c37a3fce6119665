"""bmkit source: facts held against the text that they came from, and the seal of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bmkit.cli.options import PathName, add_max_size_option, add_root_option
from bmkit.cli.process import EXIT_CLEAN, EXIT_ERRORS, EXIT_MISUSE, WrongUseError
from bmkit.cli.project import format_repository_prefix, read_checked_project
from bmkit.cli.terminal import detect_terminal, print_for_people, print_for_programs, print_lines
from bmkit.report import HUMAN_FORMATS, REPORT_FORMATS, Terminal, render_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bmkit.content import Content
    from bmkit.issue import Issue

_MAX_TEXT_BYTES = 256 * 2**20


def _add_text_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        add_root_option,
        add_max_size_option,
        click.option("--article", metavar="ID", help="The folder of the article, where there are several."),
        click.argument("text_path", metavar="TEXT", type=PathName()),
    ):
        command = option(command)
    return command


_format_option = click.option(
    "--format",
    "form",
    type=click.Choice(list(REPORT_FORMATS)),
    default="text",
    show_default=True,
    help="Output format.",
)


@click.group("source")
def command() -> None:
    """Hold facts against the text that they came from, and seal them."""


@command.command("check")
@_add_text_options
@_format_option
@click.option("--strict", is_flag=True, help="Exit with status 1 for warnings, too.")
def check(text_path: str, article: str | None, limit: int, root: str | None, form: str, strict: bool) -> int:
    """Say whether the facts of an article are what its TEXT says.

    Of each span: whether its words stand there still. Of each fact: whether these words state its numbers
    with their units, and name its terms; or a note says why not.
    """
    from bmkit.check import apply_settings
    from bmkit.source_text.check import check_text
    from bmkit.source_text.seal import Seal, read_seal

    content = read_checked_project(root, limit)
    folder_name = _find_folder(article, content)
    seal = read_seal(content, folder_name)
    sealed = seal.readings if isinstance(seal, Seal) else {}
    result = check_text(content, folder_name, _read_article_text(text_path), sealed)
    issues = list(apply_settings(result.issues, content.settings))
    error_count = _print_issues(issues, content, form, strict=strict)
    print_lines(*result.list_summary_lines(), to_stderr=True)
    return EXIT_ERRORS if error_count else EXIT_CLEAN


def _print_issues(issues: list[Issue], content: Content, form: str, *, strict: bool) -> int:
    """Report issues, and return how many count as errors."""
    from bmkit.cli.run_check import build_report
    from bmkit.issue import sort_issues
    from bmkit.quoting import quote_issue

    report = build_report(
        sort_issues({quote_issue(issue, content) for issue in issues}), content, with_related=form == "sarif"
    )
    if form in HUMAN_FORMATS:
        terminal = detect_terminal(content.root)
        print_for_people(render_report(form, report, terminal), terminal)
    else:
        report = report._replace(path_prefix=format_repository_prefix(content.root))
        if form == "sarif":
            from bmkit.cli.rule_names import find_rule_texts

            report = report._replace(
                rule_texts=find_rule_texts({issue.rule for issue in issues}, content.settings)
            )
        print_for_programs(render_report(form, report, Terminal()), has_commands=form == "github")
    return report.error_count + (report.warning_count if strict else 0)


@command.command("seal")
@_add_text_options
def seal(text_path: str, article: str | None, limit: int, root: str | None) -> int:
    """Write what is read in the TEXT of an article, and what its facts are now, beside them.

    That are facts, and never words of the text. Without the text, bmkit validate then holds the facts against
    it. Every span must stand in the text.
    """
    from bmkit.cli.write_back import write_all_back
    from bmkit.source_text.facts import list_headings, list_spans
    from bmkit.source_text.reading import Reader, digest_text
    from bmkit.source_text.seal import format_seal, list_sourced_records, locate_seal, make_seal
    from bmkit.source_text.spans import Outcome, find_spans, to_span

    content = read_checked_project(root, limit)
    folder_name = _find_folder(article, content)
    text = _read_article_text(text_path)
    values = {
        to_span(value): value
        for record in list_sourced_records(content, folder_name)
        for value in (*list_spans(record), *list_headings(record, content))
    }
    found = find_spans(text, values)
    if any(place.outcome is not Outcome.EXACT for place in found.values()):
        count = sum(place.outcome is not Outcome.EXACT for place in found.values())
        words = "1 span is" if count == 1 else f"{count} spans are"
        raise WrongUseError(f"{words} not where the facts say", f"bmkit source check {text_path} shows them")
    reader = Reader(content, folder_name)
    new_seal = make_seal(
        content,
        folder_name,
        lambda value: reader.read(text[value["start"] : value["end"]]),
        digest_text(text),
        len(text),
    )
    path = locate_seal(folder_name)
    old_text = content.read_text(path) if content.folders[folder_name].seal_path else ""
    new_text = format_seal(new_seal)
    if new_text != old_text and not write_all_back(content.root, {path: (old_text, new_text)}):
        return EXIT_MISUSE
    unread = sum(len(fact.unread) for fact in new_seal.facts.values())
    print_lines(
        f"{path}: {len(new_seal.facts)} facts, {len(new_seal.readings)} spans, {unread} fields not read"
    )
    return EXIT_CLEAN


@command.command("coverage")
@_add_text_options
@click.option(
    "--at-least",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with status 1 if a smaller share of the numbers is claimed.",
)
def coverage(
    text_path: str, article: str | None, limit: int, root: str | None, at_least: float | None
) -> int:
    """List the numbers of a TEXT that no fact claims, and say how large the share of the others is.

    Numbers that are no facts are named in the settings, each phrase with its reason.
    """
    from bmkit.jsontext import Lines
    from bmkit.source_text.coverage import UNCLAIMED, measure_coverage

    content = read_checked_project(root, limit)
    text = _read_article_text(text_path)
    measured = measure_coverage(
        content, _find_folder(article, content), text, content.settings.ignored_numbers
    )
    lines = Lines(text)
    for token in measured.tokens:
        if token.verdict == UNCLAIMED:
            line, column = lines.to_line_column(token.start)
            print_lines(f'{text_path}:{line}:{column}: no fact claims "{text[token.start : token.end]}"')
    print_lines(*measured.list_summary_lines())
    return EXIT_ERRORS if at_least is not None and measured.percentage < at_least else EXIT_CLEAN


def _find_folder(article: str | None, content: Content) -> str:
    """Return the folder of the article that is meant; WrongUseError if there is none, or several."""
    from bmkit.content import TERMS_FOLDER

    names = [name for name in content.folders if name != TERMS_FOLDER]
    if article is not None:
        if article not in names:
            raise WrongUseError(
                f'there is no article "{article}"', f"there are: {', '.join(names) or 'none'}"
            )
        names = [article]
    if len(names) != 1:
        raise WrongUseError(f"there are {len(names)} articles", "say which with --article ID")
    for record in content.folders[names[0]].records_by_kind.get("article", ()):
        language = record.value.get("language", "en")
        if language != "en":
            raise WrongUseError(f'the article is in "{language}", and only "en" can be read')
    return names[0]


def _read_article_text(path: str) -> str:
    """Return a text, as spans count it; WrongUseError if it cannot be read."""
    from bmkit.jsontext import JsonError, decode_utf8, read_bytes

    try:
        return decode_utf8(read_bytes(path, _MAX_TEXT_BYTES))
    except JsonError as error:
        raise WrongUseError(f"{path}: {error.faults[0].message}") from None
