"""Slips of the content are noticed: all in doses, and a sample of the others (benchmarks/mutations.py)."""

from __future__ import annotations

import importlib.util
import os
import random
import sys
from typing import Any

import pytest

from bmkit.content import Content, read_content

TOP = os.path.normpath(os.path.join(os.path.dirname(__file__), ".."))
SAMPLE = 12


def _import_benchmark(name: str) -> Any:
    path = os.path.join(TOP, "benchmarks", f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


mutations = _import_benchmark("mutations")


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(TOP)


@pytest.fixture(scope="module")
def watch(content: Content) -> Any:
    return mutations.Watch(content)


@pytest.fixture(scope="module")
def slips(content: Content) -> dict[str, list[Any]]:
    sorts: dict[str, list[Any]] = {}
    for slip in mutations.slips(content):
        sorts.setdefault(f"{slip.sort} {slip.among}", []).append(slip)
    return sorts


@pytest.mark.parametrize("step", [10, pytest.param(1, marks=pytest.mark.slow)])
def test_the_content_as_it_stands_has_no_slip(watch: Any, content: Content, step: int) -> None:
    for record in content.list_records("regimen")[::step]:
        as_it_stands = mutations.Slip("none", "", record, "", record.value)
        assert watch.caught(as_it_stands) is None


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.slow)])
def test_every_slip_of_a_dose_is_caught_as_an_error(
    watch: Any, slips: dict[str, list[Any]], step: int
) -> None:
    # There are many units to swap; every ninth in `make test`.
    dose_slips = [
        slip
        for sort, sort_slips in slips.items()
        for slip in sort_slips[:: step if sort.startswith("unit") else 1]
        if sort.endswith((" dose", " limit", " strength"))
    ]
    assert len(dose_slips) > 100
    for slip in dose_slips:
        issue = watch.caught(slip)
        assert issue is not None, slip
        assert issue.severity.value == "error", (slip, issue)


@pytest.mark.parametrize(
    "sort", ["removed required field", "misspelt reference", "one digit off code", "+ 100 share"]
)
def test_slips_of_shape_references_and_codes_are_caught(
    watch: Any, slips: dict[str, list[Any]], sort: str
) -> None:
    sampled_slips = random.Random(sort).sample(slips[sort], min(SAMPLE * 3, len(slips[sort])))
    assert [slip for slip in sampled_slips if watch.caught(slip) is None] == []


@pytest.mark.parametrize("count", [SAMPLE * 3, pytest.param(SAMPLE * 10, marks=pytest.mark.slow)])
def test_codes_swapped_by_two_terms_are_caught_as_errors(
    watch: Any, slips: dict[str, list[Any]], count: int
) -> None:
    swapped_slips = slips["swapped code"]
    assert len(swapped_slips) > 1500
    assert len({(slip.record.kind.name, slip.value["codes"][0]["system"]) for slip in swapped_slips}) > 15
    for slip in random.Random("swapped").sample(swapped_slips, count):
        issue = watch.caught(slip)
        assert issue is not None, slip
        assert issue.severity.value == "error", (slip, issue)


def test_every_inverted_range_is_caught(watch: Any, slips: dict[str, list[Any]]) -> None:
    inverted_slips = [
        slip for sort, sort_slips in slips.items() for slip in sort_slips if sort.startswith("inverted")
    ]
    assert inverted_slips
    assert {watch.caught(slip).rule for slip in inverted_slips} == {"limits.inverted"}


@pytest.mark.parametrize(
    "count",
    [
        SAMPLE * 2,
        pytest.param(SAMPLE * 4, marks=pytest.mark.slow),
        pytest.param(SAMPLE * 12, marks=pytest.mark.audit),
    ],
)
def test_most_slips_of_other_quantities_are_caught(
    watch: Any, slips: dict[str, list[Any]], count: int
) -> None:
    sorts = ("× 10", "× 1000", "÷ 10", "unit swapped")
    groups = ("time", "count", "frequency", "infusion", "usual frequency")
    candidates = [slip for sort in sorts for group in groups for slip in slips.get(f"{sort} {group}", ())]
    sampled_slips = random.Random("times").sample(candidates, count)
    caught_slips = [slip for slip in sampled_slips if watch.caught(slip) is not None]
    assert len(caught_slips) / len(sampled_slips) > 0.65


def _make_total_above(value: int) -> dict[str, Any]:
    return {"value": value, "comparator": ">", "unit": "mg"}


def _make_volume(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "mL"}


@pytest.mark.parametrize(
    ("fact_name", "change", "family"),
    [
        ("instruction bonefos-above-1600-mg-divided", {"total": _make_total_above(2400)}, "text"),
        ("instruction bondronat-tablets-swallowed-whole", {"stance": "strictly prohibited"}, "tablets"),
        ("regimen zometa-4-mg", {"solutions": ["glucose-5"]}, "relations"),
        ("dilution zometa-in-saline", {"solution": "glucose-5"}, "relations"),
        ("dilution bondronat-500-ml-saline", {"volume": _make_volume(200)}, "agreement"),
        ("dilution bondronat-100-ml-saline", {"volume": _make_volume(300)}, "agreement"),
        ("drug-effect zometa-pain-relief", {"effect": "increases"}, "agreement"),
        ("drug-effect zometa-event-frequency", {"effect": "increases"}, "agreement"),
        ("drug-mechanism bonefos-resorption-in-bone-metastasis", {"effect": "induces"}, "agreement"),
    ],
)
def test_a_fact_that_says_another_thing_than_its_like_is_caught(
    watch: Any, content: Content, fact_name: str, change: dict[str, Any], family: str
) -> None:
    kind, name = fact_name.split()
    fact = next(record for record in content.list_records(kind) if record.id == name)
    issue = watch.caught(mutations.Slip("changed", "fact", fact, "", {**fact.value, **change}))
    assert issue is not None
    assert issue.rule.startswith(f"{family}.")


def test_a_slip_leaves_the_content_as_it_was(
    watch: Any, slips: dict[str, list[Any]], content: Content
) -> None:
    slip = slips["× 10 dose"][0]
    unchanged_value = dict(slip.record.value)
    assert watch.caught(slip) is not None
    assert slip.record.value == unchanged_value
    assert slip.record.is_valid
    assert slip.record in list(content.list_records(slip.record.kind.name))


@pytest.fixture(scope="module")
def changes(content: Content) -> list[Any]:
    return list(mutations.changes(content))


def test_changes_of_meaning_are_of_seven_sorts_and_leave_a_record_that_looks_right(
    content: Content, changes: list[Any]
) -> None:
    assert {change.sort for change in changes} == {
        *("another term", "another word", "another comparator", "1 % more", "2 % less", "removed"),
        "a negation",
    }
    for change in mutations.sample(changes, 3):
        assert change.value != change.record.value
        for field in change.record.kind.reference_fields:
            if not field.target_kind or field.path[0] in {"source", "notes"}:
                continue
            changed = type(change.record)(change.record.kind, change.record.folder, "", 0, change.value)
            for target_id in changed.list_values(field):
                assert content.find_record(field.target_kind, target_id, change.record), change


def test_a_dose_a_little_off_is_noticed(watch: Any, changes: list[Any]) -> None:
    nudged = [change for change in changes if change.sort in mutations.NUDGES and change.among == "dose"]
    assert len(nudged) > 20
    assert sum(watch.caught(change) is not None for change in nudged) / len(nudged) > 0.85


def test_a_sample_has_so_many_of_each_sort(changes: list[Any]) -> None:
    sampled = mutations.sample(changes, 2)
    assert len({(change.sort, change.among) for change in sampled}) == len(
        {(change.sort, change.among) for change in changes}
    )
    assert len(mutations.sample(changes, 0)) == len(changes)
