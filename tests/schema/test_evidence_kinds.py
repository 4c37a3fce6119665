"""The kinds of evidence: what they can say, how it reads, and what they refuse."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bmkit.content import File
from bmkit.rules.examples import build_content
from bmkit.schema import read_shipped_schemas
from bmkit.sentence import format_sentence
from bmkit.shape import ShapeChecker

SCHEMAS = read_shipped_schemas()
SHAPE_CHECKER = ShapeChecker()
SOURCE = {"section": "a", "spans": [{"start": 1, "end": 2, "digest": "0123456789abcdef"}]}
TERMS = {
    "population": {
        "adults": "adults",
        "women": "women with breast cancer and bone metastases",
        "general": "the general population",
        "bone-only": "patients with metastases in bone only",
        "ecog-0-to-2": "patients with an ECOG performance status of 0 to 2",
        "at-risk": "adults of 40 to 75 years with a risk of 10 % or more",
    },
    "tumour": {"thyroid-cancer": "thyroid cancer", "breast-cancer": "breast cancer"},
    "condition": {
        "bone-metastasis": "bone metastasis",
        "event": "skeletal-related event",
        "bone-only": "disease in bone only",
        "prostate-cancer": "prostate cancer",
    },
    "outcome": {
        "survival": "survival",
        "pain-relief": "pain relief",
        "time-to-event": "time to the first skeletal-related event",
    },
    "treatment": {"radiotherapy": "radiotherapy", "one-fraction": "radiotherapy in one fraction"},
    "product": {
        "denosumab": "denosumab",
        "fentanyl": "fentanyl",
        "morphine": "morphine",
        "radium": "radium-223",
    },
    "procedure": {"scintigraphy": "bone scintigraphy"},
    "drug-class": {"statins": "statins"},
    "organisation": {"uspstf": "the US Preventive Services Task Force"},
    "analyte": {"serum-calcium": "serum calcium"},
    "characteristic": {"pain": "pain score", "sex": "sex"},
    "score": {"nrs": "a score on the numeric rating scale for pain"},
    "study": {"alsympca": "ALSYMPCA"},
    "arm": {"denosumab": "denosumab", "zoledronic-acid": "zoledronic acid", "radium": "radium-223"},
    "route": {"oral": "oral"},
    "form": {"patch": "patch"},
}


def make_quantity(value: Any, unit: str, **members: Any) -> dict[str, Any]:
    """Return a quantity of one number, or of a range where two are given."""
    ends = {"low": value[0], "high": value[1]} if isinstance(value, tuple) else {"value": value}
    return {**ends, "unit": unit, **members}


HAZARD_RATIO = {
    "outcome": "time-to-event",
    "arm": "denosumab",
    "comparator": "zoledronic-acid",
    "statistic": "hazard ratio",
    "estimate": make_quantity(0.82, "1"),
    "estimate_interval": make_quantity((0.71, 0.95), "1"),
    "interval_kind": "confidence",
    "interval_level": make_quantity(95, "%"),
    "p_value": make_quantity(0.01, "1"),
}
SENSITIVITY = {
    "procedure": "scintigraphy",
    "event": "bone-metastasis",
    "statistic": "sensitivity",
    "estimate": make_quantity(86, "%"),
    "unit_of_analysis": "patient",
}
EQUIVALENCE = {
    "product": "morphine",
    "route": "oral",
    "total": make_quantity((60, 134), "mg"),
    "total_in": make_quantity(1, "d"),
    "other_product": "fentanyl",
    "other_form": "patch",
    "other_rate": make_quantity(25, "ug/h"),
}


def find_issues(kind: str, fields: dict[str, Any]) -> list[tuple[str, str]]:
    """Return pointer (from the record on) and message of what is wrong with the shape of a record."""
    record = {"id": "one", **copy.deepcopy(fields)}
    if SCHEMAS.get_kind(kind).group == "fact":
        record.setdefault("source", SOURCE)
    file = File("content/x/k.json", "x", SCHEMAS.get_kind(kind), {"$schema": "", "records": [record]})
    return [
        (issue.place.pointer.removeprefix("/records/0"), issue.message)
        for issue in SHAPE_CHECKER.find_issues(file)
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        (
            "result",
            {"event": "bone-metastasis", "tumour": "breast-cancer", "statistic": "share"}
            | {"estimate": make_quantity((65, 75), "%")},
            "Bone metastasis occurs in 65–75 % of patients with breast cancer",
        ),
        (
            "result",
            {"event": "bone-metastasis", "condition": "prostate-cancer", "statistic": "share"}
            | {"possibility": "may", "estimate": make_quantity((65, 75), "%")},
            "Bone metastasis may occur in 65–75 % of patients with prostate cancer",
        ),
        (
            "result",
            {"outcome": "pain-relief", "treatment": "radiotherapy", "statistic": "share"}
            | {"estimate": make_quantity(85, "%"), "lasting": "a long time"},
            "Pain relief occurs in 85 % of cases with radiotherapy, lasting a long time",
        ),
        (
            "result",
            {"event": "event", "population": "women", "arm": "denosumab", "statistic": "share"}
            | {"sample_size": 1026, "estimate": make_quantity(31, "%"), "p_value": make_quantity(0.006, "1")},
            (
                "Skeletal-related event occurs in 31 % of 1,026 women with breast cancer and bone metastases "
                "in the denosumab arm, P value 0.006"
            ),
        ),
        (
            "result",
            HAZARD_RATIO,
            (
                "The hazard ratio of time to the first skeletal-related event in the denosumab arm against "
                "zoledronic acid is 0.82, 95 % confidence interval 0.71–0.95, P value 0.01"
            ),
        ),
        (
            "result",
            {"outcome": "survival", "tumour": "thyroid-cancer", "statistic": "median"}
            | {"estimate": make_quantity(48, "mo"), "counted_from": "the detection"}
            | {"counted_condition": "bone-metastasis"},
            (
                "In patients with thyroid cancer, median survival is 48 months, counted from the "
                "detection of bone metastasis"
            ),
        ),
        (
            "result",
            {"outcome": "survival", "arm": "radium", "statistic": "median", "study": "alsympca"}
            | {"estimate": make_quantity(14.9, "mo"), "sample_size": 614},
            "In 614 patients, median survival in the radium-223 arm is 14.9 months (ALSYMPCA)",
        ),
        (
            "result",
            {"outcome": "survival", "tumour": "breast-cancer", "statistic": "not named", "possibility": "may"}
            | {"estimate": make_quantity((12, 35), "mo")},
            "In patients with breast cancer, survival may be 12–35 months",
        ),
        (
            "result",
            SENSITIVITY,
            "The sensitivity of bone scintigraphy for bone metastasis is 86 %, per patient",
        ),
        (
            "result",
            {"event": "prostate-cancer", "population": "general", "statistic": "rate"}
            | {"estimate": make_quantity(18.8, "/(100000.{person}.a)")},
            "In the general population, the rate of prostate cancer is 18.8 per 100,000 people a year",
        ),
        (
            "result",
            {"event": "event", "risk_factor": "bone-only", "statistic": "odds ratio"}
            | {"estimate": make_quantity(3.878, "1"), "adjusted": "age and stage"},
            (
                "The odds ratio of skeletal-related event with disease in bone only is 3.878, adjusted for "
                "age and stage"
            ),
        ),
        (
            "result",
            {"outcome": "survival", "population": "bone-only", "statistic": "survival share"}
            | {"time_point": make_quantity(5, "a"), "estimate": make_quantity(32.1, "%")},
            "In patients with metastases in bone only, survival at 5 years is 32.1 %",
        ),
        (
            "result",
            {"event": "event", "product": "denosumab", "statistic": "number needed to treat"}
            | {"estimate": make_quantity(20, "1"), "time_point": make_quantity(2, "a")},
            "The number needed to treat with denosumab for skeletal-related event is 20 after 2 years",
        ),
        (
            "reference-interval",
            {"analyte": "serum-calcium", "population": "adults", "range": make_quantity((8.5, 10.2), "mg/dL")}
            | {"range_in_other_units": make_quantity((2.12, 2.55), "mmol/L")},
            "The reference interval of serum calcium in adults is 8.5–10.2 mg per dL (2.12–2.55 mmol per L)",
        ),
        (
            "recommendation",
            {"organisation": "uspstf", "drug_class": "statins", "stance": "recommended", "grade": "B"}
            | {"population": "at-risk"},
            (
                "According to the US Preventive Services Task Force, the use of statins is recommended in "
                "adults of "
                "40 to 75 years with a risk of 10 % or more, grade B"
            ),
        ),
        (
            "pharmacokinetic",
            {"product": "radium", "parameter": "physical half-life", "amount": make_quantity(11.4, "d")},
            "The physical half-life of radium-223 is 11.4 days",
        ),
        (
            "dose-equivalence",
            EQUIVALENCE,
            "60–134 mg of oral morphine per day corresponds to 25 mcg per hour of fentanyl (patch)",
        ),
        (
            "score-band",
            {"score": "nrs", "range": make_quantity(4, "{score}", comparator=">=")}
            | {"meaning": "moderate or severe pain"},
            "A score on the numeric rating scale for pain of at least 4 points means moderate or severe pain",
        ),
        (
            "radiotherapy",
            {"condition": "bone-metastasis", "radiation_dose": make_quantity(8, "Gy"), "fractions": 1},
            "Radiotherapy for bone metastasis: 8 Gy in 1 fraction",
        ),
        (
            "radiotherapy",
            {"condition": "bone-metastasis", "radiation_dose": make_quantity(30, "Gy"), "fractions": 10},
            "Radiotherapy for bone metastasis: 30 Gy in 10 fractions",
        ),
        (
            "eligibility",
            {"study": "alsympca", "direction": "takes", "population": "ecog-0-to-2"},
            "ALSYMPCA takes patients with an ECOG performance status of 0 to 2",
        ),
        (
            "eligibility",
            {
                "study": "alsympca",
                "direction": "leaves out",
                "criteria": [
                    {"characteristic": "pain", "range": make_quantity(4, "{score}", comparator=">=")},
                    {"characteristic": "sex", "word": "female"},
                ],
            },
            "ALSYMPCA leaves out patients with pain score of at least 4 points and sex (female)",
        ),
    ],
)
def test_it_reads_as_people_would_write_it(kind: str, fields: dict[str, Any], sentence: str) -> None:
    assert find_issues(kind, fields) == []
    terms = {
        name: [{"id": term_id, "label": label} for term_id, label in labels.items()]
        for name, labels in TERMS.items()
    }
    content = build_content({**terms, kind: [{"id": "one", **fields}]})
    (record,) = content.list_records(kind)
    assert format_sentence(record, content) == sentence


@pytest.mark.parametrize(
    ("kind", "good", "changes", "pointer"),
    [
        ("result", HAZARD_RATIO, {"estimate": make_quantity(0.82, "%")}, "/estimate/unit"),
        ("result", HAZARD_RATIO, {"estimate": make_quantity(-1, "1")}, "/estimate/value"),
        ("result", HAZARD_RATIO, {"p_value": make_quantity(1.01, "1")}, "/p_value/value"),
        ("result", HAZARD_RATIO, {"interval_level": make_quantity(950, "%")}, "/interval_level/value"),
        ("result", HAZARD_RATIO, {"interval_kind": ...}, ""),
        ("result", HAZARD_RATIO, {"statistic": "hazards ratio"}, "/statistic"),
        ("result", HAZARD_RATIO, {"outcome": ...}, ""),
        (
            "result",
            HAZARD_RATIO,
            {"estimate_interval": make_quantity((0.7, 95), "%")},
            "/estimate_interval/unit",
        ),
        ("result", SENSITIVITY, {"estimate": make_quantity(860, "%")}, "/estimate/value"),
        ("result", SENSITIVITY, {"procedure": ...}, ""),
        ("result", SENSITIVITY, {"statistic": "rate"}, "/estimate/unit"),
        ("result", SENSITIVITY, {"statistic": "survival share"}, ""),
        ("result", SENSITIVITY, {"statistic": "number needed to treat"}, "/estimate/unit"),
        ("result", SENSITIVITY, {"estimate": ...}, ""),
        ("result", SENSITIVITY, {"events": 5}, ""),
        (
            "pharmacokinetic",
            {"product": "radium", "parameter": "physical half-life", "amount": make_quantity(11.4, "d")},
            {"amount": make_quantity(11.4, "mL/min")},
            "/amount/unit",
        ),
        (
            "pharmacokinetic",
            {"product": "radium", "parameter": "protein binding", "amount": make_quantity(22, "%")},
            {"amount": make_quantity(220, "%")},
            "/amount/value",
        ),
        ("dose-equivalence", EQUIVALENCE, {"other_rate": ...}, ""),
        ("dose-equivalence", EQUIVALENCE, {"total_in": ...}, ""),
        (
            "eligibility",
            {"study": "alsympca", "direction": "takes", "population": "adults"},
            {"criteria": [{"characteristic": "sex", "word": "female"}]},
            "",
        ),
        ("publication", {"label": "a", "doi": "10.1000/182"}, {"doi": "doi:10.1000/182"}, "/doi"),
        ("publication", {"label": "a", "pmid": "12345678"}, {"pmid": "PMC12345"}, "/pmid"),
        ("publication", {"label": "a", "url": "https://example.org"}, {"url": "example.org"}, "/url"),
        ("radiotherapy", {"radiation_dose": make_quantity(8, "Gy")}, {"radiation_dose": ...}, ""),
        (
            "radiotherapy",
            {"radiation_dose": make_quantity(8, "Gy")},
            {"radiation_dose": make_quantity(8, "mg")},
            "/radiation_dose/unit",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    kind: str, good: dict[str, Any], changes: dict[str, Any], pointer: str
) -> None:
    assert find_issues(kind, good) == []
    changed = {name: value for name, value in {**good, **changes}.items() if value is not ...}
    assert [place for place, _ in find_issues(kind, changed)] == [pointer]
