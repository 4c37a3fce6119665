"""bmkit validate: check the content and report errors and warnings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from bmkit.cli.options import PathName, add_max_size_option, add_root_option, complete_rules
from bmkit.cli.process import EXIT_CLEAN, EXIT_ERRORS, WrongUseError, pause_garbage_collection
from bmkit.cli.project import (
    find_project_root,
    format_repository_prefix,
    list_home_folders,
    read_project,
    select_files,
)
from bmkit.cli.run_check import build_report, build_stop_report, run_check
from bmkit.cli.terminal import detect_terminal, print_for_people, print_for_programs, print_lines
from bmkit.config import Settings
from bmkit.disk import refuse_way_out
from bmkit.errors import BmkitError
from bmkit.issue import sort_issues
from bmkit.report import HUMAN_FORMATS, REPORT_FORMATS, Terminal, format_rule_counts, render_report

if TYPE_CHECKING:
    from bmkit.issue import Issue
    from bmkit.report import Report


@click.command("validate")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=PathName())
@click.option(
    "--format",
    "form",
    type=click.Choice(list(REPORT_FORMATS)),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    shell_complete=complete_rules,
    help="Report only this rule or family; may be given more than once.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULE",
    shell_complete=complete_rules,
    help="Do not report this rule or family; may be given more than once.",
)
@click.option("--strict", is_flag=True, help="Exit with status 1 for warnings, too.")
@click.option("--statistics", is_flag=True, help="Show only the number of issues of each rule.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "jsonschema-rs", "jsonschema"]),
    default="auto",
    show_default=True,
    help="JSON Schema engine that checks the shape of records.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=PathName(),
    help="Report only issues that are not in this file of known issues.",
)
@click.option(
    "--write-baseline", is_flag=True, help="Write the baseline file; an existing one may only shrink."
)
@click.option("--since", metavar="REV", help="Report only issues that are new since this git revision.")
@click.option("--no-suppressions", is_flag=True, help="Report suppressed issues, too.")
@click.option("--all-issues", is_flag=True, help="Show all issues of a rule in a file, not the first 100.")
@click.option("--watch", is_flag=True, help="Check again after every change, until Ctrl-C.")
@add_max_size_option
@add_root_option
def command(watch: bool, root: str | None, **options: Any) -> int:
    """Check the content and report errors and warnings.

    All content is read and checked. With PATHs, only issues that are about those files or folders are
    reported and count: in them, or about a value elsewhere that does not agree with one in them.
    """
    validate_run = _ValidateRun(root=root, **options)
    if validate_run.write_baseline and (
        validate_run.baseline is None or validate_run.is_partial or validate_run.since is not None
    ):
        raise WrongUseError("--write-baseline needs --baseline FILE, and no option that leaves issues out")
    if validate_run.statistics and validate_run.form not in HUMAN_FORMATS:
        raise WrongUseError(f"--statistics cannot be combined with --format {validate_run.form}")
    if not watch:
        return validate_run.run()
    from bmkit.cli.watch import watch_and_run

    # The nearest root is searched for once: while its folder is being replaced, another may be nearest.
    project_root = find_project_root(root, validate_run.paths)
    watch_and_run(validate_run._replace(root=project_root).run, project_root)
    return None


class _ValidateRun(NamedTuple):
    """The options of one call."""

    paths: tuple[str, ...]
    form: str
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    strict: bool
    statistics: bool
    engine: str
    baseline: str | None
    write_baseline: bool
    since: str | None
    no_suppressions: bool
    all_issues: bool
    limit: int
    root: str | None

    @property
    def is_partial(self) -> bool:
        """Whether only a part of the issues was asked for."""
        return bool(self.paths or self.select or self.ignore)

    def run(self) -> int:
        """Check, report, and return the exit status; what stops the run is reported to programs, too."""
        try:
            with pause_garbage_collection():
                return self._check_and_report()
        except BmkitError as error:
            if self.form not in HUMAN_FORMATS:
                self._print_for_programs(build_stop_report(error), Settings())
            raise

    def _check_and_report(self) -> int:
        content = read_project(self.root, self.paths, limit=self.limit)
        if self.baseline is not None:
            refuse_way_out(self.baseline, list_home_folders(content.root))
        selected_files = select_files(self.paths, content) if self.paths else None
        issues = run_check(
            content,
            self.engine,
            self.select,
            self.ignore,
            suppress=not self.no_suppressions,
            # Paths are files of content: issues in schemas would not be reported.
            lint_schemas=not self.paths,
        )
        if self.baseline is not None and self.write_baseline:
            from bmkit.cli.new_only import update_baseline

            return update_baseline(self.baseline, issues, content)
        total_count = len(issues)
        baseline_issues: list[Issue] = []
        if self.baseline is not None or self.since is not None:
            from bmkit.check import apply_settings
            from bmkit.cli.new_only import select_new_issues

            suppress = not self.no_suppressions
            issues, baseline_issues = select_new_issues(
                issues,
                content,
                self.baseline,
                self.since,
                self.engine,
                suppress=suppress,
                limit=self.limit,
            )
            baseline_issues = list(apply_settings(baseline_issues, content.settings))
        selected_issues = (
            issues
            if selected_files is None
            else [issue for issue in issues if not selected_files.isdisjoint(issue.files)]
        )
        other_file_count = len(issues) - len(selected_issues)
        # Whether an entry of the baseline is idle shows only where nothing was left out.
        reported_issues = (
            sort_issues([*selected_issues, *baseline_issues])
            if baseline_issues and not self.is_partial
            else selected_issues
        )
        report = build_report(
            reported_issues,
            content,
            selected_files,
            with_related=self.form == "sarif",
            with_all=self.all_issues,
        )
        if self.form in HUMAN_FORMATS:
            terminal = detect_terminal(content.root)
            print_for_people(
                format_rule_counts(report) if self.statistics else render_report(self.form, report, terminal),
                terminal,
            )
            _print_left_out(total_count - len(issues), "already known")
            _print_left_out(other_file_count, "in other files")
        else:
            self._print_for_programs(report, content.settings)
        return EXIT_ERRORS if report.error_count or (self.strict and report.warning_count) else EXIT_CLEAN

    def _print_for_programs(self, report: Report, settings: Settings) -> None:
        try:
            root = find_project_root(self.root, self.paths)
        except WrongUseError:
            root = os.curdir
        report = report._replace(path_prefix=format_repository_prefix(root))
        if self.form == "sarif":
            from bmkit.cli.rule_names import find_rule_texts

            rule_ids = {located_issue.issue.rule for located_issue in report.issues}
            report = report._replace(rule_texts=find_rule_texts(rule_ids, settings))
        print_for_programs(render_report(self.form, report, Terminal()), has_commands=self.form == "github")


def _print_left_out(issue_count: int, reason: str) -> None:
    if issue_count:
        print_lines(f"{issue_count} more {reason}", to_stderr=True)
