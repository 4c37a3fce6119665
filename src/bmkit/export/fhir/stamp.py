"""What each resource has from its article: language, day of the last review, version."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from bmkit.write_json import format_json

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.export.fhir.ids import Json, ResourcePath

# The language of terms, whatever the language of the articles that share them.
TERM_LANGUAGE = "en"


class ArticleMetadata(NamedTuple):
    """The article of the resources.

    Without a record of kind article only its folder is known; without `review_date`, the day of its last
    review, it has no document.
    """

    folder: str
    id: str
    label: str
    language: str = TERM_LANGUAGE
    publisher: str = ""
    review_date: str = ""
    record: Record | None = None
    document: str = "article"

    def make_path(self, *path_parts: str) -> ResourcePath:
        """The path of a resource about the article."""
        return (self.folder, "article", self.id, *path_parts)


# The day of a document is that of its last review; where it names none, of what it names.
_DATE_FIELDS = ("reviewed", "published", "valid_from")


def describe_article(content: Content, folder: str) -> ArticleMetadata:
    """The metadata of the article in `folder`; `content` is its part of the content."""
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
        next((str(fields[name]) for name in _DATE_FIELDS if name in fields), ""),
        record,
        str(fields.get("document", "article")),
    )


_VERSION_ELEMENT = "version"
# Hexadecimal digits, enough that two versions of a resource do not collide.
_DIGEST_LENGTH = 12


def make_version(resource: Json, review_date: str = "") -> str:
    """The version of a resource: the day of the last review, if there is one, and a digest of its elements.

    The day alone is not enough: a number corrected between two reviews would keep its version, and a cache of
    canonical URL and version would keep the old number.
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
