"""References: records that speak of other records by their id."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from bmkit.content import Content, Reference

_HIERARCHY = ("parent", "part_of")
# References that agree on a name are no slip of one hand.
_SEVERAL = 2

_Node = tuple[str, str, str]


@rule(
    Severity.ERROR,
    good={"tumour": [{"id": "breast-cancer"}], "incidence": [{"id": "one", "tumour": "breast-cancer"}]},
    bad=[
        {"tumour": [{"id": "breast-cancer"}], "incidence": [{"id": "one", "tumour": "brest-cancer"}]},
        {"site": [{"id": "rib"}], "site-involvement": [{"id": "one", "with_sites": ["rib", "hip"]}]},
    ],
    fix="correct the id, or add the record that it names",
)
def dangling(content: Content) -> Faults:
    """A reference leads to no record.

    The page shows a bare id, the link goes nowhere, and the database refuses the row.
    """
    nowhere = _nowhere(content)
    for mention in content.mentions() if nowhere else ():
        ref, near = mention.field.ref, mention.records[0]
        missing = mention.targets & nowhere.get((near.folder, ref), frozenset())
        # Nearly all references lead somewhere: only of the others the places are looked up.
        for reference in mention.references() if missing and content.complete(ref, near.folder) else ():
            if reference.target in missing:
                place = reference.record.at(*reference.parts)
                yield place, f'there is no {ref} "{reference.target}"', _hint(reference, content)


@rule(
    Severity.ERROR,
    good={"site": [{"id": "skeleton"}, {"id": "spine", "parent": "skeleton"}]},
    bad=[
        {"site": [{"id": "skeleton", "parent": "spine"}, {"id": "spine", "parent": "skeleton"}]},
        {"site": [{"id": "spine", "part_of": ["spine"]}]},
    ],
)
def cycle(content: Content) -> Faults:
    """A hierarchy leads back to where it started.

    What belongs to itself has no place in an outline, and whoever climbs the hierarchy never arrives.
    """
    edges: dict[_Node, list[Reference]] = {}
    for mention in content.mentions():
        if mention.field.name in _HIERARCHY and mention.field.ref == mention.kind.name:
            folder = mention.records[0].folder
            for reference in mention.references():
                edges.setdefault((folder, mention.field.ref, reference.record.id), []).append(reference)
    done: set[_Node] = set()
    for start, first in edges.items():
        way: list[_Node] = []
        # An explicit stack: a hierarchy may be deeper than Python's own.
        stack: list[Iterator[Reference]] = []
        if start not in done:
            way.append(start)
            stack.append(iter(first))
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                done.add(way.pop())
                continue
            here = (*start[:2], step.target)
            if here in way:
                names = [name for _, _, name in way[way.index(here) :]]
                message = f"{' belongs to '.join([*names, names[0]])}: a circle"
                yield step.record.at(*step.parts), message, "take one of these references away"
            elif here in edges and here not in done:
                way.append(here)
                stack.append(iter(edges[here]))


@rule(
    Severity.WARNING,
    good={"tumour": [{"id": "breast-cancer"}], "incidence": [{"id": "one", "tumour": "breast-cancer"}]},
    bad={
        "tumour": [{"id": "breast-cancer"}, {"id": "lung-cancer"}],
        "incidence": [{"id": "one", "tumour": "breast-cancer"}],
    },
    across=True,
)
def unused(content: Content) -> Faults:
    """A term is not used by any fact or other term.

    It may be left over from a fact that is gone, or stand for a fact that someone forgot to write.
    """
    kinds = content.kinds()
    # Reference lists alone are a vocabulary; only facts can leave a term unused.
    if any(folder.unread for folder in content.folders.values()) or all(
        kind.group != "fact" for kind in kinds
    ):
        return
    referred = {field.ref for kind in kinds for field in kind.references}
    used = {(mention.field.ref, target) for mention in content.mentions() for target in mention.targets}
    # A record with a wrong shape still uses the terms that it names.
    texts = {text for record in content.misshapen() for text in _texts(record.value)}
    for record in content.records():
        kind = record.kind
        is_used = (kind.name, record.id) in used or record.id in texts
        if kind.group == "term" and kind.name in referred and not is_used:
            yield (
                record.at("id"),
                f'nothing refers to the {kind.name} "{record.id}"',
                "use it, or take it out",
            )


def _nowhere(content: Content) -> dict[tuple[str, str], frozenset[str]]:
    """Give the ids that lead to no record, by the folder that says them and the kind that is meant."""
    named: dict[tuple[str, str], list[frozenset[str]]] = {}
    for mention in content.mentions():
        named.setdefault((mention.records[0].folder, mention.field.ref), []).append(mention.targets)
    found = {
        (folder, ref): content.unnamed(ref, frozenset().union(*targets), folder)
        for (folder, ref), targets in named.items()
    }
    return {key: ids for key, ids in found.items() if ids}


def _hint(reference: Reference, content: Content) -> str:
    """Say which record was probably meant, or that it is the record that lost its name.

    Many references agree on a right name, and nobody refers to a misspelt one.
    """
    # Only content with a dangling reference pays for this import.
    from bmkit.content.labels import Names

    names = content.once(Names)
    record, field, _, target = reference
    meant = names.meant(field.ref, target, record)
    said = content.once(_said)
    many = said[record.folder, field.ref, target]
    if meant and many >= _SEVERAL and not said[record.folder, field.ref, meant]:
        return f'"{meant}" may be it, misspelt: {many} references say "{target}"'
    return names.hint(field.ref, target, record)


def _said(content: Content) -> Counter[_Node]:
    """Count the references to each id, by the folder that says it and the kind that is meant."""
    return Counter(
        (reference.record.folder, reference.field.ref, reference.target) for reference in content.references()
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
