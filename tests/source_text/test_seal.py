"""Facts held against a seal without their text."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import validate as validate_json
from tests.source_text.sample import (
    ARTICLE,
    SHAPE_CHECKER,
    TEXT,
    make_facts,
    make_terms,
    read_sample,
    write_sample,
)

from bmkit.check import apply_settings
from bmkit.cli import main
from bmkit.content import read_content
from bmkit.schema import read_shipped_schemas
from bmkit.shape import find_shape_issues
from bmkit.shipped import read_shipped_schema_file
from bmkit.source_text.facts import lock_fact
from bmkit.source_text.seal import SealError, format_seal, locate_seal, parse_seal
from bmkit.source_text.seal_issues import find_seal_issues

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def sealed_root(tmp_path: Path) -> Path:
    """A project that is sealed."""
    text_path = write_sample(tmp_path)
    assert main(["source", "seal", str(text_path), "--root", str(tmp_path)]) == 0
    return tmp_path


def list_seal_issues(root: Path) -> list[tuple[str, str, str]]:
    """Return rule, severity and message of what validate says of the seal."""
    content = read_content(str(root), read_shipped_schemas())
    find_shape_issues(content, SHAPE_CHECKER)
    issues = apply_settings(find_seal_issues(content), content.settings)
    return [(issue.rule, issue.severity.value, issue.message) for issue in issues]


def change_fact(root: Path, kind: str, field: str, value: Any) -> None:
    facts = make_facts()
    facts[kind][0][field] = value
    write_sample(root, facts)


def test_what_was_sealed_has_no_issue(sealed_root: Path) -> None:
    assert list_seal_issues(sealed_root) == []


def test_validate_holds_facts_against_the_seal(sealed_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change_fact(sealed_root, "result", "estimate", {"low": 6, "high": 7, "unit": "d"})
    assert main(["validate", "--root", str(sealed_root), "--select", "source"]) == 1
    message = "6–7 days is not what was read in the text: 6–7 months [source.unlike-seal]"
    assert message in capsys.readouterr().out


def test_an_article_without_a_seal_has_no_issue_unless_the_settings_ask_for_one(tmp_path: Path) -> None:
    write_sample(tmp_path)
    assert list_seal_issues(tmp_path) == []
    (tmp_path / "bmkit.toml").write_text("[review]\nrequire-seal = true\n", encoding="utf-8")
    assert [rule for rule, _, _ in list_seal_issues(tmp_path)] == ["source.unsealed"]


def test_a_seal_holds_no_words_of_the_text(sealed_root: Path) -> None:
    seal = (sealed_root / locate_seal(ARTICLE)).read_text(encoding="utf-8")
    for words in ("thigh bone", "put into", "Lung cancer", "Renalex is", "twenty minutes"):
        assert words in TEXT
        assert words not in seal


def test_a_seal_is_the_same_each_time_and_has_a_line_for_each_entry(sealed_root: Path) -> None:
    path = sealed_root / locate_seal(ARTICLE)
    before = path.read_bytes()
    assert main(["source", "seal", str(sealed_root / "text.txt"), "--root", str(sealed_root)]) == 0
    assert path.read_bytes() == before
    assert format_seal(parse_seal(before)).encode() == before
    seal = json.loads(before)
    assert before.decode().count("\n") == 9 + len(seal["spans"]) + len(seal["facts"])


@pytest.mark.parametrize(
    ("kind", "field", "value", "rule"),
    [
        ("result", "estimate", {"low": 6, "high": 7, "unit": "d"}, "source.unlike-seal"),
        ("result", "estimate", {"low": 6, "high": 8, "unit": "mo"}, "source.unlike-seal"),
        ("regimen", "dose", {"value": 80, "unit": "mg"}, "source.unlike-seal"),
        ("dose-limit", "maximum", {"value": 12, "unit": "mg"}, "source.unlike-seal"),
        ("metastatic-site", "site", "ulna", "source.unlike-seal"),
        ("metastatic-site", "frequency", "usually not", "source.changed-since-seal"),
        ("result", "statistic", "mean", "source.changed-since-seal"),
        ("metastatic-site", "possibility", "may", "source.changed-since-seal"),
    ],
)
def test_a_changed_fact_contradicts_the_seal_or_has_changed_since(
    sealed_root: Path, kind: str, field: str, value: Any, rule: str
) -> None:
    change_fact(sealed_root, kind, field, value)
    assert [found for found, _, _ in list_seal_issues(sealed_root)] == [rule]


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("result", "id", "survival-of-patients"),
        ("regimen", "dose", {"value": 8.0, "unit": "mg"}),
        ("regimen", "dose", {"value": 8000, "unit": "ug"}),
        ("regimen", "interval", {"low": 14, "high": 21, "unit": "d"}),
    ],
)
def test_an_innocent_edit_is_no_issue(sealed_root: Path, kind: str, field: str, value: Any) -> None:
    change_fact(sealed_root, kind, field, value)
    assert list_seal_issues(sealed_root) == []


def test_a_fact_or_span_that_was_never_sealed_is_an_issue(sealed_root: Path) -> None:
    facts = make_facts()
    facts["result"].append({**facts["result"][0], "id": "another", "statistic": "mean"})
    facts["metastatic-site"][0]["source"]["spans"][0]["digest"] = "0123456789abcdef"
    write_sample(sealed_root, facts)
    assert [rule for rule, _, _ in list_seal_issues(sealed_root)] == ["source.unsealed"] * 2


def test_a_fact_that_does_not_fit_its_schema_hides_no_change_of_another(sealed_root: Path) -> None:
    facts = make_facts()
    facts["metastatic-site"][0]["frequency"] = "usually not"
    del facts["regimen"][0]["route"]
    write_sample(sealed_root, facts)
    assert [rule for rule, _, _ in list_seal_issues(sealed_root)] == ["source.changed-since-seal"]


def test_a_fact_that_is_gone_is_told(sealed_root: Path) -> None:
    facts = make_facts()
    facts["result"].pop()
    write_sample(sealed_root, facts)
    assert list_seal_issues(sealed_root) == [
        ("source.changed-since-seal", "warning", "the fact result/survival is gone since it was sealed")
    ]


def test_a_new_name_makes_a_seal_stale_and_no_fact_wrong(sealed_root: Path) -> None:
    terms = make_terms()
    terms["site"][1]["synonyms"] = ["elbow bone"]
    facts = make_facts()
    facts["metastatic-site"][0]["site"] = "ulna"
    write_sample(sealed_root, facts, terms)
    rules = sorted(rule for rule, _, _ in list_seal_issues(sealed_root))
    assert rules == ["source.changed-since-seal", "source.stale-seal"]


def test_a_changed_number_of_a_term_changes_the_facts_that_refer_to_it(tmp_path: Path) -> None:
    locks = []
    for strength in (0.9, 9):
        terms, facts = make_terms(), make_facts()
        concentration = {"value": strength, "unit": "g/dL"}
        solution = {"id": "salt", "label": "salt water", "solute": "renalic-acid"}
        terms["solution"] = [{**solution, "concentration": concentration}]
        facts["regimen"][0]["solutions"] = ["salt"]
        write_sample(tmp_path, facts, terms)
        content = read_sample(tmp_path)
        locks.append([lock_fact(fact, content) for kind in facts for fact in content.list_records(kind)])
    changed = [before != after for before, after in zip(*locks, strict=True)]
    assert changed == [True, False, False, False]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (None, "the seal is no object"),
        ({"reader": 1}, "reader"),
        ({"reader": None}, "reader"),
        ({"text": {"digest": "", "length": "1"}}, "length"),
        ({"spans": []}, "spans is no object"),
        ({"spans": {"a": {"q": ["4 x y"]}}}, "quantities"),
        ({"spans": {"a": {"q": [4]}}}, "q of"),
        ({"spans": {"a": {"not": "1"}}}, "quantities"),
        ({"spans": {"a": {"z": 1}}}, 'has "z"'),
        ({"facts": {"a": {}}}, "has no held"),
        ({"facts": {"a": {"held": "b", "unread": "c"}}}, "unread of"),
        ({"more": 1}, 'has "more"'),
    ],
)
def test_what_is_no_seal_is_refused(members: dict[str, Any] | None, message: str) -> None:
    good = {"reader": "", "names": "", "text": {"digest": "", "length": 1}, "spans": {}, "facts": {}}
    parse_seal(json.dumps(good).encode())
    with pytest.raises(SealError, match=re.escape(message)):
        parse_seal(json.dumps([] if members is None else good | members).encode())


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "[" * 100_000, '{"reader": "en 1", "reader": "en 1"}', "\ufeff", "\x00"]
)
def test_a_file_that_is_no_seal_is_one_clear_issue(sealed_root: Path, text: str) -> None:
    (sealed_root / locate_seal(ARTICLE)).write_text(text, encoding="utf-8")
    [(rule, severity, _)] = list_seal_issues(sealed_root)
    assert (rule, severity) == ("source.broken-seal", "error")
    assert main(["source", "check", str(sealed_root / "text.txt"), "--root", str(sealed_root)]) == 0


def test_a_seal_by_another_reader_is_stale(sealed_root: Path) -> None:
    path = sealed_root / locate_seal(ARTICLE)
    path.write_text(path.read_text(encoding="utf-8").replace("en 1", "en 0"), encoding="utf-8")
    assert [rule for rule, _, _ in list_seal_issues(sealed_root)] == ["source.stale-seal"]


def test_a_text_that_has_not_all_spans_is_not_sealed(
    sealed_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text_path = sealed_root / "text.txt"
    text_path.write_text(TEXT.replace("8 mg", "9 mg"), encoding="utf-8")
    assert main(["source", "seal", str(text_path), "--root", str(sealed_root)]) == 2
    assert "1 span is not where the facts say" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["nowhere.txt"], 2, "nowhere.txt"),
        (["text.txt", "--article", "other"], 2, 'there is no article "other"'),
        (["text.txt"], 0, "spans: 5 exact"),
    ],
)
def test_the_command_says_what_it_is_called_with(
    tmp_path: Path, arguments: list[str], status: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sample(tmp_path)
    path, *options = arguments
    assert main(["source", "check", str(tmp_path / path), "--root", str(tmp_path), *options]) == status
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("regimen/renalex-8-mg", "renalex-each-time"),
        ("product/renalex", "renalex-drip"),
        ("site/femur", "thigh-bone"),
        ("section/drip", "by-drip"),
        ("article/sample", "sample-two"),
    ],
)
def test_a_renamed_record_is_renamed_in_the_seal(sealed_root: Path, old: str, new: str) -> None:
    assert main(["rename", old, new, "--root", str(sealed_root)]) == 0
    assert list_seal_issues(sealed_root) == []


def test_what_did_not_agree_with_the_seal_does_not_after_a_renaming(sealed_root: Path) -> None:
    facts = make_facts()
    facts["regimen"][0]["dose"] = {"value": 9, "unit": "mg"}
    facts["result"][0]["statistic"] = "mean"
    write_sample(sealed_root, facts)
    before = [rule for rule, _, _ in list_seal_issues(sealed_root)]
    assert sorted(before) == ["source.changed-since-seal", "source.unlike-seal"]
    assert main(["rename", "tumour/lung-cancer", "cancer-of-the-lung", "--root", str(sealed_root)]) == 0
    assert [rule for rule, _, _ in list_seal_issues(sealed_root)] == before


@pytest.mark.parametrize("format_name", ["text", "json", "markdown", "github"])
def test_diff_shows_a_changed_seal_as_what_it_is(
    sealed_root: Path,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    format_name: str,
) -> None:
    old_root = tmp_path_factory.mktemp("old")
    shutil.copytree(sealed_root, old_root, dirs_exist_ok=True)
    path = sealed_root / locate_seal(ARTICLE)
    path.write_text(path.read_text(encoding="utf-8").replace('"8 mg"', '"80 mg"'), encoding="utf-8")
    capsys.readouterr()
    assert main(["diff", str(old_root), str(sealed_root), "--format", format_name]) == 0
    printed = capsys.readouterr().out.replace("\\", "")
    assert (
        "the same words were read otherwise: 2..3 wk, 20 min, 8 mg, time → 2..3 wk, 20 min, 80 mg, time"
        in printed
    )
    assert "0 critical" in printed or '"critical": 0' in printed
    if format_name == "json":
        validate_json(json.loads(printed), json.loads(read_shipped_schema_file("report/changes.schema.json")))


def test_diff_says_that_an_article_is_sealed_now(
    sealed_root: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    old_root = tmp_path_factory.mktemp("old")
    write_sample(old_root)
    assert main(["diff", str(old_root), str(sealed_root)]) == 0
    assert "the article is sealed now" in capsys.readouterr().out
