"""Facts of other medicine in the shipped kinds: doses per kg and m², rates, plans, bands, limits, results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]


def amount(value: Any, unit: str, comparator: str = "") -> Json:
    return {"value": value, **({"comparator": comparator} if comparator else {}), "unit": unit}


def between(low: Any, high: Any, unit: str) -> Json:
    return {"low": low, "high": high, "unit": unit}


def _list_products(*names: str) -> list[Json]:
    return [
        {"id": f"p-{name}", "label": name, "category": "medicine", "substances": [f"s-{name}"]}
        for name in names
    ]


def _band(characteristic: str, **value: Any) -> Json:
    return {"characteristic": characteristic, **value}


def _name_terms(**labels_by_id: str) -> list[Json]:
    return [{"id": name.replace("_", "-"), "label": label} for name, label in labels_by_id.items()]


_PRODUCTS = ("zolone", "dolol", "hepal", "glargal", "morphal", "salbal", "predal", "rado", "merta")
_TERMS: dict[str, list[Json]] = {
    "substance": [
        *({"id": f"s-{name}", "label": f"{name} acid", "category": "active substance"} for name in _PRODUCTS),
        {"id": "salt", "label": "salt", "category": "mineral"},
    ],
    "product": _list_products(*_PRODUCTS),
    "route": [
        {"id": "r-01", "label": "into a vein", "way": "into a vein"},
        {"id": "r-02", "label": "by mouth", "way": "by mouth"},
        {"id": "r-03", "label": "under the skin", "way": "under the skin"},
        {"id": "r-04", "label": "by inhalation", "way": "by inhalation"},
    ],
    "form": [{"id": "f-1", "label": "concentrate", "state": "solution for infusion"}],
    "characteristic": [
        {"id": "crcl", "label": "creatinine clearance", "sort": "kidney function"},
        {"id": "age", "label": "age", "sort": "age"},
        {"id": "sex", "label": "sex", "sort": "sex"},
        {"id": "glucose", "label": "fasting glucose", "sort": "laboratory value"},
    ],
    "condition": [
        {"id": "c-1", "label": "skeletal event", "category": "complication"},
        {"id": "c-2", "label": "pain", "category": "symptom"},
    ],
    "population": [
        {
            "id": "crcl-50-60",
            "label": "patients with a creatinine clearance of 50 to 60 mL/min",
            "bands": [_band("crcl", range=between(50, 60, "mL/min"))],
        },
        {
            "id": "crcl-40-49",
            "label": "patients with a creatinine clearance of 40 to 49 mL/min",
            "bands": [_band("crcl", range=between(40, 49, "mL/min"))],
        },
        {
            "id": "crcl-30-60",
            "label": "patients with a creatinine clearance of 30 to 60 mL/min",
            "bands": [_band("crcl", range=between(30, 60, "mL/min"))],
        },
        {
            "id": "crcl-below-30",
            "label": "patients with a creatinine clearance below 30 mL/min",
            "bands": [_band("crcl", range=amount(30, "mL/min", "<"))],
        },
        {
            "id": "women",
            "label": "adult women",
            "bands": [_band("age", range=amount(18, "a", ">=")), _band("sex", word="female")],
        },
        {"id": "children", "label": "children", "bands": [_band("age", range=between(2, 12, "a"))]},
    ],
    "outcome": _name_terms(o_1="time to the first event", o_2="survival"),
    "analyte": [
        {"id": "ca", "label": "calcium", "specimen": "serum", "molar_mass": amount(40.08, "g/mol")},
    ],
    "organisation": _name_terms(body="a guideline body"),
    "drug-class": _name_terms(dolols="dolols"),
    "procedure": [{"id": "scan", "label": "bone scan", "category": "imaging"}],
    "treatment": _name_terms(statin="statin therapy", rt="radiotherapy"),
    "study": [{"id": "st", "label": "a trial", "design": "randomised trial", "population_size": 921}],
    "arm": [
        {"id": "arm-1", "label": "treated", "study": "st", "population_size": 614},
        {"id": "arm-2", "label": "placebo", "study": "st", "population_size": 307, "is_control": True},
    ],
    "target-level": [
        {
            "id": "level",
            "label": "fasting glucose of 80 to 130 mg/dL",
            "characteristic": "glucose",
            "range": between(80, 130, "mg/dL"),
        }
    ],
    "solution": [
        {"id": "salt-water", "label": "salt water", "solute": "salt", "concentration": amount(0.9, "g/dL")}
    ],
    "formula": [{"id": "f-2", "label": "half of it", "expression": "calcium / 2", "analyte": "ca"}],
    "publication": [{"id": "pub", "label": "A paper", "title": "A paper", "year": 2022, "doi": "10.1000/1"}],
}
_EVERY_3_TO_4_WEEKS = {"interval": between(3, 4, "wk")}
_FACTS: dict[str, list[Json]] = {
    "regimen": [
        {"id": "zol-50", "product": "p-zolone", "population": "crcl-50-60", "route": "r-01"}
        | {"dose": amount(3.5, "mg"), **_EVERY_3_TO_4_WEEKS},
        {"id": "zol-40", "product": "p-zolone", "population": "crcl-40-49", "route": "r-01"}
        | {"dose": amount(3.3, "mg"), **_EVERY_3_TO_4_WEEKS},
        {"id": "cycle", "product": "p-merta", "route": "r-03", "dose": amount(120, "mg"), "days": [8, 15]}
        | {"cycle": amount(28, "d")},
        {"id": "per-kg", "product": "p-rado", "route": "r-01", "dose": amount(55, "kBq/kg")}
        | {"interval": amount(4, "wk"), "administration_count": amount(6, "1")},
        {"id": "per-m2", "product": "p-merta", "route": "r-02", "dose": amount(10, "mg/m2")}
        | {"interval": amount(1, "wk")},
        {"id": "option-a", "product": "p-dolol", "route": "r-02", "option": "every 6 hours"}
        | {"dose": amount(1000, "mg"), "interval": amount(6, "h")},
        {"id": "option-b", "product": "p-dolol", "route": "r-02", "option": "every 4 hours"}
        | {"dose": amount(650, "mg"), "interval": amount(4, "h")},
        {"id": "child", "product": "p-dolol", "population": "children", "route": "r-02"}
        | {"dose": amount(15, "mg/kg"), "interval": amount(6, "h")},
        {"id": "bolus", "product": "p-hepal", "plan": "at once and then", "step": 1, "route": "r-01"}
        | {"dose": amount(80, "[USP'U]/kg"), "once": True, "manner": "bolus"},
        {"id": "infusion", "product": "p-hepal", "plan": "at once and then", "step": 2, "route": "r-01"}
        | {"rate": amount(18, "[USP'U]/kg/h"), "manner": "infusion"},
        {"id": "basal", "product": "p-glargal", "plan": "basal", "step": 1, "route": "r-03"}
        | {"dose": amount(10, "[iU]"), "times_per_day": amount(1, "1")},
        {"id": "more", "product": "p-glargal", "plan": "basal", "step": 2, "route": "r-03"}
        | {"change": "more", "change_dose": amount(2, "[iU]"), "change_every": amount(3, "d")}
        | {"until": "level"},
        {"id": "week-by-week", "product": "p-predal", "route": "r-02", "change": "less"}
        | {"change_dose": amount(5, "mg"), "change_every": amount(1, "wk")},
        {"id": "taper-a", "product": "p-predal", "plan": "taper", "step": 1, "option": "fast"}
        | {"route": "r-02", "dose": amount(40, "mg"), "times_per_day": amount(1, "1")},
        {"id": "taper-b", "product": "p-predal", "plan": "taper", "step": 1, "option": "slow"}
        | {"route": "r-02", "dose": amount(20, "mg"), "times_per_day": amount(1, "1")},
        {"id": "needed", "product": "p-morphal", "route": "r-02", "dose": between(5, 10, "mg")}
        | {"interval": between(1, 2, "h"), "as_needed": True},
        {"id": "apart", "product": "p-morphal", "route": "r-02", "dose": amount(5, "mg")}
        | {"as_needed": True, "least_interval": amount(1, "h")},
        {"id": "puffs", "product": "p-salbal", "route": "r-04", "dose": between(1, 2, "{puff}")}
        | {"as_needed": True},
        {"id": "a-day", "product": "p-morphal", "route": "r-02", "total": between(60, 134, "mg")}
        | {"total_in": amount(1, "d")},
        {"id": "two-weeks", "product": "p-morphal", "route": "r-02", "total": amount(20, "mg")}
        | {"total_in": amount(2, "wk")},
    ],
    "dose-limit": [
        {"id": "kg-a-day", "product": "p-dolol", "per": "time", "window": amount(1, "d")}
        | {"maximum": amount(75, "mg/kg", "<=")},
        {"id": "g-in-24-h", "product": "p-dolol", "per": "time", "window": amount(24, "h")}
        | {"maximum": amount(4, "g", "<=")},
        {"id": "eight-puffs", "product": "p-salbal", "per": "time", "window": amount(24, "h")}
        | {"maximum": amount(8, "{puff}", "<=")},
        {"id": "kidney", "product": "p-zolone", "population": "crcl-30-60", "per": "administration"}
        | {"maximum": amount(3.5, "mg", "<=")},
        {"id": "no-kidney", "product": "p-zolone", "population": "crcl-below-30", "per": "administration"}
        | {"maximum": amount(1, "mg", "<=")},
        {"id": "some-women", "product": "p-zolone", "population": "women", "per": "administration"}
        | {"maximum": amount(2, "mg", "<=")},
        {"id": "speed", "product": "p-zolone", "per": "speed", "maximum": amount(1, "mg/min", "<=")},
        {"id": "lifetime", "product": "p-zolone", "per": "lifetime", "maximum": amount(1, "g", "<=")},
    ],
    "caution": [
        {"id": "not-for", "product": "p-zolone", "population": "crcl-below-30", "stance": "not recommended"},
        {"id": "never-for", "product": "p-zolone", "population": "women", "stance": "contraindicated"},
        {"id": "not-with", "product": "p-dolol", "given_with": "p-hepal", "stance": "interaction"},
        {"id": "watch", "product": "p-zolone", "analyte": "ca", "stance": "monitor"},
    ],
    "result": [
        {"id": "ratio", "outcome": "o-1", "statistic": "hazard ratio", "treatment": "rt", "study": "st"}
        | {"estimate": amount(0.82, "1"), "estimate_interval": between(0.71, 0.95, "1")}
        | {"interval_kind": "confidence", "interval_level": amount(95, "%"), "p_value": amount(0.01, "1")}
        | {"adjusted": "age"},
        {"id": "median", "outcome": "o-2", "statistic": "median", "estimate": amount(14.9, "mo")}
        | {"arm": "arm-1", "comparator": "arm-2", "sample_size": 614, "study": "st"},
        {"id": "sensitivity", "statistic": "sensitivity", "procedure": "scan", "event": "c-1"}
        | {"estimate": amount(86.0, "%")},
        {"id": "likelihood", "statistic": "positive likelihood ratio", "procedure": "scan"}
        | {"event": "c-1", "estimate": amount(4.6, "1")},
        {"id": "events", "statistic": "count", "event": "c-1", "events": 12, "sample_size": 100},
    ],
    "reference-interval": [
        {"id": "calcium", "analyte": "ca", "specimen": "serum", "population": "women"}
        | {"range": between(8.5, 10.2, "mg/dL"), "range_in_other_units": between(2.12, 2.55, "mmol/L")},
    ],
    "recommendation": [
        {"id": "statins", "organisation": "body", "treatment": "statin", "population": "women"}
        | {"stance": "recommended", "strength_of_recommendation": "strong", "certainty": "moderate"},
        {"id": "no-rt", "organisation": "body", "treatment": "rt", "stance": "not recommended"}
        | {"publication": "pub"},
        {"id": "a-product", "organisation": "body", "product": "p-dolol", "stance": "recommended"},
        {"id": "a-class", "organisation": "body", "drug_class": "dolols", "stance": "recommended"},
    ],
    "radiotherapy": [
        {"id": "ten", "treatment": "rt", "condition": "c-2", "radiation_dose": amount(30, "Gy")}
        | {"fractions": 10}
    ],
    "eligibility": [
        {"id": "takes", "study": "st", "direction": "takes", "population": "women"},
        {"id": "leaves", "study": "st", "direction": "leaves out", "population": "crcl-below-30"},
        {"id": "leaves-both", "study": "st", "direction": "leaves out"}
        | {"criteria": [_band("age", range=amount(80, "a", ">")), _band("sex", word="male")]},
    ],
    "pharmacokinetic": [
        {"id": "half-life", "substance": "s-rado", "parameter": "physical half-life"}
        | {"amount": amount(11.4, "d")}
    ],
    "dose-equivalence": [
        {"id": "same", "product": "p-morphal", "total": between(60, 134, "mg"), "total_in": amount(1, "d")}
        | {"other_product": "p-dolol", "other_rate": amount(25, "ug/h")}
    ],
    "dilution": [
        {"id": "diluted", "product": "p-zolone", "form": "f-1", "solution": "salt-water"}
        | {"volume": amount(100, "mL")}
    ],
    "presentation": [
        {"id": "vial", "product": "p-zolone", "form": "f-1", "strength": amount(4, "mg")},
    ],
}
_FRAME: dict[str, list[Json]] = {
    "article": [
        {"id": "other", "label": "Other medicine", "language": "en", "publisher": "Somebody"}
        | {"reviewed": "2026-05-01", "length": 100, "digest": "0123456789abcdef"}
    ],
    "section": [{"id": "all", "label": "All", "order": 1, "start": 0, "end": 100}],
}
_SOURCE = {"section": "all", "spans": [{"start": 0, "end": 10, "digest": "0123456789abcdef"}]}


def write_other_medicine(root: Path) -> Path:
    """A project of these facts in the folder "other", and of their terms."""
    facts = {kind: [{**fact, "source": _SOURCE} for fact in records] for kind, records in _FACTS.items()}
    for folder_name, records_by_kind in (("terms", _TERMS), ("other", {**_FRAME, **facts})):
        folder = root / "content" / folder_name
        folder.mkdir(parents=True)
        for kind, records in records_by_kind.items():
            file_content = {"$schema": f"../../schema/{kind}.schema.json", "records": records}
            (folder / f"{kind}.json").write_text(json.dumps(file_content, indent=2), "utf-8")
    return root
