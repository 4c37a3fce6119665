"""Terms in the folder of an article: seen by that article alone, with ids that are unique in the project."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.rules.rule_runs import RULES

from bmkit.check import find_content_issues
from bmkit.cli.stream import ArticleStream, FaultyContentError
from bmkit.content import read_content
from bmkit.content.load import read_articles
from bmkit.issue import Severity
from bmkit.rules.examples import build_content
from bmkit.rules.references import dangling

from .projects import write_project

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content


def make_file(kind: str, *records: dict[str, Any]) -> str:
    return json.dumps({"$schema": f"../../schema/{kind}.schema.json", "records": records})


def make_site(site_id: str, **more: str) -> dict[str, Any]:
    return {"id": site_id, "label": site_id, "category": "bone", **more}


def make_fact(fact_id: str, **references: Any) -> dict[str, Any]:
    return {"id": fact_id, **references}


def list_faults(content: Content) -> set[tuple[str, str, str, str]]:
    return {
        (issue.place.file, issue.rule, issue.message, issue.hint)
        for issue in find_content_issues(content)
        if issue.rule.partition(".")[0] in {"ids", "references", "content"}
        and issue.severity is Severity.ERROR
    }


def list_streamed_faults(root: Path) -> set[tuple[str, str, str, str]]:
    with pytest.raises(FaultyContentError) as refusal:
        list(ArticleStream(str(root)).iter_articles())
    return {
        (issue.place.file, issue.rule, issue.message, issue.hint)
        for issue in (located_issue.issue for located_issue in refusal.value.report.issues)
        if issue.rule.partition(".")[0] in {"ids", "references"}
    }


def test_a_record_finds_the_terms_of_its_article_and_then_the_shared_ones(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "terms/site.json": make_file("site", make_site("rib")),
        "a/site.json": make_file("site", make_site("hip", parent="rib")),
        "a/metastatic-site.json": make_file("metastatic-site", make_fact("one", site="hip")),
        "b/metastatic-site.json": make_file("metastatic-site", make_fact("one", site="hip")),
    }
    content = read_content(str(write_project(tmp_path, files)))
    assert not content.issues
    facts = {record.folder: record for record in content.list_records("metastatic-site")}
    for name, found_folders in {"a": ["a", "terms"], "b": [None, "terms"]}.items():
        found = [content.find_record("site", site_id, facts[name]) for site_id in ("hip", "rib")]
        assert [record and record.folder for record in found] == found_folders
    (rib,) = (record for record in content.list_records("site") if record.id == "rib")
    assert content.find_record("site", "hip", rib) is None
    assert [record.id for record in content.iter_reachable_records("site", rib)] == ["rib"]
    assert content.find_missing_ids("site", frozenset({"rib", "hip"}), "terms") == {"hip"}


DANGLING: dict[str, str | bytes] = {
    "terms/site.json": make_file("site", make_site("spine", parent="hip"), make_site("rib")),
    "a/metastatic-site.json": make_file("metastatic-site", make_fact("one", site="hip")),
    "b/site.json": make_file("site", make_site("rib-two"), make_site("hip", parent="rib")),
    "b/metastatic-site.json": make_file("metastatic-site", make_fact("one", site="hip")),
    "c/metastatic-site.json": make_file("metastatic-site", make_fact("one", site="hip")),
}


def test_a_term_of_another_article_is_not_there_and_the_message_says_where_it_is(tmp_path: Path) -> None:
    root = write_project(tmp_path, DANGLING)
    message = 'there is no site "hip" here: record 2 of content/b/site.json is of that article alone'
    hint = "move it to content/terms/site.json, where all articles find it"
    expected = {
        (f"content/{name}", "references.dangling", message, hint)
        for name in ("a/metastatic-site.json", "c/metastatic-site.json", "terms/site.json")
    }
    # Without a check of their shape, records that are short of fields are judged as well.
    content = read_content(str(root))
    assert {
        (issue.place.file, issue.rule, issue.message, issue.hint) for issue in dangling(content)
    } == expected
    for batch in content.iter_batches(0):
        for issue in dangling(batch):
            assert (issue.place.file, issue.rule, issue.message, issue.hint) in expected


def test_the_id_of_a_term_is_its_own_in_the_whole_project(tmp_path: Path) -> None:
    sites = {"terms": ["rib", "hip"], "a": ["toe", "rib"], "b": ["jaw", "toe"], "c": ["toe"]}
    files: dict[str, str | bytes] = {
        f"{folder}/site.json": make_file("site", *(make_site(site_id) for site_id in ids))
        for folder, ids in sites.items()
    }
    root = write_project(tmp_path, files)
    hint = "give one of them another id, or keep one term for both in content/terms/site.json"
    expected = {
        ("content/a/site.json", 'the id "rib" is already used by record 1 of content/terms/site.json'),
        ("content/b/site.json", 'the id "toe" is already used by record 1 of content/a/site.json'),
        ("content/c/site.json", 'the id "toe" is already used by record 1 of content/a/site.json'),
    }
    with_rule = {(file, "ids.duplicate", message, hint) for file, message in expected}
    assert list_faults(read_content(str(root))) == with_rule
    assert list_streamed_faults(root) == with_rule
    shutil.rmtree(root / "content" / "terms")
    assert list_streamed_faults(root) == list_faults(read_content(str(root))) != set()


def test_a_file_of_terms_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    root = write_project(
        tmp_path,
        {"a/site.json": "{", "b/site.json": make_file("site", make_site("rib")), "c/site.json": "[]"},
    )
    article_names, articles = read_articles(str(root))
    assert article_names == ["a", "b", "c"]
    rules = [[issue.rule for issue in article.issues] for article in articles]
    assert rules == [[], ["json.truncated"], [], []]


def test_a_fact_among_the_shared_terms_is_misplaced_and_a_term_in_an_article_is_not(tmp_path: Path) -> None:
    root = write_project(
        tmp_path,
        {
            "a/site.json": make_file("site", make_site("rib")),
            "terms/radiotherapy.json": make_file("radiotherapy"),
        },
    )
    assert list_faults(read_content(str(root))) == {
        (
            "content/terms/radiotherapy.json",
            "content.wrong-folder",
            "radiotherapy is a kind of fact and does not belong in terms/",
            "move the file to the folder of its article",
        )
    }


def make_coded_term(term_id: str, code: str, display: str, **more: str) -> dict[str, Any]:
    coding = {"system": "ICD-O-3", "code": code, "display": display}
    return {"id": term_id, "label": term_id, "codes": [coding], **more}


SHARED_SITES = [
    make_coded_term("breast", "C50.9", "Breast, NOS"),
    make_coded_term("prostate", "C61.9", "Prostate gland"),
]


@pytest.mark.parametrize(
    ("rule_id", "kind", "term"),
    [
        ("terms.ambiguous-name", "site", {"id": "bosom", "label": "Breast"}),
        ("terms.conflicting-codes", "tumour", {**make_coded_term("x", "C61.9", "x"), "label": "breast"}),
        ("codes.shared", "site", make_coded_term("bosom", "C50.9", "Breast, NOS")),
        ("codes.display-of-another-term", "site", make_coded_term("bosom", "C50.0", "breast")),
        ("codes.wrong-topography", "tumour", make_coded_term("x", "C61.9", "x", origin="breast")),
    ],
)
def test_a_term_of_an_article_is_compared_with_the_shared_ones(
    rule_id: str, kind: str, term: dict[str, Any]
) -> None:
    """Also where the article is judged by itself, and each fault is told once."""
    articles = {"a": {kind: [term]}, "b": {"section": []}}
    content = build_content({"site": SHARED_SITES, "articles": articles})
    for views in ([content], list(content.iter_batches(0))):
        issues = [issue for view in views for issue in RULES[rule_id](view)]
        assert [issue.place.file for issue in issues] == [f"content/a/{kind}.json"]


def test_terms_of_two_articles_may_have_one_name_and_code() -> None:
    articles = {
        folder: {"site": [{**make_coded_term(term_id, "C50.9", "Breast, NOS"), "label": "breast"}]}
        for folder, term_id in (("a", "breast"), ("b", "bosom"))
    }
    content = build_content({"articles": articles})
    for view in (content, *content.iter_batches(0)):
        for rule_id in ("terms.ambiguous-name", "codes.shared"):
            assert RULES[rule_id](view) == []
