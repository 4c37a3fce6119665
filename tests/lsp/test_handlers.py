"""What an editor shows of a stranger's project is text: no link, no tag, no variable of a snippet."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import FeatureNotificationError, FeatureRequestError

from bmkit.lsp.document import Document, PositionConverter, Project
from bmkit.lsp.handlers import answer_completion, answer_hover
from bmkit.lsp.server import ContentLanguageServer

LIVE = "a\n# <img src=x> (b)[c:d] [b](c:d) ![d](http://e.test) `f` *g* www.h.test \x1b\u202e ${CLIPBOARD}"
FIELD = "`<img src=x> ${CLIPBOARD} \u202e"
EXAMPLE = Path(__file__).parents[2] / "examples" / "inverted-range" / "project"
TRIAL = "content/trial-results/trial.json"


@pytest.fixture
def document(tmp_path: Path) -> Document:
    """A document of a project whose schema and terms are hostile."""
    root = shutil.copytree(EXAMPLE, tmp_path / "project")
    schema_file = root / "schema/trial.schema.json"
    schema = json.loads(schema_file.read_text("utf-8"))
    record = schema["$defs"]["record"]
    record["properties"][FIELD] = {"type": "string"}
    for field in record["properties"].values():
        field |= {"title": LIVE, "description": LIVE}
    schema["x-sentence"] = "<img src=x> in the {sites}"
    schema_file.write_text(json.dumps(schema), "utf-8")
    sites = [{"id": name, "label": LIVE} for name in ("femur", "pelvis", "spine")]
    (root / "content/terms/site.json").write_text(json.dumps({"records": sites}), "utf-8")
    text = (root / TRIAL).read_text("utf-8").replace('"published"', f'"{FIELD}": "", "published"', 1)
    project = Project(str(root), {TRIAL: text})
    return Document("file:///x", TRIAL, text, PositionConverter(text), project, supports_snippets=True)


def find_position(document: Document, word: str) -> types.Position:
    return types.Position(*document.positions.to_position(document.text.index(word) + 1))


@pytest.mark.parametrize("word", ['"id"', '"ibandronate-2019"', '"patients"', '"spine"', f'"{FIELD}"'])
def test_a_hover_is_plain_text(document: Document, word: str) -> None:
    hover = answer_hover(document, find_position(document, word))
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    text = hover.contents.value
    assert "img src" in text
    assert text.replace("\n", "").isprintable()
    # What is left are our own marks: bold, code and a quotation.
    rest = re.sub(r"\\.", "", text)
    rest = re.sub(r"(?m)^\*\*(.*?)\*\*|^`[^`\n]*`|^> ", "", rest)
    assert not set("<[*`~").intersection(rest)
    assert not re.search(r"://|www\.|^[#>-]", rest, re.MULTILINE)
    if word == '"ibandronate-2019"':
        assert r"> \<img src=x\> in the a" in text


def test_a_completion_shows_and_inserts_plain_text(document: Document) -> None:
    text = document.text.replace('"zoledronate-2021"', '"zoledronate-2021", ""')
    document = document._replace(text=text, positions=PositionConverter(text))
    completions = answer_completion(document, find_position(document, '"",\n'))
    assert completions is not None
    assert all(f"{item.label}{item.detail}{item.documentation}".isprintable() for item in completions.items)
    (item,) = [item for item in completions.items if "img" in item.label]
    assert item.insert_text_format == types.InsertTextFormat.Snippet
    assert isinstance(item.text_edit, types.TextEdit)
    assert r"\${CLIPBOARD\}" in item.text_edit.new_text


def test_a_fault_is_shown_without_words_of_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    server = ContentLanguageServer()
    shown: list[types.ShowMessageParams] = []
    monkeypatch.setattr(server, "window_show_message", shown.append)
    server.report_server_error(ValueError("[a](command:b)"), FeatureNotificationError)
    server.report_server_error(ValueError("answered already"), FeatureRequestError)
    (message,) = shown
    assert "(ValueError)" in message.message
    assert "command" not in message.message
