"""Rules of a project's own in SQL: their issues are like any other, and they can do nothing but ask."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.cli.main import main

if TYPE_CHECKING:
    Captured = pytest.CaptureFixture[str]

RULE = Path("rules/for-whom.sql")
REGIMEN = Path("content/example/regimen.json")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A new project whose dose has lost its patients."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", "project"]) == 0
    monkeypatch.chdir("project")
    document = json.loads(REGIMEN.read_text("utf-8"))
    del document["records"][0]["population"]
    write_regimens(document)
    capsys.readouterr()


def write_regimens(document: Any) -> None:
    REGIMEN.write_text(json.dumps(document, indent=2, ensure_ascii=False), "utf-8")


def write_rule(query: str, **head: str) -> None:
    lines = {
        "id": "own.for-whom",
        "severity": "error",
        "message": "{id} is wrong",
        "kind": "regimen",
        **head,
    }
    text = "".join(f"-- {key}: {value}\n" for key, value in lines.items() if value)
    RULE.write_text(f"{text}{query}\n", "utf-8")


def list_issues(capsys: Captured, *options: str) -> list[dict[str, Any]]:
    main(["validate", "--select", "own", "--format", "json", *options])
    issues: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["issues"]
    return issues


def test_an_answer_is_an_error_at_its_field(capsys: Captured) -> None:
    assert main(["validate", "--select", "own"]) == 1
    out = capsys.readouterr().out
    assert "error: 20 mg of Fictivan is for nobody in particular [own.for-whom]" in out
    assert "hint: name the population" in out
    [issue] = list_issues(capsys)
    assert (issue["file"], issue["pointer"]) == (str(REGIMEN), "/records/0/dose/value")


def test_where_there_is_no_answer_there_is_no_issue(capsys: Captured) -> None:
    document = json.loads(REGIMEN.read_text("utf-8"))
    document["records"][0]["population"] = "adults-with-moon-fever"
    write_regimens(document)
    assert list_issues(capsys) == []


def test_programs_are_told_what_it_is_called_and_why(capsys: Captured) -> None:
    assert main(["validate", "--select", "own.for-whom", "--format", "sarif"]) == 1
    [run] = json.loads(capsys.readouterr().out)["runs"]
    [rule] = run["tool"]["driver"]["rules"]
    assert rule["id"] == "own.for-whom"
    assert rule["shortDescription"]["text"] == "A regimen does not say for whom it is."
    [result] = run["results"]
    assert result["ruleId"] == "own.for-whom"
    assert main(["rules", "own"]) == 0
    assert "own.for-whom  error" in capsys.readouterr().out
    assert main(["explain", "own.for-whom"]) == 0
    assert "Adults and children need other doses" in capsys.readouterr().out


def test_an_error_of_it_stops_an_export(capsys: Captured) -> None:
    assert main(["export", "csv"]) == 1
    assert "nothing was exported" in capsys.readouterr().err
    assert not Path("build").exists()


def test_it_can_be_ignored_lowered_and_suppressed_with_the_value(capsys: Captured) -> None:
    settings = Path("bmkit.toml")
    text = settings.read_text("utf-8")
    settings.write_text(f'{text}\n[rules.ignore]\n"own.for-whom" = "not here"\n', "utf-8")
    assert main(["validate"]) == 0
    settings.write_text(f'{text}\n[rules.ignore]\n"own.for-who" = "not here"\n', "utf-8")
    assert main(["validate"]) == 2
    assert 'there is no rule "own.for-who"; did you mean "own.for-whom"?' in capsys.readouterr().err
    settings.write_text(text, "utf-8")
    suppression = {
        "id": "one", "rule": "own.for-whom", "kind": "regimen", "record": "fictivan-20-mg",
        "field": "dose.value", "value": "20 mg", "author": "A. Reviewer",
        "expires": "2099-01-01", "reason": "a dose for all of them",
    }  # fmt: skip
    file = Path("content/example/suppression.json")

    def allow(**more: str) -> list[dict[str, Any]]:
        document = {"$schema": "../../schema/suppression.schema.json", "records": [{**suppression, **more}]}
        file.write_text(json.dumps(document), "utf-8")
        main(["validate", "--format", "json"])
        issues: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["issues"]
        return issues

    [issue] = [issue for issue in allow() if issue["rule"] == "suppression.outdated"]
    against = issue["hint"].partition('"against": "')[2].rpartition('"')[0]
    assert against
    found = {issue["rule"] for issue in allow(against=json.loads(f'"{against}"'))}
    assert found.isdisjoint({"own.for-whom", "suppression.outdated"})
    document = json.loads(REGIMEN.read_text("utf-8"))
    document["records"][0]["dose"]["value"] = 21
    write_regimens(document)
    rules = {issue["rule"] for issue in allow(against=json.loads(f'"{against}"'))}
    assert {"own.for-whom", "suppression.outdated"} <= rules


def test_a_list_that_nobody_uses_has_a_table_all_the_same(capsys: Captured) -> None:
    write_rule("SELECT record AS id FROM regimen_solutions UNION SELECT id FROM regimen")
    assert [issue["message"] for issue in list_issues(capsys)] == ["fictivan-20-mg is wrong"]


def test_a_term_is_asked_with_each_article_and_told_once(capsys: Captured) -> None:
    write_rule("SELECT id, 'product' AS kind FROM product", kind="", severity="warning")
    issues = list_issues(capsys)
    assert [(issue["severity"], issue["file"]) for issue in issues] == [
        ("warning", "content/terms/product.json")
    ]


@pytest.mark.parametrize(
    ("query", "head", "message"),
    [
        ("SELECT idd FROM regimen", {}, "rules/for-whom.sql:5: no such column: idd"),
        ('SELECT id FROM regimen WHERE "dose" > 1', {}, "rules/for-whom.sql:5: no such column: dose"),
        ("DELETE FROM regimen", {}, "nothing else be done"),
        ("ATTACH 'x.sqlite' AS x", {}, "nothing else be done"),
        ("SELECT load_extension('x') AS id", {}, "nothing else be done"),
        ("", {}, "rules/for-whom.sql:4: there is no question below the head"),
        ("SELECT 1", {}, 'an answer needs a column "id"'),
        ("SELECT id FROM regimen", {"kind": ""}, 'the head a line "-- kind: …"'),
        ("SELECT 'none' AS id", {}, 'there is no regimen "none"'),
        ("SELECT id FROM regimen", {"message": "{dose} is wrong"}, "the message names {dose}"),
        (
            "SELECT id FROM regimen",
            {"message": ""},
            'for-whom.sql:1: the head needs a line "-- message: …"',
        ),
        ("SELECT id FROM regimen", {"severity": "fatal"}, "the severity fatal is neither error nor warning"),
        ("SELECT id FROM regimen", {"id": "slip.tenfold"}, "the id slip.tenfold is not"),
        ("SELECT id FROM regimen", {"id": "own.How"}, "the id own.How is not"),
        ("SELECT id FROM regimen", {"severit": "x"}, '"severit" is none of id, severity'),
        (
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS id FROM n",
            {},
            "it takes more than 100,000 steps",
        ),
    ],
)
def test_what_is_no_rule_stops_the_run_at_its_line(
    query: str, head: dict[str, str], message: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bmkit.rules.sql_rule._MAX_STEPS", 100_000)
    write_rule(query, **head)
    assert main(["validate"]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert len(captured.err.splitlines()) == 1
    assert main(["validate", "--format", "json"]) == 2
    [issue] = json.loads(capsys.readouterr().out)["issues"]
    assert (issue["rule"], issue["file"]) == ("run.stopped", "rules/for-whom.sql")


def test_content_with_errors_is_asked_all_the_same(capsys: Captured) -> None:
    document = json.loads(REGIMEN.read_text("utf-8"))
    twin = {**document["records"][0], "dose": {"low": 30, "high": 20, "unit": "mg"}}
    document["records"] += [twin, {**twin, "id": "other", "product": "none"}, {"id": 1}]
    write_regimens(document)
    messages = [issue["message"] for issue in list_issues(capsys)]
    assert messages == [
        "20 mg of Fictivan is for nobody in particular",
        "? mg of ? is for nobody in particular",
    ]


def test_what_sqlite_cannot_hold_stops_the_run(capsys: Captured) -> None:
    document = json.loads(REGIMEN.read_text("utf-8"))
    document["records"][0]["step"] = 10**30
    document["records"][0]["plan"] = "a plan"
    write_regimens(document)
    assert main(["validate"]) == 2
    assert "a whole number of a regimen is too large for SQLite" in capsys.readouterr().err


def test_two_rules_of_one_id_are_refused(capsys: Captured) -> None:
    Path("rules/other.sql").write_text(RULE.read_text("utf-8"), "utf-8")
    assert main(["validate"]) == 2
    assert "rules/other.sql:1: rules/for-whom.sql has the id own.for-whom, too" in capsys.readouterr().err


def test_what_a_revision_answered_is_known(capsys: Captured) -> None:
    git = shutil.which("git") or "git"
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "a"]):
        subprocess.run([git, *command], check=True, timeout=60)
    assert main(["validate", "--since", "HEAD"]) == 0
    document = json.loads(REGIMEN.read_text("utf-8"))
    document["records"][0]["dose"]["value"] = 21
    write_regimens(document)
    capsys.readouterr()
    assert [issue["message"] for issue in list_issues(capsys, "--since", "HEAD")] == [
        "21 mg of Fictivan is for nobody in particular"
    ]
