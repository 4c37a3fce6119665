"""Every rule explains itself, and does on its own examples what it says."""

from __future__ import annotations

import copy
import json
import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import bmkit.rules
from bmkit.check import find_content_issues
from bmkit.jsontext import locate_pointer_in_text, parse_json
from bmkit.rules import Rule, load_all_rules, run_rules
from bmkit.rules.examples import EXAMPLES_SUFFIX, build_content
from bmkit.rules.rule import name_family
from bmkit.schema import read_shipped_schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.content import Content
    from bmkit.issue import Issue

RULES = load_all_rules()
SHIPPED = read_shipped_schemas()


def list_examples(side: str) -> list[Any]:
    return [
        pytest.param(rule, example, id=f"{rule.id}-{number}")
        for rule in RULES
        for number, example in enumerate(getattr(rule, side))
    ]


def list_issues(rule: Rule, content: Content) -> list[Issue]:
    return list(run_rules([rule], content))


def test_the_families_are_found_without_a_list() -> None:
    assert {"ids.duplicate", "references.dangling", "limits.inverted"} <= {rule.id for rule in RULES}


def test_every_module_of_rules_is_loaded() -> None:
    folder = Path(bmkit.rules.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
    assert len(RULES) == sum(text.count("\n@rule(") for text in texts)


def test_every_example_is_of_a_rule_of_its_module() -> None:
    entries_by_rule: dict[str, dict[str, Any]] = {}
    for path in Path(bmkit.rules.__file__).parent.rglob(f"*{EXAMPLES_SUFFIX}"):
        document = parse_json(path.read_bytes())
        used_parts = re.findall(r'"given": (?:"([^"]*)"|\["([^]]*)"\])', path.read_text(encoding="utf-8"))
        used_names = {name for alone, several in used_parts for name in (alone or several).split('", "')}
        assert used_names == document.pop("given", {}).keys(), path
        document.pop("like", None)
        entries_by_rule.update(document)
    assert entries_by_rule.keys() == {rule.id for rule in RULES}
    assert {key for entry in entries_by_rule.values() for key in entry} == {"like", "given", "good", "bad"}


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
    tablet_by_vein = {"id": "one", "form": "tab", "route": "r-01"}
    content = build_content(
        {
            "schemas": {
                "administration": {"form": {**text, "x-ref": "form"}, "route": {**text, "x-ref": "route"}}
            },
            "form": [{"id": "tab", "label": "tablet", "state": "tablet"}],
            "route": [{"id": "r-01", "label": "intravenous", "way": "into a vein"}],
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
    assert rule.good, "its examples stand in the file beside its module"
    assert rule.bad


@pytest.mark.parametrize(("rule", "example"), list_examples("good"))
def test_a_rule_accepts_its_good_examples(rule: Rule, example: dict[str, Any]) -> None:
    assert list_issues(rule, build_content(example)) == []


@pytest.mark.parametrize(("rule", "example"), list_examples("bad"))
def test_a_rule_refuses_its_bad_examples_at_a_place_that_is_there(
    rule: Rule, example: dict[str, Any]
) -> None:
    content = build_content(example)
    issues = list_issues(rule, content)
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


def split_example(example: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the records of an article in an example, and what all articles share: terms, schemas, codes."""
    made_up = example.get("schemas", {})
    facts = {
        name: items
        for name, items in example.items()
        if name in made_up or (name in SHIPPED and SHIPPED.get_kind(name).group != "term")
    }
    return facts, {name: items for name, items in example.items() if name not in facts}


def describe_issues(
    rule: Rule, articles: dict[str, Any], shared: dict[str, Any], folder: str
) -> list[tuple[str, ...]]:
    """Return the issues of one of the articles, without the name of its folder."""
    issues = list_issues(rule, build_content({**shared, "articles": articles}))
    return sorted(
        tuple(
            text.replace(f"/{folder}/", "/here/")
            for text in (issue.place.file, issue.place.pointer, issue.message, issue.hint)
        )
        for issue in issues
        if issue.place.file.split("/")[1] == folder
    )


def list_article_pairs() -> list[Any]:
    """Return every example of a rule, with all examples that can be other articles beside it."""
    pairs = []
    for rule in RULES:
        examples = [
            split_example(example) for example in (*rule.good, *rule.bad) if "articles" not in example
        ]
        for number, (facts, shared) in enumerate(examples):
            others = [other for other, terms in examples if other and terms == shared]
            if facts and not rule.across_articles:
                pairs.append(pytest.param(rule, facts, shared, others, id=f"{rule.id}-{number}"))
    return pairs


@pytest.mark.parametrize(("rule", "facts", "shared", "others"), list_article_pairs())
def test_a_rule_judges_an_article_whatever_the_others_say(
    rule: Rule, facts: dict[str, Any], shared: dict[str, Any], others: list[dict[str, Any]]
) -> None:
    alone = describe_issues(rule, {"x": facts}, shared, "x")
    assert describe_issues(rule, {"x": facts, "y": facts, "z": facts}, shared, "y") == [
        tuple(text.replace('folder "x"', 'folder "y"') for text in issue) for issue in alone
    ]
    for other in others:
        assert describe_issues(rule, {"x": facts, "y": other}, shared, "x") == alone
        assert describe_issues(rule, {"w": other, "x": facts}, shared, "x") == alone


@pytest.mark.slow
def test_most_rules_are_tested_on_pairs_of_articles() -> None:
    tested_rules = {case.values[0].id for case in list_article_pairs()}
    assert len(tested_rules) > len(RULES) / 2


def test_every_rule_of_writing_but_one_names_its_source() -> None:
    # No American list has the decimal comma, which is not used there.
    sourceless_rules = [rule.id for rule in RULES if rule.family == "writing" and not rule.source]
    assert sourceless_rules == ["writing.decimal-comma"]


_BOUND = r"(?:at most|at least|about|below|above)"
_NUMBER = r"[0-9.,]+"
# "the usual at most 6 mg", "at most 8 mg is above 6 mg": two comparisons in one.
TWO_COMPARISONS = (
    rf"\b(?:the|usual|than|outside) {_BOUND} {_NUMBER}"
    rf"|{_BOUND} {_NUMBER}[^,;]* (?:is|are|reaches) (?:above|below|longer|outside|not the|ten|a )"
)


def set_comparator(value: Any, comparator: str) -> Any:
    """Return an example with that comparator at every quantity."""
    if isinstance(value, dict):
        members = {
            name: set_comparator(item, comparator) for name, item in value.items() if name != "schemas"
        }
        if "schemas" in value:
            members["schemas"] = value["schemas"]
        return {**members, "comparator": comparator} if "unit" in value else members
    return (
        [set_comparator(item, comparator) for item in value] if isinstance(value, list) else copy.copy(value)
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_message_has_a_comparator_where_it_compares(rule: Rule) -> None:
    for comparator, example in product(("<=", ">=", "about"), rule.bad):
        for issue in rule(build_content(set_comparator(example, comparator))):
            for words in (issue.message, issue.hint):
                assert not re.search(TWO_COMPARISONS, words), words


FAMILIES_THAT_NAME_KINDS = (
    *(
        "agreement",
        "completeness",
        "dose",
        "infusion",
        "products",
        "quantities",
        "regimen",
        "relations",
        "routes",
    ),
    *("sites", "slip", "storage", "strength", "tablets", "terms", "times"),
)


@pytest.mark.parametrize("value", [None, "text", 7, True, ["text"], {"unit": "mg"}])
def test_kinds_of_the_same_name_may_have_other_fields(value: Any) -> None:
    """A project with schemas of its own may mean something else by "regimen", or by its "dose"."""
    shapes = {None: "string", str: "string", int: "integer", bool: "boolean"}
    field: dict[str, Any] = {"type": shapes.get(type(value), "string")}
    if isinstance(value, list):
        field = {"type": "array", "items": {"type": "string"}}
    elif isinstance(value, dict):
        field = {"type": "object", "additionalProperties": False, "properties": {"unit": {"type": "string"}}}
    schemas = {kind.name: {own.name: field for own in kind.fields if own.name != "id"} for kind in SHIPPED}
    values = {name: {} if value is None else dict.fromkeys(fields, value) for name, fields in schemas.items()}
    example = {name: [{"id": "one", **fields}, {"id": "two", **fields}] for name, fields in values.items()}
    content = build_content({"schemas": schemas, **example})
    for rule in RULES:
        if rule.family in FAMILIES_THAT_NAME_KINDS:
            rule(content)
