"""Articles are compared by their summaries, which are plain values."""

from __future__ import annotations

import pickle
from collections import Counter
from typing import Any

import pytest
from tests.rules.rule_runs import RULES

from bmkit.rules import run_rules
from bmkit.rules.agreement.conflicts import find_conflicts_between_articles
from bmkit.rules.derived.stated_values import Agreement, StatedValue, compare_values
from bmkit.rules.derived.summaries import summarize_articles
from bmkit.rules.examples import build_content

RULE = RULES["agreement.differs-across-articles"]


def make_article(maximum: int, subject: str = "", **fields: Any) -> dict[str, Any]:
    limit = {"id": "limit", "product": "p", "per": "administration", **fields}
    article = {"id": "a", **({"subject": subject} if subject else {})}
    maximum_value = {"value": maximum, "comparator": "<=", "unit": "mg"}
    return {"article": [article], "dose-limit": [{**limit, "maximum": maximum_value}]}


@pytest.mark.parametrize(
    ("articles", "reported"),
    [
        ([make_article(300), make_article(300)], []),
        ([make_article(300), make_article(3000)], ["b"]),
        ([make_article(300), make_article(300), make_article(3000)], ["c"]),
        ([make_article(300), make_article(3000), make_article(3000)], ["b"]),
        ([make_article(300), make_article(3000, route="vein")], []),
        ([make_article(300, "osteoporosis"), make_article(3000, "bone-metastasis")], []),
        ([make_article(300, "bone-metastasis"), make_article(3000, "bone-metastasis")], ["b"]),
        ([make_article(300, "bone-metastasis"), make_article(3000, condition="bone-metastasis")], ["b"]),
    ],
)
def test_a_second_article_that_states_something_else_is_a_warning(
    articles: list[dict[str, Any]], reported: list[str]
) -> None:
    content = build_content({"articles": dict(zip("abc", articles, strict=False))})
    issues = list(run_rules([RULE], content))
    assert [issue.place.file.split("/")[1] for issue in issues] == reported
    assert all(issue.severity.value == "warning" for issue in issues)
    # Within one article nothing contradicts.
    assert not list(run_rules([RULES["agreement.contradiction"]], content))


def test_each_article_has_its_own_shares() -> None:
    def make_share_article(percent: int) -> dict[str, Any]:
        share = {"value": percent, "unit": "%"}
        return {"result": [{"id": "one", "tumour": "lung-cancer", "estimate": share}]}

    articles = {"a": make_share_article(20), "b": make_share_article(60)}
    assert list(run_rules([RULE], build_content({"articles": articles}))) == []


def test_the_warning_names_both_articles() -> None:
    content = build_content({"articles": {"a": make_article(300), "b": make_article(3000)}})
    (issue,) = run_rules([RULE], content)
    assert issue.place.file == "content/b/dose-limit.json"
    assert issue.message == 'maximum 3,000 mg is not the 300 mg of "limit" in the article "a"'
    assert issue.hint == "find out which is right, and correct the other (content/a/dose-limit.json)"


def test_summaries_can_be_sent_and_compared_elsewhere() -> None:
    content = build_content({"articles": {"a": make_article(300), "b": make_article(3000)}})
    summaries = summarize_articles(content)
    copies = pickle.loads(pickle.dumps(summaries))  # noqa: S301  what was just written here
    assert copies == summaries
    ((conflict, summary),) = find_conflicts_between_articles(copies)
    assert (conflict.statement.folder, conflict.other.folder, summary.folder) == ("b", "a", "b")


def test_many_articles_that_agree_are_not_compared_each_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counter[str]()

    def count_comparisons(value: StatedValue, other: StatedValue) -> Agreement:
        counts["comparisons"] += 1
        return compare_values(value, other)

    monkeypatch.setattr("bmkit.rules.agreement.conflicts.compare_values", count_comparisons)
    for number in (50, 100):
        articles = {f"a{index}": make_article(300) for index in range(number)}
        counts.clear()
        (issue,) = run_rules([RULE], build_content({"articles": {**articles, "z": make_article(3000)}}))
        assert issue.place.file.startswith("content/z/")
        assert counts["comparisons"] <= 2
