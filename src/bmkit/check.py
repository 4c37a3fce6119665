"""Checks content: its schemas, its shape, then its meaning."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bmkit.content import REVIEW_KIND
from bmkit.issue import sort_issues
from bmkit.rules import list_rules, run_rules
from bmkit.shape import ShapeChecker, find_shape_issues
from bmkit.suppression import SUPPRESSION_KIND, select_unsuppressed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from bmkit.config import Settings
    from bmkit.content import Content, File
    from bmkit.issue import Issue


def find_content_issues(  # noqa: PLR0913  what is asked for on the command line, all of it
    content: Content,
    engine: str = "auto",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    *,
    suppress: bool = True,
    lint_schemas: bool = True,
    shape_checker: ShapeChecker | None = None,
) -> list[Issue]:
    """Return every issue of the content, in order; without `suppress` also those that the content allows.

    Without `lint_schemas` a project's own schemas are not checked for conventions, and those that no content
    uses are not read; one that is read and is no schema at all is an error all the same.

    `select` and `ignore` hold rule ids ("limits.inverted") or families ("limits"); none selected means all.
    The settings of the content count as `apply_settings` has it.
    `engine` is one of shape.ENGINES; ImportError if the engine that was asked for is not installed.
    `shape_checker` is that of an earlier check, so that many articles share the compiled schemas.
    """
    shape_checker = shape_checker or ShapeChecker(engine)
    issues = [*content.issues]
    issues += find_shape_issues(content, shape_checker)
    # Also those that no content uses: an export reads all of them.
    own_kinds = content.schemas.list_own_kinds()
    if lint_schemas and own_kinds:
        from bmkit.content.terminologies import list_terminology_urls
        from bmkit.schema_lint import find_schema_issues

        issues += find_schema_issues(
            content.schemas, shape_checker, own_kinds, list_terminology_urls(content.settings)
        )
    rules = [
        rule
        for rule in list_rules(content.settings)
        if is_rule_selected(rule.id, select, ignore)
        and not _is_ignored_by_settings(rule.id, content.settings, select)
    ]
    issues += run_rules(rules, content)
    if content.settings.requires_signatures or content.list_records(REVIEW_KIND):
        # Only who has reviews pays for this import.
        from bmkit.review.find import find_review_issues

        issues += find_review_issues(content)
    if content.settings.requires_seal or any(folder.seal_path for folder in content.folders.values()):
        # Only who has seals pays for this import.
        from bmkit.source_text.seal_issues import find_seal_issues

        issues += find_seal_issues(content)
    if issues:
        # Only faulty content pays for this import.
        from bmkit.quoting import quote_issue

        issues = [quote_issue(issue, content) for issue in issues]
    known_issues = issues
    if suppress:
        issues = select_unsuppressed(
            issues, content, (rule.id for rule in rules if rule.family != SUPPRESSION_KIND)
        )
    reported_issues = sort_issues(
        set(
            apply_settings(
                (issue for issue in issues if is_rule_selected(issue.rule, select, ignore)),
                content.settings,
                select,
            )
        )
    )
    if not any(issue.proposal for issue in reported_issues):
        return reported_issues
    # Only content with such an issue pays for this import.
    from bmkit.hints import keep_sound_hints

    return keep_sound_hints(
        reported_issues, known_issues, content, partial(_find_issues_of_change, shape_checker, content)
    )


def _find_issues_of_change(
    shape_checker: ShapeChecker, checked: Content, content: Content, changed_files: Sequence[File]
) -> Iterator[Issue]:
    """Yield the issues of a content of which some files were changed after it had been checked.

    Those of shape only where a record is another than in the content as it was checked.
    """
    for file in changed_files:
        checked_file = checked.find_file(file.path)
        checked_records = set(checked_file.records) if checked_file is not None else set()
        changed_indexes = {record.index for record in file.records if record not in checked_records}
        yield from shape_checker.find_issues(file, content, changed_indexes)
    content.clear_caches()
    issues = run_rules(
        [
            rule
            for rule in list_rules(content.settings)
            if not _is_ignored_by_settings(rule.id, content.settings, ())
        ],
        content,
    )
    yield from apply_settings(issues, content.settings)


def apply_settings(
    issues: Iterable[Issue], settings: Settings, select: Collection[str] = ()
) -> Iterator[Issue]:
    """Yield the issues of rules that the settings do not ignore, with the severities that they set.

    What is selected by name is not ignored.  A rule's own severity counts for more than its family's.
    """
    changes = settings.severity_changes
    for issue in issues:
        if _is_ignored_by_settings(issue.rule, settings, select):
            continue
        change = changes.get(issue.rule) or changes.get(issue.rule.partition(".")[0])
        yield issue if change is None else issue._replace(severity=change.severity)


def _is_ignored_by_settings(rule_id: str, settings: Settings, select: Collection[str]) -> bool:
    names = {rule_id, rule_id.partition(".")[0]}
    return not names.isdisjoint(settings.ignored_rules) and names.isdisjoint(select)


def is_rule_selected(rule_id: str, select: Collection[str] = (), ignore: Collection[str] = ()) -> bool:
    """Return whether a rule is to be reported; a rule's own id counts for more than its family's."""
    family = rule_id.partition(".")[0]
    if rule_id in ignore or (family in ignore and rule_id not in select):
        return False
    return not select or rule_id in select or family in select
