"""Ids are unique in an article and the terms."""

from __future__ import annotations

from tests.rules.rule_runs import list_places


def test_two_articles_may_use_one_id_but_not_an_article_and_the_terms() -> None:
    article = {"section": [{"id": "a"}]}
    twice = {"section": [{"id": "a"}, {"id": "a"}]}
    assert list_places("ids.duplicate", articles={"x": article, "y": article}) == []
    assert list_places("ids.duplicate", articles={"x": twice, "y": article}) == [
        ("/records/1/id", 'the id "a" is already used by record 1 of content/x/section.json')
    ]
