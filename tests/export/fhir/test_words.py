"""Status, displays, names and narratives: what people and programs are shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bmkit.content import read_content
from bmkit.export.fhir import build_resources
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.resources import drop_repeated_kind

from .checks import find_faults
from .conftest import REPOSITORY
from .reading import evaluate
from .resources import get_resource, list_resources

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources


@pytest.mark.parametrize(("status", "expected"), [("draft", set()), ("active", {"active"})])
def test_a_medicine_is_not_in_use_before_the_content_is(
    content: Content, either: Resources, status: str, expected: set[str]
) -> None:
    resources = either
    if status != either.options.status:
        resources = build_resources(content, either.options._replace(status=status))
    for resource_type in ("Medication", "MedicationKnowledge"):
        assert {
            resource["status"]
            for resource in list_resources(resources, resource_type)
            if "status" in resource
        } == expected


def test_displays_of_codes_are_those_of_their_owners(content: Content, r5: Resources) -> None:
    known_codes = {
        (code["code"], code["display"])
        for kind in content.list_kinds()
        for term in content.list_records(kind.name)
        for code in term.value.get("codes", ())
    }
    related = evaluate(
        get_resource(r5, "CodeSystem", "product", folder="terms"),
        "concept.property.where(code = 'related').value",
    )
    assert related
    assert {(coding["code"], coding["display"]) for coding in related} <= known_codes
    relations = evaluate(
        get_resource(r5, "CodeSystem", "product", folder="terms"),
        "concept.property.where(code = 'relation').value",
    )
    assert "ATC M05BA08: the active substance, also on that term" in relations


def test_a_reference_is_called_what_its_target_is(r5: Resources) -> None:
    for kind in ("Provenance", "ArtifactAssessment"):
        for resource in list_resources(r5, kind):
            for target in evaluate(resource, "target | content.relatedArtifact.resourceReference"):
                assert target["display"] != target["type"]


def test_names_say_the_kind_once(r5: Resources) -> None:
    evidence = get_resource(r5, "Evidence", "result", "incidence-melanoma")
    assert evidence["name"] == "ResultIncidenceMelanoma"
    assert drop_repeated_kind(("regimen", "regimen-of-children")) == ("regimen-of-children",)
    assert get_resource(r5, "ActivityDefinition", "regimen", "zometa-4-mg")["name"] == "RegimenZometa4Mg"


def test_a_number_says_itself_what_statistic_it_is(r5: Resources) -> None:
    for name, codes in (
        ("survival-thyroid-cancer", {"C28007", "median"}),
        ("survival-prostate-cancer", {"descriptive", "not-named"}),
        ("incidence-prostate-cancer", {"C44256", "share"}),
    ):
        [statistic] = get_resource(r5, "Evidence", "result", name)["statistic"]
        assert set(evaluate(statistic, "statisticType.coding.code")) == codes


def test_words_are_not_said_twice(r5: Resources) -> None:
    titles = [variable["title"] for variable in list_resources(r5, "EvidenceVariable")]
    assert not [title for title in titles if "Also: also" in title or "Because, direction" in title]
    assert any("Because: improves bone structure" in title for title in titles)


def test_a_class_is_a_class(r5: Resources) -> None:
    zometa = get_resource(r5, "MedicationKnowledge", "product", "zometa")
    assert set(evaluate(zometa, "medicineClassification.classification.text")) == {
        "bisphosphonates",
        "intravenous bisphosphonates",
        "zoledronic acid",
    }
    assert evaluate(zometa, "definitional.intendedRoute.text") == ["intravenous"]
    assert evaluate(
        zometa, "definitional.drugCharacteristic.where(type.text = 'Generation').value.value"
    ) == [3]


def test_a_plan_depends_on_a_thing_once(r5: Resources) -> None:
    for plan in list_resources(r5, "PlanDefinition"):
        references = evaluate(plan, "relatedArtifact.where(type = 'depends-on').resourceReference.reference")
        assert len(references) == len(set(references))


@pytest.mark.parametrize(
    ("kind", "path", "words"),
    [
        ("PlanDefinition", ("procedure-step", "bone-scintigraphy", "plan"), "2 hours before the scan"),
        ("MedicationKnowledge", ("product", "bonefos"), "1,600 mg per day"),
        ("MedicationKnowledge", ("product", "zometa"), "every 3–4 weeks"),
        ("ConditionDefinition", ("condition", "bone-metastasis"), "bone pain"),
    ],
)
def test_a_narrative_says_what_the_resource_holds(
    r5: Resources, kind: str, path: tuple[str, ...], words: str
) -> None:
    assert words in get_resource(r5, kind, *path)["text"]["div"]


# Ranges of what FHIR has no Range for.
RANGES = {
    "bone-metastasis/presentation": (
        '"strength": {"value": 4, ',
        '"strength": {"low": 4, "high": 8, ',
    ),
    "bone-metastasis/storage": ('"time": {"value": 24, ', '"time": {"low": 24, "high": 48, '),
    "terms/solution": ('"concentration": {"value": 5, ', '"concentration": {"low": 5, "high": 10, '),
}


def test_a_range_that_has_no_element_is_said_in_words(either: Resources) -> None:
    release = either.options.release
    unsaved: dict[str, bytes] = {}
    for name, (old, new) in RANGES.items():
        text = (REPOSITORY / "content" / f"{name}.json").read_text("utf-8")
        assert old in text
        unsaved[f"content/{name}.json"] = text.replace(old, new).encode()
    content = read_content(str(REPOSITORY), unsaved_files=unsaved)
    assert not content.issues
    resources = build_resources(content, either.options)
    assert list(find_faults(build_bundle(resources, "collection"), release, either)) == []
    vial = get_resource(resources, "Medication", "presentation", "zometa-vial-4-mg")
    glucose = get_resource(resources, "Medication", "solution", "glucose-5", folder="terms")
    knowledge = get_resource(resources, "MedicationKnowledge", "presentation", "zometa-vial-4-mg")
    zometa = get_resource(resources, "MedicationKnowledge", "product", "zometa")
    if release == "R5":
        assert [
            resource["ingredient"][0]["strengthCodeableConcept"]["text"] for resource in (vial, glucose)
        ] == [
            "4–8 mg",
            "5–10 g per dL",
        ]
        assert knowledge["definitional"]["ingredient"][0]["strengthCodeableConcept"] == {"text": "4–8 mg"}
        assert "strengthRange" not in str(resources.by_key)
        [first, *_] = zometa["storageGuideline"]
        duration, note_text = first["stabilityDuration"], first["note"][0]["text"]
    else:
        assert "Strength of zoledronic acid: 4–8 mg" in vial["text"]["div"]
        assert "Strength of glucose: 5–10 g per dL" in glucose["text"]["div"]
        strong = "drugCharacteristic.where(type.text = 'Strength of zoledronic acid').valueString"
        assert evaluate(knowledge, strong) == ["4–8 mg"]
        storage_id = "storage.zometa-solution-4-to-8-degrees"
        [duration] = evaluate(zometa, f"drugCharacteristic.where(id = '{storage_id}.time').valueQuantity")
        [note_text] = evaluate(zometa, f"drugCharacteristic.where(id = '{storage_id}').valueString")
    assert (duration["value"], duration["code"], duration.get("comparator")) == (24, "h", None)
    assert "24–48 hours" in note_text


@pytest.mark.parametrize(
    ("strength", "element", "expected"),
    [
        ('"strength": {"value": 4, ', "valueQuantity.value", 4),
        ('"strength": {"low": 4, "high": 8, ', "valueString", "4–8 mg"),
    ],
    ids=["number", "range"],
)
def test_a_strength_of_several_substances_is_no_substances_own(
    strength: str, element: str, expected: int | str
) -> None:
    unsaved: dict[str, bytes] = {}
    for name, old, new in (
        ("terms/product", '["zoledronic-acid"]', '["zoledronic-acid", "ibandronic-acid"]'),
        ("bone-metastasis/presentation", '"strength": {"value": 4, ', strength),
    ):
        text = (REPOSITORY / "content" / f"{name}.json").read_text("utf-8")
        text = re.sub(r'"substance": "zoledronic-acid",\s*', "", text)
        assert old in text
        unsaved[f"content/{name}.json"] = text.replace(old, new).encode()
    resources = build_resources(read_content(str(REPOSITORY), unsaved_files=unsaved))
    knowledge = get_resource(resources, "MedicationKnowledge", "presentation", "zometa-vial-4-mg")
    path = f"definitional.drugCharacteristic.where(type.text = 'Strength').{element}"
    assert evaluate(knowledge, path) == [expected]
    code = "definitional.drugCharacteristic.where(type.text = 'Strength').valueQuantity.code"
    assert evaluate(knowledge, code) == (["mg"] if expected == 4 else [])
