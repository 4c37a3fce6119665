"""Makes docs/fhir-examples.md, one fact of each kind as FHIR R5; `make docs` writes it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bmkit.export.fhir.ids import make_record_path
from bmkit.rules.derived.facts import find_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.resources import ResourceKey, Resources

# What every resource has alike; docs/fhir.md says it once.
ALIKE = {
    "id", "meta", "language", "text", "identifier", "url", "version", "name", "title", "status",
    "experimental", "date", "publisher", "relatedArtifact",
}  # fmt: skip
# Kinds of the content whose facts are words, or numbers of a list of references.
WORDED_KINDS = ("literature", "statement")
# An object of plain values stands on one line.
PLAIN = re.compile(r"\{\n\s*([^{}\[\]]*?)\n\s*\}")
HEAD = """\
# One fact of each kind as FHIR

Made by `make docs` from the content ({digest}): of each kind the fact with the most fields, the
sentence that its fields make, and the resources that state it, in R5. What every resource has alike (names,
dates, narrative, where the fact stands) is left out, [fhir.md](fhir.md) says it once; so is, of a resource
about several facts, what other facts say.
"""


def make_page(resources: Resources, digest: str) -> str:
    return HEAD.format(digest=digest) + "".join(
        part for fact in choose_fullest_facts(resources) for part in format_example(resources, fact)
    )


def choose_fullest_facts(resources: Resources) -> list[Record]:
    """Of each kind the fact with the most fields, the first of them."""
    chosen: dict[str, Record] = {}
    for fact in find_facts(resources.content):
        fullest = chosen.get(fact.kind.name)
        if fullest is None or len(fact.value) > len(fullest.value):
            chosen[fact.kind.name] = fact
    return [chosen[name] for name in sorted(chosen)]


def format_example(resources: Resources, fact: Record) -> Iterator[str]:
    yield f"\n## {fact.kind.name}\n\n`{fact.id}`: {resources.terms.describe_record(fact)}\n"
    if fact.kind.name in WORDED_KINDS:
        yield "\nIt is in the narrative of the Composition's section in words.\n"
    for key in resources.keys_by_fact.get((fact.kind.name, fact.id), ()):
        elements = select_elements(resources, fact, key)
        text = json.dumps(elements, ensure_ascii=False, indent=1, default=float)
        yield f"\n```json\n{compact_objects(text)}\n```\n"


def select_elements(resources: Resources, fact: Record, key: ResourceKey) -> dict[str, Any]:
    """What a resource says of the fact: all of its own, of a shared one the elements with its id."""
    elements = {name: value for name, value in resources.by_key[key].items() if name not in ALIKE}
    if key[1] == make_record_path(fact):
        return elements
    parts: dict[str, Any] = {
        name: elements[name] for name in ("resourceType", "code", "topic") if name in elements
    }
    for name, value in elements.items():
        own_elements = (
            [element for element in value if _is_about(element, fact)] if isinstance(value, list) else []
        )
        if own_elements:
            parts[name] = own_elements
    return parts


def _is_about(element: Any, fact: Record) -> bool:
    return isinstance(element, dict) and element.get("id") in (fact.id, f"{fact.kind.name}.{fact.id}")


def compact_objects(text: str) -> str:
    return PLAIN.sub(lambda match: "{" + re.sub(r"\n\s*", " ", match[1]) + "}", text)
