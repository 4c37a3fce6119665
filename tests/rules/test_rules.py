"""Every rule explains itself, and does on its own examples what it says."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import bmkit.rules
from bmkit.check import find_content_issues
from bmkit.jsontext import locate_pointer_in_text
from bmkit.rules import Rule, load_all_rules
from bmkit.rules import run_rules as issues_of_rules
from bmkit.rules.examples import build_content
from bmkit.rules.rule import name_family
from bmkit.schema import locate_shipped_schemas, read_schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.content import Content
    from bmkit.issue import Issue

RULES = load_all_rules()


def cases(side: str) -> list[Any]:
    return [
        pytest.param(rule, example, id=f"{rule.id}-{number}")
        for rule in RULES
        for number, example in enumerate(getattr(rule, side))
    ]


def issues_of(rule: Rule, content: Content) -> list[Issue]:
    return list(issues_of_rules([rule], content))


def test_the_families_are_found_without_a_list() -> None:
    assert {"ids.duplicate", "references.dangling", "limits.inverted"} <= {rule.id for rule in RULES}


def test_every_module_of_rules_is_loaded() -> None:
    folder = Path(bmkit.rules.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
    assert len(RULES) == sum(text.count("\n@rule(") for text in texts)


@pytest.mark.parametrize(
    ("module", "family"),
    [
        ("bmkit.rules.limits", "limits"),
        ("bmkit.rules.text.characters", "text"),
        ("bmkit.rules.medication.slip", "slip"),
        ("bmkit.rules.medication.dose.maxima", "dose"),
    ],
)
def test_the_family_of_a_rule_is_its_module_or_the_folder_of_it(module: str, family: str) -> None:
    assert name_family(module) == family


def test_a_rule_judges_a_kind_that_a_project_adds() -> None:
    text = {"type": "string"}
    tablet_by_vein = {"id": "one", "form": "tablet", "route": "intravenous"}
    content = build_content(
        {
            "schemas": {
                "administration": {"form": {**text, "x-ref": "form"}, "route": {**text, "x-ref": "route"}}
            },
            "form": [{"id": "tablet", "label": "tablet"}],
            "route": [{"id": "intravenous", "label": "intravenous"}],
            "administration": [tablet_by_vein],
        }
    )
    issues = find_content_issues(content, lint_schemas=False)
    assert "routes.impossible" in {issue.rule for issue in issues}


def test_no_two_rules_have_one_id() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_explains_itself(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*", rule.id)
    assert re.fullmatch(r"[A-Z].*\.", rule.title), "a title is a sentence"
    assert rule.why.endswith("."), "the reason is a sentence"
    assert rule.good
    assert rule.bad


@pytest.mark.parametrize(("rule", "example"), cases("good"))
def test_a_rule_accepts_its_good_examples(rule: Rule, example: dict[str, Any]) -> None:
    assert issues_of(rule, build_content(example)) == []


@pytest.mark.parametrize(("rule", "example"), cases("bad"))
def test_a_rule_refuses_its_bad_examples_at_a_place_that_is_there(
    rule: Rule, example: dict[str, Any]
) -> None:
    content = build_content(example)
    issues = issues_of(rule, content)
    assert issues
    for issue in issues:
        assert issue.rule == rule.id
        assert issue.severity is rule.severity
        assert not issue.message.endswith(".")
        assert not issue.hint.endswith(".")
        (file,) = [file for file in content.files if file.path == issue.place.file]
        text = json.dumps(file.value, default=float)
        start, end = locate_pointer_in_text(text, issue.place.pointer, key=issue.place.key)
        assert start < end


def parted(example: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give what an example says of an article, and what it says for all: terms, schemas, codes."""
    schemas = read_schemas(locate_shipped_schemas(), from_project=False)
    made_up = example.get("schemas", {})
    facts = {
        name: items
        for name, items in example.items()
        if name in made_up or (name in schemas and schemas.get_kind(name).group != "term")
    }
    return facts, {name: items for name, items in example.items() if name not in facts}


def told(rule: Rule, articles: dict[str, Any], shared: dict[str, Any], folder: str) -> list[tuple[str, ...]]:
    """Give what a rule says of the records of one of the articles, whatever that is called."""
    issues = issues_of(rule, build_content({**shared, "articles": articles}))
    return sorted(
        tuple(
            text.replace(f"/{folder}/", "/here/")
            for text in (issue.place.file, issue.place.pointer, issue.message, issue.hint)
        )
        for issue in issues
        if issue.place.file.split("/")[1] == folder
    )


def pairs() -> list[Any]:
    """Give every example of a rule, with all examples that may stand beside it as other articles."""
    found = []
    for rule in RULES:
        examples = [parted(example) for example in (*rule.good, *rule.bad) if "articles" not in example]
        for number, (facts, shared) in enumerate(examples):
            others = [other for other, terms in examples if other and terms == shared]
            if facts and not rule.across_articles:
                found.append(pytest.param(rule, facts, shared, others, id=f"{rule.id}-{number}"))
    return found


@pytest.mark.parametrize(("rule", "facts", "shared", "others"), pairs())
def test_a_rule_judges_an_article_whatever_the_others_say(
    rule: Rule, facts: dict[str, Any], shared: dict[str, Any], others: list[dict[str, Any]]
) -> None:
    alone = told(rule, {"x": facts}, shared, "x")
    assert told(rule, {"x": facts, "y": facts, "z": facts}, shared, "y") == [
        tuple(text.replace('folder "x"', 'folder "y"') for text in one) for one in alone
    ]
    for other in others:
        assert told(rule, {"x": facts, "y": other}, shared, "x") == alone
        assert told(rule, {"w": other, "x": facts}, shared, "x") == alone


def test_most_rules_are_held_to_judging_articles_one_by_one() -> None:
    held = {case.values[0].id for case in pairs()}
    assert len(held) > len(RULES) / 2


def test_a_message_of_an_inverted_range_names_both_ends_as_they_were_written() -> None:
    (rule,) = [rule for rule in RULES if rule.id == "limits.inverted"]
    share = {"low": Decimal("85.0"), "high": 65, "unit": "%"}
    (issue,) = rule(build_content({"incidence": [{"id": "one", "share": share}]}))
    assert issue.message == "low 85.0 is above high 65"
    assert issue.place.pointer == "/records/0/share/low"


def messages(name: str, example: dict[str, Any]) -> list[tuple[str, str]]:
    (rule,) = [rule for rule in RULES if rule.id == name]
    return [(issue.place.pointer, issue.message) for issue in issues_of(rule, build_content(example))]


def test_each_circle_is_told_once() -> None:
    sites = [
        {"id": "a", "parent": "b"},
        {"id": "b", "parent": "c"},
        {"id": "c", "parent": "a"},
        {"id": "d", "parent": "a"},
        {"id": "e", "parent": "e"},
    ]
    assert messages("references.cycle", {"site": sites}) == [
        ("/records/2/parent", "a belongs to b belongs to c belongs to a: a circle"),
        ("/records/4/parent", "e belongs to e: a circle"),
    ]


def test_a_hierarchy_may_be_deeper_than_the_stack_of_python() -> None:
    sites = [{"id": f"s{number}", "parent": f"s{number + 1}"} for number in range(3000)]
    assert messages("references.cycle", {"site": [*sites, {"id": "s3000"}]}) == []
    assert len(messages("references.cycle", {"site": [*sites, {"id": "s3000", "parent": "s0"}]})) == 1


def test_a_term_that_a_misshapen_record_names_is_used() -> None:
    example = {"tumour": [{"id": "a"}, {"id": "b"}], "incidence": [{"id": "one", "tumour": "a"}]}
    content = build_content(example)
    for record in content.list_records("incidence"):
        record.is_valid = False
    (rule,) = [rule for rule in RULES if rule.id == "references.unused"]
    assert [issue.place.pointer for issue in rule(content)] == ["/records/1/id"]


def test_a_reference_to_a_kind_that_could_not_be_read_is_not_called_dangling() -> None:
    content = build_content({"incidence": [{"id": "one", "tumour": "a"}]})
    (rule,) = [rule for rule in RULES if rule.id == "references.dangling"]
    next(iter(content.folders.values())).unread_kinds.add("tumour")
    assert rule(content) == []


def test_two_articles_may_use_one_id_but_not_an_article_and_the_terms() -> None:
    one = {"section": [{"id": "a"}]}
    assert messages("ids.duplicate", {"articles": {"x": one, "y": one}}) == []
    assert messages(
        "ids.duplicate", {"articles": {"x": {"section": [{"id": "a"}, {"id": "a"}]}, "y": one}}
    ) == [("/records/1/id", 'the id "a" is already used by record 1 of content/x/section.json')]


def test_a_reference_does_not_reach_into_another_article() -> None:
    example = {
        "articles": {
            "x": {"section": [{"id": "a"}]},
            "y": {
                "section": [{"id": "b"}],
                "incidence": [{"id": "one", "source": {"section": "a", "spans": []}}],
            },
        }
    }
    assert [place for place, _ in messages("references.dangling", example)] == ["/records/0/source/section"]


def test_a_term_that_only_the_second_article_uses_is_used() -> None:
    example = {
        "tumour": [{"id": "a"}],
        "articles": {
            "x": {"incidence": [{"id": "one"}]},
            "y": {"incidence": [{"id": "one", "tumour": "a"}]},
        },
    }
    assert messages("references.unused", example) == []


@pytest.mark.parametrize(
    ("spans", "place", "message"),
    [
        ([(100, 1001)], "/0/end", "end 1001 is above 1000, the length of the article"),
        ([(10, 20)], "/0/start", 'start 10 is outside the section "symptoms", which goes from 100 to 300'),
        (
            [(100, 120), (290, 310)],
            "/1/end",
            'end 310 is outside the section "symptoms", which goes from 100 to 300',
        ),
    ],
)
def test_a_span_is_told_at_the_end_that_is_wrong(
    spans: list[tuple[int, int]], place: str, message: str
) -> None:
    source = {"section": "symptoms", "spans": [{"start": start, "end": end} for start, end in spans]}
    example = {
        "article": [{"id": "article", "length": 1000}],
        "section": [{"id": "symptoms", "start": 100, "end": 300}],
        "incidence": [{"id": "one", "source": source}],
    }
    assert messages("source.outside", example) == [(f"/records/0/source/spans{place}", message)]


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("pelvsi", 'did you mean "pelvis"?'),
        ("hip bone", 'did you mean "pelvis"?'),
        ("Pelvis", 'did you mean "pelvis"?'),
        ("breast-cancer", '"breast-cancer" is a tumour'),
        ("zzz", ""),
    ],
)
def test_a_dangling_reference_says_what_was_meant(target: str, hint: str) -> None:
    sites = [{"id": "pelvis", "label": "pelvis", "synonyms": ["hip bone"]}, {"id": "rib", "parent": target}]
    (rule,) = [rule for rule in RULES if rule.id == "references.dangling"]
    (issue,) = rule(build_content({"site": sites, "tumour": [{"id": "breast-cancer"}]}))
    assert issue.hint == hint
