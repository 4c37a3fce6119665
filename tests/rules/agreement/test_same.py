"""Facts that agree are compared with others once; a note explains its own contradiction only."""

from __future__ import annotations

from typing import Any

from tests.rules.rule_runs import list_messages, list_places

RULE = "agreement.contradiction"


def make_survival(fact_id: str, months: int) -> dict[str, Any]:
    time = {"value": months, "unit": "mo"}
    return {"id": fact_id, "tumour": "lung-cancer", "statistic": "reported", "time": time}


def test_a_fact_that_differs_from_many_is_reported_once() -> None:
    many = [make_survival(f"six-{number}", 6) for number in range(50)]
    assert list_places(RULE, survival=[*many, make_survival("eight", 8)]) == [
        ("/records/50/time/value", 'time 8 months contradicts 6 months of "six-0"')
    ]


def test_each_fact_that_differs_from_the_first_is_reported() -> None:
    others = [make_survival(f"eight-{number}", 8) for number in range(3)]
    places = list_places(RULE, survival=[make_survival("six", 6), *others])
    assert [pointer for pointer, _ in places] == [f"/records/{number}/time/value" for number in (1, 2, 3)]


def test_a_note_on_a_contradiction_explains_it_and_another_note_does_not() -> None:
    def make_survivals(note: str, *months: float, reading: str = "6 months here, 9 there") -> dict[str, Any]:
        facts = [
            {"id": name, "tumour": "t", "time": {"value": value, "unit": "mo"}, "notes": [note]}
            for name, value in zip("ab", months or (6, 9), strict=True)
        ]
        categories = {"both": "contradiction", "words": "wrong term"}
        notes = [
            {"id": note_id, "category": category, "reading": reading}
            for note_id, category in categories.items()
        ]
        return {"survival": facts, "editorial_note": notes}

    assert list_messages(RULE, **make_survivals("words"))
    assert not list_messages(RULE, **make_survivals("both"))
    # The note explains these numbers only.
    for months in ((6, 19), (6, 90), (60, 9), (7, 8)):
        assert list_messages(RULE, **make_survivals("both", *months))
    assert not list_messages(RULE, **make_survivals("both", 6, 1600, reading="6 or 1,600 months"))
    assert not list_messages(RULE, **make_survivals("both", 1.5, 9, reading="1.5-9"))
    assert list_messages(RULE, **make_survivals("both", 5, 9, reading="1.5-9"))
    assert list_messages(RULE, **make_survivals("both", 6, 9, reading="half a year, or more"))
