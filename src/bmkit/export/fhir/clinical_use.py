"""ClinicalUseDefinition: indications, cautions, adverse effects and warnings of dose limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.characteristics import find_unplaced_fields, refer_to_population
from bmkit.export.fhir.ids import get_label, make_record_path
from bmkit.export.fhir.medication import refer_to_medication_in_form
from bmkit.export.fhir.stances import CONTRAINDICATING_STANCES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources

# What every definition has elements for beside its words.
_HEAD_ROLES = frozenset({"product", "drug-class", "form", "population", "stance"})
# The parts of a statement that say of what it holds: of whom, with what, when, for how long.
_LIMITING_PARTS = frozenset({"population", "exposure", "comparator", "time", "value", "precision", ""})
_EFFECT_ROLE = "effect"
# What is changed by an effect, and what a medicine must not or need not meet, by role.
_CHANGED_ROLES = ("outcome", "process")
_INTERACTANT_ROLES = ("given-with", "with-class", "substance", "treatment", "activity")


def add_indication(resources: Resources, record: Record) -> None:
    """Add an indication of a medicine.

    A fact with a claim (that the medicine acts somewhere, or gives good results) does not say that it is to
    be given there, and is Evidence alone.
    """
    if record.find_value("claim") is not None:
        return
    disease = resources.terms.build_concept(record, "condition")
    if disease is None:
        population_text = resources.terms.format_role_value(record, "population")
        disease = {"text": population_text or resources.terms.describe_record(record)}
    placed_roles = {"condition", "frequency", _EFFECT_ROLE, *_CHANGED_ROLES}
    limits = _list_limits(resources, record, placed_roles)
    body: Json = {"diseaseSymptomProcedure": {"concept": _limit_concept(disease, limits)}}
    if (intended_effect := _build_effect_concept(resources, record)) is not None:
        body["intendedEffect"] = {"concept": intended_effect}
    if frequency_text := resources.terms.format_role_value(record, "frequency"):
        body["durationString"] = frequency_text
    _add_clinical_use(resources, record, "indication", {"indication": body})


def add_caution(resources: Resources, record: Record) -> None:
    """Add a contraindication, an interaction or a warning, for those patients only for whom it is.

    What a medicine must not meet makes an interaction; a contraindication names a disease or patients.
    Everything else, all that falls short of forbidding too, is a warning in words.
    """
    interactants = list(_iter_interactants(resources, record))
    stance = resources.terms.build_concept(record, "stance")
    if interactants:
        interaction: Json = {"interactant": interactants}
        if (effect := _build_effect_concept(resources, record)) is not None:
            interaction["effect"] = {"concept": effect}
        if stance is not None:
            placed_roles = {_EFFECT_ROLE, *_CHANGED_ROLES, *_INTERACTANT_ROLES}
            # "To be avoided for two hours" allows it in the third, so the text needs the time.
            has_limits = bool(_list_limits(resources, record, placed_roles))
            text = resources.terms.describe_record(record) if has_limits else stance["text"]
            interaction["management"] = [{**stance, "text": text}]
        _add_clinical_use(resources, record, "interaction", {"interaction": interaction})
    elif record.find_value("stance") in CONTRAINDICATING_STANCES and any(
        record.find_value(role) is not None for role in ("condition", "population")
    ):
        disease = resources.terms.build_concept(record, "condition") or {
            "text": resources.terms.format_role_value(record, "population")
        }
        concept = _limit_concept(disease, _list_limits(resources, record, {"condition"}))
        body = {"contraindication": {"diseaseSymptomProcedure": {"concept": concept}}}
        _add_clinical_use(resources, record, "contraindication", body)
    else:
        _add_warning(resources, record, stance or resources.terms.build_kind_concept(record.kind))


def add_adverse_effect(resources: Resources, record: Record) -> None:
    """Add an adverse effect of a medicine."""
    body: Json = {}
    if (condition := resources.terms.build_concept(record, "condition")) is not None:
        # An ulcer after chewing is no effect of tablets that are swallowed: the text needs the cause.
        limits = _list_limits(resources, record, {"condition", "frequency"}, _LIMITING_PARTS - {"value"})
        body["symptomConditionEffect"] = {"concept": _limit_concept(condition, limits)}
    if (frequency := resources.terms.build_concept(record, "frequency")) is not None:
        body["frequencyOfOccurrence"] = frequency
    if body:
        _add_clinical_use(resources, record, "undesirable-effect", {"undesirableEffect": body})


def add_limit_warning(resources: Resources, record: Record) -> None:
    """Add the warning of a dose limit; its number is in a Dosage."""
    _add_warning(resources, record, resources.terms.build_kind_concept(record.kind))


def _add_warning(resources: Resources, record: Record, code: Json) -> None:
    warning = {"description": resources.terms.describe_record(record), "code": code}
    _add_clinical_use(resources, record, "warning", {"warning": warning})


def _iter_interactants(resources: Resources, record: Record) -> Iterator[Json]:
    """What a medicine is taken with; a substance of a fact without a product is the medicine itself."""
    for role in _INTERACTANT_ROLES:
        for term in resources.terms.iter_terms(record, role):
            if role == "substance" and record.find_value("product") is None:
                continue
            resource_type = _TYPES_BY_KIND_ROLE.get(term.kind.role)
            yield (
                {"itemReference": resources.refer_to(resource_type, make_record_path(term), get_label(term))}
                if resource_type
                else {"itemCodeableConcept": resources.terms.build_term_concept(term)}
            )


# The types that terms are resources of, by the role of their kind.
_TYPES_BY_KIND_ROLE = {"product": "Medication", "substance": "Substance", "solution": "Medication"}


def _build_effect_concept(resources: Resources, record: Record) -> Json | None:
    """What is changed and in which direction, as text: the code of "pain" alone would make pain the aim.

    Without a direction the changed thing alone is coded.  The Evidence has the codes of both.
    """
    changed_role = next((role for role in _CHANGED_ROLES if record.find_value(role) is not None), "")
    changed = resources.terms.build_concept(record, changed_role)
    if changed is None:
        return None
    if effect_text := resources.terms.format_role_value(record, _EFFECT_ROLE):
        changed = {"text": f"{effect_text} {changed['text']}"}
    return _limit_concept(changed, _list_limits(resources, record, {changed_role}, frozenset({"outcome"})))


def _list_limits(
    resources: Resources,
    record: Record,
    placed_roles: Collection[str],
    parts: Collection[str] = _LIMITING_PARTS,
) -> list[str]:
    """The fields of those parts that have no element, in words."""
    return [
        f"{field.title.lower()}: {resources.terms.format_field_value(record, field)}"
        for field in find_unplaced_fields(record, {*_HEAD_ROLES, *placed_roles})
        if field.part in parts
    ]


def _limit_concept(concept: Json, limits: list[str]) -> Json:
    """A concept with its codes, and what limits it in its text."""
    return {**concept, "text": f"{concept['text']} ({'; '.join(limits)})"} if limits else concept


def _add_clinical_use(resources: Resources, record: Record, use_type: str, body: Json) -> None:
    """Add a definition, if its fact names a medicine: that of a whole class is Evidence alone."""
    subject = refer_to_medication_in_form(resources, record)
    if subject is None:
        return
    populations = [
        refer_to_population(resources, term) for term in resources.terms.iter_terms(record, "population")
    ]
    resources.add_resource(
        "ClinicalUseDefinition",
        make_record_path(record),
        [resources.terms.describe_record(record)],
        {"type": use_type, "subject": [subject], "population": populations, **body},
        record,
    )
