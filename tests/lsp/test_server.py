"""The language server answers a real editor's messages over its standard input and output."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lsp.conftest import Editor

# Runs with `make slow`: it makes whole projects, exports or processes.
pytestmark = pytest.mark.slow

FACTS = "content/one/radiotherapy.json"
TERMS = "content/terms/tumour.json"


@pytest.fixture
def facts(editor: Editor) -> str:
    return (editor.root / FACTS).read_text("utf-8")


@pytest.fixture
def terms(editor: Editor) -> str:
    return (editor.root / TERMS).read_text("utf-8")


def find_position(text: str, before: str, *, behind: int = 0) -> dict[str, int]:
    """The place in ASCII text where `before` starts, or so many characters behind."""
    offset = text.index(before) + behind
    lines = text[:offset].split("\n")
    return {"line": len(lines) - 1, "character": len(lines[-1])}


def test_issues_follow_what_is_typed_and_not_what_is_saved(editor: Editor, facts: str) -> None:
    uri = editor.open(FACTS)
    assert editor.issues(uri, 1) == []
    faulty = facts.replace('"low": 65', '"low": 85')
    editor.change(uri, faulty, 2)
    (issue,) = editor.issues(uri, 2)
    assert issue["code"] == "limits.inverted"
    assert issue["source"] == "bmkit"
    assert issue["severity"] == 1
    assert issue["message"] == "low 85 is above high 75\nswap them, or correct one end"
    assert issue["range"] == {
        "start": find_position(faulty, "85"), "end": find_position(faulty, "85", behind=2),
    }  # fmt: skip
    editor.change(uri, faulty.replace('"high": 75,', '"high": 75'), 3)
    assert [issue["code"] for issue in editor.issues(uri, 3)] == ["json.syntax"]
    editor.change(uri, facts, 4)
    assert editor.issues(uri, 4) == []
    assert (editor.root / FACTS).read_text("utf-8") == facts


def test_an_issue_of_a_word_is_shown_under_the_word(editor: Editor, terms: str) -> None:
    uri = editor.open(TERMS)
    faulty = terms.replace('"breast cancer"', r'"\"breast\" 10 U cancer"')
    editor.change(uri, faulty, 2)
    (issue,) = [issue for issue in editor.issues(uri, 2) if issue["code"] == "writing.unit-letter"]
    assert issue["range"] == {
        "start": find_position(faulty, "U cancer"), "end": find_position(faulty, " cancer"),
    }  # fmt: skip


def test_a_change_of_one_open_file_shows_in_another(editor: Editor, terms: str) -> None:
    uri = editor.open(FACTS)
    assert editor.issues(uri) == []
    term_uri = editor.open(TERMS)
    editor.change(term_uri, terms.replace('"lung-cancer"', '"lung-tumour"'), 2)
    issues = editor.issues(uri)
    while not issues:
        issues = editor.issues(uri)
    assert [issue["code"] for issue in issues] == ["references.dangling"]
    editor.tell("textDocument/didClose", {"textDocument": {"uri": term_uri}})
    while issues:
        issues = editor.issues(uri)


@pytest.mark.parametrize("editor", ["utf-16", "utf-32"], indirect=True)
def test_columns_are_counted_in_the_agreed_units(editor: Editor, terms: str) -> None:
    text = terms.replace(
        '"label": "breast cancer"}', '"synonyms": ["\U0001f9b4\U0001f9b4 x"], "lable": "breast cancer"}'
    )
    uri = editor.open(TERMS, text)
    issue = next(issue for issue in editor.issues(uri, 1) if issue["code"] == "shape.unknown-field")
    line = text.split("\n")[3]
    before = line[: line.index('"lable"')]
    wide = editor.server["capabilities"]["positionEncoding"] == "utf-16"
    assert issue["range"]["start"] == {"line": 3, "character": len(before) + (2 if wide else 0)}


def test_names_ids_words_and_quantities_are_offered(editor: Editor, facts: str) -> None:
    typed = facts.replace('"tumour": "lung-cancer",\n', '"tumour": "",\n      \n')
    uri = editor.open(FACTS, typed)

    def complete_at(before: str, behind: int) -> dict[str, dict[str, Any]]:
        where = {"textDocument": {"uri": uri}, "position": find_position(typed, before, behind=behind)}
        return {item["label"]: item for item in editor.ask("textDocument/completion", where)["items"]}

    ids = complete_at('"tumour": "",', 11)
    assert list(ids) == ["breast-cancer", "lung-cancer"]
    item = ids["lung-cancer"]
    assert item["detail"] == "lung cancer"
    assert item["textEdit"] == {
        "newText": '"lung-cancer"',
        "range": {"start": find_position(typed, '"",'), "end": find_position(typed, '"",', behind=2)},
    }
    assert item["filterText"].startswith('"')
    names = complete_at('"tumour": "",\n      ', len('"tumour": "",\n      '))
    assert {"stance", "notes"} <= set(names)
    assert not {"id", "tumour", "radiation_dose", "source"} & set(names)
    assert names["notes"]["textEdit"]["newText"] == '"notes": ["$1"]'
    assert names["notes"]["documentation"].startswith("Editorial notes: ")
    typed = typed.replace('"",\n      \n', '"",\n      "stance": ,\n')
    editor.change(uri, typed, 2)
    assert "recommended" in complete_at('"stance": ', 10)
    assert complete_at('"unit": "Gy"', 9)["cGy"]["textEdit"]["newText"] == '"cGy"'
    typed = typed.replace('{"value": 30, "unit": "Gy"}', "")
    editor.change(uri, typed, 3)
    share = typed.index('"radiation_dose": ,')
    assert complete_at(typed[share : share + 19], 18)["value in Gy"]["textEdit"]["newText"] == (
        '{"value": $1, "unit": "Gy"\\}'
    )


def test_the_terminologies_of_a_kind_are_offered_and_those_of_the_settings(
    editor: Editor, terms: str
) -> None:
    (editor.root / "bmkit.toml").write_text('[terminologies]\nREGISTER = "urn:oid:2.999.41"', "utf-8")
    typed = terms.replace('"label": "breast cancer"', '"label": "breast cancer", "codes": [{"system": ""}]')
    uri = editor.open(TERMS, typed)
    where = {"textDocument": {"uri": uri}, "position": find_position(typed, '"system": "', behind=11)}
    labels = [item["label"] for item in editor.ask("textDocument/completion", where)["items"]]
    assert labels[-1] == "REGISTER"
    assert "MONDO" in labels
    assert "UCUM" not in labels


def test_a_fault_of_the_settings_is_said_in_every_document(editor: Editor) -> None:
    (editor.root / "bmkit.toml").write_text("schemas = 2", "utf-8")
    uri = editor.open(FACTS)
    (issue,) = editor.issues(uri, 1)
    assert "bmkit.toml: schemas: the content is written for version 2 of the schemas" in issue["message"]
    assert (issue["severity"], issue["range"]["start"]) == (1, {"line": 0, "character": 0})


def test_fields_and_records_are_explained(editor: Editor, facts: str) -> None:
    uri = editor.open(FACTS)

    def hover_at(before: str, behind: int = 2) -> str:
        where = {"textDocument": {"uri": uri}, "position": find_position(facts, before, behind=behind)}
        answer = editor.ask("textDocument/hover", where)
        return str(answer["contents"]["value"]) if answer else ""

    assert hover_at('"radiation_dose"').startswith("**Dose**: The dose in all.")
    assert "**breast cancer**" in hover_at('"breast-cancer"')
    assert "> Radiotherapy for breast cancer: 65–75 Gy" in hover_at('"incidence-breast')
    assert hover_at("{\n", 0) == ""


def test_a_file_is_formatted_and_mended(editor: Editor, facts: str) -> None:
    faulty = facts.replace('"tumour": "lung-cancer"', '"tumour": "Lung-Cancer"')
    uri = editor.open(FACTS, faulty)
    document = {"textDocument": {"uri": uri}}
    start = find_position(faulty, '"Lung-Cancer"', behind=3)
    context: dict[str, Any] = {"diagnostics": []}
    request = {**document, "range": {"start": start, "end": start}, "context": context}
    (action,) = editor.ask("textDocument/codeAction", request)
    assert action["title"] == 'write "lung-cancer"'
    (edit,) = action["edit"]["changes"][uri]
    assert edit["newText"] == '"lung-cancer"'
    elsewhere = find_position(faulty, '"records"')
    request = {**document, "range": {"start": elsewhere, "end": elsewhere}, "context": context}
    assert editor.ask("textDocument/codeAction", request) == []
    options = {"options": {"tabSize": 2, "insertSpaces": True}}
    (edit,) = editor.ask("textDocument/formatting", {**document, **options})
    assert '\n        "spans": [\n          {"start": 10, "end": 20' in edit["newText"]
    editor.change(uri, "{", 2)
    assert editor.ask("textDocument/formatting", {**document, **options}) is None


def test_what_is_no_content_is_left_alone(editor: Editor) -> None:
    (editor.root / "package.json").write_text("{")
    uri = editor.open("package.json")
    where = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 1}}
    assert editor.ask("textDocument/completion", where) is None
    assert editor.ask("textDocument/hover", where) is None


def test_a_broken_schema_is_said_where_one_is_typing(editor: Editor) -> None:
    (editor.root / "schema").mkdir()
    (editor.root / "schema/radiotherapy.schema.json").write_text("{")
    uri = editor.open(FACTS)
    (issue,) = editor.issues(uri, 1)
    assert "schema/radiotherapy.schema.json:1:1: is not JSON" in issue["message"]
    (editor.root / "schema/radiotherapy.schema.json").unlink()
    (editor.root / "schema").rmdir()
    editor.tell("workspace/didChangeWatchedFiles", {"changes": []})
    assert editor.issues(uri, 1) == []


def test_without_pygls_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError('no pygls', name='pygls')")
    completed = subprocess.run(
        [sys.executable, "-m", "bmkit", "lsp"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert completed.returncode == 2
    assert completed.stderr == "bmkit: the language server is not installed; pip install 'bmkit[lsp]'\n"
