"""Makes docs/fhir-tables.md, what the content becomes in FHIR and every dose beside its sentence.

`make docs` writes it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bmkit.export.fhir import dosage, dose_limits
from bmkit.export.fhir.mapping import NARRATED_KINDS, iter_facts
from bmkit.export.fhir.r4b import LOST_ELEMENTS, MISSING_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.resources import Resources

Json = dict[str, Any]
BESIDE = """\
The sentence is made from the fields of the fact, the Dosage from the same fields by other code; *beside* is
what a Dosage has no place for and the variable of the circumstances holds. Instructions that stand in it
because other facts of the product say them are only counted here."""
GONE = {
    "ArtifactAssessment": (
        "the type itself, with category and the codes of confidence and need of a check, and the links "
        "between note and fact; its words are in the narrative of the Composition and, if it needs a check, "
        "in the narrative, note or usage of each resource that states a fact with it"
    ),
    "ConditionDefinition": (
        "the type itself, with the link to the plan of its diagnosis; its features are Evidence"
    ),
}
CHARACTERISTICS = (
    "the codes that say what a characteristic is (it keeps its value, id and words), linkId; "
    "a number is in a contained Group, what is any of several in a contained variable"
)


def page(r5: Resources, r4b: Resources, digest: str) -> str:
    parts = [
        "# The repository's content as FHIR",
        f"Made by `make docs` from the content ({digest}); [fhir.md](fhir.md) says why it is mapped so.",
        "## Resources",
        table(("Type", "R5", "R4B"), counts(r5, r4b)),
        "## Kinds of fact",
        table(("Kind", "Facts", "Becomes"), kinds(r5)),
        share(r5),
        "## What R4B loses",
        table(("Type", "Lost"), lost()),
        "## Every dose beside its sentence",
        BESIDE,
        table(("Fact", "Sentence", "Dosage", "Beside"), doses(r5)),
    ]
    return "\n\n".join(parts) + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(head), ["---"] * len(list(head)), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def counts(r5: Resources, r4b: Resources) -> Iterator[tuple[object, ...]]:
    new, old = (Counter(kind for kind, _ in resources.by_key) for resources in (r5, r4b))
    yield from ((kind, new[kind], old[kind] or "–") for kind in sorted(new))
    yield "**together**", new.total(), old.total()


def kinds(resources: Resources) -> Iterator[tuple[object, ...]]:
    number: Counter[str] = Counter()
    becomes: dict[str, Counter[str]] = {}
    for fact in iter_facts(resources.content):
        name = fact.kind.name
        number[name] += 1
        becomes.setdefault(name, Counter()).update(
            {kind for kind, _ in resources.keys_by_fact.get((name, fact.id), ())} or {"narrative"}
        )
    for name in sorted(number):
        suffix = " (its text in words)" if name == "statement" else ""
        yield name, number[name], ", ".join(sorted(becomes[name])) + suffix


def share(resources: Resources) -> str:
    every = list(iter_facts(resources.content))
    told = sum(fact.kind.name in NARRATED_KINDS for fact in every)
    whole = len(every) - told
    return (
        f"{whole} of {len(every)} facts ({100 * whole / len(every):.1f} %) are computable in every field; "
        f"{told} (of the kinds {' and '.join(sorted(NARRATED_KINDS))}) are words, which the narrative holds."
    )


def lost() -> Iterator[tuple[object, ...]]:
    yield from ((kind, GONE[kind]) for kind in sorted(MISSING_TYPES))
    yield from ((kind, ", ".join(names)) for kind, names in sorted(LOST_ELEMENTS.items()))
    yield "EvidenceVariable", CHARACTERISTICS
    yield "Group", "membership (what it says is in actual: false)"
    yield "Substance", "the link to its SubstanceDefinition"
    yield (
        "Medication, MedicationKnowledge",
        "a strength is a Ratio to 1; a concept beside the reference to a Substance",
    )
    yield (
        "MedicationKnowledge",
        "storage is among the characteristics, of a range both ends; patient groups are words",
    )
    yield "PlanDefinition", "linkId"
    yield "every RelatedArtifact", "points by canonical URL, not by reference; comment-in is left out"


def doses(resources: Resources) -> Iterator[tuple[object, ...]]:
    variables = dict(resources.iter_entries())
    for kind in ("dosing", "course", "dose-limit"):
        for fact in resources.content.list_records(kind):
            definition = resources.by_key["ActivityDefinition", resources.make_path(fact)]
            told = [
                one["description"]
                for artifact in definition["relatedArtifact"]
                if artifact["type"] == "depends-on"
                for one in variables[artifact["resourceReference"]["reference"]]["characteristic"]
            ]
            shown = compact(definition["dosage"][0], others(resources, fact) if kind == "dosing" else set())
            yield fact.id, resources.terms.describe_record(fact), shown, "; ".join(told) or "–"


def others(resources: Resources, fact: Record) -> set[str]:
    """Give the words of instructions that stand in a Dosage because other facts of its product say them."""
    return {
        *dosage.applicable_instructions(resources.terms, fact),
        *dose_limits.apply_dose_limits(resources.terms, fact, {}),
    }


def compact(dosage: Json, others: set[str]) -> str:
    told = dosage.get("additionalInstruction", [])
    own = [one for one in told if one["text"] not in others]
    left = len(told) - len(own)
    own_alone = {**dosage, "additionalInstruction": own}
    lines = [f"`{line}`" for line in _lines(own_alone, "") if not line.startswith("text")]
    if left:
        lines.append(f"and {left} of other facts")
    return "<br>".join(lines)


def _lines(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and "coding" in value:
        yield f"{path} {value['text']}"
    elif isinstance(value, dict) and "code" in value:
        yield f"{path} {value.get('comparator', '')}{value['value']} {value['code']}"
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _lines(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for part in value:
            yield from _lines(part, path)
    else:
        yield f"{path} {value}"
