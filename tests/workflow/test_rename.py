"""bmkit rename: an id is another one in its record, in what refers to it, and in what is allowed of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bmkit.changes import find_changes
from bmkit.content import read_content
from bmkit.rename import find_renaming

Run = Callable[..., int]
ROOT = Path(__file__).parents[2]
FACTS = "content/one/radiotherapy.json"
LOCK = "system\tcode\tdisplay\tterms\nNCIT\tC1\tlung\ttumour/lung-cancer tumour/lung-cancer-other\n"


def read_values(project: Path, path: str, name: str) -> list[Any]:
    return [record.get(name) for record in json.loads((project / path).read_text("utf-8"))["records"]]


def test_all_that_refers_to_the_record_follows(project: Path, bmkit: Run) -> None:
    (project / "content" / "codes.lock.tsv").write_text(LOCK, "utf-8")
    before = (project / FACTS).read_text("utf-8")
    assert bmkit("rename", "tumour/lung-cancer", "cancer-of-the-lung") == 0
    assert read_values(project, "content/terms/tumour.json", "id") == ["breast-cancer", "cancer-of-the-lung"]
    # The id of a fact that has the same letters, labels and synonyms are not touched.
    assert (project / FACTS).read_text("utf-8") == before.replace('"lung-cancer"', '"cancer-of-the-lung"')
    assert (project / "content" / "codes.lock.tsv").read_text("utf-8") == LOCK.replace(
        "tumour/lung-cancer ", "tumour/cancer-of-the-lung "
    )


def test_what_is_allowed_stays_allowed_also_where_it_quotes_the_id(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMKIT_TODAY", "2026-06-30")
    path = project / FACTS
    path.write_text(path.read_text("utf-8").replace('"low": 65', '"low": 85'), "utf-8")
    # Another fact that says otherwise: what one is held against names the tumour.
    document = json.loads(path.read_text("utf-8"))
    document["records"].append(
        {**document["records"][1], "id": "other", "radiation_dose": {"value": 3, "unit": "Gy"}}
    )
    path.write_text(json.dumps(document), "utf-8")
    bmkit("validate", "--format", "json")
    drafts = [issue["suppression"] for issue in json.loads(capsys.readouterr().out)["issues"]]
    assert any("lung-cancer" in draft.get("against", "") for draft in drafts)
    records = [
        {
            "id": f"s-{number}",
            **draft,
            "reason": "looked at in a test",
            "author": "a",
            "expires": "2026-06-30",
        }
        for number, draft in enumerate(drafts)
    ]
    suppressions = project / "content" / "one" / "suppression.json"
    suppressions.write_text(
        json.dumps({"$schema": "../../schema/suppression.schema.json", "records": records}), "utf-8"
    )
    assert bmkit("validate", "--strict") == 0
    baseline = project / "known.json"
    assert bmkit("validate", "--no-suppressions", "--baseline", baseline, "--write-baseline") == 0
    for name, new_id in (
        ("tumour/lung-cancer", "cancer-of-the-lung"),
        ("radiotherapy/other", "third"),
        ("radiotherapy/incidence-breast-cancer", "of-the-breast"),
    ):
        assert bmkit("rename", name, new_id, "--baseline", baseline) == 0
    assert "cancer-of-the-lung" in suppressions.read_text("utf-8")
    assert bmkit("validate", "--strict") == 0
    assert bmkit("validate", "--no-suppressions", "--strict", "--baseline", baseline) == 0


def test_the_folder_of_an_article_follows(project: Path, bmkit: Run) -> None:
    shutil.move(project / "content" / "one", project / "content" / "uno")
    article = project / "content" / "uno" / "article.json"
    article.write_text(article.read_text("utf-8").replace('"id": "one"', '"id": "uno"'), "utf-8")
    assert bmkit("rename", "article/uno", "two") == 0
    assert read_values(project, "content/two/article.json", "id") == ["two"]
    assert not (project / "content" / "uno").exists()
    assert bmkit("validate", "--strict") == 0


def test_a_folder_that_is_there_is_not_replaced(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "content" / "two").mkdir()
    assert bmkit("rename", "article/one", "two") == 2
    assert "cannot be renamed to two: there is one already" in capsys.readouterr().err
    assert read_values(project, "content/one/article.json", "id") == ["one"]


def test_a_diff_writes_nothing(project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / FACTS).read_bytes()
    assert bmkit("rename", "tumour/lung-cancer", "x", "--diff") == 0
    assert '+      "tumour": "x",' in capsys.readouterr().out
    assert (project / FACTS).read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tumour/lung-cancer", "breast-cancer"], 'tumour "breast-cancer" is there already'),
        (["tumour/lung-cancer", "lung-cancer"], "has that id already"),
        (["tumour/lung-cancer", "Lung Cancer"], '"Lung Cancer" is not a valid id'),
        (["tumour/lung-cancer", "a\nb"], "is not a valid id"),
        (["tumour/lung-cancr", "x"], 'did you mean "lung-cancer"?'),
        (["tumor/lung-cancer", "x"], "there are no records of the kind"),
        (["lung-cancer", "x"], "write the record as KIND/ID"),
        (["tumour/lung-cancer", "x", "--article", "one"], "there are no records"),
    ],
)
def test_what_cannot_be_renamed_is_refused_and_nothing_is_written(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*.json")}
    assert bmkit("rename", *arguments) == 2
    assert message in capsys.readouterr().err
    assert {path: path.read_bytes() for path in project.rglob("*.json")} == before


def test_a_file_that_cannot_be_read_may_refer_to_it(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / FACTS).write_text("{", "utf-8")
    assert bmkit("rename", "tumour/lung-cancer", "x") == 2
    assert FACTS in capsys.readouterr().err


def test_two_articles_may_each_have_a_record_of_that_id(
    project: Path, bmkit: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(project / "content" / "one", project / "content" / "two")
    article = project / "content" / "two" / "article.json"
    article.write_text(article.read_text("utf-8").replace('"id": "one"', '"id": "two"'), "utf-8")
    assert bmkit("rename", "section/prognosis", "outlook") == 2
    assert "several articles have one: one, two" in capsys.readouterr().err
    assert bmkit("rename", "section/prognosis", "outlook", "--article", "two") == 0
    sections = [
        read_values(project, f"content/{name}/radiotherapy.json", "source") for name in ("one", "two")
    ]
    assert [{source["section"] for source in each} for each in sections] == [{"prognosis"}, {"outlook"}]


@pytest.mark.audit
@pytest.mark.parametrize("root", [ROOT, ROOT / "examples" / "second" / "project"])
def test_of_our_contents_a_record_of_each_kind_can_be_renamed(root: Path) -> None:
    content = read_content(str(root))
    for kind in content.list_kinds():
        record = content.list_records(kind.name)[-1]
        renaming = find_renaming(record, "renamed-for-a-test", content)
        assert renaming.new_texts
        new_files = {path: text.encode() for path, text in renaming.new_texts.items()}
        if renaming.folder_move is None:
            renamed = read_content(str(root), content.schemas, unsaved_files=new_files)
            changes = find_changes(content, renamed)
            renames = [change for change in changes if change.is_renamed]
            assert [(change.record.kind, change.record.id) for change in renames] == [
                (kind, "renamed-for-a-test")
            ]
            others = {change.record.kind.name for change in changes if change not in renames}
            assert others <= {"suppression"}
