"""Where each field of a kind of fact stands in an Evidence: one table of who, what acts and what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


# Codes of http://terminology.hl7.org/CodeSystem/statistic-type.
STATISTICS = {
    "proportion": ("C44256", "Proportion"),
    "median": ("C28007", "Median"),
    "descriptive": ("descriptive", "Descriptive"),
}


class Finding(NamedTuple):
    """Where the fields of a kind stand in an Evidence.

    `population` are those that tell who, `exposure` what acts, `reference` what that is compared with,
    `measured` what is found.  `result` are the words that the finding consists in, `numbers` its quantities
    and ranks with the statistic they are, or with the field that says which.  `subject` is the variable
    ("population" or "measuredVariable") to which the subject of the article belongs as well; with `itself`,
    what is measured is what the kind is called.  A field that is named nowhere is measured.
    """

    population: tuple[str, ...] = ()
    exposure: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()
    result: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    subject: str = ""
    itself: bool = False
    assertion: str = ""

    def fields(self) -> Iterator[str]:
        """Every field that the Evidence holds."""
        yield from (*self.population, *self.exposure, *self.reference, *self.measured, *self.result)
        for name, kind in self.numbers:
            yield name
            if kind not in STATISTICS:
                yield kind
        if self.assertion:
            yield self.assertion


FINDINGS: dict[str, Finding] = {
    "incidence": Finding(
        population=("tumour",), subject="measuredVariable", numbers=(("share", "proportion"),)
    ),
    "survival": Finding(
        population=("tumour",),
        subject="population",
        itself=True,
        measured=("counted_from",),
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
    "suspected-primary": Finding(
        population=("site", "lesion_type", "age_group"), subject="population", measured=("tumour",)
    ),
    "procedure-use": Finding(
        population=("population",),
        exposure=("procedure", "product"),
        # The treatment is what the procedure makes possible, is important for or monitors: it does not act.
        measured=(
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
    "imaging-appearance": Finding(
        subject="population",
        exposure=("procedure",),
        measured=("lesion_type", "site", "shade", "density", "background", "resembles"),
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
