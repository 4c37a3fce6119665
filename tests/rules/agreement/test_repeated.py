"""A fact repeats another only with the same source, in one article and kind."""

from __future__ import annotations

from typing import Any

from bmkit.rules.agreement.repeated import repeated
from bmkit.rules.examples import build_content


def test_a_fact_is_a_copy_only_in_its_own_article_and_kind() -> None:
    def make_article(fact_id: str) -> dict[str, Any]:
        return {"result": [{"id": fact_id, "tumour": "melanoma"}]}

    assert repeated(build_content({"articles": {"a": make_article("one"), "b": make_article("two")}})) == []
    first, second = make_article("one")["result"][0], make_article("two")["result"][0]
    assert repeated(build_content({"result": [first], "statement": [second]})) == []
    copies = [first, second, {**second, "id": "three"}]
    assert [issue.place.pointer for issue in repeated(build_content({"result": copies}))] == [
        "/records/1/id",
        "/records/2/id",
    ]
    # An id that is used twice breaks another rule; facts of a kind without a source are not compared.
    assert repeated(build_content({"result": [first, first]})) == []
    trials = [{"id": trial_id, "patients": 60} for trial_id in ("one", "two")]
    schemas = {"trial": {"patients": {"type": "integer"}}}
    assert repeated(build_content({"trial": trials, "schemas": schemas})) == []
