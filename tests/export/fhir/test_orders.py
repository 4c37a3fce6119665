"""Which facts about a medicine become orders, and which communications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bmkit.content import read_content
from bmkit.content.record import Record
from bmkit.export.fhir import build_resources
from bmkit.export.fhir.activity_definition import DONE_ABILITIES
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.regimens import is_partial_regimen
from bmkit.export.fhir.stances import FORBIDDING_STANCES, PERMITTING_STANCES

from .conftest import REPOSITORY
from .paths import REFUSED_ELEMENTS
from .reading import BundleReader, evaluate
from .resources import ARTICLE, get_resource, list_resources

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources

    from .resources import Json

AMOUNTS = "dosage.doseAndRate.where(dose.exists() or rate is Quantity or rate is Range)"


def test_an_order_for_a_medicine_is_one_to_give_an_amount_of_it(either: Resources) -> None:
    orders = [
        definition
        for definition in list_resources(either, "ActivityDefinition")
        if definition["kind"] == "MedicationRequest"
    ]
    assert orders
    for definition in orders:
        assert "doNotPerform" not in definition, definition["title"]
        assert "productReference" in definition
        assert evaluate(definition, AMOUNTS), definition["title"]


def test_what_is_told_gives_nothing_and_forbids_in_words(either: Resources) -> None:
    communications = [
        definition
        for definition in list_resources(either, "ActivityDefinition")
        if definition["kind"] == "CommunicationRequest"
    ]
    kinds = {definition["code"]["coding"][0]["code"] for definition in communications}
    assert {"instruction", "dilution", "course", "dose-limit", "activity-advice"} <= kinds
    for definition in communications:
        assert not {"doNotPerform", "productReference"} & definition.keys(), definition["title"]
        assert definition["description"] == definition["title"]


def test_every_definition_can_be_applied(either: Resources) -> None:
    """What an engine does with a definition, element by element: it refuses those of the wrong request."""
    for definition in list_resources(either, "ActivityDefinition"):
        assert not {*REFUSED_ELEMENTS[definition["kind"]]} & definition.keys(), definition["title"]
        if definition["kind"] == "MedicationRequest":
            assert definition["productReference"]
        else:
            assert definition["code"]["text"]
        if definition["kind"] == "CommunicationRequest":
            # R4B's takes the words of the code alone, R5's the whole code.
            assert definition["code"]["text"].startswith(definition["description"])


def test_what_is_told_takes_its_grave_notes_along(either: Resources) -> None:
    text = get_resource(either, "ActivityDefinition", "instruction", "bonefos-800-mg-tablets-divided")[
        "code"
    ]["text"]
    assert "Note: Divided tablets" in text
    assert text.count("safety-relevant") == 1


@pytest.mark.parametrize("name", ["strontium-as-radiation-therapy", "strontium-intravenous"])
def test_a_service_says_in_words_what_it_is_done_with(either: Resources, name: str) -> None:
    definition = get_resource(either, "ActivityDefinition", "treatment-option", name)
    assert definition["kind"] == "ServiceRequest"
    assert definition["code"]["coding"][0]["code"] == "radionuclide-therapy"
    assert definition["code"]["text"] == "radionuclide therapy with strontium-89 chloride"


def test_a_service_forbidden_with_one_product_is_not_forbidden_altogether() -> None:
    name = "content/bone-metastasis/treatment-option.json"
    text = (REPOSITORY / name).read_text("utf-8")
    old = '"product": "strontium-89-chloride",\n      "route": "intravenous"'
    assert old in text
    spoilt = text.replace(old, '"product": "strontium-89-chloride",\n      "stance": "not recommended"')
    resources = build_resources(read_content(str(REPOSITORY), unsaved_files={name: spoilt.encode()}))
    definition = get_resource(resources, "ActivityDefinition", "treatment-option", "strontium-intravenous")
    assert definition["kind"] == "CommunicationRequest"
    assert "doNotPerform" not in definition
    assert "strontium-89 chloride" in definition["code"]["text"]
    assert "not recommended" in definition["code"]["text"]


@pytest.mark.parametrize(
    ("kind", "name", "product"),
    [
        ("instruction", "bonefos-800-mg-tablets-no-crushing", "Bonefos"),
        ("instruction", "bondronat-tablets-no-lying", "Bondronat"),
        ("dilution", "zometa-in-saline", "Zometa"),
        ("regimen", "bondronat-hypercalcaemia", "Bondronat"),
        ("regimen", "bonefos-osteolysis-individual-dose", "Bonefos"),
        ("course", "zometa-breast-1-year", "Zometa"),
    ],
)
def test_what_is_told_names_its_product(either: Resources, kind: str, name: str, product: str) -> None:
    definition = get_resource(either, "ActivityDefinition", kind, name)
    assert definition["kind"] == "CommunicationRequest"
    assert product in evaluate(definition, "useContext.where(code.code = 'focus').value.text")


def test_what_is_said_to_be_done_can_be_ordered_and_what_only_shows_cannot(either: Resources) -> None:
    definitions = [
        plan
        for plan in list_resources(either, "ActivityDefinition")
        if evaluate(plan, "topic.coding.code") in (["procedure-use"], ["procedure-step"])
    ]
    assert {definition["code"]["coding"][0]["code"] for definition in definitions} == {
        "bone-scintigraphy",
        "computed-tomography",
        "examination-of-other-organs",
        "administration",
        "scan-of-the-surface",
        "localisation-of-uptake",
    }
    reader = BundleReader(build_bundle(either, "collection"))
    for definition in list_resources(either, "PlanDefinition"):
        if definition["url"].endswith("/procedure-step/bone-scintigraphy/plan"):
            first, *_ = [
                reader.resource_by_canonical[action["definitionCanonical"]] for action in definition["action"]
            ]
            assert "Rezoscan, 99mTc is given 2 hours before" in first["code"]["text"]
            assert [
                name
                for circumstances in reader.list_dependencies(first)
                for name in evaluate(circumstances, "characteristic.id")
            ] == [
                "procedure",
                "product",
            ]
            assert not reader.list_dependencies(definition)


def test_every_ability_that_lets_something_be_done_is_known(content: Content) -> None:
    abilities = {
        str(ability) for ability in content.schemas.get_kind("procedure-use").get_field("ability").values
    }
    assert abilities >= DONE_ABILITIES
    assert {ability for ability in abilities if "recommended" in ability} <= DONE_ABILITIES


def test_every_stance_orders_forbids_or_permits(content: Content) -> None:
    stances = {str(stance) for stance in content.schemas.get_kind("instruction").get_field("stance").values}
    assert stances >= FORBIDDING_STANCES | PERMITTING_STANCES
    assert {
        stance for stance in stances if "not" in stance.split() or "contra" in stance
    } <= FORBIDDING_STANCES
    assert {stance for stance in stances if "allowed" in stance} == PERMITTING_STANCES


def test_the_form_of_a_dose_is_that_of_what_is_given(r5: Resources) -> None:
    reader = BundleReader(build_bundle(r5, "collection"))
    for form in ("tablet", "capsule"):
        definition = get_resource(r5, "ActivityDefinition", "regimen", f"bonefos-hypercalcaemia-{form}-start")
        [medication] = reader.follow_references(definition, "productReference")
        assert medication["doseForm"]["text"] == form
        assert "strength" not in str(medication)
    # No presentation is Zometa as a solution for infusion and nothing more.
    definition = get_resource(r5, "ActivityDefinition", "regimen", "zometa-4-mg")
    assert definition["productReference"]["display"] == "Zometa"


# Doses.


def test_an_upper_limit_of_a_day_is_one_in_every_resource(r5: Resources) -> None:
    own_dosage = get_resource(r5, "ActivityDefinition", "regimen", "bonefos-osteolysis-dose-increase")[
        "dosage"
    ][0]
    [guideline_dosage] = evaluate(
        get_resource(r5, "MedicationKnowledge", "product", "bonefos"),
        "indicationGuideline.dosingGuideline.dosage.where(id = 'regimen.bonefos-osteolysis-dose-increase')"
        ".dosage",
    )
    for dosage in (own_dosage, guideline_dosage):
        [maximum] = dosage["maxDosePerPeriod"]
        assert (maximum["numerator"]["value"], maximum["numerator"]["code"]) == (3600, "mg")


def build_with_dose_above(either: Resources) -> Resources:
    """The resources of content in which one regimen holds only above a dose of the day."""
    name = "content/bone-metastasis/regimen.json"
    at_most = ABOVE_A_DAY.replace('">"', '"<="')
    text = (REPOSITORY / name).read_text("utf-8").replace(at_most, ABOVE_A_DAY)
    assert ABOVE_A_DAY in text
    return build_resources(read_content(str(REPOSITORY), unsaved_files={name: text.encode()}), either.options)


ABOVE_A_DAY = '"total": {"value": 3600, "comparator": ">", "unit": "mg"}'


def test_above_a_dose_is_a_circumstance(r5: Resources) -> None:
    r5 = build_with_dose_above(r5)
    definition = get_resource(r5, "ActivityDefinition", "regimen", "bonefos-osteolysis-dose-increase")
    assert "doseAndRate" not in definition["dosage"][0]
    [circumstances] = BundleReader(build_bundle(r5, "collection")).list_dependencies(definition)
    [quantity] = evaluate(circumstances, "characteristic.where(id = 'total').definitionByTypeAndValue.value")
    assert (quantity["comparator"], quantity["value"], quantity["code"]) == (">", 3600, "mg")


def test_a_guideline_is_not_made_of_a_part_of_another(r5: Resources) -> None:
    ids = evaluate(
        get_resource(r5, "MedicationKnowledge", "product", "zometa"), "indicationGuideline.dosingGuideline.id"
    )
    assert [guideline_id for guideline_id in ids if guideline_id.startswith("regimen.")] == [
        "regimen.zometa-4-mg"
    ]


DOSE = {"dose": {"value": 4, "unit": "mg"}}


@pytest.mark.parametrize(
    ("more_fields", "expected"),
    [
        ({**DOSE, "interval": {"value": 4, "unit": "wk"}}, True),
        (DOSE, False),
        ({"dose": {"value": 2, "unit": "mg"}, "interval": {"value": 4, "unit": "wk"}}, False),
        ({**DOSE, "product": "bonefos", "interval": {"value": 4, "unit": "wk"}}, False),
    ],
)
def test_part_of_a_regimen(content: Content, more_fields: Json, expected: bool) -> None:
    kind = content.schemas.get_kind("regimen")
    record, other = (
        Record(kind, ARTICLE, "x.json", number, {"id": f"x{number}", "product": "zometa", **fields})
        for number, fields in enumerate((DOSE, more_fields))
    )
    assert is_partial_regimen(record, [record, other]) is expected


def list_instructions(resources: Resources, product: str, regimen: str) -> list[str]:
    guideline = "indicationGuideline.dosingGuideline"
    texts = evaluate(
        get_resource(resources, "MedicationKnowledge", "product", product),
        f"{guideline}.where(id = 'regimen.{regimen}').dosage.dosage.additionalInstruction.text"
        f" | {guideline}.dosage.where(id = 'regimen.{regimen}').dosage.additionalInstruction.text",
    )
    return [str(text) for text in texts]


def test_instructions_stand_in_the_regimens_that_they_are_for(r5: Resources) -> None:
    morning = list_instructions(r5, "bonefos", "bonefos-1600-mg-morning")
    assert "on an empty stomach" in morning
    assert "Bonefos 800 mg tablet: crushing the tablet is not recommended" in morning
    capsules = list_instructions(r5, "bonefos", "bonefos-hypercalcaemia-capsule-start")
    assert any("capsule: swallowing whole" in text for text in capsules)
    assert not any("tablet" in text for text in capsules)
    assert any("eating is to be avoided for 2 hours" in text for text in capsules)
    assert list_instructions(r5, "bonefos", "bonefos-hypercalcaemia-300-mg") == [
        "longest course: at most 1 week"
    ]
    drip = list_instructions(r5, "bondronat", "bondronat-breast-cancer-6-mg")
    assert any("drip infusion" in text for text in drip)
    assert not any("tablet" in text for text in drip)


def test_an_order_says_all_that_is_known_of_its_regimen(either: Resources) -> None:
    def get_dosage(name: str) -> Json:
        dosage: Json = get_resource(either, "ActivityDefinition", "regimen", name)["dosage"][0]
        return dosage

    start = [
        instruction["text"]
        for instruction in get_dosage("bonefos-hypercalcaemia-tablet-start")["additionalInstruction"]
    ]
    assert any("at most 1,600 mg per day" in text and "renal failure" in text for text in start)
    assert "how often this is the regimen: usually" in start
    assert "about 2,400–3,200 mg per day" in start
    assert len(get_dosage("bonefos-1600-mg-morning")["additionalInstruction"]) > 10
    maximum = get_dosage("bondronat-breast-cancer-6-mg")["maxDosePerAdministration"]
    assert (maximum["value"], maximum["code"]) == (6, "mg")
    either = build_with_dose_above(either)
    above = get_dosage("bonefos-osteolysis-dose-increase")["additionalInstruction"]
    assert {"text": "only where the amount in all is above 3,600 mg per day"} in above


def test_two_times_that_the_article_joins_with_or_are_one_instruction(r5: Resources) -> None:
    texts = list_instructions(r5, "bonefos", "bonefos-1600-mg-morning")
    [text] = [text for text in texts if "at least 2 hours after eating" in text]
    assert "at least 1 hour before eating" in text
    assert "the article joins them with or" in text
