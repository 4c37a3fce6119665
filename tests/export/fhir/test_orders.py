"""What may be ordered of a medicine, and what is only told: amounts, parts of regimens, instructions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bmkit.content import read_content
from bmkit.content.record import Record
from bmkit.export.fhir import build_resources
from bmkit.export.fhir.activity_definition import DONE_ABILITIES, FORBIDDING_STANCES, PERMITTING_STANCES
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.dosage import is_partial_regimen

from .conftest import REPOSITORY
from .paths import REFUSED
from .reading import Reading, ask
from .resources import ARTICLE, every, of

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources

    from .resources import Json

AMOUNTS = "dosage.doseAndRate.where(dose.exists() or rate is Quantity or rate is Range)"


def test_an_order_for_a_medicine_is_one_to_give_an_amount_of_it(either: Resources) -> None:
    orders = [one for one in every(either, "ActivityDefinition") if one["kind"] == "MedicationRequest"]
    assert orders
    for one in orders:
        assert "doNotPerform" not in one, one["title"]
        assert "productReference" in one
        assert ask(one, AMOUNTS), one["title"]


def test_what_is_told_gives_nothing_and_forbids_in_words(either: Resources) -> None:
    told = [one for one in every(either, "ActivityDefinition") if one["kind"] == "CommunicationRequest"]
    kinds = {one["code"]["coding"][0]["code"] for one in told}
    assert {"instruction", "dilution", "course", "dose-limit", "activity-advice"} <= kinds
    for one in told:
        assert not {"doNotPerform", "productReference"} & one.keys(), one["title"]
        assert one["description"] == one["title"]


def test_every_definition_can_be_applied(either: Resources) -> None:
    """What an engine does with a definition, element by element: it refuses those of the wrong request."""
    for one in every(either, "ActivityDefinition"):
        assert not {*REFUSED[one["kind"]]} & one.keys(), one["title"]
        if one["kind"] == "MedicationRequest":
            assert one["productReference"]
        else:
            assert one["code"]["text"]
        if one["kind"] == "CommunicationRequest":
            # R4B's takes the words of the code alone, R5's the whole code.
            assert one["code"]["text"].startswith(one["description"])


def test_what_is_told_takes_its_grave_notes_along(either: Resources) -> None:
    told = of(either, "ActivityDefinition", "instruction", "bonefos-800-mg-tablets-divided")["code"]["text"]
    assert "Note: Divided tablets" in told
    assert told.count("safety-relevant") == 1


@pytest.mark.parametrize("name", ["strontium-as-radiation-therapy", "strontium-intravenous"])
def test_a_service_says_in_words_what_it_is_done_with(either: Resources, name: str) -> None:
    one = of(either, "ActivityDefinition", "treatment-option", name)
    assert one["kind"] == "ServiceRequest"
    assert one["code"]["coding"][0]["code"] == "radionuclide-therapy"
    assert one["code"]["text"] == "radionuclide therapy with strontium-89 chloride"


def test_a_service_forbidden_with_one_product_is_not_forbidden_altogether() -> None:
    name = "content/bone-metastasis/treatment-option.json"
    text = (REPOSITORY / name).read_text("utf-8")
    old = '"product": "strontium-89-chloride",\n      "route": "intravenous"'
    assert old in text
    spoilt = text.replace(old, '"product": "strontium-89-chloride",\n      "stance": "not recommended"')
    resources = build_resources(read_content(str(REPOSITORY), unsaved_files={name: spoilt.encode()}))
    one = of(resources, "ActivityDefinition", "treatment-option", "strontium-intravenous")
    assert one["kind"] == "CommunicationRequest"
    assert "doNotPerform" not in one
    assert "strontium-89 chloride" in one["code"]["text"]
    assert "not recommended" in one["code"]["text"]


@pytest.mark.parametrize(
    ("kind", "name", "product"),
    [
        ("instruction", "bonefos-800-mg-tablets-no-crushing", "Bonefos"),
        ("instruction", "bondronat-tablets-no-lying", "Bondronat"),
        ("dilution", "zometa-in-saline", "Zometa"),
        ("dosing", "zometa-4-mg-at-one-time", "Zometa"),
        ("dosing", "bonefos-above-1600-mg-two-doses", "Bonefos"),
        ("course", "zometa-breast-1-year", "Zometa"),
    ],
)
def test_what_is_told_names_its_product(either: Resources, kind: str, name: str, product: str) -> None:
    one = of(either, "ActivityDefinition", kind, name)
    assert one["kind"] == "CommunicationRequest"
    assert product in ask(one, "useContext.where(code.code = 'focus').value.text")


def test_what_is_said_to_be_done_can_be_ordered_and_what_only_shows_cannot(either: Resources) -> None:
    made_of = [
        one
        for one in every(either, "ActivityDefinition")
        if ask(one, "topic.coding.code") in (["procedure-use"], ["procedure-step"])
    ]
    assert {one["code"]["coding"][0]["code"] for one in made_of} == {
        "bone-scintigraphy",
        "computed-tomography",
        "examination-of-other-organs",
        "administration",
        "scan-of-the-surface",
        "location-of-the-uptake",
    }
    reading = Reading(build_bundle(either, "collection"))
    for one in every(either, "PlanDefinition"):
        if one["url"].endswith("/procedure-step/bone-scintigraphy/plan"):
            first, *_ = [reading.by_canonical[action["definitionCanonical"]] for action in one["action"]]
            assert "administration of Rezoscan" in first["code"]["text"]
            assert [
                name for beside in reading.needed(first) for name in ask(beside, "characteristic.id")
            ] == [
                "procedure",
                "product",
            ]
            assert not reading.needed(one)


def test_every_ability_that_lets_something_be_done_is_known(content: Content) -> None:
    abilities = {str(one) for one in content.schemas.get_kind("procedure-use").get_field("ability").values}
    assert abilities >= DONE_ABILITIES
    assert {one for one in abilities if "recommended" in one} <= DONE_ABILITIES


def test_every_stance_orders_forbids_or_permits(content: Content) -> None:
    stances = {str(one) for one in content.schemas.get_kind("instruction").get_field("stance").values}
    assert stances >= FORBIDDING_STANCES | PERMITTING_STANCES
    assert {one for one in stances if "not" in one.split() or "contra" in one} <= FORBIDDING_STANCES
    assert {one for one in stances if "allowed" in one} == PERMITTING_STANCES


def test_the_form_of_a_dose_is_that_of_what_is_given(r5: Resources) -> None:
    reading = Reading(build_bundle(r5, "collection"))
    for form in ("tablet", "capsule"):
        one = of(r5, "ActivityDefinition", "dosing", f"bonefos-hypercalcaemia-{form}-start")
        [given] = reading.follow(one, "productReference")
        assert given["doseForm"]["text"] == form
        assert "strength" not in str(given)
    # No presentation is Zometa as a solution for infusion and nothing more.
    one = of(r5, "ActivityDefinition", "dosing", "zometa-4-mg")
    assert one["productReference"]["display"] == "Zometa"


# Doses.


def test_an_upper_limit_of_a_day_is_one_in_every_resource(r5: Resources) -> None:
    own = of(r5, "ActivityDefinition", "dosing", "bonefos-osteolysis-dose-increase")["dosage"][0]
    [known] = ask(
        of(r5, "MedicationKnowledge", "product", "bonefos"),
        "indicationGuideline.dosingGuideline.where(id = 'dosing.bonefos-osteolysis-dose-increase')"
        ".dosage.dosage",
    )
    for one in (own, known):
        [most] = one["maxDosePerPeriod"]
        assert (most["numerator"]["value"], most["numerator"]["code"]) == (3600, "mg")


def test_above_a_dose_is_a_circumstance(r5: Resources) -> None:
    one = of(r5, "ActivityDefinition", "dosing", "bonefos-above-1600-mg-two-doses")
    assert "doseAndRate" not in one["dosage"][0]
    [beside] = Reading(build_bundle(r5, "collection")).needed(one)
    [held] = ask(beside, "characteristic.where(id = 'daily_dose').definitionByTypeAndValue.value")
    assert (held["comparator"], held["value"], held["code"]) == (">", 1600, "mg/d")


def test_a_guideline_is_not_made_of_a_part_of_another(r5: Resources) -> None:
    ids = ask(of(r5, "MedicationKnowledge", "product", "zometa"), "indicationGuideline.dosingGuideline.id")
    assert [one for one in ids if one.startswith("dosing.")] == ["dosing.zometa-4-mg"]


DOSE = {"dose": {"value": 4, "unit": "mg"}}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({**DOSE, "interval": {"value": 4, "unit": "wk"}}, True),
        (DOSE, False),
        ({"dose": {"value": 2, "unit": "mg"}, "interval": {"value": 4, "unit": "wk"}}, False),
        ({**DOSE, "product": "bonefos", "interval": {"value": 4, "unit": "wk"}}, False),
    ],
)
def test_part_of_a_regimen(content: Content, more: Json, expected: bool) -> None:
    kind = content.schemas.get_kind("dosing")
    one, other = (
        Record(kind, ARTICLE, "x.json", number, {"id": f"x{number}", "product": "zometa", **fields})
        for number, fields in enumerate((DOSE, more))
    )
    assert is_partial_regimen(one, [one, other]) is expected


def heeded(resources: Resources, product: str, regimen: str) -> list[str]:
    guideline = f"indicationGuideline.dosingGuideline.where(id = 'dosing.{regimen}')"
    found = ask(
        of(resources, "MedicationKnowledge", "product", product),
        f"{guideline}.dosage.dosage.additionalInstruction.text",
    )
    return [str(one) for one in found]


def test_instructions_stand_in_the_regimens_that_they_are_for(r5: Resources) -> None:
    morning = heeded(r5, "bonefos", "bonefos-1600-mg-morning")
    assert "on an empty stomach" in morning
    assert "Bonefos 800 mg tablet: crushing the tablet is not recommended" in morning
    capsules = heeded(r5, "bonefos", "bonefos-hypercalcaemia-capsule-start")
    assert any("capsule: swallowing whole" in one for one in capsules)
    assert not any("tablet" in one for one in capsules)
    assert any("eating is to be avoided for 2 hours" in one for one in capsules)
    assert heeded(r5, "bonefos", "bonefos-hypercalcaemia-300-mg") == ["longest course: at most 1 week"]
    drip = heeded(r5, "bondronat", "bondronat-breast-cancer-6-mg")
    assert any("drip infusion" in one for one in drip)
    assert not any("tablet" in one for one in drip)


def test_an_order_says_all_that_is_known_of_its_regimen(either: Resources) -> None:
    def told(name: str) -> Json:
        one: Json = of(either, "ActivityDefinition", "dosing", name)["dosage"][0]
        return one

    start = [one["text"] for one in told("bonefos-hypercalcaemia-tablet-start")["additionalInstruction"]]
    assert any("at most 1,600 mg per day" in one and "renal failure" in one for one in start)
    assert "how often this is the regimen: usually" in start
    assert "about 2,400–3,200 mg per day" in start
    assert len(told("bonefos-1600-mg-morning")["additionalInstruction"]) > 12
    most = told("bondronat-breast-cancer-6-mg")["maxDosePerAdministration"]
    assert (most["value"], most["code"]) == (6, "mg")
    split = told("bonefos-above-1600-mg-two-doses")["additionalInstruction"]
    assert {"text": "only where the day's dose is above 1,600 mg"} in split


def test_two_times_that_the_article_joins_with_or_are_one_instruction(r5: Resources) -> None:
    told = heeded(r5, "bonefos", "bonefos-1600-mg-morning")
    [one] = [one for one in told if "at least 2 hours after eating" in one]
    assert "at least 1 hour before eating" in one
    assert "the article joins them with or" in one
