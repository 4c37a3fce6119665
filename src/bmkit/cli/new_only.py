"""Which issues are known already: those of a baseline, and those of a git revision."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from bmkit.baseline import (
    count_issues,
    find_gone_entries,
    find_new,
    read_baseline,
    write_baseline,
)
from bmkit.cli.process import EXIT_CLEAN, EXIT_ERRORS, WrongUseError
from bmkit.cli.run_check import run_check
from bmkit.cli.terminal import print_lines
from bmkit.content import CONTENT_FOLDER, ContentError, read_content
from bmkit.git_revision import RevisionError, read_revision
from bmkit.jsontext import MAX_FILE_BYTES
from bmkit.schema import SCHEMA_FOLDER, SchemaError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.baseline import IssueCounts
    from bmkit.content import Content
    from bmkit.issue import Issue


def select_new_issues(
    issues: Sequence[Issue],
    content: Content,
    baseline: str | None,
    since: str | None,
    engine: str = "auto",
    *,
    suppress: bool = True,
    limit: int = MAX_FILE_BYTES,
) -> tuple[list[Issue], list[Issue]]:
    """Return the issues in neither the baseline nor the revision, and those about the baseline itself.

    `issues` must be all that the content has, or those left out would count as gone.
    """
    known_issues: IssueCounts = count_issues(())
    baseline_issues: list[Issue] = []
    if baseline is not None:
        known_issues = read_baseline(baseline)
        if not any(folder.unread_kinds for folder in content.folders.values()):
            unmatched = find_new(issues, known_issues)[1]
            baseline_issues = find_gone_entries(
                unmatched, known_issues, _to_root_relative_path(baseline, content.root)
            )
    if since is not None:
        known_issues |= _count_issues_at_revision(since, content, engine, suppress=suppress, limit=limit)
    return find_new(issues, known_issues)[0], baseline_issues


def update_baseline(path: str, issues: Sequence[Issue], content: Content) -> int:
    """Write the baseline, report how it changed and what it refused, and return the exit status."""
    is_all_read = not any(folder.unread_kinds for folder in content.folders.values())
    baseline_change = write_baseline(path, count_issues(issues), covers_all=is_all_read)
    old_count, new_count, refused = baseline_change
    decrease = f", {old_count - new_count} fewer than before" if old_count > new_count else ""
    known_issues = f"{new_count} known issue{'' if new_count == 1 else 's'}"
    print_lines(f"{path}: {known_issues}{decrease}", to_stderr=True)
    if old_count and not is_all_read:
        print_lines(f"{path}: no entry was removed, as not all content could be read", to_stderr=True)
    if not refused:
        return EXIT_CLEAN
    count = refused.total()
    issues_are = "issue is" if count == 1 else "issues are"
    refusal = f"{count} {issues_are} not in it, the first is {baseline_change.first_refused}"
    print_lines(f"{path}: a baseline may only shrink; {refusal}", to_stderr=True)
    return EXIT_ERRORS


def _to_root_relative_path(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _count_issues_at_revision(
    revision_name: str, current: Content, engine: str, *, suppress: bool, limit: int
) -> IssueCounts:
    """Count the issues that the content had in a git revision, by the current rules and settings."""
    try:
        files = read_revision(current.root, revision_name, (CONTENT_FOLDER, SCHEMA_FOLDER), limit)
        if not files.is_folder(CONTENT_FOLDER):
            return count_issues(())
        content = read_content(current.root, max_bytes=limit, files=files, settings=current.settings)
        issues = run_check(content, engine, suppress=suppress)
    except (RevisionError, ContentError) as error:
        raise WrongUseError(f"--since {revision_name}: {error}") from None
    except SchemaError as error:
        raise WrongUseError(f"--since {revision_name}: its schemas cannot be used: {error}") from None
    moved_files = _find_moved_files(content, current)
    return count_issues(
        issue._replace(place=issue.place._replace(file=moved_files.get(issue.place.file, issue.place.file)))
        for issue in issues
    )


def _find_moved_files(old: Content, current: Content) -> dict[str, str]:
    """Return where files are now that were moved since, by most of their records or all their text."""
    old_marks, current_marks = _mark_files(old), _mark_files(current)
    new_paths = {
        mark: path for path, marks in current_marks.items() if path not in old_marks for mark in marks
    }
    moved_files = {}
    for path, marks in old_marks.items():
        if path not in current_marks:
            for new_path, count in Counter(map(new_paths.get, marks)).most_common(1):
                if new_path is not None and 2 * count > len(marks):
                    moved_files[path] = new_path
    return moved_files


def _mark_files(content: Content) -> dict[str, list[tuple[str, object]]]:
    """Return what each file that was read is known by: its kind with the ids, else with its bytes."""
    marks: dict[str, list[tuple[str, object]]] = {
        file.path: [(file.kind.name, record.id) for record in file.records] for file in content.files
    }
    return {
        path: marks.get(path) or [(os.path.basename(path), content.get_bytes(path))]
        for path in content.list_read_paths()
    }
