"""From content to a report, as several commands need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.cli.process import WrongUseError
from bmkit.cli.project import format_root_prefix
from bmkit.content import CONTENT_FOLDER
from bmkit.issue import Issue, Place, Severity
from bmkit.report import LocatedIssue, Report, locate_issues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.config import Settings
    from bmkit.content import Content
    from bmkit.errors import BmkitError
    from bmkit.shape import ShapeChecker

STOPPED_RULE = "run.stopped"
"""What programs are told of a run that could not check."""

# What the engines are called as Python modules.
_ENGINE_MODULES = ("jsonschema", "jsonschema_rs")


def run_check(
    content: Content,
    engine: str = "auto",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    *,
    suppress: bool = True,
    lint_schemas: bool = True,
    shape_checker: ShapeChecker | None = None,
) -> list[Issue]:
    """Check the content; `select` and `ignore` are names of rules and families, with or without commas.

    `suppress`, `lint_schemas` and `shape_checker` are as for find_content_issues.  WrongUseError for a name
    that is none, for one to ignore that guards a dose, and for an engine that is not installed; SchemaError
    for a broken schema.
    """
    from bmkit.check import find_content_issues

    ignored_names = _split_rule_names(ignore, content.settings)
    if ignored_names:
        from bmkit.cli.rule_names import refuse_dose_guards

        refuse_dose_guards(ignored_names)
    try:
        return find_content_issues(
            content,
            engine,
            _split_rule_names(select, content.settings),
            ignored_names,
            suppress=suppress,
            lint_schemas=lint_schemas,
            shape_checker=shape_checker,
        )
    except ImportError as error:
        if error.name not in _ENGINE_MODULES:
            raise
        raise WrongUseError(f"the engine {engine} is not installed") from None


def build_report(
    issues: Sequence[Issue],
    content: Content,
    selected_files: set[str] | None = None,
    *,
    with_related: bool = False,
    with_all: bool = False,
) -> Report:
    """Locate the issues, and count the files and records they were looked for in.

    `with_related` and `with_all` are as for locate_issues.
    """
    files = {file.path: len(file.records) for file in content.files}
    for issue in content.issues:  # a file that could not be read was looked at too
        if issue.place.file.endswith(".json"):
            files.setdefault(issue.place.file, 0)
    if selected_files is not None:
        files = {path: count for path, count in files.items() if path in selected_files}
    # As the text has them; the order of issues goes by pointer, and members are not in alphabetical order.
    located_issues = sorted(
        locate_issues(issues, content.read_text, with_related=with_related, with_all=with_all),
        key=lambda located_issue: (located_issue.file, located_issue.start, located_issue.end),
    )
    return Report(tuple(located_issues), tuple(files), sum(files.values()), format_root_prefix(content.root))


def build_stop_report(error: BmkitError) -> Report:
    """Return the report of a run that stopped: an error for each reason, at the file that it is about.

    What is about no file of the project stands at the folder of the content.
    """
    located_issues = [
        LocatedIssue(
            Issue(Place(reason.file or CONTENT_FOLDER), STOPPED_RULE, Severity.ERROR, reason.message),
            *(reason.line, reason.column, reason.line, reason.column),
            text="",
            start=0,
            end=0,
        )
        for reason in error.reasons
    ]
    return Report(tuple(located_issues), (), 0)


def _split_rule_names(name_lists: Sequence[str], settings: Settings) -> list[str]:
    """Return the single names of rules and families; WrongUseError for an unknown one."""
    names = [name.strip() for name_list in name_lists for name in name_list.split(",") if name.strip()]
    if names:
        # Only who asks for rules by name pays for this import.
        from bmkit.cli.rule_names import refuse_unknown_rules

        refuse_unknown_rules(names, settings)
    return names
