"""Evidence: what was found, in whom, with what number; one table says where each field goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.export.fhir import coding
from bmkit.export.fhir.quantity import quantity, span
from bmkit.export.fhir.traits import group, itself, rest, subject, traits, variable
from bmkit.wording import human

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.identity import Json
    from bmkit.export.fhir.making import Making
    from bmkit.export.fhir.traits import Trait


class Finding(NamedTuple):
    """Where the fields of a kind stand in an Evidence.

    `population` are those that tell who, `exposure` what acts, `reference` what that is compared with,
    `measured` what is found.  `result` are the words that the finding consists in, `numbers` its quantities
    and ranks with the statistic they are.  `endorser` is a field that names who says so.  `subject` is the
    variable ("population" or "measuredVariable") to which the subject of the article belongs as well; with
    `itself`, what is measured is what the kind is called.  A field that is named nowhere is measured.
    """

    population: tuple[str, ...] = ()
    exposure: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()
    result: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    endorser: str = ""
    subject: str = ""
    itself: bool = False
    assertion: str = ""

    def fields(self) -> Iterator[str]:
        """Every field that the Evidence holds."""
        yield from (*self.population, *self.exposure, *self.reference, *self.measured, *self.result)
        yield from (name for name, _ in self.numbers)
        yield from (name for name in (self.endorser, self.assertion) if name)


# Codes of http://terminology.hl7.org/CodeSystem/statistic-type.
STATISTICS = {
    "proportion": ("C44256", "Proportion"),
    "median": ("C28007", "Median"),
    "descriptive": ("descriptive", "Descriptive"),
}
_RANGE = coding.hl7("attribute-estimate-type", "C38013", "Range")
_ROLES = {
    "population": "population",
    "exposure": "exposure",
    "referenceExposure": "reference exposure",
    "measuredVariable": "measured variable",
}

FINDINGS: dict[str, Finding] = {
    "incidence": Finding(
        population=("tumour",), subject="measuredVariable", numbers=(("share", "proportion"),)
    ),
    "survival": Finding(
        population=("tumour",),
        subject="population",
        itself=True,
        measured=("counted_from",),
        result=("statistic",),
        numbers=(("time", "statistic"),),
    ),
    "treatment-response": Finding(
        population=("population",),
        exposure=("treatment",),
        measured=("outcome", "lasting"),
        numbers=(("share", "proportion"),),
    ),
    "metastatic-site": Finding(
        population=("tumour", "age_group"),
        measured=("site", "spread", "stage"),
        result=("frequency",),
        numbers=(("rank", "descriptive"),),
        endorser="claimed_by",
    ),
    "site-involvement": Finding(
        population=("tumour",),
        subject="population",
        exposure=("because",),
        reference=("after_site",),
        measured=("site", "within", "extent", "with_sites", "stage", "procedure"),
        result=("frequency",),
        numbers=(("rank", "descriptive"),),
    ),
    "clinical-feature": Finding(
        population=("population",),
        exposure=("caused_by",),
        measured=("condition", "sites", "location", "manner", "timing", "procedure"),
        result=("role", "frequency"),
    ),
    "pathogenesis": Finding(
        population=("population",),
        exposure=("lesion_type", "in_health", "tumour", "cell", "process"),
        measured=(
            "target_cell",
            "target_process",
            "target_site",
            "result",
            "substance",
            "spread",
            "site",
            "manner",
        ),
        result=("effect", "degree", "frequency"),
    ),
    "body-function": Finding(exposure=("site",), measured=("function", "amount", "substance", "cell")),
    "suspected-primary": Finding(population=("site", "lesion_type", "age_group"), measured=("tumour",)),
    "procedure-use": Finding(
        population=("population",),
        exposure=("procedure", "treatment", "product"),
        measured=("aspect", "lesion_type", "condition", "sites", "bone_loss", "timing", "purpose"),
        result=("ability",),
    ),
    "imaging-appearance": Finding(
        population=("lesion_type", "site"),
        exposure=("procedure",),
        measured=("shade", "density", "background", "resembles"),
        result=("frequency",),
    ),
    "lab-marker": Finding(exposure=("process",), measured=("analyte", "relative_to", "specimen")),
    "treatment-effect": Finding(
        population=("population",),
        exposure=("treatment", "timing"),
        measured=("outcome",),
        result=("effect", "degree", "frequency"),
    ),
    "drug-property": Finding(
        population=("population",),
        exposure=("product", "drug_class"),
        measured=("property",),
        result=("degree", "frequency"),
    ),
    "drug-mechanism": Finding(
        exposure=("product",),
        measured=("process", "cell", "substance", "site", "condition", "lesion_type"),
        result=("effect",),
    ),
    "drug-effect": Finding(
        population=("population",),
        exposure=("product",),
        measured=("outcome",),
        result=("effect", "frequency"),
    ),
    "comparison": Finding(
        exposure=("product",),
        reference=("comparator_products", "comparator_class"),
        measured=("property",),
        result=("result", "weight"),
    ),
    "statement": Finding(
        population=("population", "tumour"), exposure=("product", "treatment", "procedure"), assertion="text"
    ),
    "adverse-effect": Finding(
        exposure=("product", "drug_class", "form", "activity"),
        measured=("condition", "site", "relieved_by", "ease"),
        result=("frequency",),
        numbers=(("onset", "descriptive"), ("resolves_in", "descriptive")),
    ),
}


def evidence(making: Making, record: Record, finding: Finding) -> None:
    """Make the Evidence of a fact, with the Group and EvidenceVariables that it speaks of."""
    body: Json = {"assertion": record[finding.assertion] if finding.assertion else making.say(record)}
    if finding.endorser and record[finding.endorser] is not None:
        body["endorser"] = [{"name": term["label"]} for term in making.terms(record, finding.endorser)]
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
                "variableRole": coding.hl7("variable-role", role, _ROLES[role]),
                "observed": target,
            }


def _statistics(making: Making, record: Record, finding: Finding) -> Iterator[Json]:
    for name in finding.result:
        field = record.kind.field(name)
        if (held := making.concept(record, name)) is not None:
            yield {
                "id": name,
                "description": f"{field.title}: {human(record[name], field, making.content, record)}",
                "statisticType": coding.hl7("statistic-type", *STATISTICS["descriptive"]),
                "category": held,
            }
    for name, kind in finding.numbers:
        if record[name] is not None:
            yield _number(making, record, name, kind)


def _number(making: Making, record: Record, name: str, kind: str) -> Json:
    field = record.kind.field(name)
    amount = record[name]
    if kind not in STATISTICS:  # the record itself says in a field what the number is
        kind = record[kind] if record[kind] in STATISTICS else "descriptive"
    made: Json = {
        "id": name,
        # The words carry "about", which no comparator of FHIR can say.
        "description": f"{field.title}: {human(amount, field, making.content, record)}",
        "statisticType": coding.hl7("statistic-type", *STATISTICS[kind]),
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
