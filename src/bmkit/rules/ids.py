"""Ids: the names by which records refer to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content


@rule(
    Severity.ERROR,
    good={"tumour": [{"id": "breast-cancer"}, {"id": "lung-cancer"}], "site": [{"id": "breast-cancer"}]},
    bad={"tumour": [{"id": "breast-cancer"}, {"id": "lung-cancer"}, {"id": "breast-cancer"}]},
    guards_dose=True,
)
def duplicate(content: Content) -> Faults:
    """An id is used twice in one kind.

    A reference to it may mean either record, and an edit of one does not change the other.
    """
    for record, first_record in content.find_namesakes():
        first_number = first_record.index + 1
        message = f'the id "{record.id}" is already used by record {first_number} of {first_record.file}'
        yield record.locate_field("id"), message, "give one of them another id, or merge them"


@rule(
    Severity.ERROR,
    good={"articles": {"bone-metastasis": {"article": [{"id": "bone-metastasis"}]}}},
    bad={"articles": {"bone-metastasis": {"article": [{"id": "bone-metastases"}]}}},
)
def differs_from_folder(content: Content) -> Faults:
    """The id of an article is not the name of its folder.

    Files are found by folder and facts by id: two names for one article lead to two articles.
    """
    for record in content.list_records("article"):
        if record.id != record.folder:
            message = f'the id of the article is "{record.id}", but its folder is "{record.folder}"'
            yield record.locate_field("id"), message, "give both the same name"
