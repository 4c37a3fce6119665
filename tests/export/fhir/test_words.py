"""Status, displays, names and narratives: what people and programs are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bmkit.content import read_content
from bmkit.export.fhir import build_resources
from bmkit.export.fhir.bundle import build_bundle

from .checks import find_faults
from .conftest import REPOSITORY
from .reading import ask
from .resources import every, of

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
    for kind in ("Medication", "MedicationKnowledge"):
        assert {one["status"] for one in every(resources, kind) if "status" in one} == expected


def test_displays_of_codes_are_those_of_their_owners(content: Content, r5: Resources) -> None:
    known = {
        (code["code"], code["display"])
        for kind in content.list_kinds()
        for term in content.list_records(kind.name)
        for code in term.value.get("codes", ())
    }
    related = ask(
        of(r5, "CodeSystem", "product", folder="terms"), "concept.property.where(code = 'related').value"
    )
    assert related
    assert {(one["code"], one["display"]) for one in related} <= known
    relations = ask(
        of(r5, "CodeSystem", "product", folder="terms"), "concept.property.where(code = 'relation').value"
    )
    assert "ATC M05BA08: the active substance, also on that term" in relations


def test_a_reference_is_called_what_its_target_is(r5: Resources) -> None:
    for kind in ("Provenance", "ArtifactAssessment"):
        for one in every(r5, kind):
            for target in ask(one, "target | content.relatedArtifact.resourceReference"):
                assert target["display"] != target["type"]


def test_names_say_the_kind_once(r5: Resources) -> None:
    assert of(r5, "Evidence", "incidence", "incidence-melanoma")["name"] == "IncidenceMelanoma"
    assert of(r5, "ActivityDefinition", "dosing", "zometa-4-mg")["name"] == "DosingZometa4Mg"


def test_a_number_says_itself_what_statistic_it_is(r5: Resources) -> None:
    for name, codes in (
        ("survival-thyroid-cancer", {"C28007", "median"}),
        ("survival-prostate-cancer", {"descriptive", "expected"}),
    ):
        [one] = of(r5, "Evidence", "survival", name)["statistic"]
        assert set(ask(one, "statisticType.coding.code")) == codes


def test_words_are_not_said_twice(r5: Resources) -> None:
    said = [one["title"] for one in every(r5, "EvidenceVariable")]
    assert not [one for one in said if "Also: also" in one or "Because, direction" in one]
    assert any("Because: improves bone structure" in one for one in said)


def test_a_class_is_a_class(r5: Resources) -> None:
    zometa = of(r5, "MedicationKnowledge", "product", "zometa")
    assert set(ask(zometa, "medicineClassification.classification.text")) == {
        "bisphosphonates",
        "intravenous bisphosphonates",
        "zoledronic acid",
    }
    assert ask(zometa, "definitional.intendedRoute.text") == ["intravenous"]
    assert ask(zometa, "definitional.drugCharacteristic.where(type.text = 'Generation').value.value") == [3]


def test_a_plan_depends_on_a_thing_once(r5: Resources) -> None:
    for one in every(r5, "PlanDefinition"):
        found = ask(one, "relatedArtifact.where(type = 'depends-on').resourceReference.reference")
        assert len(found) == len(set(found))


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
    assert words in of(r5, kind, *path)["text"]["div"]


# Ranges of what FHIR has no Range for.
RANGES = {
    "bone-metastasis/product-presentation": (
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
    vial = of(resources, "Medication", "product-presentation", "zometa-vial-4-mg")
    glucose = of(resources, "Medication", "solution", "glucose-5", folder="terms")
    known = of(resources, "MedicationKnowledge", "product-presentation", "zometa-vial-4-mg")
    zometa = of(resources, "MedicationKnowledge", "product", "zometa")
    if release == "R5":
        assert [one["ingredient"][0]["strengthCodeableConcept"]["text"] for one in (vial, glucose)] == [
            "4–8 mg",
            "5–10 %",
        ]
        assert known["definitional"]["ingredient"][0]["strengthCodeableConcept"] == {"text": "4–8 mg"}
        assert "strengthRange" not in str(resources.by_key)
        [first, *_] = zometa["storageGuideline"]
        kept, noted = first["stabilityDuration"], first["note"][0]["text"]
    else:
        assert "Strength of zoledronic acid: 4–8 mg" in vial["text"]["div"]
        assert "Strength of glucose: 5–10 %" in glucose["text"]["div"]
        strong = "drugCharacteristic.where(type.text = 'Strength of zoledronic acid').valueString"
        assert ask(known, strong) == ["4–8 mg"]
        mark = "storage.zometa-solution-24-hours"
        [kept] = ask(zometa, f"drugCharacteristic.where(id = '{mark}.time').valueQuantity")
        [noted] = ask(zometa, f"drugCharacteristic.where(id = '{mark}').valueString")
    assert (kept["value"], kept["code"], kept.get("comparator")) == (24, "h", None)
    assert "24–48 hours" in noted


def test_a_strength_of_several_substances_is_no_substances_own() -> None:
    name = "content/terms/product.json"
    text = (REPOSITORY / name).read_text("utf-8")
    old = '"substances": ["zoledronic-acid"]'
    assert old in text
    text = text.replace(old, '"substances": ["zoledronic-acid", "ibandronic-acid"]')
    resources = build_resources(read_content(str(REPOSITORY), unsaved_files={name: text.encode()}))
    known = of(resources, "MedicationKnowledge", "product-presentation", "zometa-vial-is-one-dose")
    [strength] = ask(known, "definitional.drugCharacteristic.where(type.text = 'Strength').valueQuantity")
    assert (strength["value"], strength["code"]) == (4, "mg")
