"""Facts of other medicine become FHIR that says them exactly, or in words, and never wrongly."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.content import read_content
from bmkit.export.fhir import FhirOptions, build_resources
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.check import find_fhir_faults
from bmkit.shape import ShapeChecker, find_shape_issues

from .checks import find_faults
from .other_medicine import write_other_medicine
from .reading import evaluate
from .resources import get_resource, list_resources

if TYPE_CHECKING:
    from bmkit.export.fhir.resources import Resources

ACT, USE, PLAN = "ActivityDefinition", "ClinicalUseDefinition", "PlanDefinition"
REGIMEN = "dosage.doseAndRate"


@cache
def build_other_medicine(release: str) -> Resources:
    with TemporaryDirectory() as folder:
        content = read_content(str(write_other_medicine(Path(folder))))
        issues = [*content.issues, *find_shape_issues(content, ShapeChecker())]
        assert not issues, [f"{issue.place}: {issue.message}" for issue in issues]
        return build_resources(content, FhirOptions(release=release))


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_other_medicine_is_valid(release: str) -> None:
    resources = build_other_medicine(release)
    assert list(find_faults(build_bundle(resources, "document"), release)) == []
    transaction = build_bundle(resources, "transaction")
    assert list(find_fhir_faults(transaction, release, with_resources=False)) == []


DOSAGES: list[tuple[str, str, list[Any]]] = [
    ("per-kg", "dosage.doseAndRate.dose.code", ["kBq/kg"]),
    ("per-kg", "dosage.timing.repeat.count", [6]),
    ("per-m2", "dosage.doseAndRate.dose.code", ["mg/m2"]),
    ("infusion", "dosage.doseAndRate.rate.value", [18]),
    ("infusion", "dosage.doseAndRate.rate.code", ["[USP'U]/kg/h"]),
    ("infusion", "dosage.method.text", ["infusion"]),
    ("bolus", "dosage.timing.repeat.count", [1]),
    ("bolus", "dosage.sequence", [1]),
    ("infusion", "dosage.sequence", [2]),
    ("bolus", "kind", ["MedicationRequest"]),
    ("cycle", "dosage.timing.repeat.frequency", [2]),
    ("cycle", "dosage.timing.repeat.period", [28]),
    ("cycle", "dosage.additionalInstruction.text", ["length of the cycle: 28 days", "on days 8 and 15"]),
    ("more", "kind", ["CommunicationRequest"]),
    ("more", "dosage.doseAndRate", []),
    (
        "more",
        "dosage.additionalInstruction.text",
        [
            "a change every 3 days",
            "2 international units more",
            "until this is reached: fasting glucose of 80 to 130 mg/dL",
            "plan: basal",
        ],
    ),
    ("week-by-week", "dosage.additionalInstruction.text", ["a change every week", "5 mg less"]),
    ("needed", "dosage.timing.repeat.periodMax", [2]),
    ("apart", "dosage.timing.repeat.period", [1]),
    ("puffs", "dosage.doseAndRate.dose.high.code", ["1"]),
    ("puffs", "dosage.doseAndRate.dose.high.unit", ["puffs"]),
    # Both ends of a Range have one text for their unit: servers compare it.
    ("puffs", "dosage.doseAndRate.dose.low.unit", ["puffs"]),
    ("a-day", "dosage.doseAndRate.rate.high.code", ["mg/d"]),
    ("two-weeks", "dosage.doseAndRate.rate.denominator.value", [2]),
    ("two-weeks", "kind", ["CommunicationRequest"]),
    ("zol-50", "dosage.maxDosePerAdministration.value", [3.5]),
    ("zol-50", "dosage.maxDosePerLifetime.value", [1]),
    # The limit of those with a clearance below 30 is not for them; who is a woman is not known.
    (
        "zol-50",
        "dosage.additionalInstruction.text",
        [
            "Highest dose of zolone in adult women: at most 2 mg at a time",
            "Highest speed of zolone: at most 1 mg per minute",
        ],
    ),
]


@pytest.mark.parametrize("release", ["R5", "R4B"])
@pytest.mark.parametrize(("name", "path", "values"), DOSAGES)
def test_a_dosage_says(release: str, name: str, path: str, values: list[Any]) -> None:
    definition = get_resource(build_other_medicine(release), ACT, "regimen", name, folder="other")
    assert [float(value) if isinstance(value, float) else value for value in evaluate(definition, path)] == (
        values
    )


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_what_is_needed_only_is_given_as_needed(release: str) -> None:
    resources = build_other_medicine(release)
    element = "asNeeded" if release == "R5" else "asNeededBoolean"
    for name, is_needed in (("needed", True), ("puffs", True), ("per-kg", False)):
        [dosage] = get_resource(resources, ACT, "regimen", name, folder="other")["dosage"]
        assert dosage.get(element, False) is is_needed


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_limits_that_cannot_be_compared_all_hold(release: str) -> None:
    [dosage] = get_resource(build_other_medicine(release), ACT, "regimen", "child", folder="other")["dosage"]
    if release == "R5":
        assert [
            (ratio["numerator"]["value"], ratio["numerator"]["code"], ratio["denominator"]["code"])
            for ratio in dosage["maxDosePerPeriod"]
        ] == [(75, "mg/kg", "d"), (4, "g", "h")]
    else:  # which has only one
        assert dosage["maxDosePerPeriod"]["numerator"]["code"] == "mg/kg"
        assert {"text": "at most 4 g in 24 hours"} in dosage["additionalInstruction"]


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_what_is_counted_is_a_ratio_of_ones(release: str) -> None:
    [dosage] = get_resource(build_other_medicine(release), ACT, "regimen", "puffs", folder="other")["dosage"]
    ratios = dosage["maxDosePerPeriod"]
    ratio = ratios[0] if release == "R5" else ratios
    assert (ratio["numerator"]["value"], ratio["numerator"]["unit"], ratio["numerator"]["code"]) == (
        8,
        "puffs",
        "1",
    )
    assert (ratio["denominator"]["value"], ratio["denominator"]["code"]) == (24, "h")


def test_a_table_of_bands_is_a_guideline_for_each() -> None:
    knowledge = get_resource(
        build_other_medicine("R5"), "MedicationKnowledge", "product", "p-zolone", folder="other"
    )
    path = "indicationGuideline.dosingGuideline.where(id = '{}').patientCharacteristic.value.{}.value"
    for name, low, high in (("regimen.zol-50", 50, 60), ("regimen.zol-40", 40, 49)):
        assert evaluate(knowledge, path.format(name, "low")) == [low]
        assert evaluate(knowledge, path.format(name, "high")) == [high]
    older = get_resource(
        build_other_medicine("R4B"), "MedicationKnowledge", "product", "p-zolone", folder="other"
    )
    texts = evaluate(older, "administrationGuidelines.patientCharacteristics.value")
    assert "50–60 mL per minute" in texts
    assert "below 30 mL per minute" in texts


def test_a_day_of_a_cycle_is_no_number_of_days() -> None:
    resources = build_other_medicine("R5")
    titles = [variable["title"] for variable in list_resources(resources, "EvidenceVariable")]
    assert not [title for title in titles if "Days: 8" in title]


def test_choices_are_guidelines_and_steps_are_one() -> None:
    resources = build_other_medicine("R5")
    dolol, hepal = (
        get_resource(resources, "MedicationKnowledge", "product", name, folder="other")
        for name in ("p-dolol", "p-hepal")
    )
    assert {"regimen.option-a", "regimen.option-b"} <= {
        *evaluate(dolol, "indicationGuideline.dosingGuideline.id")
    }
    [guideline] = evaluate(hepal, "indicationGuideline.dosingGuideline")
    assert evaluate(guideline, "dosage.id") == ["regimen.bolus", "regimen.infusion"]
    assert evaluate(guideline, "dosage.dosage.sequence") == [1, 2]


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_a_plan_has_its_steps_goal_choices_and_days(release: str) -> None:
    resources = build_other_medicine(release)

    def get_plan(name: str) -> dict[str, Any]:
        return get_resource(resources, PLAN, "regimen", name, "steps", folder="other")

    basal = get_plan("basal")
    [goal] = basal["goal"]
    assert goal["target"][0]["detailRange"]["high"]["value"] == 130
    assert goal["target"][0]["measure"]["text"] == "fasting glucose"
    assert [action["id"] for action in basal["action"]] == ["basal", "more"]
    assert basal["action"][1]["goalId"] == ["level"]
    [related] = basal["action"][1]["relatedAction"]
    assert related["relationship"] == "after-end"
    assert related["targetId" if release == "R5" else "actionId"] == "basal"
    [choice] = get_plan("taper-a")["action"]
    assert choice["selectionBehavior"] == "exactly-one"
    assert [action["id"] for action in choice["action"]] == ["taper-a", "taper-b"]
    [action] = get_plan("cycle")["action"]
    [extension] = action["extension"]
    assert [day["valueInteger"] for day in extension["extension"]] == [8, 15]
    definitions = {definition["url"] for definition in list_resources(resources, ACT)}
    assert action["definitionCanonical"] in definitions


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_a_caution_is_for_whom_it_is(release: str) -> None:
    resources = build_other_medicine(release)
    uses = {
        name: get_resource(resources, USE, "caution", name, folder="other")
        for name in ("not-for", "never-for", "not-with", "watch")
    }
    assert {name: use["type"] for name, use in uses.items()} == {
        "not-for": "warning",
        "never-for": "contraindication",
        "not-with": "interaction",
        "watch": "warning",
    }
    assert "below 30" in uses["not-for"]["population"][0]["display"]
    assert uses["never-for"]["population"][0]["display"] == "adult women"
    assert uses["not-with"]["interaction"]["interactant"][0]["itemReference"]["display"] == "hepal"
    for definition in list_resources(resources, ACT):
        assert "not recommended" not in str(definition.get("dosage"))
        assert "contraindicated" not in str(definition.get("dosage"))


EVIDENCE: list[tuple[str, str, list[Any]]] = [
    ("ratio", "statistic.quantity.value", [0.82]),
    ("ratio", "statistic.statisticType.coding.code", ["C93150", "hazard-ratio"]),
    ("ratio", "statistic.attributeEstimate.range.high.value", [0.95]),
    ("ratio", "statistic.attributeEstimate.level", [95]),
    ("ratio", "statistic.attributeEstimate.where(type.coding.code = 'C44185').quantity.value", [0.01]),
    ("ratio", "variableDefinition.where(id = 'confounder').observed.display", ["Adjusted for: age"]),
    ("ratio", "variableDefinition.where(id = 'exposure').observed.display", ["radiotherapy"]),
    ("median", "statistic.sampleSize.numberOfParticipants", [614]),
    ("median", "statistic.statisticType.coding.code.first()", ["C28007"]),
    ("median", "variableDefinition.where(id = 'referenceExposure').exists()", [True]),
    ("sensitivity", "statistic.statisticType.coding.code.first()", ["C44256"]),
    ("likelihood", "statistic.statisticType.coding.code.first()", ["descriptive"]),
    ("likelihood", "statistic.statisticType.text", ["positive likelihood ratio"]),
    ("events", "statistic.numberOfEvents", [12]),
    ("events", "statistic.statisticType.coding.code.first()", ["C25463"]),
    ("events", "statistic.sampleSize.numberOfParticipants", [100]),
]


@pytest.mark.parametrize("release", ["R5", "R4B"])
@pytest.mark.parametrize(("name", "path", "values"), EVIDENCE)
def test_a_result_says(release: str, name: str, path: str, values: list[Any]) -> None:
    evidence = get_resource(build_other_medicine(release), "Evidence", "result", name, folder="other")
    assert [
        float(value) if str(value).count(".") == 1 and not isinstance(value, str) else value
        for value in evaluate(evidence, path)
    ] == values


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_a_reference_interval_says_for_whom_in_both_units(release: str) -> None:
    resources = build_other_medicine(release)
    definition = get_resource(
        resources, "ObservationDefinition", "reference-interval", "calcium", folder="other"
    )
    values = definition["qualifiedValue" if release == "R5" else "qualifiedInterval"]
    assert [value["range"]["high"]["code"] for value in values] == ["mg/dL", "mmol/L"]
    for value in values:
        assert value["gender"] == "female"
        assert value["age"]["low"]["value"] == 18
        assert value["condition"] == "specimen: serum"
        assert value["rangeCategory" if release == "R5" else "category"] == "reference"


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_who_is_left_out_is_excluded(release: str) -> None:
    resources = build_other_medicine(release)
    for name, is_excluded in (("takes", False), ("leaves", True)):
        group = get_resource(resources, "Group", "eligibility", name, folder="other")
        [characteristic] = group["characteristic"]
        assert characteristic["exclude"] is is_excluded
        assert characteristic["valueReference"]["type"] == "Group"
    # Who is old and a man is left out; old women and young men are not.
    [both] = get_resource(resources, "Group", "eligibility", "leaves-both", folder="other")["characteristic"]
    assert both["exclude"] is True
    left_out = get_resource(resources, "Group", "eligibility", "leaves-both", "left-out", folder="other")
    assert both["valueReference"]["reference"].endswith(left_out["id"])
    assert evaluate(left_out, "characteristic.exclude") == [False, False]
    group = get_resource(resources, "Group", "population", "crcl-50-60", folder="terms")
    assert evaluate(group, "characteristic.value.low.value") == [50]


def test_a_formula_is_an_expression_and_the_older_release_has_its_words() -> None:
    variable, older = (
        get_resource(build_other_medicine(release), "EvidenceVariable", "formula", "f-2", folder="terms")
        for release in ("R5", "R4B")
    )
    assert evaluate(variable, "characteristic.definitionExpression.expression") == ["calcium / 2"]
    assert "calcium / 2" in str(older["characteristic"][0]["definitionCodeableConcept"])


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_advice_of_a_guideline_is_a_service_or_told(release: str) -> None:
    resources = build_other_medicine(release)
    statins, no_rt, *medicines = (
        get_resource(resources, ACT, "recommendation", name, folder="other")
        for name in ("statins", "no-rt", "a-product", "a-class")
    )
    assert (statins["kind"], statins["code"]["text"]) == ("ServiceRequest", "statin therapy")
    assert statins["subjectReference"]["display"] == "adult women"
    assert no_rt["doNotPerform"] is True
    # A medicine without an amount is no order, and no service.
    for medicine in medicines:
        assert medicine["kind"] == "CommunicationRequest"
        assert "dolol" in medicine["description"]
        assert medicine["useContext"][0]["valueCodeableConcept"]["text"].startswith("dolol")


def test_numbers_of_terms_are_in_their_code_system_and_a_year_has_no_comma() -> None:
    resources = build_other_medicine("R5")
    texts = evaluate(
        get_resource(resources, "CodeSystem", "arm", folder="terms"),
        "concept.property.where(code = 'in-words').value",
    )
    assert any(text.endswith(": 614") for text in texts)
    publication = str(get_resource(resources, "CodeSystem", "publication", folder="terms"))
    assert "2022" in publication
    assert "2,022" not in str(resources.by_key)
    citation = get_resource(resources, "Citation", "publication", "pub", folder="terms")
    assert citation["citedArtifact"]["identifier"][0]["value"] == "10.1000/1"
