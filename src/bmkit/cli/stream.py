"""Checks a project one article at a time, so that a project of any size is exported in the same memory."""

from __future__ import annotations

import gc
import hashlib
import os
import sys
from enum import Enum
from typing import TYPE_CHECKING

from bmkit.articles import ArticleSelector
from bmkit.cli.project import format_root_prefix, refuse_unusable_settings
from bmkit.cli.run_check import build_report, run_check
from bmkit.content import CONTENT_FOLDER, REVIEW_KIND, TERMS_FOLDER, Content, File, Folder, Record
from bmkit.content.load import read_articles
from bmkit.export import ExportError
from bmkit.issue import Severity
from bmkit.jsontext import MAX_FILE_BYTES
from bmkit.report import Report
from bmkit.shape import ShapeChecker, find_shape_issues
from bmkit.suppression import SUPPRESSION_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.articles import ArticleContent
    from bmkit.issue import Issue
    from bmkit.report import LocatedIssue


# A search costs as much as the check of some articles.
_ARTICLES_PER_COLLECTION = 20


class Signatures(Enum):
    """Whether the exported facts must be signed as they stand: no, if any are reviewed, or all."""

    NOT_ASKED = "not asked"
    IF_REVIEWED = "if reviewed"
    ALL = "all"


def split_errors(issues: Iterable[Issue], signatures: Signatures) -> tuple[list[Issue], list[Issue]]:
    """Return the errors that stop an export, and those that stop only one of facts that must be signed."""
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if signatures is not Signatures.NOT_ASKED:
        return errors, []
    return (
        [issue for issue in errors if issue.is_fault],
        [issue for issue in errors if not issue.is_fault],
    )


def find_unsigned_errors(content: Content) -> list[Issue]:
    """Return an error for each fact that nobody has signed as it now stands, that no check has told."""
    if content.settings.requires_signatures:
        return []
    # Only who asks for signatures pays for this import.
    from bmkit.review.find import find_unsigned_issues

    return find_unsigned_issues(content)


class FaultyContentError(Exception):
    """Content with errors; `report` has them."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{report.error_count} errors")
        self.report = report


class ArticleStream:
    """The articles of the project in the folder `root`, read and checked one after the other.

    `article_names` are those of the articles; no file may have more than `limit` bytes.  ContentError or
    SchemaError, at once or on the way, if the project or a schema cannot be read.  `passed_errors` are, after
    the check, the errors that do not stop this export.
    """

    def __init__(
        self, root: str, limit: int = MAX_FILE_BYTES, signatures: Signatures = Signatures.NOT_ASKED
    ) -> None:
        self._root, self._limit = root, limit
        self._signatures = signatures
        self.passed_errors: list[Issue] = []
        self._has_reviews = False
        self._unsigned: list[LocatedIssue] = []
        self.article_names, self._unchecked_articles = read_articles(root, max_bytes=limit)
        self._shapes = ShapeChecker()
        self._located_errors: list[LocatedIssue] = []
        self._file_names_by_folder: list[tuple[str, tuple[str, ...]]] = []
        self._record_count = 0
        self._has_checked_schemas = False
        self._digests: list[bytes] = []

    def iter_articles(self) -> Iterator[ArticleContent]:
        """Yield each article with the terms that it uses, or the terms alone, after all have been checked.

        FaultyContentError if there are errors.  Several articles are read once more, so that no more than one
        is in memory; ExportError if somebody changes one of them meanwhile.
        """
        terms, selector, last_article = self._check_articles()
        if not self.article_names:
            yield selector.select_article(terms, TERMS_FOLDER)
        elif len(self.article_names) == 1 and last_article is not None:
            yield selector.select_article(last_article, *self.article_names)
        else:
            yield from self._read_again(terms, selector)

    def _check_articles(self) -> tuple[Content, ArticleSelector, Content | None]:
        """Check everything; returns the terms, what selects articles, and the last of these."""
        terms = next(self._unchecked_articles)
        refuse_unusable_settings(terms)
        # Rules about an article pass over terms of a wrong shape, so the shape of terms is looked at first.
        find_shape_issues(terms, self._shapes)
        selector = ArticleSelector(terms)
        referenced_ids = _find_referenced_ids(terms)
        referenced_folders: dict[str, Folder] = {}
        last_article = None
        for article in _collect_garbage_between(self._unchecked_articles):
            self._check_article(article)
            for name, folder in article.folders.items():
                if name == TERMS_FOLDER:
                    continue
                last_article = article
                if (reduced_folder := _reduce_folder(folder, referenced_ids)) is not None:
                    referenced_folders[name] = reduced_folder
                if not self._located_errors:
                    selector.note_article(folder)
            self._digests.append(_hash_files(article))
        # The terms may refer to any article, so they are judged when all are known.
        all_folders = {**terms.folders, **referenced_folders}
        self._check_article(terms.make_view(all_folders, list(terms.folders), issues=terms.issues))
        if self._has_reviews or self._signatures is Signatures.ALL:
            self._located_errors += self._unsigned
        if self._located_errors:
            raise FaultyContentError(self._build_whole_report(terms.root))
        return terms, selector, last_article

    def _read_again(self, terms: Content, selector: ArticleSelector) -> Iterator[ArticleContent]:
        article_names, articles = read_articles(
            self._root, terms.schemas, max_bytes=self._limit, settings=terms.settings
        )
        if article_names != self.article_names or _hash_files(next(articles)) != _hash_files(terms):
            raise _build_change_error(self._root)
        digests = iter(self._digests)
        for article in _collect_garbage_between(articles):
            if _hash_files(article) != next(digests, b""):
                raise _build_change_error(self._root)
            find_shape_issues(article, self._shapes)
            for name in article.folders:
                if name != TERMS_FOLDER:
                    yield selector.select_article(article, name)

    def _check_article(self, article: Content) -> None:
        issues = run_check(article, shape_checker=self._shapes, lint_schemas=not self._has_checked_schemas)
        self._has_checked_schemas = True
        errors, passed_errors = split_errors(issues, self._signatures)
        report = build_report(errors, article)
        self._located_errors += report.issues
        self.passed_errors += passed_errors
        if self._signatures is not Signatures.NOT_ASKED:
            self._has_reviews = self._has_reviews or bool(article.list_records(REVIEW_KIND))
            self._unsigned += build_report(find_unsigned_errors(article), article).issues
        self._record_count += report.record_count
        # Of files that are alike in all articles only the folders are remembered one by one.
        for folder_path in dict.fromkeys(os.path.dirname(file) for file in report.files):
            file_names = (
                os.path.basename(file) for file in report.files if os.path.dirname(file) == folder_path
            )
            self._file_names_by_folder.append((folder_path, tuple(map(sys.intern, file_names))))

    def _build_whole_report(self, root: str) -> Report:
        issues = sorted(
            self._located_errors,
            key=lambda located_issue: (located_issue.file, located_issue.start, located_issue.end),
        )
        files = tuple(
            f"{folder_path}/{file_name}"
            for folder_path, file_names in self._file_names_by_folder
            for file_name in file_names
        )
        return Report(tuple(issues), files, self._record_count, format_root_prefix(root))


def _collect_garbage_between(articles: Iterable[Content]) -> Iterator[Content]:
    """Yield the articles, and free now and then what those before refer to in circles.

    The command line sets the search for such garbage so that it hardly ever comes.
    """
    for number, article in enumerate(articles, 1):
        yield article
        if number % _ARTICLES_PER_COLLECTION == 0:
            gc.collect()


def _hash_files(content: Content) -> bytes:
    """The SHA-256 of the judged files of a content, as they were read."""
    hasher = hashlib.sha256()
    for file in content.files:
        data = content.get_bytes(file.path)
        hasher.update(f"{file.path} {len(data)}\n".encode("utf-8", "surrogatepass"))
        hasher.update(data)
    return hasher.digest()


def _build_change_error(root: str) -> ExportError:
    folder = f"{format_root_prefix(root)}{CONTENT_FOLDER}/"
    return ExportError(f"{folder} was changed while it was exported; run the command again")


def _find_referenced_ids(terms: Content) -> set[tuple[str, str]]:
    """The records, by kind and id, that terms refer to and that may stand in an article."""
    return {
        (mention.field.target_kind, target_id)
        for mention in terms.iter_field_references()
        for target_id in mention.target_ids
    }


def _reduce_folder(folder: Folder, referenced_ids: set[tuple[str, str]]) -> Folder | None:
    """What of an article must be known to judge the terms: what they refer to, and what it allows.

    What was found is wanted no more: it is there, in whatever article.
    """
    reduced_folder = Folder(folder.name)
    reduced_folder.unread_kinds = folder.unread_kinds
    for file in folder.files:
        kind = file.kind.name
        if kind == SUPPRESSION_KIND:
            records = file.records
        else:
            records = [
                _reduce_to_id(record) for record in file.records if (kind, record.id) in referenced_ids
            ]
            referenced_ids -= {(kind, record.id) for record in records if record.is_valid}
        if records:
            reduced_file = File(file.path, file.folder, file.kind, None)
            reduced_file.records = records
            reduced_folder.add_file(reduced_file)
    return reduced_folder if reduced_folder.files or reduced_folder.unread_kinds else None


def _reduce_to_id(record: Record) -> Record:
    """A record of which only the id is left."""
    reduced_record = Record(record.kind, record.folder, record.file, record.index, {"id": record.id})
    reduced_record.is_valid = record.is_valid
    return reduced_record
