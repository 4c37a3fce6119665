"""What an article says of itself, as far as its record has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.export.fhir.ids import Path


# What terms are written in, whatever the language of the articles that share them.
LANGUAGE = "en"


class About(NamedTuple):
    """The article that resources are made of.

    Without a record of kind article it is a folder with a name; without `reviewed`, the day of its last
    review, there is no date that a document could bear.
    """

    folder: str
    id: str
    label: str
    language: str = LANGUAGE
    publisher: str = ""
    reviewed: str = ""
    record: Record | None = None

    def path(self, *part: str) -> Path:
        """What a resource about the article is about."""
        return (self.folder, "article", self.id, *part)


def about(content: Content, folder: str) -> About:
    """What the article in `folder` says of itself; `content` is its part of the content."""
    records = content.list_records("article")
    if not records:
        return About(folder, folder, folder)
    [record, *_] = records
    held = record.value
    return About(
        folder,
        record.id,
        str(held.get("label", record.id)),
        str(held.get("language", LANGUAGE)),
        str(held.get("publisher", "")),
        str(held.get("reviewed", "")),
        record,
    )
