"""The role of each field in the Evidence of its kind of fact: population, exposure, measured variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


# Codes of http://terminology.hl7.org/CodeSystem/statistic-type.
STATISTIC_TYPES = {
    "proportion": ("C44256", "Proportion"),
    "median": ("C28007", "Median"),
    "descriptive": ("descriptive", "Descriptive"),
}


class EvidenceRoles(NamedTuple):
    """Which fields of a kind belong to which variable of an Evidence.

    `population` is who, `exposure` what acts, `reference_exposure` what that is compared with,
    `measured_variable` what is measured, `result` the outcome in words.  `number_statistics` has the
    quantities and ranks, each with the statistic it is or the field that says which.  `subject_role` is the
    variable ("population" or "measuredVariable") that the subject of the article belongs to as well; with
    `measures_kind` the measured variable is what the kind is called.  All other fields are measured.
    """

    population: tuple[str, ...] = ()
    exposure: tuple[str, ...] = ()
    reference_exposure: tuple[str, ...] = ()
    measured_variable: tuple[str, ...] = ()
    result: tuple[str, ...] = ()
    number_statistics: tuple[tuple[str, str], ...] = ()
    subject_role: str = ""
    measures_kind: bool = False
    assertion_field: str = ""

    def iter_fields(self) -> Iterator[str]:
        """Every field with a role."""
        yield from (
            *self.population,
            *self.exposure,
            *self.reference_exposure,
            *self.measured_variable,
            *self.result,
        )
        for field_name, statistic in self.number_statistics:
            yield field_name
            if statistic not in STATISTIC_TYPES:
                yield statistic
        if self.assertion_field:
            yield self.assertion_field


EVIDENCE_ROLES_BY_KIND: dict[str, EvidenceRoles] = {
    "caution": EvidenceRoles(
        population=("population", "condition"),
        exposure=("product", "drug_class", "route", "form"),
        reference_exposure=("given_with", "with_class", "substance", "treatment", "activity"),
        measured_variable=("analyte", "process", "of_substance", "risk"),
        result=("stance", "effect", "amount", "when", "relation"),
    ),
    "result": EvidenceRoles(
        population=("population", "condition", "tumour"),
        exposure=("treatment", "product", "drug_class", "procedure", "risk_factor", "arm", "adjusted"),
        reference_exposure=(
            "comparator",
            "comparator_treatment",
            "comparator_product",
            "comparator_population",
        ),
        measured_variable=(
            *("outcome", "event", "analyte", "unit_of_analysis"),
            *("time_point", "counted_from", "counted_condition", "lasting"),
        ),
        number_statistics=(("estimate", "statistic"),),
    ),
    "reference-interval": EvidenceRoles(
        population=("population",),
        exposure=("specimen", "state", "method"),
        measured_variable=("analyte",),
        number_statistics=(("range", "descriptive"),),
    ),
    "recommendation": EvidenceRoles(
        population=("population", "condition", "tumour"),
        exposure=("treatment", "product", "drug_class", "procedure", "activity"),
        measured_variable=("outcome",),
        result=("stance", "strength_of_recommendation"),
    ),
    "pharmacokinetic": EvidenceRoles(
        population=("population", "condition"),
        exposure=("product", "substance", "route", "form"),
        measured_variable=("parameter",),
        number_statistics=(("amount", "descriptive"),),
    ),
    "dose-equivalence": EvidenceRoles(
        population=("population",),
        exposure=("product", "route", "form"),
        reference_exposure=("other_product", "other_route", "other_form"),
        number_statistics=(
            *(("dose", "descriptive"), ("total", "descriptive"), ("rate", "descriptive")),
            *(("other_dose", "descriptive"), ("other_total", "descriptive"), ("other_rate", "descriptive")),
        ),
    ),
    "score-band": EvidenceRoles(
        population=("population",),
        exposure=("score", "word"),
        measured_variable=("meaning", "condition"),
        number_statistics=(("range", "descriptive"),),
    ),
    "radiotherapy": EvidenceRoles(
        population=("population", "condition", "tumour"),
        exposure=("treatment",),
        measured_variable=("sites",),
        result=("stance",),
        number_statistics=(
            *(("radiation_dose", "descriptive"), ("fractions", "descriptive")),
            ("radiation_dose_per_fraction", "descriptive"),
        ),
    ),
    "eligibility": EvidenceRoles(
        population=("population",),
        exposure=("study", "treatment", "product", "procedure"),
        result=("direction",),
    ),
    "incidence": EvidenceRoles(
        population=("tumour",), subject_role="measuredVariable", number_statistics=(("share", "proportion"),)
    ),
    "survival": EvidenceRoles(
        population=("tumour",),
        subject_role="population",
        measures_kind=True,
        measured_variable=("counted_from",),
        number_statistics=(("time", "statistic"),),
    ),
    "treatment-response": EvidenceRoles(
        population=("population",),
        exposure=("treatment",),
        measured_variable=("outcome", "lasting"),
        number_statistics=(("share", "proportion"),),
    ),
    "metastatic-site": EvidenceRoles(
        population=("tumour", "age_group"),
        measured_variable=("site", "spread", "stage"),
        result=("frequency",),
        number_statistics=(("rank", "descriptive"),),
    ),
    "site-involvement": EvidenceRoles(
        population=("tumour",),
        subject_role="population",
        exposure=("because",),
        reference_exposure=("after_site",),
        measured_variable=("site", "within", "extent", "with_sites", "stage", "procedure"),
        result=("frequency",),
        number_statistics=(("rank", "descriptive"),),
    ),
    "clinical-feature": EvidenceRoles(
        population=("population",),
        exposure=("caused_by",),
        measured_variable=("condition", "sites", "location", "manner", "timing", "procedure"),
        result=("role", "frequency"),
    ),
    "pathogenesis": EvidenceRoles(
        population=("population",),
        exposure=("lesion_type", "in_health", "tumour", "cell", "process"),
        measured_variable=(
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
    "body-function": EvidenceRoles(
        exposure=("site",), measured_variable=("function", "amount", "substance", "cell")
    ),
    "suspected-primary": EvidenceRoles(
        population=("site", "lesion_type", "age_group"),
        subject_role="population",
        measured_variable=("tumour",),
    ),
    "procedure-use": EvidenceRoles(
        population=("population",),
        exposure=("procedure", "product"),
        # The treatment is what the procedure makes possible, is important for or monitors: it does not act.
        measured_variable=(
            "aspect",
            "lesion_type",
            "condition",
            "treatment",
            "treatment_timing",
            "sites",
            "bone_loss",
            "timing",
            "purpose",
        ),
        result=("ability",),
    ),
    "imaging-appearance": EvidenceRoles(
        subject_role="population",
        exposure=("procedure",),
        measured_variable=("lesion_type", "site", "shade", "density", "background", "resembles"),
        result=("frequency",),
    ),
    "lab-marker": EvidenceRoles(
        exposure=("process",), measured_variable=("analyte", "relative_to", "specimen")
    ),
    "treatment-effect": EvidenceRoles(
        population=("population",),
        exposure=("treatment", "timing"),
        measured_variable=("outcome",),
        result=("effect", "degree", "frequency"),
    ),
    "drug-property": EvidenceRoles(
        population=("population",),
        exposure=("product", "drug_class"),
        measured_variable=("property",),
        result=("degree", "frequency"),
    ),
    "drug-mechanism": EvidenceRoles(
        exposure=("product",),
        measured_variable=("process", "cell", "substance", "site", "condition", "lesion_type"),
        result=("effect",),
    ),
    "drug-effect": EvidenceRoles(
        population=("population",),
        exposure=("product",),
        measured_variable=("outcome",),
        result=("effect", "frequency"),
    ),
    "comparison": EvidenceRoles(
        exposure=("product",),
        reference_exposure=("comparator_products", "comparator_class"),
        measured_variable=("property",),
        result=("result", "weight"),
    ),
    "statement": EvidenceRoles(
        population=("population", "tumour"),
        exposure=("product", "treatment", "procedure"),
        assertion_field="text",
    ),
    "adverse-effect": EvidenceRoles(
        exposure=("product", "drug_class", "form", "activity"),
        measured_variable=("condition", "site", "relieved_by", "ease"),
        result=("frequency",),
        number_statistics=(("onset", "descriptive"), ("resolves_in", "descriptive")),
    ),
}
