"""What each resource bears of its article: its language, the day of its last review, its version."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from bmkit.write_json import format_json

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.export.fhir.ids import Json, ResourcePath

# What terms are written in, whatever the language of the articles that share them.
TERM_LANGUAGE = "en"


class ArticleMetadata(NamedTuple):
    """The article whose resources they are.

    Without a record of kind article it is a folder with a name; without `review_date`, the day of its last
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


_VERSION_ELEMENT = "version"
# Of 16 possible signs each: two texts by chance alike are not to be met in the life of an article.
_DIGEST_LENGTH = 12


def make_version(resource: Json, review_date: str = "") -> str:
    """The version of a resource: the day of the last review, if there is one, and a digest of what it says.

    The day alone would not do: a number that is corrected between two reviews would keep its version, and
    whoever holds the canonical URL and version in a cache would keep the number.
    """
    versioned_elements = {
        element_name: element
        for element_name, element in resource.items()
        if element_name != _VERSION_ELEMENT
    }
    digest = sha256(format_json_line(versioned_elements).encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{review_date}-{digest}" if review_date else digest


def format_json_line(resource: Json) -> str:
    """A resource as JSON text on one line, every number as it was written."""
    try:
        return json.dumps(resource, ensure_ascii=False, check_circular=False)
    except TypeError:  # a decimal, which only the slower writer keeps as it was written
        return format_json(resource)
