"""What limits a use of a medicine: its form, time, amount and handling are where a machine looks first."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.content import read_content
from bmkit.export.fhir import FhirOptions, build_resources
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.ids import make_record_path

from .checks import find_faults
from .conftest import REPOSITORY
from .reading import BundleReader, evaluate
from .resources import get_resource, list_resources

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources

Json = dict[str, Any]
USE = "ClinicalUseDefinition"
_MANAGEMENT = "interaction.management.text"
_SYMPTOM = "undesirableEffect.symptomConditionEffect.concept.text"
_DISEASE = "indication.diseaseSymptomProcedure.concept.text"
# Facts that the content does not have, made of one that it has.
CHANGES: dict[tuple[str, str], Json] = {
    ("caution", "bonefos-milk"): {"amount": "large amounts of"},
    ("adverse-effect", "zometa-nausea"): {"form": "infusion-solution", "activity": "lying-down"},
    ("indication", "bondronat-bone-metastasis"): {
        "lesion_type": "osteolytic-metastasis",
        "timing": "for a long time",
        "frequency": "rarely",
    },
    # Then tablets are given by two routes, and a fact that names none means neither of the two.
    ("presentation", "bondronat-tablet"): {"route": "intravenous"},
}


@cache
def build_changed(release: str) -> Resources:
    unsaved: dict[str, bytes] = {}
    for (kind, name), fields in CHANGES.items():
        path = f"content/bone-metastasis/{kind}.json"
        file_content = json.loads((REPOSITORY / path).read_text("utf-8"))
        [record] = [each_record for each_record in file_content["records"] if each_record["id"] == name]
        record.update(fields)
        unsaved[path] = json.dumps(file_content).encode()
    content = read_content(str(REPOSITORY), unsaved_files=unsaved)
    return build_resources(content, FhirOptions(release=release))


@pytest.mark.parametrize(
    ("kind", "name", "path", "text"),
    [
        (
            "caution",
            "bonefos-other-medicines",
            _MANAGEMENT,
            "Bonefos: not recommended with other medicines for 2 hours after the dose",
        ),
        (
            "caution",
            "bondronat-other-medicines",
            _MANAGEMENT,
            "Bondronat (tablet): not recommended with other medicines for 30 minutes after the dose",
        ),
        ("caution", "bondronat-mineral-water", _MANAGEMENT, "contraindicated"),
        (
            "caution",
            "bonefos-milk",
            "interaction.effect.concept.text",
            "interferes with absorption (of: clodronic acid)",
        ),
        (
            "adverse-effect",
            "bondronat-oropharyngeal-ulcer-chewing",
            _SYMPTOM,
            "oropharyngeal ulcer (after: chewing)",
        ),
        ("adverse-effect", "zometa-nausea", _SYMPTOM, "nausea (after: lying down)"),
        ("adverse-effect", "zometa-flu-like-syndrome", _SYMPTOM, "flu-like syndrome (onset: 2 days)"),
        ("adverse-effect", "zometa-fever", _SYMPTOM, "fever"),
        (
            "indication",
            "bondronat-bone-metastasis",
            _DISEASE,
            "bone metastasis (lesion type: osteolytic metastasis; timing: for a long time)",
        ),
        ("indication", "bondronat-bone-metastasis", "indication.duration", "rarely"),
        ("caution", "bondronat-mineral-water", "subject.display", "Bondronat (tablet)"),
        ("adverse-effect", "zometa-nausea", "subject.display", "Zometa (solution for infusion)"),
        ("adverse-effect", "zometa-fever", "subject.display", "Zometa"),
    ],
)
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_a_use_says_what_limits_it(release: str, kind: str, name: str, path: str, text: str) -> None:
    use = get_resource(build_changed(release), USE, kind, name)
    assert evaluate(use, path) == [text]
    for concept in evaluate(use, "interaction.management | undesirableEffect.symptomConditionEffect.concept"):
        assert concept["coding"]


def test_a_form_that_no_presentation_is_is_a_medication_of_its_own(either: Resources) -> None:
    release = either.options.release
    reader = BundleReader(build_bundle(build_changed(release), "collection"))
    for kind, name, form in (
        ("caution", "bondronat-mineral-water", "tablet"),
        ("adverse-effect", "zometa-nausea", "infusion-solution"),
    ):
        use = reader.main_resources[USE, f"bone-metastasis/{kind}/{name}"]
        [medication] = reader.follow_references(use, "subject")
        assert reader.list_terms(medication, "doseForm | form") == [form]
        assert medication["ingredient"]
    assert list(find_faults(build_bundle(build_changed(release), "collection"), release, either)) == []


def test_what_is_said_of_tablets_is_about_the_tablets(either: Resources) -> None:
    reader = BundleReader(build_bundle(either, "collection"))
    for kind, name in (
        ("caution", "bondronat-mineral-water"),
        ("caution", "bondronat-other-medicines"),
        ("adverse-effect", "bondronat-oropharyngeal-ulcer-sucking"),
        ("indication", "bonefos-hypercalcaemia-tablet"),
    ):
        [medication] = reader.follow_references(get_resource(either, USE, kind, name), "subject")
        assert reader.list_terms(medication, "doseForm | form") == ["tablet"]


def test_a_claim_is_no_indication(content: Content, either: Resources) -> None:
    """Whatever is claimed: no value of the field says that the medicine is to be given."""
    claims = {record["claim"] for record in content.list_records("indication")}
    assert claims == {None, *content.schemas.get_kind("indication").get_field("claim").values}
    for record in content.list_records("indication"):
        path = make_record_path(record)
        assert either.has_resource(USE, path) == (record["claim"] is None)
        assert either.has_resource("Evidence", path)
    texts = [evaluate(use, _DISEASE) for use in list_resources(either, USE) if use["type"] == "indication"]
    assert ["osteoporosis"] not in texts
    assert ["bone metastasis"] in texts


@pytest.mark.parametrize(
    ("kind", "term", "words"),
    [
        ("site", "hip-region", "hip"),
        ("condition", "bone-metastasis", "blood metastases"),
        ("treatment", "supportive-therapy", "maintenance therapy"),
    ],
)
def test_the_words_of_an_article_are_no_names(either: Resources, kind: str, term: str, words: str) -> None:
    system = get_resource(either, "CodeSystem", kind, folder="terms")
    [concept] = [each_concept for each_concept in system["concept"] if each_concept["code"] == term]
    assert words not in [designation["value"] for designation in concept.get("designation", ())]
    supplement = get_resource(either, "CodeSystem", kind, "as-in-article")
    assert supplement["supplements"] == f"{system['url']}|{system['version']}"
    # What the code system says HL7's validator wants to hear from it alone.
    assert supplement.keys().isdisjoint({"caseSensitive", "count"})
    [concept] = [each_concept for each_concept in supplement["concept"] if each_concept["code"] == term]
    assert {"code": "as-in-article", "valueString": words} in concept["property"]
    assert evaluate(supplement, "property.where(code = 'as-in-article').type") == ["string"]


@pytest.mark.parametrize(
    ("product", "routes"),
    [
        ("bonefos", {"oral", "intravenous"}),
        ("bondronat", {"intravenous", "oral"}),
        ("zometa", {"intravenous"}),
    ],
)
def test_a_product_is_meant_for_every_route_of_its_doses(
    either: Resources, product: str, routes: set[str]
) -> None:
    knowledge = get_resource(either, "MedicationKnowledge", "product", product)
    route_texts = evaluate(knowledge, "definitional.intendedRoute.text | intendedRoute.text")
    assert set(route_texts) == routes
    doses = "indicationGuideline.dosingGuideline.dosage.dosage | administrationGuidelines.dosage.dosage"
    assert {dosage["route"]["text"] for dosage in evaluate(knowledge, doses) if "route" in dosage} <= set(
        route_texts
    )
