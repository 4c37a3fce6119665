"""A product is given by the routes that it exists for."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import make_quantity, make_regimen
from tests.rules.rule_runs import list_messages

ROUTES = [{"id": "oral"}, {"id": "intravenous"}, {"id": "intravenous-drip", "parent": "intravenous"}]
GRAM = {"id": "g-oral", "label": "G, oral", "product": "p", "route": "oral"}
UNDER_SKIN = {"id": "vial", "product": "p", "route": "subcutaneous", "container": "vial"}


@pytest.mark.parametrize(
    ("presented", "usual", "is_wrong"),
    [
        ([UNDER_SKIN], ["subcutaneous"], True),
        ([{**UNDER_SKIN, "route": "intravenous"}], ["subcutaneous"], False),
        # A usual dose by the route says that it is one of the product, whatever the article has of it.
        ([UNDER_SKIN], ["subcutaneous", "intravenous"], False),
        ([UNDER_SKIN, {"id": "other", "product": "p"}], ["subcutaneous"], False),
        ([{**UNDER_SKIN, "product": "q"}], ["subcutaneous"], False),
    ],
)
def test_a_product_by_a_route_that_none_of_it_exists_for(
    presented: list[dict[str, Any]], usual: list[str], is_wrong: bool
) -> None:
    routes = [*ROUTES, {"id": "subcutaneous"}]
    ranges = [{**GRAM, "id": route, "route": route, "dose": make_quantity(120)} for route in usual]
    record = make_regimen(route="intravenous-drip", dose=make_quantity(120))
    example: dict[str, Any] = {"route": routes, "presentation": presented, "usual_dose": ranges}
    example.update(regimen=[record], product=[{"id": "p"}])
    assert bool(list_messages("regimen.wrong-route", **example)) is is_wrong
    # To add the usual dose that is missing would make the wrong route look right.
    missing = list_messages("completeness.no-usual-range", **example)
    assert bool(missing) is (not is_wrong and "intravenous" not in usual)
