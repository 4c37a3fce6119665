"""Issues that are known already: a file of them that may only shrink, and what is new beyond them."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.atomic import WriteError, create_file, rewrite_file
from bmkit.errors import BmkitError
from bmkit.issue import Issue, IssueKey, Place, Severity
from bmkit.jsontext import JsonError, Lines, decode_for_display, parse_json, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BASELINE_VERSION = 2
OUTDATED_RULE_ID = "baseline.outdated"

IssueCounts = Counter[IssueKey]
"""How many issues of each key are known."""


class BaselineError(BmkitError):
    """A baseline that cannot be read or written; the message is one line."""


def count_issues(issues: Iterable[Issue]) -> IssueCounts:
    """Count issues by what they are about."""
    return Counter(issue_key for issue in issues for issue_key in issue.keys)


def find_new(issues: Sequence[Issue], known_counts: IssueCounts) -> tuple[list[Issue], IssueCounts]:
    """Return the issues that are not known, and which of the known ones are not among them.

    Of more issues with one key than are known the last ones count as new, and a group is known if all its
    members are.
    """
    unmet_counts = known_counts.copy()
    new_issues = []
    for issue in issues:
        issue_keys = issue.keys
        if not all(unmet_counts[issue_key] > 0 for issue_key in issue_keys):
            new_issues.append(issue)
        unmet_counts.subtract(issue_key for issue_key in issue_keys if unmet_counts[issue_key] > 0)
    return new_issues, +unmet_counts


def find_gone_entries(
    unmet_counts: IssueCounts, known_counts: IssueCounts, baseline_path: str
) -> list[Issue]:
    """Return an issue for each entry of the baseline of which some issues are gone."""
    entry_indexes = {issue_key: index for index, issue_key in enumerate(_sort_issue_keys(known_counts))}
    gone_issues = []
    for issue_key, unmet_count in unmet_counts.items():
        subject = _describe_issue_key(issue_key)
        message = f"{subject} no longer exists"
        if (known_count := known_counts[issue_key]) > 1:
            found_count = known_count - unmet_count
            message = f"{subject} is known {known_count} times, but exists {found_count} times"
        place = Place(baseline_path, f"/issues/{entry_indexes[issue_key]}")
        hint = "remove it, or run with --write-baseline"
        gone_issues.append(Issue(place, OUTDATED_RULE_ID, Severity.WARNING, message, hint))
    return gone_issues


def read_baseline(path: str) -> IssueCounts:
    """Read a baseline; BaselineError if it cannot be read or is not a baseline file."""
    data = b""
    try:
        data = read_bytes(path)
        document = parse_json(data)
    except JsonError as error:
        fault = error.faults[0]
        location = ""
        if fault.rule not in {"json.missing", "json.not-a-file", "json.unreadable"}:
            location = ":{}:{}".format(*Lines(decode_for_display(data)).to_line_column(fault.start))
        raise BaselineError(f"{path}{location}: {fault.message}") from None
    if isinstance(document, dict) and document.get("version") in range(1, BASELINE_VERSION):
        raise BaselineError(
            f"{path}: it is of an earlier bmkit and does not say which values are known; remove it, and "
            f"write it anew: bmkit validate --baseline {path} --write-baseline"
        )
    if not isinstance(document, dict) or document.get("version") != BASELINE_VERSION:
        raise BaselineError(f'{path}: not a baseline file: expected "version": {BASELINE_VERSION}')
    entries = document.get("issues")
    if not isinstance(entries, list):
        raise BaselineError(f'{path}: not a baseline file: expected a list "issues"')
    known_counts: IssueCounts = Counter()
    for entry_number, entry in enumerate(entries, 1):
        issue_key, count = _parse_baseline_entry(entry)
        if not issue_key.rule or count < 1:
            expected_fields = f"a rule, and {', '.join(IssueKey._fields[1:])} and count where they apply"
            raise BaselineError(f"{path}: entry {entry_number} cannot be read: expected {expected_fields}")
        if issue_key in known_counts:
            raise BaselineError(
                f"{path}: entry {entry_number} repeats an earlier one: {_describe_issue_key(issue_key)}"
            )
        known_counts[issue_key] = count
    return known_counts


class BaselineUpdate(NamedTuple):
    """How many issues a baseline held before (0 if there was none) and holds now, and what it refused."""

    count_before: int
    count_after: int
    refused_counts: IssueCounts

    @property
    def first_refused(self) -> str:
        """The first of the refused issues, for people."""
        return _describe_issue_key(_sort_issue_keys(self.refused_counts)[0])


def write_baseline(path: str, current_counts: IssueCounts, *, covers_all: bool = True) -> BaselineUpdate:
    """Create a baseline, or take out of one that exists what is gone; nothing is added to it.

    Unless `current_counts` covers all content, nothing is taken out either.  BaselineError if the
    file cannot be read or written.
    """
    try:
        if not os.path.lexists(path):
            create_file(path, _format_baseline(current_counts))
            return BaselineUpdate(0, current_counts.total(), Counter())
        known_counts = read_baseline(path)
        kept_counts = known_counts & current_counts if covers_all else known_counts
        if kept_counts != known_counts:
            rewrite_file(path, read_bytes(path), _format_baseline(kept_counts))
        return BaselineUpdate(known_counts.total(), kept_counts.total(), current_counts - known_counts)
    except WriteError as error:
        raise BaselineError(str(error)) from None
    except (OSError, JsonError) as error:
        raise BaselineError(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def rename_baseline(path: str, new_keys: Mapping[IssueKey, IssueKey]) -> bool:
    """Write the keys of a baseline anew where they have others now; return whether there were such.

    BaselineError if the file cannot be read or written.
    """
    known_counts = read_baseline(path)
    renamed_counts: IssueCounts = Counter()
    for issue_key, count in known_counts.items():
        renamed_counts[new_keys.get(issue_key, issue_key)] += count
    if renamed_counts == known_counts:
        return False
    try:
        rewrite_file(path, read_bytes(path), _format_baseline(renamed_counts))
    except WriteError as error:
        raise BaselineError(str(error)) from None
    return True


def _format_baseline(issue_counts: IssueCounts) -> bytes:
    from bmkit.canonical import format_json_string

    entry_lines = []
    for issue_key in _sort_issue_keys(issue_counts):
        members = [
            f'"{key}": {format_json_string(value)}' for key, value in issue_key._asdict().items() if value
        ]
        members += [f'"count": {issue_counts[issue_key]}'] if issue_counts[issue_key] > 1 else []
        entry_lines.append(f"    {{{', '.join(members)}}}")
    entries_text = "[\n" + ",\n".join(entry_lines) + "\n  ]" if entry_lines else "[]"
    return f'{{\n  "version": {BASELINE_VERSION},\n  "issues": {entries_text}\n}}\n'.encode()


def _sort_issue_keys(issue_counts: IssueCounts) -> list[IssueKey]:
    return sorted(
        issue_counts,
        key=lambda issue_key: (issue_key.file, issue_key.record, issue_key.field, *issue_key),
    )


def _parse_baseline_entry(entry: Any) -> tuple[IssueKey, int]:
    if not isinstance(entry, dict) or not entry.keys() <= {*IssueKey._fields, "count"}:
        return IssueKey(*[""] * len(IssueKey._fields)), 0
    key_parts = [entry.get(key, "") for key in IssueKey._fields]
    count = entry.get("count", 1)
    if not all(isinstance(key_part, str) for key_part in key_parts) or not isinstance(count, int):
        return IssueKey(*[""] * len(IssueKey._fields)), 0
    return IssueKey(*key_parts), count


def _describe_issue_key(issue_key: IssueKey) -> str:
    location = f'"{issue_key.record}"' if issue_key.record else issue_key.file
    return f"{issue_key.rule} of {location}{f' at {issue_key.field}' if issue_key.field else ''}"
