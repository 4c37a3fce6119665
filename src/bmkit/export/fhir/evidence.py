"""Evidence: what was found, in whom, with what number, as the table of findings says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir import codeable
from bmkit.export.fhir.characteristics import group, rest, variable
from bmkit.export.fhir.datatypes import quantity, span
from bmkit.export.fhir.evidence_roles import STATISTICS, Finding
from bmkit.export.fhir.trait import itself, subject, traits
from bmkit.wording import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Making
    from bmkit.export.fhir.trait import Trait

_RANGE = codeable.hl7("attribute-estimate-type", "C38013", "Range")
_ROLES = {
    "population": "population",
    "exposure": "exposure",
    "referenceExposure": "reference exposure",
    "measuredVariable": "measured variable",
}


def evidence(making: Making, record: Record, finding: Finding) -> None:
    """Make the Evidence of a fact, with the Group and EvidenceVariables that it speaks of."""
    body: Json = {"assertion": record[finding.assertion] if finding.assertion else making.say(record)}
    body["variableDefinition"] = list(_variables(making, record, finding))
    statistics = list(_statistics(making, record, finding))
    if statistics:
        body["statistic"] = statistics
    making.define("Evidence", making.path(record), making.say(record), body, record)


def _variables(making: Making, record: Record, finding: Finding) -> Iterator[Json]:
    parts: list[tuple[str, Sequence[Trait]]] = [
        ("population", traits(making, record, finding.population)),
        ("exposure", traits(making, record, finding.exposure)),
        ("referenceExposure", traits(making, record, finding.reference)),
        ("measuredVariable", traits(making, record, [*finding.measured, *rest(record, {*finding.fields()})])),
    ]
    empty = not any(one for _, one in parts)
    for role, told in parts:
        measured = role == "measuredVariable"
        # An Evidence must be about something: if nothing else, about the subject of the article.
        added = finding.subject == role or (empty and measured)
        found = [
            *([itself(making, record)] if finding.itself and measured else ()),
            *told,
            *([subject(making)] if added else ()),
        ]
        if found:
            path = making.path(record, role)
            target = group(making, found, path) if role == "population" else variable(making, found, path)
            yield {
                "id": role,
                "variableRole": codeable.hl7("variable-role", role, _ROLES[role]),
                "observed": target,
            }


def _statistics(making: Making, record: Record, finding: Finding) -> Iterator[Json]:
    for name in finding.result:
        field = record.kind.get_field(name)
        if (held := making.concept(record, name)) is not None:
            yield {
                "id": name,
                "description": f"{field.title}: {format_value(record[name], field, making.content, record)}",
                "statisticType": codeable.hl7("statistic-type", *STATISTICS["descriptive"]),
                "category": held,
            }
    for name, kind in finding.numbers:
        if record[name] is not None:
            yield _number(making, record, name, kind)


def _number(making: Making, record: Record, name: str, kind: str) -> Json:
    field = record.kind.get_field(name)
    amount = record[name]
    told = None if kind in STATISTICS else making.concept(record, kind)
    if told is not None:  # the record itself says in a field what the number is
        kind = record[kind]
    known = codeable.hl7("statistic-type", *STATISTICS.get(kind, STATISTICS["descriptive"]))
    suffix = f" ({told['text']})" if told is not None else ""
    made: Json = {
        "id": name,
        # The words carry "about", which no comparator of FHIR can say.
        "description": f"{field.title}: {format_value(amount, field, making.content, record)}{suffix}",
        "statisticType": known if told is None else {**told, "coding": [*known["coding"], *told["coding"]]},
    }
    if field.type != "quantity":
        return {**made, "quantity": quantity(amount, "1", name=field.title.lower())}
    if "value" in amount:
        comparator = amount.get("comparator", "")
        return {
            **made,
            "quantity": quantity(amount["value"], amount["unit"], comparator, field.title.lower()),
        }
    return {**made, "attributeEstimate": [{"type": _RANGE, "range": span(amount, field.title.lower())}]}
