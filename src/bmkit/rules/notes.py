"""Notes: what editors say about differences between our reading and the article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content

_KIND = "editorial-note"


@rule(
    Severity.WARNING,
    good={
        "editorial-note": [{"id": "ribs-named-twice"}],
        "site": [{"id": "rib", "notes": ["ribs-named-twice"]}],
    },
    bad={"editorial-note": [{"id": "ribs-named-twice"}], "site": [{"id": "rib"}]},
    across=True,
)
def nowhere(content: Content) -> Faults:
    """An editorial note that no record refers to.

    Whoever reads the fact that it is about does not learn that the article says something else.
    """
    if any(folder.unread for folder in content.folders.values()):
        return
    used: set[int] = set()
    for mention in content.mentions():
        if mention.field.ref == _KIND:
            near = mention.records[0]
            used.update(id(content.named(_KIND, target, near)) for target in mention.targets)
    for record in content.misshapen():
        notes = record.value.get("notes")
        names = [name for name in (notes if isinstance(notes, list) else []) if isinstance(name, str)]
        used.update(id(content.named(_KIND, name, record)) for name in names)
    for record in content.of(_KIND):
        if id(record) not in used:
            message = f'no record refers to the editorial note "{record.id}"'
            yield record.at("id"), message, "name it in the notes of the records that it is about"
