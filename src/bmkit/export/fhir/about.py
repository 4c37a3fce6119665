"""What an article says of itself, as far as its record has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.export.fhir.ids import ResourcePath


# What terms are written in, whatever the language of the articles that share them.
TERM_LANGUAGE = "en"


class ArticleMetadata(NamedTuple):
    """The article that resources are made of.

    Without a record of kind article it is a folder with a name; without `reviewed`, the day of its last
    review, there is no date that a document could bear.
    """

    folder: str
    id: str
    label: str
    language: str = TERM_LANGUAGE
    publisher: str = ""
    review_date: str = ""
    record: Record | None = None

    def make_path(self, *path_parts: str) -> ResourcePath:
        """What a resource about the article is about."""
        return (self.folder, "article", self.id, *path_parts)


def describe_article(content: Content, folder: str) -> ArticleMetadata:
    """What the article in `folder` says of itself; `content` is its part of the content."""
    article_records = content.list_records("article")
    if not article_records:
        return ArticleMetadata(folder, folder, folder)
    [record, *_] = article_records
    fields = record.value
    return ArticleMetadata(
        folder,
        record.id,
        str(fields.get("label", record.id)),
        str(fields.get("language", TERM_LANGUAGE)),
        str(fields.get("publisher", "")),
        str(fields.get("reviewed", "")),
        record,
    )
