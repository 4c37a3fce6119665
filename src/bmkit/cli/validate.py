"""bmkit validate: check the content and say what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from bmkit.cli import offered
from bmkit.cli.collecting import without_collecting
from bmkit.cli.project import asked_for, read_project, root_of, root_option
from bmkit.cli.run_check import issues_of, report_of
from bmkit.cli.size import max_size
from bmkit.cli.status import CLEAN, ERRORS, WrongUseError
from bmkit.cli.terminal import say, screen, write
from bmkit.issue import in_order
from bmkit.report import FOR_PEOPLE, FORMATS, count, render

if TYPE_CHECKING:
    from bmkit.issue import Issue


@click.command("validate")
@click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=offered.files)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="How to say it.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    shell_complete=offered.rules,
    help="Only this rule or family; may be given more than once.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULE",
    shell_complete=offered.rules,
    help="Not this rule or family; may be given more than once.",
)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("--statistics", is_flag=True, help="Say only how often each rule is broken.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "jsonschema-rs", "jsonschema"]),
    default="auto",
    show_default=True,
    help="What checks the shape of records.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    shell_complete=offered.files,
    help="Say only what is not in this file of known issues.",
)
@click.option("--write-baseline", is_flag=True, help="Write that file; one that is there may only shrink.")
@click.option("--since", metavar="REV", help="Say only what is new against this git revision.")
@click.option("--no-suppressions", is_flag=True, help="Say what the content suppresses, too.")
@click.option("--watch", is_flag=True, help="Check again after each change, until Ctrl-C.")
@max_size
@root_option
def command(watch: bool, root: str | None, **asked: Any) -> int:
    """Check the content and say what is wrong with it.

    All content is read and checked; with PATHs only what is wrong in those files, or below those folders, is
    said and counts.
    """
    run = _Run(root=root, **asked)
    if run.write_baseline and (run.baseline is None or run.part or run.since is not None):
        raise WrongUseError("--write-baseline needs --baseline FILE, and nothing that leaves issues out")
    if run.statistics and run.form not in FOR_PEOPLE:
        raise WrongUseError(f"--statistics is for people, and --format {run.form} is for programs")
    if not watch:
        return run.once()
    from bmkit.cli.watch import watch_and

    # The nearest root is looked for once: while its folder is being replaced, another may be nearest.
    there = root_of(root, run.paths)
    watch_and(run._replace(root=there).once, there)
    return None


class _Run(NamedTuple):
    """What was asked for on the command line."""

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
    limit: int
    root: str | None

    @property
    def part(self) -> bool:
        """Whether only a part of the issues was asked for."""
        return bool(self.paths or self.select or self.ignore)

    def once(self) -> int:
        """Check, report, and give the exit status."""
        with without_collecting():
            return self._once()

    def _once(self) -> int:
        content = read_project(self.root, self.paths, limit=self.limit)
        wanted = asked_for(self.paths, content) if self.paths else None
        issues = issues_of(
            content,
            self.engine,
            self.select,
            self.ignore,
            suppress=not self.no_suppressions,
            # Paths are files of content: what is wrong with a schema would not be said.
            schemas=not self.paths,
        )
        if self.baseline is not None and self.write_baseline:
            from bmkit.cli.new_only import write_known

            return write_known(self.baseline, issues, content)
        found = len(issues)
        idle: list[Issue] = []
        if self.baseline is not None or self.since is not None:
            from bmkit.cli.new_only import only_new

            suppress = not self.no_suppressions
            issues, idle = only_new(
                issues,
                content,
                self.baseline,
                self.since,
                self.engine,
                suppress=suppress,
                limit=self.limit,
            )
        here = issues if wanted is None else [issue for issue in issues if issue.place.file in wanted]
        elsewhere = len(issues) - len(here)
        # Whether an entry of the baseline is idle shows only where nothing was left out.
        told = in_order([*here, *idle]) if idle and not self.part else here
        report = report_of(told, content, wanted)
        if self.form == "sarif":
            from bmkit.cli.rule_names import told_of

            report = report._replace(told=told_of({issue.rule for issue in told}))
        shown = screen(content.root)
        text = count(report) if self.statistics else render(self.form, report, shown)
        if self.form in FOR_PEOPLE:
            say(text, shown)
            _say_left_out(found - len(issues), "known already")
            _say_left_out(elsewhere, "in files that were not asked for")
        else:
            write(text)
        return ERRORS if report.errors or (self.strict and report.warnings) else CLEAN


def _say_left_out(count: int, why: str) -> None:
    if count:
        click.echo(f"{count} more {why}", err=True)
