"""A missing usual dose is reported once for a product and route."""

from __future__ import annotations

from tests.rules.rule_runs import list_issues, list_messages


def test_without_any_dose_ranges_each_product_is_reported_once() -> None:
    products = [{"id": "paracetamol"}, {"id": "ibuprofen"}]
    doses = [
        {
            "id": f"{product}-{route}",
            "product": product,
            "route": route,
            "dose": {"value": 1000, "unit": "mg"},
        }
        for product in ("paracetamol", "ibuprofen")
        for route in ("oral", "intravenous")
    ]
    assert len(list_messages("completeness.no-usual-range", product=products, regimen=doses)) == 2


def test_the_hint_for_a_usual_dose_that_is_missing_names_the_routes_that_have_one() -> None:
    oral_range = {"id": "usual", "label": "P", "product": "p", "route": "oral"}
    limit = {"id": "most", "product": "p", "route": "intravenous", "maximum": {"value": 6, "unit": "mg"}}
    (issue,) = list_issues(
        "completeness.no-usual-range",
        usual_dose=[{**oral_range, "dose": {"value": 4, "unit": "mg"}}],
        dose_limit=[limit],
        product=[{"id": "p"}],
        route=[{"id": "oral"}, {"id": "intravenous"}],
    )
    assert issue.place.pointer == "/records/0/maximum"
    assert issue.hint == "correct the route, as oral has one, or add a usual dose"
