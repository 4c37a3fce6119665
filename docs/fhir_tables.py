"""Makes docs/fhir-tables.md, what the content becomes in FHIR and every dose beside its sentence.

`make docs` writes it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from fhir_examples import WORDED_KINDS

from bmkit.export.fhir import dosage_words, dose_limits
from bmkit.export.fhir.ids import make_record_path
from bmkit.export.fhir.r4b import LOST_ELEMENTS, MISSING_TYPES
from bmkit.rules.derived.facts import find_facts

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


def make_page(r5: Resources, r4b: Resources, digest: str) -> str:
    parts = [
        "# The repository's content as FHIR",
        f"Made by `make docs` from the content ({digest}); [fhir.md](fhir.md) says why it is mapped so.",
        "## Resources",
        format_table(("Type", "R5", "R4B"), count_resources(r5, r4b)),
        "## Kinds of fact",
        format_table(("Kind", "Facts", "Becomes"), describe_kinds(r5)),
        describe_share(r5),
        "## What R4B loses",
        format_table(("Type", "Lost"), list_losses()),
        "## Every dose beside its sentence",
        BESIDE,
        format_table(("Fact", "Sentence", "Dosage", "Beside"), describe_doses(r5)),
    ]
    return "\n\n".join(parts) + "\n"


def format_table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(head), ["---"] * len(list(head)), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def count_resources(r5: Resources, r4b: Resources) -> Iterator[tuple[object, ...]]:
    r5_counts, r4b_counts = (
        Counter(resource_type for resource_type, _ in resources.by_key) for resources in (r5, r4b)
    )
    yield from (
        (resource_type, r5_counts[resource_type], r4b_counts[resource_type] or "–")
        for resource_type in sorted(r5_counts)
    )
    yield "**together**", r5_counts.total(), r4b_counts.total()


def describe_kinds(resources: Resources) -> Iterator[tuple[object, ...]]:
    fact_counts: Counter[str] = Counter()
    types_by_kind: dict[str, Counter[str]] = {}
    for fact in find_facts(resources.content):
        name = fact.kind.name
        fact_counts[name] += 1
        types_by_kind.setdefault(name, Counter()).update(
            {kind for kind, _ in resources.keys_by_fact.get((name, fact.id), ())} or {"narrative"}
        )
    for name in sorted(fact_counts):
        suffix = " (its text in words)" if name == "statement" else ""
        yield name, fact_counts[name], ", ".join(sorted(types_by_kind[name])) + suffix


def describe_share(resources: Resources) -> str:
    facts = list(find_facts(resources.content))
    narrated_count = sum(fact.kind.name in WORDED_KINDS for fact in facts)
    computable_count = len(facts) - narrated_count
    share = f"{100 * computable_count / len(facts):.1f} %"
    narrated_kinds = " and ".join(WORDED_KINDS)
    return (
        f"{computable_count} of {len(facts)} facts ({share}) are computable in every field; "
        f"{narrated_count} (of the kinds {narrated_kinds}) are words, which the narrative holds."
    )


def list_losses() -> Iterator[tuple[object, ...]]:
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


def describe_doses(resources: Resources) -> Iterator[tuple[object, ...]]:
    variables = dict(resources.iter_entries())
    for kind in ("regimen", "course", "dose-limit"):
        for fact in resources.content.list_records(kind):
            definition = resources.by_key["ActivityDefinition", make_record_path(fact)]
            descriptions = [
                characteristic["description"]
                for artifact in definition["relatedArtifact"]
                if artifact["type"] == "depends-on"
                for characteristic in variables[artifact["resourceReference"]["reference"]]["characteristic"]
            ]
            dosage_text = format_dosage(
                definition["dosage"][0], find_words_of_others(resources, fact) if kind == "regimen" else set()
            )
            yield fact.id, resources.terms.describe_record(fact), dosage_text, "; ".join(descriptions) or "–"


def find_words_of_others(resources: Resources, fact: Record) -> set[str]:
    """The words of instructions that stand in a Dosage because other facts of its product say them."""
    return {
        *dosage_words.format_applicable_instructions(resources.terms, fact),
        *dose_limits.apply_dose_limits(resources.terms, fact, {}),
    }


def format_dosage(dosage: Json, find_words_of_others: set[str]) -> str:
    instructions = dosage.get("additionalInstruction", [])
    own_instructions = [
        instruction for instruction in instructions if instruction["text"] not in find_words_of_others
    ]
    other_count = len(instructions) - len(own_instructions)
    own_alone = {**dosage, "additionalInstruction": own_instructions}
    lines = [f"`{line}`" for line in _iter_lines(own_alone, "") if not line.startswith("text")]
    if other_count:
        lines.append(f"and {other_count} of other facts")
    return "<br>".join(lines)


def _iter_lines(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and "coding" in value:
        yield f"{path} {value['text']}"
    elif isinstance(value, dict) and "code" in value:
        yield f"{path} {value.get('comparator', '')}{value['value']} {value['code']}"
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _iter_lines(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for part in value:
            yield from _iter_lines(part, path)
    else:
        yield f"{path} {value}"
