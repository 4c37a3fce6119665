"""Faults planted in the mapping, one at a time: each must be caught by reading back or by the check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bmkit.export import fhir
from bmkit.export.fhir import (
    FhirOptions,
    activity_definition,
    build_resources,
    characteristics,
    datatypes,
    dosage,
    dose_limits,
    evidence,
    evidence_statistics,
    medication_knowledge,
    provenance,
    r4b,
    timing,
)
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.resources import Resources
from bmkit.rules.derived.facts import find_facts

from .checks import find_faults
from .coded import find_uncoded_fields
from .differences import find_differences
from .meanings import MEANINGS, another_uri, plant_fault
from .reading import BundleReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bmkit.content import Content

Json = dict[str, Any]
Patch = pytest.MonkeyPatch


def change_result(patch: Patch, module: Any, name: str, change: Callable[[Any], Any]) -> None:
    """Let a function of a module change its answer."""
    original = getattr(module, name)
    patch.setattr(module, name, lambda *args, **options: change(original(*args, **options)))


def unit_dropped(patch: Patch) -> None:
    change_result(patch, evidence_statistics, "build_quantity", lambda quantity: {**quantity, "code": ""})


def unit_of_people_dropped(patch: Patch) -> None:
    change_result(
        patch,
        evidence_statistics,
        "build_quantity",
        lambda quantity: {key: part for key, part in quantity.items() if key != "unit"},
    )


def milligrams_become_micrograms(patch: Patch) -> None:
    change_result(
        patch,
        datatypes,
        "build_quantity",
        lambda quantity: {**quantity, "code": quantity["code"].replace("mg", "ug")},
    )


def ten_times_the_dose(patch: Patch) -> None:
    change_result(
        patch, datatypes, "build_quantity", lambda quantity: {**quantity, "value": quantity["value"] * 10}
    )


def comparator_dropped(patch: Patch) -> None:
    change_result(
        patch, evidence_statistics, "build_quantity", lambda quantity: {**quantity, "comparator": "<"}
    )


def about_dropped(patch: Patch) -> None:
    change_result(patch, evidence_statistics, "format_value", lambda text: text.replace("about ", ""))


def ends_swapped(patch: Patch) -> None:
    change_result(
        patch,
        evidence_statistics,
        "build_range",
        lambda amount_range: {"low": amount_range["high"], "high": amount_range["low"]},
    )


def temperature_swapped(patch: Patch) -> None:
    change_result(
        patch,
        datatypes,
        "build_range",
        lambda amount_range: {"low": amount_range["high"], "high": amount_range["low"]},
    )


def weeks_become_days(patch: Patch) -> None:
    change_result(
        patch,
        dosage,
        "build_repeat",
        lambda result: ({**result[0], **_replace_value(result[0], "periodUnit", "wk", "d")}, result[1]),
    )


def minutes_become_hours(patch: Patch) -> None:
    change_result(
        patch,
        dosage,
        "build_repeat",
        lambda result: ({**result[0], **_replace_value(result[0], "durationUnit", "min", "h")}, result[1]),
    )


def one_dose_becomes_two(patch: Patch) -> None:
    change_result(
        patch,
        dosage,
        "build_repeat",
        lambda result: ({**result[0], **_replace_value(result[0], "frequency", 1, 2)}, result[1]),
    )


def upper_end_of_interval_lost(patch: Patch) -> None:
    change_result(
        patch,
        dosage,
        "build_repeat",
        lambda result: ({key: part for key, part in result[0].items() if key != "periodMax"}, result[1]),
    )


def daily_total_becomes_each_dose(patch: Patch) -> None:
    def change(result: tuple[Json, set[str]]) -> tuple[Json, set[str]]:
        return ({key.replace("rateRange", "doseRange"): part for key, part in result[0].items()}, result[1])

    change_result(patch, dosage, "_build_dose_and_rate", change)


def ceiling_a_week(patch: Patch) -> None:
    change_result(
        patch,
        dose_limits,
        "build_ratio",
        lambda ratio: {**ratio, "denominator": {**ratio["denominator"], "code": "wk"}},
    )


def week_is_five_days(patch: Patch) -> None:
    patch.setitem(vars(timing)["_EXACT_UNIT_FACTORS"], ("wk", "d"), 5)


def limit_of_fewer_people_unsaid(patch: Patch) -> None:
    change_result(patch, dose_limits, "_is_subgroup_limit", lambda _: False)


def words_of_a_regimen_unsaid(patch: Patch) -> None:
    change_result(patch, dosage, "format_unstated_fields", lambda _: ())


def wrong_product(patch: Patch) -> None:
    references: list[Json] = []
    original = Resources.add_definition

    def define(
        resources: Resources, kind: str, path: Any, title: str, body: Json, *fact: Any, **options: Any
    ) -> Json:
        if "productReference" in body:
            references.append(body["productReference"])
            body["productReference"] = references[0]
        return original(resources, kind, path, title, body, *fact, **options)

    patch.setattr(Resources, "add_definition", define)


def wrong_population(patch: Patch) -> None:
    references: list[Json] = []

    def change(reference: Json) -> Json:
        references.append(reference)
        return references[0]

    change_result(patch, evidence, "refer_to_group", change)


def reference_to_nothing(patch: Patch) -> None:
    change_result(
        patch,
        characteristics,
        "refer_to_population",
        lambda reference: {**reference, "reference": reference["reference"][:-1] + "x"},
    )


def reference_of_wrong_type(patch: Patch) -> None:
    change_result(
        patch, provenance, "refer_to_author", lambda reference: {**reference, "type": "Organization"}
    )


def exposure_and_outcome_swapped(patch: Patch) -> None:
    roles = vars(evidence)["_VARIABLE_ROLES"]
    patch.setitem(roles, "exposure", ("measuredVariable", "measured variable"))
    patch.setitem(roles, "", ("exposure", "exposure"))


def what_is_made_possible_acts(patch: Patch) -> None:
    patch_parts(patch, {"treatment": "exposure"})


def patch_parts(patch: Patch, parts: dict[str, str]) -> None:
    """Let fields of those names be other parts of the statement."""
    change_result(
        patch,
        evidence,
        "find_unplaced_fields",
        lambda fields: [field._replace(part=parts.get(field.name, field.part)) for field in fields],
    )


def prohibition_lost(patch: Patch) -> None:
    patch.setattr(activity_definition, "FORBIDDING_STANCES", frozenset())


def everything_that_shows_is_ordered(patch: Patch) -> None:
    patch.setattr(
        activity_definition,
        "DONE_ABILITIES",
        frozenset({"detects", "shows", *activity_definition.DONE_ABILITIES}),
    )


def no_examination_is_ordered(patch: Patch) -> None:
    patch.setattr(activity_definition, "DONE_ABILITIES", frozenset())


def tracer_of_a_step_lost(patch: Patch) -> None:
    step = vars(activity_definition)["_STEP_MAPPING"]
    patch.setattr(activity_definition, "_STEP_MAPPING", step._replace(code_text_is_sentence=False))
    change_result(
        patch,
        activity_definition,
        "find_unplaced_fields",
        lambda fields: [field for field in fields if field.role != "product"],
    )


def share_is_no_value(patch: Patch) -> None:
    patch_parts(patch, {"estimate": "remark"})


def field_forgotten(patch: Patch) -> None:
    change_result(
        patch,
        activity_definition,
        "find_unplaced_fields",
        lambda fields: [field for field in fields if field.name != "spared_site"],
    )


def storage_forgotten(patch: Patch) -> None:
    change_result(
        patch,
        medication_knowledge,
        "_build_storage_guideline",
        lambda guideline: {key: guideline[key] for key in ("id", "note")},
    )


def status_misspelt(patch: Patch) -> None:
    patch.setattr(
        "bmkit.export.fhir.FhirOptions", lambda **options: FhirOptions(**{**options, "status": "drft"})
    )


def name_with_a_blank(patch: Patch) -> None:
    patch.setattr("bmkit.export.fhir.resources.make_computable_name", lambda *words: " ".join(words))


def _replace_value(element: Json, name: str, old: Any, new: Any) -> Json:
    return {name: new} if element.get(name) == old else {}


FAULTS = [
    unit_dropped,
    unit_of_people_dropped,
    milligrams_become_micrograms,
    ten_times_the_dose,
    comparator_dropped,
    about_dropped,
    ends_swapped,
    temperature_swapped,
    weeks_become_days,
    minutes_become_hours,
    one_dose_becomes_two,
    upper_end_of_interval_lost,
    daily_total_becomes_each_dose,
    ceiling_a_week,
    week_is_five_days,
    limit_of_fewer_people_unsaid,
    words_of_a_regimen_unsaid,
    wrong_product,
    wrong_population,
    reference_to_nothing,
    reference_of_wrong_type,
    exposure_and_outcome_swapped,
    what_is_made_possible_acts,
    prohibition_lost,
    everything_that_shows_is_ordered,
    no_examination_is_ordered,
    tracer_of_a_step_lost,
    share_is_no_value,
    field_forgotten,
    storage_forgotten,
    status_misspelt,
    name_with_a_blank,
    another_uri,
]


def ratio_upside_down(patch: Patch) -> None:
    change_result(
        patch,
        r4b,
        "build_ratio",
        lambda ratio: {"numerator": ratio["denominator"], "denominator": ratio["numerator"]},
    )


def ceiling_of_a_day_lost(patch: Patch) -> None:
    change_result(
        patch,
        r4b,
        "_convert_dosage",
        lambda dosage_element: {
            key: part for key, part in dosage_element.items() if key != "maxDosePerPeriod"
        },
    )


def cold_lost(patch: Patch) -> None:
    change_result(patch, r4b, "_convert_storage_guideline", lambda characteristics: characteristics[:2])


def time_of_storage_lost(patch: Patch) -> None:
    change_result(
        patch,
        r4b,
        "_convert_storage_guideline",
        lambda characteristics: [characteristics[0], *characteristics[2:]],
    )


# What may go wrong on the way from R5 to R4B.
R4B_FAULTS = [ceiling_of_a_day_lost, ratio_upside_down, cold_lost, time_of_storage_lost]


def mostly_slow(faults: Iterable[Any]) -> list[Any]:
    """Every twentieth fault is planted in `make test`, the others in `make slow`."""
    return [
        fault
        if number % 20 == 0
        else pytest.param(fault, marks=pytest.mark.audit if number % 6 else pytest.mark.slow)
        for number, fault in enumerate(faults)
    ]


@pytest.mark.parametrize("fault", mostly_slow(FAULTS), ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_caught(content: Content, r5: Resources, fault: Callable[[Patch], None]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        fault(patch)
        assert find_first_fault(content, "R5", r5)


@pytest.mark.parametrize("fault", mostly_slow(MEANINGS))
def test_a_planted_fault_of_meaning_is_caught(content: Content, r5: Resources, fault: str) -> None:
    assert find_first_fault_in(plant_fault(r5, MEANINGS[fault]), content, r5)


@pytest.mark.parametrize("fault", mostly_slow(R4B_FAULTS), ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_caught_in_the_older_release(
    content: Content, r4b: Resources, fault: Callable[[Patch], None]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        fault(patch)
        assert find_first_fault(content, "R4B", r4b)


@pytest.mark.slow
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_nothing_is_caught_where_nothing_is_wrong(content: Content, release: str) -> None:
    assert find_first_fault(content, release) == ""


def find_first_fault(content: Content, release: str, sound: Resources | None = None) -> str:
    """The first fault that the tests of this folder would find, "" if none."""
    return find_first_fault_in(build_resources(content, fhir.FhirOptions(release=release)), content, sound)


def find_first_fault_in(resources: Resources, content: Content, sound: Resources | None) -> str:
    """The same of these resources; a resource that is also in `sound` is not checked again."""
    try:
        return next(_iter_faults(content, resources, sound), "")
    except (AssertionError, KeyError) as wrong:
        return repr(wrong)


def _iter_faults(content: Content, resources: Resources, sound: Resources | None) -> Iterator[str]:
    bundle, release = build_bundle(resources, "collection"), resources.options.release
    reader = BundleReader(bundle)
    yield from find_differences(content, reader)
    # What cannot be coded, and what R4B has no type for.
    uncodable_kinds = (
        ("literature", "statement") if release == "R5" else {kind.name for kind in content.list_kinds()}
    )
    for fact in find_facts(content):
        if fact.kind.name not in uncodable_kinds and (uncoded_fields := find_uncoded_fields(reader, fact)):
            yield f"{fact.kind.name} {fact.id}: {uncoded_fields}"
    yield from (str(fault) for fault in find_faults(bundle, release, sound))
