"""Facts that say the same of the same are held against others once, however many there are."""

from __future__ import annotations

from typing import Any

from bmkit.rules.agreement.same import contradiction
from bmkit.rules.examples import build_content


def survival(name: str, months: int) -> dict[str, Any]:
    time = {"value": months, "unit": "mo"}
    return {"id": name, "tumour": "lung-cancer", "statistic": "reported", "time": time}


def test_one_that_differs_from_many_is_told_once() -> None:
    many = [survival(f"six-{number}", 6) for number in range(50)]
    issues = contradiction(build_content({"survival": [*many, survival("eight", 8)]}))
    assert [(issue.place.pointer, issue.message) for issue in issues] == [
        ("/records/50/time/value", 'time 8 months contradicts 6 months of "six-0"')
    ]


def test_each_that_differs_from_the_first_is_told() -> None:
    others = [survival(f"eight-{number}", 8) for number in range(3)]
    issues = contradiction(build_content({"survival": [survival("six", 6), *others]}))
    assert [issue.place.pointer for issue in issues] == [
        f"/records/{number}/time/value" for number in (1, 2, 3)
    ]
