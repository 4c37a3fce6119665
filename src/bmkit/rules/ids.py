"""Ids: the names by which records refer to each other."""

from __future__ import annotations

import re
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


_ID_FORM = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*", re.ASCII)
_MAX_ID_LENGTH = 80


@rule(Severity.ERROR, source="RFC 3986, Uniform Resource Identifier: Generic Syntax, section 2.3")
def form(content: Content) -> Faults:
    """An id has signs that cannot stand in an address, or is too long for one.

    Exports make addresses, codes and names of files from ids: with a blank, a slash or a # they are invalid,
    or those of another record.  The schema of a kind may ask for less.
    """
    for kind in content.list_kinds():
        for record in content.list_records(kind.name):
            if len(record.id) > _MAX_ID_LENGTH:
                message = f"the id has {len(record.id)} signs, and may have {_MAX_ID_LENGTH}"
                yield record.locate_field("id"), message, "give it a shorter one"
            elif not _ID_FORM.fullmatch(record.id):
                message = f'the id "{record.id}" is not of letters and digits joined by ., _ or -'
                yield record.locate_field("id"), message, 'write it like "breast-cancer"'


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
