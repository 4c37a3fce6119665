"""A quantity outside its plausible range is reported at the end that is outside."""

from __future__ import annotations

from tests.rules.rule_runs import list_places

TIME = {"$ref": "common/quantity.schema.json#/$defs/duration"}


def test_a_quantity_is_reported_at_its_end_outside_the_plausible_range() -> None:
    time = {**TIME, "x-plausible": {"low": 1, "high": 60, "unit": "mo"}}
    kinds = {"stay": {"time": time}}
    stays = [
        {"id": "a", "time": {"value": 2, "unit": "a"}},
        {"id": "b", "time": {"value": 6, "unit": "a"}},
        {"id": "c", "time": {"low": 6, "high": 70, "unit": "mo"}},
        {"id": "d", "time": {"low": 20, "high": 40, "unit": "d"}},
    ]
    assert [pointer for pointer, _ in list_places("quantities.implausible", schemas=kinds, stay=stays)] == [
        "/records/1/time/value",
        "/records/2/time/high",
        "/records/3/time/low",
    ]


def test_the_quantities_of_a_list_and_of_a_nested_object_are_checked_too() -> None:
    time = {**TIME, "x-plausible": {"low": 1, "high": 60, "unit": "mo"}}
    course = {"type": "object", "additionalProperties": False, "properties": {"time": time}}
    kinds = {
        "stay": {
            "times": {"type": "array", "items": TIME, "x-plausible": time["x-plausible"]},
            "course": course,
        }
    }
    stays = [
        {"id": "a", "times": [{"value": 6, "unit": "mo"}, {"value": 6, "unit": "a"}]},
        {"id": "b", "course": {"time": {"value": 7, "unit": "a"}}},
    ]
    assert [pointer for pointer, _ in list_places("quantities.implausible", schemas=kinds, stay=stays)] == [
        "/records/0/times/1/value",
        "/records/1/course/time/value",
    ]
