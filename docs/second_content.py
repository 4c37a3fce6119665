"""Makes docs/second-content.md, each fact of the second content beside its sentence, its row and its FHIR.

`make docs` writes it.  Which records state a fact is listed in examples/second/facts.tsv.
"""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from fhir_examples import ALIKE, select_elements

from bmkit.articles import iter_articles
from bmkit.content import read_content
from bmkit.export.fhir import FhirOptions, build_article
from bmkit.tables import make_table
from bmkit.write_json import format_plain_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.resources import ResourceKey, Resources

Json = dict[str, Any]

SECOND_FOLDER = os.path.join(os.path.dirname(__file__), "..", "examples", "second")
HEAD = """\
# A second content

Made by `make docs` from [examples/second](../examples/second/project/README.md): facts of labels, trials
and guidelines that this repository's own content has nothing like. Each stands beside the sentence that its
fields make, its row in the workbook and in CSV (the columns that have a value), and what its FHIR R5 says,
an element a line. What every resource has alike is left out. It is an example of what can be written and no
advice: nobody may be treated by it.
"""
# What says nothing of the fact.
UNTELLING = {*ALIKE, "id", "resourceType", "topic", "variableRole", "linkId", "permittedDataType", "intent"}
UNTELLING_COLUMNS = {"id", "source", "notes"}


class ListedFact(NamedTuple):
    """A fact of the list: its number, what it is about, what it says, and the records that state it."""

    number: str
    subject: str
    fact: str
    record_names: tuple[str, ...]


def read_listed_facts() -> list[ListedFact]:
    """Return the facts of the list; the names of records are "kind/id"."""
    with open(os.path.join(SECOND_FOLDER, "facts.tsv"), encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [
            ListedFact(row["number"], row["subject"], row["fact"], tuple(row["records"].split()))
            for row in rows
        ]


def make_page() -> str:
    content = read_content(os.path.join(SECOND_FOLDER, "project"))
    sections_by_name: dict[str, str] = {}
    for article in iter_articles(content):
        resources = build_article(article)
        for kind in article.content.list_kinds():
            if kind.group == "fact":
                for record in article.content.list_records(kind.name):
                    section = "".join(format_record(resources, record))
                    sections_by_name[f"{kind.name}/{record.id}"] = section
    parts = [HEAD]
    for listed in read_listed_facts():
        parts.append(f"\n## {listed.number}. {listed.subject}\n\n{listed.fact}\n")
        parts += [sections_by_name[name] for name in listed.record_names]
    return "".join(parts)


def format_record(resources: Resources, record: Record) -> Iterator[str]:
    sentence = resources.terms.describe_record(record)
    yield f"\n> {sentence}.\n\n`{record.kind.name}/{record.id}`: {format_row(record)}\n\n```\n"
    elements = [
        (key[0], {**select_elements(resources, record, key), **format_circumstances(resources, key)})
        for key in resources.keys_by_fact.get((record.kind.name, record.id), ())
    ]
    for resource_type, element in [*elements, *iter_knowledge(resources, record)]:
        yield f"{resource_type}\n"
        for path, text in iter_elements(element):
            yield f"  {path}: {text}\n".replace(sentence, "(the sentence)")
    yield "```\n"


def format_row(record: Record) -> str:
    table = make_table(record.kind, [record])
    [block] = table.iter_blocks()
    cells = [
        f"{column.name} `{format_cell(value)}`"
        for column, [value] in zip(table.columns, block.column_values, strict=True)
        if value is not None and column.name.partition(".")[0] not in UNTELLING_COLUMNS
    ]
    return " · ".join(cells)


def format_cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(format_cell, value))
    if isinstance(value, dict):
        return " ".join(map(format_cell, value.values()))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else format_plain_number(value)


def format_circumstances(resources: Resources, key: ResourceKey) -> Json:
    """What the resource has no element for, and an EvidenceVariable that it depends on."""
    artifacts = resources.by_key[key].get("relatedArtifact", ())
    references = {
        artifact["resourceReference"]["reference"].removeprefix("urn:uuid:")
        for artifact in artifacts
        if artifact["type"] == "depends-on"
    }
    descriptions = [
        characteristic["description"]
        for resource in resources.by_key.values()
        if resource["id"] in references
        for characteristic in resource["characteristic"]
    ]
    return {"depends-on EvidenceVariable": "; ".join(descriptions)} if descriptions else {}


def iter_knowledge(resources: Resources, record: Record) -> Iterator[tuple[str, Json]]:
    """What the MedicationKnowledge of a product has of a fact: how it is prepared, and guidelines."""
    names = {f"{record.kind.name}.{record.id}", f"{record.kind.name}.{record.id}.plan"}
    for (resource_type, _), resource in resources.by_key.items():
        if resource_type != "MedicationKnowledge":
            continue
        if resource.get("preparationInstruction") == resources.terms.describe_record(record):
            yield resource_type, {"preparationInstruction": resource["preparationInstruction"]}
        for guideline in resource.get("indicationGuideline", ()):
            for dosing in guideline["dosingGuideline"]:
                if dosing["id"] in names:
                    dosages = [{**part, "dosage": "(the same)"} for part in dosing["dosage"]]
                    yield (
                        f"{resource_type}.indicationGuideline",
                        {**guideline, "dosingGuideline": {**dosing, "dosage": dosages}},
                    )


def iter_elements(element: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The path and the text of each element below one, a datatype in one text."""
    text = format_datatype(element)
    if text:
        yield path, text
    elif isinstance(element, list):
        texts = [format_datatype(part) for part in element]
        if all(texts):
            yield path, "; ".join(texts)
            return
        for part in element:
            selector = f"[{part['id']}]" if "id" in part and len(element) > 1 else ""
            yield from iter_elements(part, f"{path}{selector}")
    else:
        parts = {name: part for name, part in element.items() if name not in UNTELLING}
        part_texts = {name: format_datatype(part) for name, part in parts.items()}
        if path and all(part_texts.values()):
            yield path, ", ".join(f"{name} {part_text}" for name, part_text in part_texts.items())
            return
        for name, part in parts.items():
            yield from iter_elements(part, f"{path}.{name}" if path else name)


def format_datatype(element: Any) -> str:
    """The text of a value or a datatype, "" for what has elements of its own."""
    if isinstance(element, bool):
        return "true" if element else "false"
    if isinstance(element, dict):
        return format_concept(element) or format_amount(element) or str(element.get("display", ""))
    return "" if isinstance(element, list) else str(element).removeprefix(f"{FhirOptions().base}/")


def format_amount(element: Json) -> str:
    """The text of a Quantity, a Range or a Ratio."""
    if "numerator" in element:
        return f"{format_amount(element['numerator'])} / {format_amount(element['denominator'])}"
    if ends := [end for end in ("low", "high") if end in element]:
        text = " to ".join(format_amount(element[end]) for end in ends)
        return text if len(ends) > 1 else f"{'from' if ends == ['low'] else 'up to'} {text}"
    if "value" in element and "code" in element:
        unit = element["unit"] if element["code"] == "1" else element["code"]
        return f"{element.get('comparator', '')} {element['value']} {unit.removeprefix('1')}".strip()
    return ""


def format_concept(element: Json) -> str:
    """The text of a CodeableConcept with its standard codes, of a CodeableReference or a Coding."""
    if "concept" in element:
        return format_concept(element["concept"])
    if "coding" in element or element.keys() == {"text"}:
        codes = [coding["code"] for coding in element.get("coding", ()) if "bmkit" not in coding["system"]]
        text = str(element["text"])
        return f"{text} ({', '.join(codes)})" if codes and codes != [text] else text
    return (
        str(element["code"]) if element.keys() <= {"system", "code", "display"} and "code" in element else ""
    )
