"""Directions, order, alternatives and people: what a machine would make of the resources."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING

import pytest

from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.check import find_fhir_faults, own_rules
from bmkit.export.fhir.plan_definition import RELATIONSHIPS_BY_ORDER

from .reading import BundleReader, evaluate
from .resources import get_resource, list_resources

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.resources import Resources


# Directions and order.


@pytest.mark.parametrize(
    ("kind", "name", "path", "text", "codes"),
    [
        ("indication", "bondronat-against-pain", "indication.intendedEffect", "reduces pain", 0),
        (
            "caution",
            "bonefos-milk",
            "interaction.effect",
            "interferes with absorption (of: clodronic acid)",
            0,
        ),
    ],
)
def test_an_effect_has_its_direction(  # noqa: PLR0913, PLR0917  a row of the table
    either: Resources, kind: str, name: str, path: str, text: str, codes: int
) -> None:
    [effect] = evaluate(get_resource(either, "ClinicalUseDefinition", kind, name), f"{path}.concept")
    assert effect["text"] == text
    assert len(effect.get("coding", [])) == codes


def test_every_direction_of_the_content_is_in_the_definition(content: Content, r5: Resources) -> None:
    for kind, effect in (("indication", "goal_effect"), ("caution", "effect")):
        for record in content.list_records(kind):
            if record[effect] is not None:
                text = json.dumps(get_resource(r5, "ClinicalUseDefinition", kind, record.id))
                assert f'"{record[effect]} ' in text


def test_what_goes_before_is_not_concurrent(content: Content, either: Resources) -> None:
    assert set(content.schemas.get_kind("combination").get_field("order").values) == set(
        RELATIONSHIPS_BY_ORDER
    )
    plan = get_resource(either, "PlanDefinition", "combination", "bondronat-after-hydration")
    related = {action["title"]: action.get("relatedAction") for action in plan["action"]}
    target = "targetId" if either.options.release == "R5" else "actionId"
    assert related == {
        "Bondronat": None,
        "saline hydration": [{target: "first", "relationship": "before-start"}],
    }


def test_what_has_no_order_is_concurrent(r5: Resources) -> None:
    plan = get_resource(r5, "PlanDefinition", "combination", "zometa-with-chemotherapy")
    assert evaluate(plan, "action.relatedAction.relationship") == ["concurrent"]


# Alternatives and people.


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (
            ("regimen", "bonefos-hypercalcaemia-300-mg", "circumstances"),
            ["sodium chloride 0.9 % solution", "glucose 5 % solution"],
        ),
        (
            ("regimen", "bondronat-breast-cancer-6-mg", "circumstances"),
            ["sodium chloride 0.9 % solution", "glucose 5 % solution"],
        ),
    ],
)
def test_one_of_several_is_enough(
    r5: Resources, r4b: Resources, path: tuple[str, ...], values: list[str]
) -> None:
    new = get_resource(r5, "EvidenceVariable", *path)
    either_of = "characteristic.definitionByCombination"
    assert evaluate(new, f"{either_of}.code") == ["any-of"]
    assert (
        evaluate(new, f"{either_of}.characteristic.definitionByTypeAndValue.valueCodeableConcept.text")
        == values
    )
    [old] = evaluate(
        get_resource(r4b, "EvidenceVariable", *path), "contained.where(characteristicCombination = 'union')"
    )
    assert [
        characteristic["definitionCodeableConcept"]["text"] for characteristic in old["characteristic"]
    ] == values


def test_what_is_compared_is_like_all_that_it_is_compared_with(either: Resources) -> None:
    path = ("comparison", "bondronat-used-like-zometa-and-bonefos", "referenceExposure")
    variable = get_resource(either, "EvidenceVariable", *path)
    assert [characteristic["description"] for characteristic in variable["characteristic"]] == [
        "Compared with: Zometa",
        "Compared with: Bonefos",
    ]
    assert "contained" not in variable


def test_what_a_procedure_makes_possible_does_not_act(either: Resources) -> None:
    for name in ("in-time", "in-advance"):
        evidence = get_resource(either, "Evidence", "procedure-use", f"scintigraphy-bisphosphonates-{name}")
        roles = {
            definition["id"]: definition["observed"]["display"]
            for definition in evidence["variableDefinition"]
        }
        assert roles["exposure"] == "bone scintigraphy"
        assert "bisphosphonate therapy" in roles["measuredVariable"]


@pytest.mark.parametrize(
    ("kind", "part", "name", "who"),
    [
        ("course", "circumstances", "recommended_by", "asco"),
        ("metastatic-site", "measuredVariable", "claimed_by", "oncologists"),
    ],
)
def test_who_says_so_is_told_and_endorses_nothing(  # noqa: PLR0913, PLR0917  a row of the table
    content: Content, either: Resources, kind: str, part: str, name: str, who: str
) -> None:
    facts = [fact for fact in content.list_records(kind) if fact[name] == who]
    assert facts
    for fact in facts:
        variable = get_resource(either, "EvidenceVariable", kind, fact.id, part)
        assert who in evaluate(variable, f"characteristic.where(id = '{name}').descendants().coding.code")
    assert not [resource for resource in either.by_key.values() if "endorser" in resource]


def test_people_with_a_metastasis_here_or_there(either: Resources) -> None:
    people = get_resource(either, "Group", "population", "hip-or-pelvis-metastasis", folder="terms")
    sites = [
        characteristic
        for characteristic in people["characteristic"]
        if characteristic["code"]["text"] == "Sites"
    ]
    assert [characteristic["valueReference"]["display"] for characteristic in sites] == [
        "Sites: femur or pelvic bone"
    ]
    [variable] = BundleReader(build_bundle(either, "collection")).follow_references(
        people, "characteristic.value"
    )
    assert {"femur", "pelvic-bone"} <= {*evaluate(variable, "descendants().coding.code")}


def test_people_have_what_people_can_have(r5: Resources) -> None:
    names = {group["name"] for group in list_resources(r5, "Group")}
    assert not {name for name in names if "people with bone" in name and "people with bone met" not in name}
    assert not {name for name in names if "with skull" in name or "with orbit" in name}
    variable_definitions = get_resource(r5, "Evidence", "suspected-primary", "skull-suspect-kidney-cancer")[
        "variableDefinition"
    ]
    assert variable_definitions[0]["observed"]["display"] == "patients with a single metastasis in the skull"
    children = get_resource(
        r5, "Group", "suspected-primary", "child-skull-suspect-retinoblastoma", "population"
    )
    assert children["name"].endswith("; Site: skull; Age group: child")
    assert "bone-metastasis" in evaluate(children, "characteristic.value.coding.code")


@pytest.mark.parametrize("name", ["lytic-dark-spots", "orbit-like-retrobulbar-tumour"])
def test_an_image_is_of_people_and_shows_a_lesion(r5: Resources, name: str) -> None:
    roles = {
        definition["id"]: definition["observed"]["display"]
        for definition in get_resource(r5, "Evidence", "imaging-appearance", name)["variableDefinition"]
    }
    assert roles["population"] == "people with bone metastasis"
    assert "osteolytic" in roles["measuredVariable"] or "orbit" in roles["measuredVariable"]


def test_elements_have_ids_of_their_own(r5: Resources) -> None:
    variable = copy.deepcopy(get_resource(r5, "EvidenceVariable", "regimen", "zometa-4-mg", "circumstances"))
    first, second, *_ = variable["characteristic"]
    assert [*own_rules.find_repeated_ids(variable)] == []
    first["id"] = second["id"]
    assert [fault.rule for fault in own_rules.find_repeated_ids(variable)] == ["element-id"]
    document = build_bundle(r5, "collection")
    entry = {"fullUrl": f"urn:uuid:{variable['id']}", "resource": variable}
    assert "element-id" in {fault.rule for fault in find_fhir_faults({**document, "entry": [entry]}, "R5")}
