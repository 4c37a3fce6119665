"""What is advised does not do what is not wanted."""

from __future__ import annotations

import pytest
from tests.rules.rule_runs import list_places


@pytest.mark.parametrize(
    ("stance", "effect", "wanted", "is_reported"),
    [
        ("recommended", "interferes with", "more", True),
        ("allowed", "inhibits", "more", True),
        ("recommended", "enhances", "less", True),
        ("recommended", "enhances", "more", False),
        ("contraindicated", "interferes with", "more", False),
        ("recommended", "does not change", "more", False),
        ("recommended", "interferes with", "", False),
    ],
)
def test_advice_goes_with_what_is_wanted(stance: str, effect: str, wanted: str, is_reported: bool) -> None:
    outcome = {"id": "uptake", "label": "uptake", **({"wanted": wanted} if wanted else {})}
    fact = {
        "id": "one",
        "product": "p",
        "substance": "s",
        "stance": stance,
        "effect": effect,
        "outcome": "uptake",
    }
    places = list_places("agreement.stance-against-effect", outcome=[outcome], instruction=[fact])
    direction = "more" if wanted == "less" else "less"
    message = f'"{stance}" does not fit "{effect}" uptake, of which {direction} is not wanted'
    assert places == ([("/records/0/stance", message)] if is_reported else [])
