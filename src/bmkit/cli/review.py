"""bmkit review: who has signed what, and signing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bmkit.cli.options import add_max_size_option, add_root_option
from bmkit.cli.process import EXIT_CLEAN, EXIT_MISUSE, WrongUseError
from bmkit.cli.project import format_root_prefix, read_checked_project
from bmkit.cli.record_names import (
    refuse_several_folders,
    refuse_unknown_record,
    split_record_name,
)
from bmkit.cli.terminal import print_lines
from bmkit.cli.write_back import write_all_back

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
    from bmkit.today import resolve_today

    content = read_checked_project(root, limit)
    subjects = [_find_subject(record_name, article, status, content) for record_name in records]
    statement = Statement(status, reviewer.strip(), resolve_today(), reason.strip())
    new_texts = sign_subjects([(subject, statement) for subject in dict.fromkeys(subjects)], content)
    _refuse_wrong_reviews(_read_with(content, new_texts), set(new_texts))
    texts = {
        path: (content.read_text(path) if content.find_file(path) else "", text)
        for path, text in new_texts.items()
    }
    if not write_all_back(content.root, texts):
        print_lines("nothing was written", to_stderr=True)
        return EXIT_MISUSE
    for subject in subjects:
        print_lines(f"{subject.kind}/{subject.record_id}: {status} by {statement.reviewer}")
    return EXIT_CLEAN


@command.command("list")
@click.option("--status", type=click.Choice(_STATUSES), help="Only what has this status.")
@click.option("--changed", is_flag=True, help="Only what has changed since.")
@add_max_size_option
@add_root_option
def list_command(status: str | None, changed: bool, limit: int, root: str | None) -> int:
    """List what reviewers have said, and what has changed since."""
    from bmkit.review.find import list_reviews

    content = read_checked_project(root, limit)
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

    kind_name, record_id = split_record_name(record_name)
    subjects = [
        subject
        for subject in find_subjects(kind_name, record_id, content)
        if article in {None, subject.folder}
    ]
    if not subjects:
        refuse_unknown_record(record_name, article, content)
    # What was moved to another folder is there, and gone where it was.
    meant = [subject for subject in subjects if (subject.target is None) == (status == "withdrawn")]
    subjects = meant or subjects
    refuse_several_folders(record_name, (subject.folder for subject in subjects))
    [subject] = subjects
    if subject.target is None and status != "withdrawn":
        raise WrongUseError(f"{record_name} is gone; put it back, or sign that with --status withdrawn")
    if subject.target is not None and status == "withdrawn":
        raise WrongUseError(f"{record_name} is there; remove it before you sign that it is gone")
    if subject.target is not None and not subject.target.is_valid:
        raise WrongUseError(f"{record_name} does not fit its schema; bmkit validate says why")
    return subject
