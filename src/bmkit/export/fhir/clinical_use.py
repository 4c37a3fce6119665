"""ClinicalUseDefinition: indications, interactions, adverse effects and warnings of dose limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.characteristics import refer_to_population
from bmkit.export.fhir.evidence import add_evidence
from bmkit.export.fhir.evidence_roles import EvidenceRoles
from bmkit.export.fhir.ids import make_record_path
from bmkit.export.fhir.medication import refer_to_medication_in_form
from bmkit.wording import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

# These facts have fields without a place in ClinicalUseDefinition, so they become Evidence as well.
INDICATION_ROLES = EvidenceRoles(
    population=("population",),
    exposure=("product",),
    measured_variable=("goal", "condition", "lesion_type"),
    result=("goal_effect", "timing", "frequency"),
)
INTERACTION_ROLES = EvidenceRoles(
    exposure=("product", "form"),
    reference_exposure=("substance",),
    measured_variable=("process", "of_substance"),
    result=("effect", "stance", "amount"),
)


def add_indication(resources: Resources, record: Record) -> None:
    """Add an indication of a medicine, and the Evidence of its goal.

    A fact with a claim (that the medicine acts somewhere, or gives good results) does not say that it is to
    be given there, and becomes Evidence alone.
    """
    if record["claim"] is None:
        body: Json = {}
        if (disease := _build_disease_concept(resources, record)) is not None:
            body["diseaseSymptomProcedure"] = {"concept": disease}
        if (intended_effect := _build_effect_concept(resources, record, "goal_effect", "goal")) is not None:
            body["intendedEffect"] = {"concept": intended_effect}
        body = body or _build_population_indication(resources, record)
        if duration_texts := _format_field_values(resources, record, "timing", "frequency"):
            body["durationString"] = ", ".join(duration_texts)
        _add_clinical_use(resources, record, "indication", {"indication": body})
    add_evidence(resources, record, INDICATION_ROLES)


def _build_disease_concept(resources: Resources, record: Record) -> Json | None:
    """The condition that is treated; its text also has the extent and the type of lesion."""
    condition = resources.terms.build_concept(record, "condition")
    if condition is None:
        return resources.terms.build_concept(record, "lesion_type")
    narrowing_texts = _format_field_values(resources, record, "extent", "lesion_type")
    return _replace_concept_text(condition, condition["text"], *(f"({text})" for text in narrowing_texts))


def add_interaction(resources: Resources, record: Record) -> None:
    """Add an interaction of a medicine with a substance, and the Evidence of its effect."""
    [substance] = resources.terms.iter_terms(record, "substance")
    substance_reference = resources.refer_to("Substance", make_record_path(substance), substance["label"])
    body: Json = {"interactant": [{"itemReference": substance_reference}]}
    if (effect := _build_effect_concept(resources, record, "effect", "process", "of_substance")) is not None:
        body["effect"] = {"concept": effect}
    if (stance := resources.terms.build_concept(record, "stance")) is not None:
        # "To be avoided for two hours" allows it in the third, so the text needs the time.
        amount_texts = [f"(amount: {text})" for text in _format_field_values(resources, record, "amount")]
        duration_texts = [f"for {text}" for text in _format_field_values(resources, record, "lasting")]
        body["management"] = [
            _replace_concept_text(
                stance,
                stance["text"],
                *amount_texts,
                *duration_texts,
                *_format_field_values(resources, record, "relation"),
            )
        ]
    _add_clinical_use(resources, record, "interaction", {"interaction": body})
    add_evidence(resources, record, INTERACTION_ROLES)


def add_adverse_effect(resources: Resources, record: Record) -> None:
    """Add an adverse effect of a medicine; that of a whole class has no subject and is Evidence alone."""
    if record["product"] is None:
        return
    body: Json = {}
    if (condition := resources.terms.build_concept(record, "condition")) is not None:
        # An ulcer after chewing is no effect of tablets that are swallowed: the text needs the cause.
        cause_texts = [f"after {text}" for text in _format_field_values(resources, record, "activity")]
        form_texts = [f"({text})" for text in _format_field_values(resources, record, "form") if cause_texts]
        onset_texts = [
            f"during the first {text} after the infusion"
            for text in _format_field_values(resources, record, "onset")
        ]
        effect_concept = _replace_concept_text(
            condition, condition["text"], *cause_texts, *form_texts, *onset_texts
        )
        body["symptomConditionEffect"] = {"concept": effect_concept}
    if (frequency := resources.terms.build_concept(record, "frequency")) is not None:
        body["frequencyOfOccurrence"] = frequency
    _add_clinical_use(resources, record, "undesirable-effect", {"undesirableEffect": body})


def add_limit_warning(resources: Resources, record: Record) -> None:
    """Add the warning of a dose limit; its number is in a Dosage."""
    kind_concept = resources.terms.build_kind_concept(record.kind)
    _add_clinical_use(
        resources,
        record,
        "warning",
        {"warning": {"description": resources.terms.describe_record(record), "code": kind_concept}},
    )


def _build_effect_concept(
    resources: Resources, record: Record, effect_field: str, changed_field: str, whole_field: str = ""
) -> Json | None:
    """What is changed and in which direction, as text: the code of "pain" alone would make pain the aim.

    Without a direction the changed thing alone is coded.  The Evidence has the codes of both.
    """
    if record[effect_field] is None or record[changed_field] is None:
        return resources.terms.build_concept(record, changed_field)
    words = [
        format_value(record[field_name], record.kind.get_field(field_name), resources.content, record)
        for field_name in (effect_field, changed_field)
    ]
    if whole_field and record[whole_field] is not None:
        words = [
            words[0],
            "the",
            words[1],
            "of",
            format_value(record[whole_field], record.kind.get_field(whole_field), resources.content, record),
        ]
    return {"text": " ".join(words)}


def _format_field_values(resources: Resources, record: Record, *field_names: str) -> list[str]:
    """The values of those fields that have one, in words."""
    texts = [
        format_value(record[field_name], record.kind.get_field(field_name), resources.content, record)
        for field_name in field_names
    ]
    return [text for text in texts if text]


def _replace_concept_text(concept: Json, *words: str) -> Json:
    """A concept with its codes and another text."""
    return {**concept, "text": " ".join(words)}


def _build_population_indication(resources: Resources, record: Record) -> Json:
    # An empty indication would be no element at all.
    field = record.kind.get_field("population")
    text = format_value(
        record["population"], field, resources.content, record
    ) or resources.terms.describe_record(record)
    return {"diseaseSymptomProcedure": {"concept": {"text": text}}}


def _add_clinical_use(resources: Resources, record: Record, use_type: str, body: Json) -> None:
    head: Json = {"type": use_type, "subject": [refer_to_medication_in_form(resources, record)]}
    populations = list(_refer_to_populations(resources, record))
    if populations:
        head["population"] = populations
    resources.add_resource(
        "ClinicalUseDefinition",
        make_record_path(record),
        [resources.terms.describe_record(record)],
        {**head, **body},
        record,
    )


def _refer_to_populations(resources: Resources, record: Record) -> Iterator[Json]:
    if "population" in record.kind:
        for term in resources.terms.iter_terms(record, "population"):
            yield refer_to_population(resources, term)
