"""Ids: the names by which records refer to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import CONTENT_FOLDER, TERMS_FOLDER
from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record


@rule(Severity.ERROR, guards_dose=True)
def duplicate(content: Content) -> Faults:
    """An id is used twice in one kind.

    A reference to it may mean either record, and an edit of one does not change the other.  Facts of two
    articles may have one id; a term's is its own in the whole project, so that it can be moved to the shared
    terms and keep it.
    """
    for record, first_location in content.find_namesakes():
        first_record = f"record {first_location.number} of {first_location.file}"
        message = f'the id "{record.id}" is already used by {first_record}'
        hint = "give one of them another id, or merge them"
        if first_location.folder != record.folder and record.kind.group == "term":
            hint = f"give one of them another id, or keep one term for both in {_name_shared_file(record)}"
        yield record.locate_field("id"), message, hint


@rule(Severity.ERROR)
def differs_from_folder(content: Content) -> Faults:
    """The id of an article is not the name of its folder.

    Files are found by folder and facts by id: two names for one article lead to two articles.
    """
    for record in content.list_records("article"):
        if record.id != record.folder:
            message = f'the id of the article is "{record.id}", but its folder is "{record.folder}"'
            yield record.locate_field("id"), message, "give both the same name"


def _name_shared_file(record: Record) -> str:
    return f"{CONTENT_FOLDER}/{TERMS_FOLDER}/{record.kind.name}.json"
