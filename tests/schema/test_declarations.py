"""What rules of single kinds used to say is said by the schemas: their verdicts on facts stay."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import list_broken_rules

from bmkit.check import find_content_issues
from bmkit.rules.examples import build_content


def list_rules(kind: str, *records: dict[str, Any], about: str) -> set[str]:
    """Return the rules that the records break in a field, or by not having it."""
    facts = [{"id": f"fact-{index}", **record} for index, record in enumerate(records)]
    issues = find_content_issues(build_content({kind: facts}), lint_schemas=False)
    return {issue.rule for issue in issues if f"/{about}" in issue.place.pointer or about in issue.message}


def make_storage(low: int | None = 4, high: int = 8, hours: int = 24) -> dict[str, Any]:
    temperature = {} if low is None else {"temperature": {"low": low, "high": high, "unit": "Cel"}}
    time = {"value": hours, "unit": "h"}
    return {"product": "zometa", "state": "diluted", "time": time, **temperature}


@pytest.mark.parametrize(
    ("storage", "about", "broken"),
    [
        (make_storage(), "temperature", set()),
        (make_storage(), "time", set()),
        (make_storage(-25, -15), "temperature", set()),
        (make_storage(-80, -60), "temperature", set()),
        (make_storage(40, 80), "temperature", {"shape.too-high"}),
        (make_storage(-800, 8), "temperature", {"shape.too-low"}),
        (make_storage(15, 25), "temperature", set()),
        (make_storage(15, 35), "temperature", {"quantities.implausible"}),
        (make_storage(0, 8), "temperature", {"quantities.implausible"}),
        (make_storage(hours=48), "time", set()),
        (make_storage(hours=240), "time", {"quantities.implausible", "times.unclear-unit"}),
        (make_storage(None), "temperature", {"shape.missing-field"}),
    ],
)
def test_a_prepared_solution_keeps_for_days_and_is_not_warm(
    storage: dict[str, Any], about: str, broken: set[str]
) -> None:
    storage["source"] = {"section": "zometa", "spans": [{"start": 1, "end": 9, "digest": "0123456789abcdef"}]}
    assert list_rules("storage", storage, about=about) == broken


def list_agreement_rules(kind: str, *records: dict[str, Any]) -> set[str]:
    facts = [{"id": f"fact-{index}", **record} for index, record in enumerate(records)]
    return {f"agreement.{rule}" for rule in list_broken_rules("agreement", {kind: facts})}


@pytest.mark.parametrize(
    ("ranks", "broken"),
    [
        ([("spine", 1), ("skull", 2), ("orbit", 2)], set()),
        ([("spine", 1), ("spine", 2)], {"agreement.contradiction"}),
    ],
)
@pytest.mark.parametrize("kind", ["site-involvement", "metastatic-site"])
def test_a_site_has_one_rank(kind: str, ranks: list[tuple[str, int]], broken: set[str]) -> None:
    def make_fact(site: str, rank: int) -> dict[str, Any]:
        is_list = kind == "site-involvement"
        return {"rank": rank, **({"sites": [site]} if is_list else {"site": site, "tumour": "lung-cancer"})}

    found = list_agreement_rules(kind, *(make_fact(*rank) for rank in ranks))
    assert found == broken


def test_a_rank_of_several_sites_is_that_of_each() -> None:
    facts = [{"sites": ["spine", "skull"], "rank": 1}, {"sites": ["skull"], "rank": 2}]
    assert "agreement.contradiction" in list_agreement_rules("site-involvement", *facts)
