"""Where the rules of evidence point, and what they say."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import list_places


def make_quantity(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit}


@pytest.mark.parametrize(
    ("rule_id", "records", "pointer", "message"),
    [
        (
            "evidence.unusual-value",
            {
                "analyte": [
                    {"id": "ca", "label": "calcium", "usual": {"low": 4, "high": 20, "unit": "mg/dL"}}
                ],
                "reference_interval": [
                    {"id": "one", "analyte": "ca", "range": {"low": 2, "high": 10, "unit": "mg/dL"}}
                ],
            },
            "/records/0/range/low",
            "range 2–10 mg per dL is outside the usual 4–20 mg per dL of calcium",
        ),
        (
            "evidence.unusual-value",
            {
                "outcome": [{"id": "os", "label": "survival", "usual": {"low": 1, "high": 9, "unit": "mo"}}],
                "result": [
                    {"id": "one", "outcome": "os", "statistic": "median", "estimate": make_quantity(9, "%")}
                ],
            },
            "/records/0/estimate/unit",
            "estimate 9 % and the usual 1–9 months of survival do not measure the same",
        ),
        (
            "evidence.reference-outside-usual",
            {
                "analyte": [
                    {"id": "ca", "label": "calcium", "usual": {"low": 4, "high": 20, "unit": "mg/dL"}}
                ],
                "reference_interval": [
                    {"id": "one", "analyte": "ca", "range": {"low": 2.1, "high": 2.6, "unit": "mg/dL"}}
                ],
            },
            "/records/0/range/high",
            "range 2.1–2.6 mg per dL has nothing in common with the usual 4–20 mg per dL of calcium",
        ),
        (
            "evidence.p-value-against-interval",
            {
                "result": [
                    {"id": "one", "statistic": "hazard ratio", "p_value": make_quantity(0.2, "1")}
                    | {"estimate_interval": {"low": 0.71, "high": 0.95, "unit": "1"}}
                    | {"interval_kind": "confidence", "interval_level": make_quantity(95, "%")}
                ]
            },
            "/records/0/p_value/value",
            "P value 0.2 does not go with the 95 % interval 0.71–0.95, which leaves out 1",
        ),
        (
            "evidence.without-comparison",
            {"result": [{"id": "one", "statistic": "odds ratio", "arm": "denosumab"}]},
            "/records/0/statistic",
            "it is not said what the odds ratio compares",
        ),
        (
            "evidence.unusual-fraction",
            {"radiotherapy": [{"id": "one", "radiation_dose": make_quantity(80, "Gy"), "fractions": 1}]},
            "/records/0/radiation_dose/value",
            "80 Gy in a fraction is outside the plausible range 0.5–34 Gy",
        ),
        (
            "evidence.outside-score",
            {
                "score": [{"id": "nrs", "label": "pain score", "lowest": 0, "highest": 10}],
                "score_band": [
                    {"id": "one", "score": "nrs", "range": {"low": 4, "high": 11, "unit": "{score}"}}
                ],
            },
            "/records/0/range/high",
            "11 is above 10, the highest value of pain score",
        ),
        (
            "studies.arm-of-another-study",
            {
                "study": [{"id": "a", "label": "a"}, {"id": "b", "label": "b"}],
                "arm": [{"id": "placebo-b", "label": "placebo", "study": "b"}],
                "result": [{"id": "one", "statistic": "median", "study": "a", "comparator": "placebo-b"}],
            },
            "/records/0/comparator",
            'comparator "placebo-b" is an arm of "b", not of "a"',
        ),
        (
            "studies.sample-too-large",
            {
                "study": [{"id": "a", "label": "a", "population_size": 100}],
                "result": [{"id": "one", "statistic": "median", "study": "a", "sample_size": 1000}],
            },
            "/records/0/sample_size",
            'sample_size 1000 is above the 100 patients of "a"',
        ),
        (
            "evidence.share-of-events",
            {
                "result": [
                    {"id": "one", "statistic": "share", "estimate": make_quantity(13, "%")}
                    | {"events": 318, "sample_size": 1026}
                ]
            },
            "/records/0/estimate/value",
            "318 of 1026 are 30.99 %, not 13 %",
        ),
        (
            "evidence.fractions-of-dose",
            {
                "radiotherapy": [
                    {"id": "one", "radiation_dose": make_quantity(30, "Gy"), "fractions": 10}
                    | {"radiation_dose_per_fraction": make_quantity(8, "Gy")}
                ]
            },
            "/records/0/radiation_dose/value",
            "10 fractions of 8 Gy are 80 Gy, not 30 Gy",
        ),
        (
            "relations.outside",
            {
                "result": [
                    {"id": "one", "statistic": "hazard ratio", "estimate": make_quantity(82, "1")}
                    | {"estimate_interval": {"low": 0.71, "high": 0.95, "unit": "1"}}
                ]
            },
            "/records/0/estimate/value",
            "estimate 82 is above the estimate_interval 0.71–0.95",
        ),
        (
            "quantities.implausible",
            {"result": [{"id": "one", "statistic": "hazard ratio", "estimate": make_quantity(82, "1")}]},
            "/records/0/estimate/value",
            "estimate 82 is outside the plausible range 0.02–50",
        ),
        (
            "relations.sum-above-whole",
            {
                "study": [{"id": "trial", "label": "trial", "population_size": 921, "arm_count": 2}],
                "arm": [
                    {"id": "a", "label": "a", "study": "trial", "population_size": 614},
                    {"id": "b", "label": "b", "study": "trial", "population_size": 370},
                ],
            },
            "/records/1/population_size",
            'the parts of trial add up to 984, above the population_size 921 of "trial"',
        ),
        (
            "relations.not-the-same",
            {
                "analyte": [{"id": "ca", "label": "calcium", "molar_mass": make_quantity(40.08, "g/mol")}],
                "reference_interval": [
                    {"id": "one", "analyte": "ca", "range": {"low": 8.5, "high": 10.2, "unit": "mg/dL"}}
                    | {"range_in_other_units": {"low": 8.5, "high": 10.2, "unit": "mmol/L"}}
                ],
            },
            "/records/0/range_in_other_units/low",
            "low 8.5 mmol/L is not the 8.5 mg/dL of range",
        ),
    ],
)
def test_a_fault_is_told_at_its_place(
    rule_id: str, records: dict[str, Any], pointer: str, message: str
) -> None:
    assert (pointer, message) in list_places(rule_id, **records)


def test_what_is_plausible_of_one_statistic_is_not_asked_of_another() -> None:
    result = {"id": "one", "statistic": "median", "estimate": make_quantity(82, "1")}
    assert list_places("quantities.implausible", result=[result]) == []
