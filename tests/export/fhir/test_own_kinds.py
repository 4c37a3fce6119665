"""Kinds of one's own go by their roles and parts, whatever they, their fields and their terms are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bmkit.export.fhir.bundle import build_bundle

from .checks import find_faults
from .own_kinds import build_own_resources
from .resources import Json, list_resources

if TYPE_CHECKING:
    from pathlib import Path

TERMS: dict[str, list[Json]] = {
    "stuff": [{"id": "s1", "label": "calming salt"}],
    "remedy": [{"id": "r1", "label": "Calmol", "made_of": ["s1"]}],
    "way-in": [{"id": "w1", "label": "by spoon"}],
    "trouble": [{"id": "t1", "label": "restlessness"}],
    "folk": [{"id": "f1", "label": "restless people", "ills": ["t1"]}],
}
KINDS: dict[str, tuple[str, Json]] = {
    "administration": (
        "regimen",
        {
            "drug": {"x-ref": "remedy"},
            "entry": {"x-ref": "way-in"},
            "whom": {"x-ref": "folk"},
            "amount": {"x-unit": "dose", "x-role": "dose"},
            "every": {"x-unit": "duration", "x-role": "interval"},
        },
    ),
    "ceiling": (
        "dose-limit",
        {
            "drug": {"x-ref": "remedy"},
            "most": {"x-unit": "dose", "x-role": "maximum"},
            "counts": {"enum": ["administration", "time"], "x-role": "per"},
            "within": {"x-unit": "duration", "x-role": "window"},
        },
    ),
    "danger": (
        "caution",
        {
            "drug": {"x-ref": "remedy"},
            "whom": {"x-ref": "folk"},
            "word": {"enum": ["contraindicated", "use with care"], "x-role": "stance"},
        },
    ),
    "finding-of-a-trial": (
        "",
        {
            "who": {"x-ref": "folk", "x-part": "population"},
            "drug": {"x-ref": "remedy", "x-part": "exposure"},
            "other_drug": {"x-ref": "remedy", "x-part": "comparator", "x-role": "none"},
            "ill": {"x-ref": "trouble", "x-part": "outcome"},
            "part_of_them": {"x-unit": "share", "x-role": "share"},
        },
    ),
}
RECORDS: dict[str, list[Json]] = {
    **TERMS,
    "administration": [
        {
            "id": "a1",
            "drug": "r1",
            "entry": "w1",
            "amount": {"value": 15, "unit": "mg/kg"},
            "every": {"value": 6, "unit": "h"},
        }
    ],
    "ceiling": [
        {
            "id": "c1",
            "drug": "r1",
            "most": {"value": 75, "unit": "mg/kg"},
            "counts": "time",
            "within": {"value": 1, "unit": "d"},
        }
    ],
    "danger": [{"id": "d1", "drug": "r1", "whom": "f1", "word": "contraindicated"}],
    "finding-of-a-trial": [
        {
            "id": "e1",
            "who": "f1",
            "drug": "r1",
            "other_drug": "r1",
            "ill": "t1",
            "part_of_them": {"value": 66, "unit": "%"},
        }
    ],
}


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_kinds_of_ones_own_go_by_their_roles(tmp_path: Path, release: str) -> None:
    resources = build_own_resources(tmp_path, KINDS, RECORDS, release)
    assert list(find_faults(build_bundle(resources, "document"), release)) == []
    [order] = [
        definition
        for definition in list_resources(resources, "ActivityDefinition")
        if definition["kind"] == "MedicationRequest"
    ]
    [dosage] = order["dosage"]
    assert dosage["doseAndRate"][0]["doseQuantity"]["code"] == "mg/kg"
    assert dosage["timing"]["repeat"] == {"frequency": 1, "period": 6, "periodUnit": "h"}
    assert dosage["route"]["text"] == "by spoon"
    most = dosage["maxDosePerPeriod"][0] if release == "R5" else dosage["maxDosePerPeriod"]
    assert (most["numerator"]["value"], most["numerator"]["code"], most["denominator"]["code"]) == (
        75,
        "mg/kg",
        "d",
    )
    uses = {use["type"]: use for use in list_resources(resources, "ClinicalUseDefinition")}
    assert uses["contraindication"]["population"][0]["display"] == "restless people"
    assert uses["contraindication"]["subject"][0]["display"] == "Calmol"
    assert "warning" in uses
    [evidence] = [
        evidence
        for evidence in list_resources(resources, "Evidence")
        if evidence["url"].endswith("/finding-of-a-trial/e1")
    ]
    assert {
        variable["id"]: variable["observed"]["display"] for variable in evidence["variableDefinition"]
    } == {
        "population": "restless people",
        "exposure": "Calmol",
        "referenceExposure": "Other_drug: Calmol",
        "measuredVariable": "restlessness",
    }
    [statistic] = evidence["statistic"]
    assert statistic["statisticType"]["coding"][0]["code"] == "C44256"
    assert statistic["quantity"]["value"] == 66


def test_words_that_would_have_one_code_have_two(tmp_path: Path) -> None:
    kinds = {"saying": ("", {"way": {"enum": ["by day", "by-day", "By day"], "x-part": "value"}})}
    records = {
        "saying": [{"id": f"w{number}", "way": word} for number, word in enumerate(("by day", "by-day"))]
    }
    resources = build_own_resources(tmp_path, kinds, records)
    assert list(find_faults(build_bundle(resources, "document"), "R5")) == []
    [words] = [
        system for system in list_resources(resources, "CodeSystem") if system["url"].endswith("/word")
    ]
    codes = {concept["display"]: concept["code"] for concept in words["concept"]}
    assert len({codes[word] for word in ("by day", "by-day", "By day")}) == 3
