"""Writes docs/fhir-examples.md: one fact of each kind as FHIR R5.

Run it after the facts have changed: python docs/fhir_examples.py
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from bmkit.content import read_content
from bmkit.export.fhir import made
from bmkit.export.fhir.mapping import NARRATED, facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.making import Making

TOP = os.path.normpath(os.path.join(os.path.dirname(__file__), ".."))
# What every resource has alike; docs/fhir.md says it once.
ALIKE = {
    "id", "meta", "language", "text", "identifier", "url", "version", "name", "title", "status",
    "experimental", "date", "publisher", "relatedArtifact",
}  # fmt: skip
# An object of plain values stands on one line.
PLAIN = re.compile(r"\{\n\s*([^{}\[\]]*?)\n\s*\}")
HEAD = """\
# One fact of each kind as FHIR

Made by `python docs/fhir_examples.py` from the content: of each kind the fact with the most fields, the
sentence that its fields make, and the resources that state it, in R5. What every resource has alike (names,
dates, narrative, where the fact stands) is left out; [fhir.md](fhir.md) says it once.
"""


def page(making: Making) -> str:
    return HEAD + "".join(part for fact in fullest(making) for part in example(making, fact))


def fullest(making: Making) -> list[Record]:
    """Give of each kind the fact with the most fields, the first of them."""
    chosen: dict[str, Record] = {}
    for fact in facts(making.content):
        best = chosen.get(fact.kind.name)
        if best is None or len(fact.value) > len(best.value):
            chosen[fact.kind.name] = fact
    return [chosen[name] for name in sorted(chosen)]


def example(making: Making, fact: Record) -> Iterator[str]:
    yield f"\n## {fact.kind.name}\n\n`{fact.id}`: {making.say(fact)}\n"
    if fact.kind.name in NARRATED:
        yield "\nIt is in the narrative of the Composition's section in words.\n"
    for key in making.stating.get((fact.kind.name, fact.id), ()):
        shown: dict[str, Any] = {
            name: value for name, value in making.resources[key].items() if name not in ALIKE
        }
        yield f"\n```json\n{compact(json.dumps(shown, ensure_ascii=False, indent=1, default=float))}\n```\n"


def compact(text: str) -> str:
    return PLAIN.sub(lambda found: "{" + re.sub(r"\n\s*", " ", found[1]) + "}", text)


def main() -> None:
    with open(os.path.join(TOP, "docs", "fhir-examples.md"), "w", encoding="utf-8", newline="\n") as file:
        file.write(page(made(read_content(TOP))))


if __name__ == "__main__":
    main()
