"""What labels and trials of all sorts say fits the shipped kinds, and reads as somebody would sign it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.rules.agreement.administrations import make_quantity

from bmkit.rules.examples import build_content
from bmkit.sentence import format_sentence
from bmkit.shape import ShapeChecker

if TYPE_CHECKING:
    from bmkit.content import Content, Record

LABELS = {
    "product": [
        "carboplatin",
        "gentamicin",
        "insulin",
        "warfarin",
        "dexamethasone",
        "paclitaxel",
        "potassium",
    ],
    "route": ["intravenous", "oral"],
    "treatment": ["surgery"],
    "target-level": ["INR of 2 to 3", "HbA1c below 53 mmol/mol"],
    "analyte": ["lithium"],
    "procedure": ["electrocardiogram"],
    "outcome": ["relapse"],
    "arm": ["low dose"],
}
MONITOR = {"product": "warfarin", "stance": "monitor"}
RELAPSE = {"outcome": "relapse"}
DOSE = {"product": "carboplatin", "route": "intravenous"}
CASES: list[tuple[str, dict[str, Any], str]] = [
    (
        "regimen",
        {**DOSE, "dose": "5 mg.min/mL", "interval": "21 d", "titration": "by a formula"},
        "Carboplatin, intravenous, is given: 5 mg·min per mL, every 21 days, the dose chosen by a formula",
    ),
    (
        "regimen",
        {**DOSE, "dose": "5 mg/kg", "body_weight": "ideal"},
        "Carboplatin, intravenous, is given: 5 mg per kg of ideal body weight",
    ),
    (
        "regimen",
        {**DOSE, "dose": "1 mg", "days": [*range(1, 15)], "cycle": "21 d", "cycle_count": "8 1"},
        "Carboplatin, intravenous, is given: 1 mg, on days 1 to 14 of each cycle of 21 days, 8 cycles in all",
    ),
    (
        "regimen",
        {**DOSE, "dose": "20 mg", "order": "before", "lead_time": "12 h", "given_with": ["paclitaxel"]},
        "Carboplatin, intravenous, is given: 20 mg, 12 hours before paclitaxel",
    ),
    (
        "regimen",
        {**DOSE, "dose": "2 mg", "order": "before", "lead_time": "<= 60 min", "with_treatment": "surgery"},
        "Carboplatin, intravenous, is given: 2 mg, at most 60 minutes before surgery",
    ),
    (
        "regimen",
        {**DOSE, "dose": "1-10 mg", "until": "inr-of-2-to-3"},
        "Carboplatin, intravenous, is given: 1–10 mg, adjusted to reach INR of 2 to 3",
    ),
    (
        "regimen",
        {**DOSE, "change": "less", "change_share": "25 %"},
        "Carboplatin, intravenous, is given: 25 % less",
    ),
    (
        "regimen",
        {**DOSE, "rate": "1 m[iU]/min"},
        "Carboplatin, intravenous, is given: 1 milli-international unit per minute",
    ),
    (
        "dose-limit",
        {"product": "potassium", "per": "concentration", "maximum": "<= 40 mmol/L"},
        "Highest concentration of potassium: at most 40 mmol per L",
    ),
    (
        "caution",
        {
            "product": "warfarin",
            "stance": "monitor",
            "analyte": "lithium",
            "monitor_every": "3 mo",
            "target_level": "inr-of-2-to-3",
        },
        "Warfarin: monitor lithium every 3 months, aiming at INR of 2 to 3",
    ),
    (
        "caution",
        {
            "product": "warfarin",
            "stance": "monitor",
            "procedure": "electrocardiogram",
            "when": "before treatment",
        },
        "Warfarin: monitor electrocardiogram before treatment",
    ),
    (
        "recommendation",
        {"target_level": "hba1c-below-53-mmol-mol", "stance": "recommended"},
        "A target of HbA1c below 53 mmol/mol is recommended",
    ),
    (
        "presentation",
        {"product": "insulin", "rate": "25 ug/h"},
        "Insulin is supplied releasing 25 mcg per hour",
    ),
    (
        "result",
        {
            "outcome": "relapse",
            "arm": "low-dose",
            "statistic": "mean",
            "estimate": "63.2 a",
            "standard_deviation": "9.1 a",
        },
        "Mean relapse in the low dose arm is 63.2 years, standard deviation 9.1 years",
    ),
    (
        "result",
        {
            "outcome": "relapse",
            "comparator": "low-dose",
            "statistic": "risk difference",
            "estimate": "1.2 %",
            "margin": "5 %",
        },
        "The risk difference of relapse against low dose is 1.2 %, margin 5 %",
    ),
    (
        "regimen",
        {**DOSE, "dose": "0.5 mL", "plan": "vaccination", "step": 2, "once": True, "time_from_start": "1 mo"},
        "Vaccination, step 2: carboplatin, intravenous, is given: 0.5 mL, once, 1 month after the start",
    ),
    (
        "recommendation",
        {"procedure": "electrocardiogram", "stance": "recommended", "repeat_every": "2 a"},
        "Electrocardiogram is recommended every 2 years",
    ),
    (
        "result",
        {**RELAPSE, "arm": "low-dose", "statistic": "median", "not_reached": True},
        "Median relapse in the low dose arm is not reached",
    ),
    (
        "pharmacokinetic",
        {"product": "warfarin", "parameter": "area under the curve", "amount": "3.2 mg.h/L"},
        "The area under the curve of warfarin is 3.2 mg·h per L",
    ),
]


def read_fact(kind: str, fact: dict[str, Any]) -> tuple[Content, Record]:
    """Return content with the fact, and the fact as a record."""
    terms = {
        kind_name: [{"id": re.sub("[^a-z0-9]+", "-", label.lower()), "label": label} for label in labels]
        for kind_name, labels in LABELS.items()
    }
    value = {
        name: make_quantity(text) if isinstance(text, str) and re.search(r"^(<= )?[0-9.-]+ ", text) else text
        for name, text in fact.items()
    }
    content = build_content({**terms, kind: [{"id": "one", **value}]})
    return content, next(iter(content.list_records(kind)))


@pytest.mark.parametrize(("kind", "fact", "sentence"), CASES)
def test_it_fits_and_reads_as_somebody_would_sign_it(kind: str, fact: dict[str, Any], sentence: str) -> None:
    content, record = read_fact(kind, fact)
    value = {**record.value, "source": {"page": "1"}}
    assert ShapeChecker().find_faults(record.kind, {"$schema": "", "records": [value]}) == []
    assert format_sentence(record, content) == sentence


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("regimen", {**DOSE, "dose": "5 mg", "order": "before"}),
        ("regimen", {**DOSE, "dose": "5 mg", "lead_time": "1 h"}),
        ("regimen", {**DOSE, "dose": "5 mg", "cycle_count": "8 1"}),
        ("regimen", {**DOSE, "change_share": "25 %"}),
        ("dose-limit", {"product": "potassium", "per": "concentration", "maximum": "<= 40 mmol"}),
        ("dose-limit", {"product": "potassium", "per": "administration", "maximum": "<= 40 mmol/L"}),
        ("caution", {**MONITOR, "target_level": "inr-of-2-to-3"}),
        ("regimen", {**DOSE, "dose": "5 mg", "time_from_start": "1 mo"}),
        ("result", {**RELAPSE, "statistic": "mean", "not_reached": True}),
        ("result", {**RELAPSE, "statistic": "median", "not_reached": True, "estimate": "9 mo"}),
        ("result", {"outcome": "relapse", "statistic": "kappa", "estimate": "71 1"}),
        ("result", {"outcome": "relapse", "statistic": "relative risk reduction", "estimate": "0.95 1"}),
    ],
)
def test_what_cannot_be_meant_does_not_fit(kind: str, fact: dict[str, Any]) -> None:
    _, record = read_fact(kind, fact)
    value = {**record.value, "source": {"page": "1"}}
    assert ShapeChecker().find_faults(record.kind, {"$schema": "", "records": [value]}) != []
