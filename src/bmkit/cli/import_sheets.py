"""bmkit import: edited sheets brought back into the content, as the smallest patch."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from bmkit.cli.fix import iter_diff_lines
from bmkit.cli.options import PathName, add_max_size_option, add_root_option
from bmkit.cli.process import EXIT_CLEAN, EXIT_ERRORS, EXIT_MISUSE, WrongUseError
from bmkit.cli.project import format_root_prefix, read_project, refuse_unread
from bmkit.cli.run_check import build_report, run_check
from bmkit.cli.terminal import detect_terminal, print_diff, print_for_people, print_lines
from bmkit.cli.write_back import remove_killed_runs_files, write_all_back
from bmkit.content import REVIEW_KIND, TERMS_FOLDER
from bmkit.jsontext import JsonError, decode_utf8, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bmkit.content import Content
    from bmkit.issue import Issue
    from bmkit.sheets.csv_files import CsvFolder
    from bmkit.sheets.edits import RecordKey, RowPlace, SheetEdits, SheetFault
    from bmkit.sheets.exported import Exported
    from bmkit.sheets.plan import ImportPlan

    _SpanDigester = Callable[[int, int], str]


@click.command("import")
@click.argument("form", metavar="FORMAT", type=click.Choice(["csv", "xlsx"]))
@click.argument("path", type=PathName(exists=True))
@click.option("--dry-run", is_flag=True, help="Write nothing; show the changes as a diff and in words.")
@click.option("--delete", is_flag=True, help="Remove the records that have no row any more.")
@click.option(
    "--without-base",
    is_flag=True,
    help="Compare with the content as it is now, for sheets without the records that were exported.",
)
@click.option(
    "--text",
    "text_file",
    metavar="FILE",
    type=PathName(dir_okay=False),
    help="The text of the article, for the digests of new places in it.",
)
@click.option(
    "--as", "reviewer", metavar="NAME", default="", help="Who signs the rows that name no reviewer."
)
@add_max_size_option
@add_root_option
def command(
    form: str,
    path: str,
    dry_run: bool,
    delete: bool,
    without_base: bool,
    text_file: str | None,
    reviewer: str,
    limit: int,
    root: str | None,
) -> int:
    """Bring sheets that were exported and edited back into the content.

    FORMAT is xlsx, and PATH a workbook, or csv, and PATH the folder of an article. Only what was changed
    there is written; what was changed in the content since the export stays, and what was changed in both is
    listed. A content without the article gets it whole. Nothing is written while a cell cannot be read or the
    result would have new errors.
    """
    from bmkit.sheets.plan import plan_import

    content = read_project(root, limit=limit, may_be_empty=True)
    refuse_unread(content)
    known_issues = run_check(content)
    read_span_digest = _make_digester(text_file) if text_file else None
    if form == "csv":
        book = _open_csv_folder(path, limit)
        edits, exported = _read_csv_files(path, book, content, read_span_digest, without_base=without_base)
    else:
        edits, exported = read_workbook(path, content, read_span_digest, without_base=without_base)
    plan = plan_import(content, edits, exported, deletes=delete, reviewer=reviewer.strip(), max_bytes=limit)
    faults = [*edits.faults, *plan.faults]
    print_faults(f"{path}: " if form == "xlsx" else os.path.join(path, ""), faults)
    is_refused = any(fault.is_error for fault in faults)
    blocking_count = _check_result(plan, edits, known_issues) if plan.texts else 0
    return _finish(content, plan, is_refused=is_refused, blocking_count=blocking_count, dry_run=dry_run)


def _finish(
    content: Content, plan: ImportPlan, *, is_refused: bool, blocking_count: int, dry_run: bool
) -> int:
    """Show the changes, write them unless something stands against it, and say which."""
    root_prefix = format_root_prefix(content.root)
    if dry_run:
        for path, (old_text, new_text) in sorted(plan.texts.items()):
            print_diff(iter_diff_lines(root_prefix + path, old_text, new_text))
    if plan.texts:
        _print_changes(content, plan.content, root_prefix)
    if is_refused or blocking_count:
        reasons = ["cells that cannot be taken over"] * is_refused
        reasons += [f"{blocking_count} new error{'' if blocking_count == 1 else 's'}"] * bool(blocking_count)
        print_lines(f"nothing was written: {' and '.join(reasons)}", to_stderr=True)
        return EXIT_ERRORS
    if not plan.texts:
        print_lines("nothing was changed", to_stderr=True)
        return EXIT_CLEAN
    count = len(plan.texts)
    files = f"{count} file{'' if count == 1 else 's'}"
    if dry_run:
        print_lines(f"{files} would be written", to_stderr=True)
        return EXIT_CLEAN
    remove_killed_runs_files(content)
    if not write_all_back(content.root, plan.texts):
        print_lines("nothing was written", to_stderr=True)
        return EXIT_MISUSE
    for path in sorted(plan.texts):
        print_lines(f"{root_prefix}{path}")
    print_lines(f"{files} written", to_stderr=True)
    return EXIT_CLEAN


def read_workbook(
    file: str,
    content: Content,
    read_span_digest: _SpanDigester | None = None,
    *,
    without_base: bool = False,
    may_lack_base: bool = False,
) -> tuple[SheetEdits, Exported]:
    """Return the edits of a workbook, and what it was made from; WrongUseError if it cannot be read.

    Without a base it is compared with content; with `may_lack_base` so is one that has none.
    """
    from bmkit.sheets.archive import WorkbookError, open_workbook_file
    from bmkit.sheets.exported import describe_content, describe_mapped, read_exported
    from bmkit.sheets.read import WorkbookReader
    from bmkit.sheets.rows import read_edits

    if os.path.isdir(file):
        raise WrongUseError(f"{file}: is a folder, and a workbook is a file")
    with open_workbook_file(file) as stream:
        try:
            book = WorkbookReader(stream)
            exported = None if without_base else read_exported(book)
            if exported is None:
                if without_base or may_lack_base:
                    exported = describe_content(content, _find_article(content, file))
                elif content.settings.sheets:
                    exported = describe_mapped(content, _find_article(content, file), book.sheets)
            message = f"{file}: has no hidden sheets that say what was exported"
            exported = _require_exported(exported, message)
            return read_edits(book, exported, content.schemas, read_span_digest), exported
        except WorkbookError as error:
            raise WrongUseError(f"{file}: {error}") from None


def _open_csv_folder(folder: str, limit: int) -> CsvFolder:
    """Return the CSV files of a folder; WrongUseError if there are none, or one cannot be read."""
    from bmkit.sheets.archive import WorkbookError
    from bmkit.sheets.csv_files import CsvFolder

    if not os.path.isdir(folder):
        hint = "name the folder of an article, which has the CSV files"
        raise WrongUseError(f"{folder}: is no folder", hint)
    try:
        book = CsvFolder(folder, limit)
    except WorkbookError as error:
        raise WrongUseError(str(error)) from None
    if not book.sheets:
        raise WrongUseError(f"{folder}: has no CSV files", "name the folder of an article")
    return book


def _read_csv_files(
    folder: str,
    book: CsvFolder,
    content: Content,
    read_span_digest: _SpanDigester | None,
    *,
    without_base: bool,
) -> tuple[SheetEdits, Exported]:
    """Return the edits of the CSV files of a folder, and what they were made from; as read_workbook does."""
    from bmkit.export.csv import RECORDS_FILE
    from bmkit.sheets.archive import WorkbookError
    from bmkit.sheets.exported import describe_csv, read_exported_csv
    from bmkit.sheets.rows import read_edits

    try:
        if without_base:
            exported = describe_csv(content, _find_article(content, folder), book)
        else:
            exported = _require_exported(
                read_exported_csv(folder, book, content.schemas),
                f"{folder}: has no {RECORDS_FILE}, which says what was exported",
            )
        return read_edits(book, exported, content.schemas, read_span_digest), exported
    except WorkbookError as error:
        raise WrongUseError(str(error)) from None


def _require_exported(exported: Exported | None, message: str) -> Exported:
    if exported is None:
        raise WrongUseError(message, "with --without-base it is compared with the content as it is now")
    return exported


def _find_article(content: Content, path: str) -> str:
    """Return the article that a workbook or folder is of: the one of its name, or the only one."""
    articles = [name for name in content.folders if name != TERMS_FOLDER] or [TERMS_FOLDER]
    stem = os.path.splitext(os.path.basename(os.path.abspath(path)))[0]
    if stem not in articles and len(articles) > 1:
        raise WrongUseError(
            f"{path}: which article is this of?", f"name it after one of {', '.join(articles)}"
        )
    return stem if stem in articles else articles[0]


def _make_digester(text_file: str) -> _SpanDigester:
    """Return the function that returns the digest of a piece of the text, counted in code points."""
    import hashlib

    try:
        text = decode_utf8(read_bytes(text_file))
    except JsonError as error:
        raise WrongUseError(f"{text_file}: {error.faults[0].message}") from None
    return lambda start, end: hashlib.sha256(text[start:end].encode()).hexdigest()[:16]


def print_faults(path_start: str, faults: Sequence[SheetFault], *, to_stderr: bool = False) -> None:
    """Print what is wrong with sheets, a line each; `path_start` leads to the sheet."""
    for fault in faults:
        word = "error" if fault.is_error else "note"
        hint = f" ({fault.hint})" if fault.hint else ""
        print_lines(f"{path_start}{fault.place}: {word}: {fault.message}{hint}", to_stderr=to_stderr)


def _check_result(plan: ImportPlan, edits: SheetEdits, known_issues: Sequence[Issue]) -> int:
    """Report the issues that the import would bring, and return how many of them forbid it."""
    from bmkit.baseline import count_issues, find_new
    from bmkit.report import render_report

    places = edits.places | {(edit.kind.name, edit.record_id): edit.place for edit in plan.edits}
    new_issues, _ = find_new(run_check(plan.content), count_issues(known_issues))
    placed_issues = [_add_cell(issue, places, plan.content) for issue in new_issues]
    if placed_issues:
        terminal = detect_terminal()
        report = build_report(placed_issues, plan.content, {issue.place.file for issue in placed_issues})
        print_for_people(render_report("text", report, terminal), terminal)
    return sum(issue.is_fault for issue in new_issues)


def _add_cell(issue: Issue, places: Mapping[RecordKey, RowPlace], content: Content) -> Issue:
    """Return the issue with the cell that it stands in, if any, at the start of its message."""
    record = content.find_record_at(issue.place)
    if record is not None and record.kind.name == REVIEW_KIND:
        # Of a review that was said in the row of a fact, that row.
        place = places.get((record.value.get("kind", ""), record.value.get("record", "")))
    else:
        place = None if record is None else places.get((record.kind.name, record.id))
    if place is None:
        return issue
    path = tuple(part for part in issue.place.pointer.split("/")[3:] if not part.isdecimal())
    return issue._replace(message=f"{place.locate(path)}: {issue.message}")


def _print_changes(old: Content, new: Content, root_prefix: str) -> None:
    from bmkit.changes import find_changes
    from bmkit.changes.report import build_change_report, render_changes

    report = build_change_report(find_changes(old, new), old, new, root_prefix)
    if report.changes:
        print_for_people(render_changes("text", report), detect_terminal())
