"""References: records that speak of other records by their id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from bmkit.content import Content, Record, Reference

_HIERARCHY = ("parent", "part_of")

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
    names = _Names(content)
    nowhere = _nowhere(content)
    for mention in content.mentions() if nowhere else ():
        ref, near = mention.field.ref, mention.records[0]
        missing = mention.targets & nowhere.get((near.folder, ref), frozenset())
        # Nearly all references lead somewhere: only of the others the places are looked up.
        for reference in mention.references() if missing and content.complete(ref, near.folder) else ():
            if reference.target in missing:
                place = reference.record.at(*reference.parts)
                yield place, f'there is no {ref} "{reference.target}"', names.hint(reference)


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


class _Names:
    """What the records of each kind are called, for hints."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._synonyms: dict[tuple[str, str], dict[str, str]] = {}

    def hint(self, reference: Reference) -> str:
        """Say which record was probably meant."""
        # Only content with a dangling reference pays for this import.
        from bmkit.suggest import suggest

        record, field, _, target = reference
        key = (record.folder, field.ref)
        if key not in self._synonyms:
            self._synonyms[key] = dict(self._called(field.ref, record))
        ids = [other.id for other in self._content.every(field.ref, record)]
        meant = suggest(target, ids, self._synonyms[key])
        if meant:
            return f'did you mean "{meant}"?'
        folders = [self._content.folders[name] for name in self._content.reached(record.folder)]
        kinds = sorted({kind for folder in folders for kind in folder.records})
        other = next((kind for kind in kinds if self._content.named(kind, target, record)), "")
        return f'"{target}" is a {other}' if other else ""

    def _called(self, kind: str, near: Record) -> Iterator[tuple[str, str]]:
        """Give every name of every record of a kind beside its id, with the id."""
        for record in self._content.every(kind, near):
            for text in (
                record.value.get("label"),
                *_list(record, "synonyms"),
                *_list(record, "as_in_article"),
            ):
                if isinstance(text, str):
                    yield text, record.id


def _list(record: Record, name: str) -> list[Any]:
    value = record.value.get(name)
    return value if isinstance(value, list) else []


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
