"""bmkit diff: what changed in meaning between two contents or workbooks, and how grave it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from bmkit.cli.options import add_max_size_option, add_root_option
from bmkit.cli.process import EXIT_CLEAN, EXIT_ERRORS, WrongUseError
from bmkit.cli.project import (
    find_project_root,
    format_repository_prefix,
    format_root_prefix,
    read_project,
    refuse_unread,
)
from bmkit.cli.terminal import detect_terminal, print_for_people, print_for_programs
from bmkit.content import CONTENT_FOLDER, ContentError, read_content
from bmkit.git_revision import RevisionError, read_revision
from bmkit.schema import SCHEMA_FOLDER, SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content

_GRAVITY_WORDS = ("critical", "major", "minor")
_RANGE_SIGN = ".."


@click.command("diff")
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json", "markdown", "github"]),
    default="text",
    show_default=True,
    help="How the changes are written.",
)
@click.option(
    "--fail-on",
    type=click.Choice(_GRAVITY_WORDS),
    help="Exit with status 1 if a change is at least that grave.",
)
@add_max_size_option
@add_root_option
def command(
    old: str, new: str | None, format_name: str, fail_on: str | None, limit: int, root: str | None
) -> int:
    """Show what changed in the facts from OLD to NEW, and how grave each change is.

    OLD and NEW are git revisions, folders of projects, or workbooks; without NEW it is the content as it is
    now. main..HEAD is from one revision to the other. A workbook is compared in what its article has.
    """
    from bmkit.changes import Gravity, find_changes
    from bmkit.changes.report import build_change_report, render_changes

    names = _split_range(old, new)
    if any(map(_is_workbook, names)):
        _refuse_revisions(names)
    sides = [None if _is_workbook(name) else _read_content(name, root, limit) for name in names]
    # What a workbook does not have is as on the other side, or as it is now.
    beside = next((side for side in sides if side is not None), None) or _read_content(None, root, limit)
    has_faults = False
    contents = []
    for name, side in zip(names, sides, strict=True):
        content, is_faulty = (side, False) if side is not None else _read_workbook(name or "", beside, limit)
        contents.append(content)
        has_faults = has_faults or is_faulty
    old_content, new_content = contents
    make_prefix = format_repository_prefix if format_name == "github" else format_root_prefix
    report = build_change_report(
        find_changes(old_content, new_content), old_content, new_content, make_prefix(new_content.root)
    )._replace(seals=_find_seal_changes(old_content, new_content))
    text = render_changes(format_name, report)
    if format_name == "text":
        print_for_people(text, detect_terminal())
    else:
        print_for_programs(text, has_commands=format_name == "github")
    least = Gravity[fail_on.upper()] if fail_on else None
    is_grave = least is not None and any(reported.change.gravity >= least for reported in report.changes)
    return EXIT_ERRORS if is_grave or has_faults else EXIT_CLEAN


def _refuse_revisions(names: Iterable[str | None]) -> None:
    """Raise WrongUseError for a revision: what a workbook does not have is read from a folder."""
    for name in names:
        if name is not None and not os.path.isdir(name) and not _is_workbook(name):
            raise WrongUseError(
                f"{name}: a workbook is compared with a folder or another workbook", "check the revision out"
            )


def _is_workbook(name: str | None) -> bool:
    return name is not None and name.lower().endswith(".xlsx") and not os.path.isdir(name)


def _read_content(name: str | None, root: str | None, limit: int) -> Content:
    """Return the content of a folder or revision, its shape looked at; of None as it is now."""
    from bmkit.shape import ShapeChecker, find_shape_issues

    content = read_project(root, limit=limit) if name is None else _read_side(name, root, limit)
    refuse_unread(content, f"{name or 'the content'}: ")
    find_shape_issues(content, ShapeChecker())
    return content


def _read_workbook(file: str, beside: Content, limit: int) -> tuple[Content, bool]:
    """Return content as a workbook has it, and whether cells of it cannot be read, which are told."""
    from bmkit.cli.import_sheets import print_faults, read_workbook
    from bmkit.shape import ShapeChecker, find_shape_issues
    from bmkit.sheets.as_content import plan_as_sheets

    edits, exported = read_workbook(file, beside, may_lack_base=True)
    plan = plan_as_sheets(beside, edits, exported, limit)
    find_shape_issues(plan.content, ShapeChecker())
    faults = [*edits.faults, *(fault for fault in plan.faults if fault.is_error)]
    print_faults(f"{file}: ", faults, to_stderr=True)
    return plan.content, any(fault.is_error for fault in faults)


def _find_seal_changes(old: Content, new: Content) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not any(folder.seal_path for content in (old, new) for folder in content.folders.values()):
        return ()
    # Only who has seals pays for this import.
    from bmkit.source_text.seal_changes import find_seal_changes

    return tuple(find_seal_changes(old, new))


def _split_range(old: str, new: str | None) -> tuple[str, str | None]:
    """Return both names; of "main..HEAD" the two, where no folder has that name."""
    if new is not None or _RANGE_SIGN not in old or os.path.isdir(old):
        return old, new
    old_name, _, new_name = old.partition(_RANGE_SIGN)
    return old_name or "HEAD", new_name.removeprefix(".") or "HEAD"


def _read_side(name: str, root: str | None, limit: int) -> Content:
    """Return the content of a folder, or of a git revision of the project."""
    try:
        if os.path.isdir(name):
            return read_project(name, limit=limit)
        project_root = find_project_root(root)
        files = read_revision(project_root, name, (CONTENT_FOLDER, SCHEMA_FOLDER), limit)
        if not files.is_folder(CONTENT_FOLDER):
            raise WrongUseError(f"{name}: there is no {CONTENT_FOLDER}/ in this revision")
        return read_content(project_root, max_bytes=limit, files=files)
    except (RevisionError, ContentError) as error:
        raise WrongUseError(f"{name}: {error}") from None
    except SchemaError as error:
        raise WrongUseError(f"{name}: its schemas cannot be used: {error}") from None
