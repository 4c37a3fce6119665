"""The articles of a content, each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.export.conftest import make_measure, make_records, write_project

from bmkit.articles import iter_articles
from bmkit.content import read_content

if TYPE_CHECKING:
    from pathlib import Path


def test_two_articles_are_told_apart_and_share_the_terms(tmp_path: Path) -> None:
    write_project(tmp_path, make_records())
    write_project(
        tmp_path,
        {"measure": [make_measure(0, words="another")], "section": make_records()["section"]},
        "second",
    )
    contents = {article.name: article.content for article in iter_articles(read_content(str(tmp_path)))}
    assert list(contents) == ["second", "trial"]
    assert [record["words"] for record in contents["second"].list_records("measure")] == ["another"]
    assert len(contents["trial"].list_records("measure")) == len(make_records()["measure"])
    assert all(next(iter(content.folders)) == "terms" for content in contents.values())


def test_terms_without_an_article_are_one(tmp_path: Path) -> None:
    write_project(tmp_path, {"site": make_records()["site"]})
    [article] = iter_articles(read_content(str(tmp_path)))
    assert article.name == "terms"
    assert [record.id for record in article.content.list_records("site")] == [
        record["id"] for record in make_records()["site"]
    ]
