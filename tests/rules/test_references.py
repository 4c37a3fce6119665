"""References lead to a record that can be used, and in no circle."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import RULES, list_issues, list_places

from bmkit.rules.examples import build_content


def test_each_circle_is_reported_once() -> None:
    sites = [
        {"id": "a", "parent": "b"},
        {"id": "b", "parent": "c"},
        {"id": "c", "parent": "a"},
        {"id": "d", "parent": "a"},
        {"id": "e", "parent": "e"},
    ]
    assert list_places("references.cycle", site=sites) == [
        ("/records/2/parent", "a belongs to b belongs to c belongs to a: a circle"),
        ("/records/4/parent", "e belongs to e: a circle"),
    ]


def test_a_hierarchy_may_be_deeper_than_the_stack_of_python() -> None:
    sites = [{"id": f"s{number}", "parent": f"s{number + 1}"} for number in range(3000)]
    assert list_places("references.cycle", site=[*sites, {"id": "s3000"}]) == []
    assert len(list_places("references.cycle", site=[*sites, {"id": "s3000", "parent": "s0"}])) == 1


def test_a_term_that_an_invalid_record_names_is_used() -> None:
    example = {"tumour": [{"id": "a"}, {"id": "b"}], "result": [{"id": "one", "tumour": "a"}]}
    content = build_content(example)
    for record in content.list_records("result"):
        record.is_valid = False
    assert [issue.place.pointer for issue in RULES["references.unused"](content)] == ["/records/1/id"]


def test_a_reference_to_a_kind_that_could_not_be_read_is_not_called_dangling() -> None:
    content = build_content({"result": [{"id": "one", "tumour": "a"}]})
    next(iter(content.folders.values())).unread_kinds.add("tumour")
    assert RULES["references.dangling"](content) == []


def test_a_reference_does_not_reach_into_another_article() -> None:
    example = {
        "articles": {
            "x": {"section": [{"id": "a"}]},
            "y": {
                "section": [{"id": "b"}],
                "result": [{"id": "one", "source": {"section": "a", "spans": []}}],
            },
        }
    }
    assert [pointer for pointer, _ in list_places("references.dangling", **example)] == [
        "/records/0/source/section"
    ]


def test_a_term_that_only_the_second_article_uses_is_used() -> None:
    example = {
        "tumour": [{"id": "a"}],
        "articles": {
            "x": {"result": [{"id": "one"}]},
            "y": {"result": [{"id": "one", "tumour": "a"}]},
        },
    }
    assert list_places("references.unused", **example) == []


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("pelvsi", 'did you mean "pelvis"?'),
        ("hip bone", 'did you mean "pelvis"?'),
        ("Pelvis", 'did you mean "pelvis"?'),
        ("breast-cancer", '"breast-cancer" is a tumour'),
        ("zzz", "add it to content/terms/site.json, or correct the id"),
    ],
)
def test_the_hint_for_a_dangling_reference_names_what_was_meant(target: str, hint: str) -> None:
    sites = [{"id": "pelvis", "label": "pelvis", "synonyms": ["hip bone"]}, {"id": "rib", "parent": target}]
    (issue,) = list_issues("references.dangling", site=sites, tumour=[{"id": "breast-cancer"}])
    assert issue.hint == hint


@pytest.mark.parametrize(
    ("example", "file"),
    [
        # Terms are shared, unless the article has those of the kind for itself.
        ({"one": {"site": [{"id": "rib"}], "site-involvement": [{"with_sites": ["hip"]}]}}, "one/site.json"),
        ({"one": {"site-involvement": [{"with_sites": ["hip"]}]}}, "terms/site.json"),
        ({"one": {"result": [{"source": {"section": "gone"}}]}}, "one/section.json"),
    ],
)
def test_the_hint_for_a_dangling_reference_names_the_file(example: dict[str, Any], file: str) -> None:
    (issue,) = list_issues("references.dangling", articles=example)
    assert issue.hint == f"add it to content/{file}, or correct the id"


def test_where_there_are_shared_terms_a_missing_one_is_added_to_them() -> None:
    articles: dict[str, Any] = {"one": {"site": [{"id": "rib"}], "result": [{"tumour": "x"}]}}
    articles["one"]["site-involvement"] = [{"with_sites": ["hip"]}]
    issues = list_issues("references.dangling", site=[{"id": "spine"}], articles=articles)
    assert [issue.hint.split()[3].rstrip(",") for issue in issues] == [
        "content/terms/tumour.json",
        "content/terms/site.json",
    ]
