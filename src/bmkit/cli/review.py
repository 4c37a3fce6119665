"""bmkit review: who has signed what, and signing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bmkit.cli.options import add_max_size_option, add_root_option
from bmkit.cli.process import EXIT_CLEAN, EXIT_MISUSE, WrongUseError
from bmkit.cli.project import format_root_prefix, read_project, refuse_unread
from bmkit.cli.terminal import print_lines
from bmkit.cli.write_back import write_back, write_new

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.review.find import Review
    from bmkit.review.sign import Subject

_STATUSES = ("reviewed", "proposed", "disputed", "withdrawn")


@click.group("review")
def command() -> None:
    """Say what you have looked at, and see what others have."""


@command.command("sign")
@click.argument("records", nargs=-1, required=True, metavar="KIND/ID...")
@click.option("--as", "reviewer", required=True, metavar="NAME", help="Who says so.")
@click.option(
    "--status",
    type=click.Choice(_STATUSES),
    default="reviewed",
    show_default=True,
    help="That it is right, to be looked at, not right, or gone on purpose.",
)
@click.option("--reason", metavar="TEXT", default="", help="Why, for who reads it later.")
@click.option("--article", metavar="ID", help="The folder of the records, where several have one of an id.")
@add_max_size_option
@add_root_option
def sign(
    records: tuple[str, ...],
    reviewer: str,
    status: str,
    reason: str,
    article: str | None,
    limit: int,
    root: str | None,
) -> int:
    """Say of records, as they now stand, that they are right.

    What is kept are their values, in the file review.json of their folder: validate says what changes later.
    """
    from bmkit.review.sign import Statement, sign_subjects
    from bmkit.shape import ShapeChecker, find_shape_issues
    from bmkit.today import resolve_today

    content = read_project(root, limit=limit)
    refuse_unread(content)
    find_shape_issues(content, ShapeChecker())
    subjects = [_find_subject(record_name, article, status, content) for record_name in records]
    statement = Statement(status, reviewer.strip(), resolve_today(), reason.strip())
    new_texts = sign_subjects(dict.fromkeys(subjects), statement, content)
    changed_content = _read_with(content, new_texts)
    _refuse_wrong_reviews(changed_content, set(new_texts))
    has_failed = False
    for path, text in sorted(new_texts.items()):
        old_text = content.read_text(path) if content.find_file(path) else None
        is_written = (
            write_new(content.root, path, text)
            if old_text is None
            else write_back(content.root, path, old_text, text)
        )
        has_failed = has_failed or not is_written
    for subject in subjects:
        print_lines(f"{subject.kind}/{subject.record_id}: {status} by {statement.reviewer}")
    return EXIT_MISUSE if has_failed else EXIT_CLEAN


@command.command("list")
@click.option("--status", type=click.Choice(_STATUSES), help="Only what has this status.")
@click.option("--changed", is_flag=True, help="Only what has changed since.")
@add_max_size_option
@add_root_option
def list_command(status: str | None, changed: bool, limit: int, root: str | None) -> int:
    """List what reviewers have said, and what has changed since."""
    from bmkit.review.find import list_reviews

    content = _read_checked(root, limit)
    root_prefix = format_root_prefix(content.root)
    for review in list_reviews(content):
        if status in {None, review.status} and (review.changes or not changed):
            print_lines(*_format_review(review, content, root_prefix))
    return EXIT_CLEAN


def _format_review(review: Review, content: Content, root_prefix: str) -> list[str]:
    from bmkit.changes.words import format_field_change

    subject = f"{review.kind}/{review.record_id}"
    if review.target is None:
        return [f"{root_prefix}{review.record.file}: {subject}: {review.status} by {review.reviewer}, gone"]
    state = f"{review.gravity.word} change since" if review.changes else "unchanged"
    said = f"{review.status} by {review.reviewer} on {review.day}"
    side = (review.target, content)
    return [
        f"{root_prefix}{review.target.file}: {subject}: {said}, {state}",
        *(
            f"  {change.gravity.word:<8}  {format_field_change(change, side, side)}"
            for change in review.changes
        ),
    ]


def _read_checked(root: str | None, limit: int) -> Content:
    """Return the content, with the shape of its records looked at."""
    from bmkit.shape import ShapeChecker, find_shape_issues

    content = read_project(root, limit=limit)
    refuse_unread(content)
    find_shape_issues(content, ShapeChecker())
    return content


def _read_with(content: Content, new_texts: dict[str, str]) -> Content:
    from bmkit.content import read_content

    new_files = {path: text.encode("utf-8", "surrogatepass") for path, text in new_texts.items()}
    return read_content(content.root, content.schemas, unsaved_files=new_files, settings=content.settings)


def _refuse_wrong_reviews(content: Content, paths: set[str]) -> None:
    """Raise WrongUseError if what would be written does not fit its schema, such as an empty name."""
    from bmkit.shape import ShapeChecker, find_shape_issues

    issues = [issue for issue in find_shape_issues(content, ShapeChecker()) if issue.place.file in paths]
    if issues:
        raise WrongUseError(f"{issues[0].place.file}: {issues[0].message}", issues[0].hint)


def _find_subject(record_name: str, article: str | None, status: str, content: Content) -> Subject:
    from bmkit.review.sign import find_subjects

    kind, _, record_id = record_name.partition("/")
    if not record_id:
        raise WrongUseError(f"{record_name}: write the record as KIND/ID, such as regimen/zometa-4-mg")
    subjects = [
        subject for subject in find_subjects(kind, record_id, content) if article in {None, subject.folder}
    ]
    if not subjects:
        from bmkit.suggest import suggest_hint

        known_ids = [
            record.id
            for folder in content.folders.values()
            for record in folder.records_by_kind.get(kind, ())
        ]
        raise WrongUseError(
            f'{record_name}: there is no {kind} "{record_id}"', suggest_hint(record_id, known_ids)
        )
    if len(subjects) > 1:
        folders = ", ".join(subject.folder for subject in subjects)
        raise WrongUseError(f"{record_name}: several articles have one: {folders}", "name one with --article")
    [subject] = subjects
    if subject.target is None and status != "withdrawn":
        raise WrongUseError(f"{record_name} is gone; put it back, or sign that with --status withdrawn")
    if subject.target is not None and status == "withdrawn":
        raise WrongUseError(f"{record_name} is there; remove it before you sign that it is gone")
    if subject.target is not None and not subject.target.is_valid:
        raise WrongUseError(f"{record_name} does not fit its schema; bmkit validate says why")
    return subject
