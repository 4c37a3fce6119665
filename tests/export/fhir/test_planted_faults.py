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
    evidence_roles,
    medication_knowledge,
    provenance,
    r4b,
    timing,
)
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.mapping import iter_facts
from bmkit.export.fhir.resources import Resources

from .checks import find_faults
from .coded import uncoded
from .differences import differences
from .meanings import MEANINGS, another_uri, planted
from .reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bmkit.content import Content

Json = dict[str, Any]
Patch = pytest.MonkeyPatch


def changed(patch: Patch, module: Any, name: str, change: Callable[[Any], Any]) -> None:
    """Let a function of a module change its answer."""
    old = getattr(module, name)
    patch.setattr(module, name, lambda *args, **more: change(old(*args, **more)))


def unit_dropped(patch: Patch) -> None:
    changed(patch, evidence, "build_quantity", lambda one: {**one, "code": ""})


def unit_of_people_dropped(patch: Patch) -> None:
    changed(
        patch,
        evidence,
        "build_quantity",
        lambda one: {key: part for key, part in one.items() if key != "unit"},
    )


def milligrams_become_micrograms(patch: Patch) -> None:
    changed(patch, datatypes, "build_quantity", lambda one: {**one, "code": one["code"].replace("mg", "ug")})


def ten_times_the_dose(patch: Patch) -> None:
    changed(patch, datatypes, "build_quantity", lambda one: {**one, "value": one["value"] * 10})


def comparator_dropped(patch: Patch) -> None:
    changed(patch, evidence, "build_quantity", lambda one: {**one, "comparator": "<"})


def about_dropped(patch: Patch) -> None:
    changed(patch, evidence, "format_value", lambda text: text.replace("about ", ""))


def ends_swapped(patch: Patch) -> None:
    changed(patch, evidence, "build_range", lambda one: {"low": one["high"], "high": one["low"]})


def temperature_swapped(patch: Patch) -> None:
    changed(patch, datatypes, "build_range", lambda one: {"low": one["high"], "high": one["low"]})


def weeks_become_days(patch: Patch) -> None:
    changed(
        patch,
        dosage,
        "build_repeat",
        lambda told: ({**told[0], **_if(told[0], "periodUnit", "wk", "d")}, told[1]),
    )


def minutes_become_hours(patch: Patch) -> None:
    changed(
        patch,
        dosage,
        "build_repeat",
        lambda told: ({**told[0], **_if(told[0], "durationUnit", "min", "h")}, told[1]),
    )


def two_doses_become_three(patch: Patch) -> None:
    changed(
        patch, dosage, "build_repeat", lambda told: ({**told[0], **_if(told[0], "frequency", 2, 3)}, told[1])
    )


def upper_end_of_interval_lost(patch: Patch) -> None:
    changed(
        patch,
        dosage,
        "build_repeat",
        lambda told: ({key: part for key, part in told[0].items() if key != "periodMax"}, told[1]),
    )


def daily_total_becomes_each_dose(patch: Patch) -> None:
    def change(told: tuple[Json, set[str]]) -> tuple[Json, set[str]]:
        return ({key.replace("rateRange", "doseRange"): part for key, part in told[0].items()}, told[1])

    changed(patch, dosage, "_build_dose_and_rate", change)


def ceiling_a_week(patch: Patch) -> None:
    changed(
        patch,
        dose_limits,
        "build_ratio",
        lambda one: {**one, "denominator": {**one["denominator"], "code": "wk"}},
    )


def week_is_five_days(patch: Patch) -> None:
    patch.setitem(vars(timing)["_EXACT_UNIT_FACTORS"], ("wk", "d"), 5)


def limit_of_fewer_people_unsaid(patch: Patch) -> None:
    changed(patch, dose_limits, "_is_subgroup_limit", lambda _: False)


def words_of_a_regimen_unsaid(patch: Patch) -> None:
    changed(patch, dosage, "format_unstated_fields", lambda _: ())


def open_amount_is_said_as_a_dose(patch: Patch) -> None:
    changed(patch, dosage, "format_unstated_fields", lambda told: [one.replace("above ", "") for one in told])


def wrong_product(patch: Patch) -> None:
    seen: list[Json] = []
    old = Resources.add_definition

    def define(
        resources: Resources, kind: str, path: Any, title: str, body: Json, *fact: Any, **more: Any
    ) -> Json:
        if "productReference" in body:
            seen.append(body["productReference"])
            body["productReference"] = seen[0]
        return old(resources, kind, path, title, body, *fact, **more)

    patch.setattr(Resources, "add_definition", define)


def wrong_population(patch: Patch) -> None:
    seen: list[Json] = []

    def change(one: Json) -> Json:
        seen.append(one)
        return seen[0]

    changed(patch, evidence, "refer_to_group", change)


def reference_to_nothing(patch: Patch) -> None:
    changed(
        patch,
        characteristics,
        "refer_to_population",
        lambda one: {**one, "reference": one["reference"][:-1] + "x"},
    )


def reference_of_wrong_type(patch: Patch) -> None:
    changed(patch, provenance, "refer_to_author", lambda one: {**one, "type": "Organization"})


def exposure_and_outcome_swapped(patch: Patch) -> None:
    known = evidence_roles.EVIDENCE_ROLES_BY_KIND["treatment-response"]
    swapped = known._replace(exposure=known.measured_variable, measured_variable=known.exposure)
    patch.setitem(evidence_roles.EVIDENCE_ROLES_BY_KIND, "treatment-response", swapped)


def what_is_made_possible_acts(patch: Patch) -> None:
    known = evidence_roles.EVIDENCE_ROLES_BY_KIND["procedure-use"]
    acting = known._replace(
        exposure=(*known.exposure, "treatment"),
        measured_variable=tuple(one for one in known.measured_variable if one != "treatment"),
    )
    patch.setitem(evidence_roles.EVIDENCE_ROLES_BY_KIND, "procedure-use", acting)


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
    step = vars(activity_definition)["_STEP_ROLES"]
    patch.setattr(
        activity_definition, "_STEP_ROLES", step._replace(code_text_is_sentence=False, product_field="")
    )


def kind_forgotten(patch: Patch) -> None:
    patch.delitem(evidence_roles.EVIDENCE_ROLES_BY_KIND, "incidence")


def field_forgotten(patch: Patch) -> None:
    changed(
        patch,
        characteristics,
        "find_unplaced_fields",
        lambda names: [name for name in names if name != "spared_site"],
    )
    patch.setattr(activity_definition, "find_unplaced_fields", characteristics.find_unplaced_fields)


def storage_forgotten(patch: Patch) -> None:
    changed(
        patch,
        medication_knowledge,
        "_build_storage_guideline",
        lambda one: {key: one[key] for key in ("id", "note")},
    )


def status_misspelt(patch: Patch) -> None:
    patch.setattr("bmkit.export.fhir.FhirOptions", lambda **more: FhirOptions(**{**more, "status": "drft"}))


def name_with_a_blank(patch: Patch) -> None:
    patch.setattr("bmkit.export.fhir.resources.make_computable_name", lambda *words: " ".join(words))


def _if(told: Json, name: str, old: Any, new: Any) -> Json:
    return {name: new} if told.get(name) == old else {}


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
    two_doses_become_three,
    upper_end_of_interval_lost,
    daily_total_becomes_each_dose,
    ceiling_a_week,
    week_is_five_days,
    limit_of_fewer_people_unsaid,
    words_of_a_regimen_unsaid,
    open_amount_is_said_as_a_dose,
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
    kind_forgotten,
    field_forgotten,
    storage_forgotten,
    status_misspelt,
    name_with_a_blank,
    another_uri,
]


def ratio_upside_down(patch: Patch) -> None:
    changed(
        patch,
        r4b,
        "build_ratio",
        lambda one: {"numerator": one["denominator"], "denominator": one["numerator"]},
    )


def ceiling_of_a_day_lost(patch: Patch) -> None:
    changed(
        patch,
        r4b,
        "_convert_dosage",
        lambda one: {key: part for key, part in one.items() if key != "maxDosePerPeriod"},
    )


def cold_lost(patch: Patch) -> None:
    changed(patch, r4b, "_convert_storage_guideline", lambda made: made[:2])


def time_of_storage_lost(patch: Patch) -> None:
    changed(patch, r4b, "_convert_storage_guideline", lambda made: [made[0], *made[2:]])


# What may go wrong on the way from R5 to R4B.
OLDER = [ceiling_of_a_day_lost, ratio_upside_down, cold_lost, time_of_storage_lost]


def mostly_slow(faults: Iterable[Any]) -> list[Any]:
    """Plant every twentieth fault each time, the others in `make check`: each exports the whole article."""
    return [
        fault if number % 20 == 0 else pytest.param(fault, marks=pytest.mark.slow)
        for number, fault in enumerate(faults)
    ]


@pytest.mark.parametrize("fault", mostly_slow(FAULTS), ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_caught(content: Content, r5: Resources, fault: Callable[[Patch], None]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        fault(patch)
        assert caught(content, "R5", r5)


@pytest.mark.parametrize("fault", mostly_slow(MEANINGS))
def test_a_planted_fault_of_meaning_is_caught(content: Content, r5: Resources, fault: str) -> None:
    assert caught_in(planted(r5, MEANINGS[fault]), content, r5)


@pytest.mark.parametrize("fault", mostly_slow(OLDER), ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_caught_in_the_older_release(
    content: Content, r4b: Resources, fault: Callable[[Patch], None]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        fault(patch)
        assert caught(content, "R4B", r4b)


@pytest.mark.slow
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_nothing_is_caught_where_nothing_is_wrong(content: Content, release: str) -> None:
    assert caught(content, release) == ""


def caught(content: Content, release: str, sound: Resources | None = None) -> str:
    """The first thing that the tests of this folder would say, "" if they would say nothing."""
    return caught_in(build_resources(content, fhir.FhirOptions(release=release)), content, sound)


def caught_in(resources: Resources, content: Content, sound: Resources | None) -> str:
    """The same of what has been made of the content; what is also in `sound` has been checked."""
    try:
        return next(_told(content, resources, sound), "")
    except (AssertionError, KeyError) as wrong:
        return repr(wrong)


def _told(content: Content, resources: Resources, sound: Resources | None) -> Iterator[str]:
    made_of, release = build_bundle(resources, "collection"), resources.options.release
    reading = Reading(made_of)
    yield from differences(content, reading)
    # What cannot be coded, and what R4B has no type for.
    apart = ("literature", "statement") if release == "R5" else {kind.name for kind in content.list_kinds()}
    for one in iter_facts(content):
        if one.kind.name not in apart and (missing := uncoded(reading, one)):
            yield f"{one.kind.name} {one.id}: {missing}"
    yield from (str(fault) for fault in find_faults(made_of, release, sound))
