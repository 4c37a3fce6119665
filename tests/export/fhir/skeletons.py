"""Resources with the same elements have one skeleton; one of them stands for all where all take too long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .reading import Json


def make_skeleton(element: Any) -> Any:
    """The elements of a resource without their values, each entry of a list once."""
    if isinstance(element, dict):
        elements = {name: make_skeleton(part) for name, part in element.items() if name != "resourceType"}
        return element.get("resourceType"), tuple(sorted(elements.items(), key=repr))
    if isinstance(element, list):
        return tuple(sorted({make_skeleton(part) for part in element}, key=repr))
    return type(element).__name__


def list_first_entries(bundle: Json, seen_skeletons: set[Any] | None = None) -> list[Json]:
    """The first entry of each skeleton that was not seen before; they are seen then."""
    seen = set() if seen_skeletons is None else seen_skeletons
    first_entries: list[Json] = []
    for entry in bundle["entry"]:
        skeleton = make_skeleton(entry["resource"])
        if skeleton not in seen:
            seen.add(skeleton)
            first_entries.append(entry)
    return first_entries


def pick_each_skeleton(document: Json, seen_skeletons: set[Any] | None = None) -> Json:
    """A collection with the first resource of each unseen skeleton, and with all that it refers to."""
    entries = [entry for entry in document["entry"] if entry["resource"]["resourceType"] != "Composition"]
    entry_by_url = {entry["resource"]["url"]: entry for entry in entries if "url" in entry["resource"]}
    entry_by_url |= {entry["fullUrl"]: entry for entry in entries}
    picked_urls: set[str] = set()
    todo = list_first_entries({"entry": entries}, seen_skeletons)
    while todo:
        entry = todo.pop()
        if entry["fullUrl"] not in picked_urls:
            picked_urls.add(entry["fullUrl"])
            todo += [entry_by_url[text] for text in iter_texts(entry["resource"]) if text in entry_by_url]
    picked_entries = [entry for entry in entries if entry["fullUrl"] in picked_urls]
    return {"resourceType": "Bundle", "type": "collection", "entry": picked_entries}


def iter_texts(element: Any) -> Iterator[str]:
    """Every text of a resource, references and canonicals (without version and fragment) among them."""
    if isinstance(element, str):
        yield element.partition("|")[0].partition("#")[0]
    elif isinstance(element, dict | list):
        for part in element.values() if isinstance(element, dict) else element:
            yield from iter_texts(part)
