"""A root whose schemas cannot be used is wrong use, and each of them is said, at its place."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.cli import main
from bmkit.cli.project import format_repository_prefix, format_root_prefix
from bmkit.jsontext import MAX_FILE_BYTES
from bmkit.report import HUMAN_FORMATS, REPORT_FORMATS

if TYPE_CHECKING:
    from pathlib import Path

SITE = "schema/site.schema.json"
TRIAL = "schema/trial.schema.json"


def validate_and_list_errors(capsys: pytest.CaptureFixture[str], *args: str) -> list[str]:
    assert main(["validate", *args]) == 2
    answer = capsys.readouterr()
    assert answer.out == ""
    return answer.err.splitlines()


def set_label_schema(path: Path, label: dict[str, Any]) -> None:
    """Replace the schema of the label."""
    document = json.loads(path.read_text("utf-8"))
    document["$defs"]["record"]["properties"]["label"] = label
    path.write_text(json.dumps(document, indent=2), "utf-8")


def test_each_broken_schema_is_said_with_line_and_column(
    clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clean / SITE).write_text('{\n  "title": "Site",\n  "title": "Place"\n}', "utf-8")
    (clean / TRIAL).write_text("{\n  1\n}", "utf-8")
    first, second = validate_and_list_errors(capsys)
    assert first.startswith(f"bmkit: {SITE}:3:3: is not JSON: ")
    assert second.startswith(f"bmkit: {TRIAL}:2:3: is not JSON: ")


@pytest.mark.parametrize(
    ("label", "part"),
    [
        # A shape that a field cannot tell; a reference to nothing; no schema by the metaschema.
        ({"type": ["string"]}, "type must be one of"),
        ({"$ref": "common/text.schema.json#/$defs/x"}, "points to nothing"),
        ({"$ref": "elsewhere.json"}, "or into common/"),
        ({"type": "string", "maxLength": "9"}, "maxLength must be a whole number"),
    ],
)
@pytest.mark.parametrize("engine", ["jsonschema-rs", "jsonschema"])
def test_what_is_json_and_no_schema_is_said_where_it_is(
    clean: Path, capsys: pytest.CaptureFixture[str], label: dict[str, Any], part: str, engine: str
) -> None:
    set_label_schema(clean / SITE, label)
    (line,) = validate_and_list_errors(capsys, "--engine", engine)
    assert part in line
    line_number = int(line.removeprefix(f"bmkit: {SITE}:").split(":")[0])
    lines = (clean / SITE).read_text("utf-8").split("\n")
    first_line = next(number for number, text_line in enumerate(lines, 1) if '"label": {' in text_line)
    assert first_line <= line_number <= first_line + 3


def test_what_is_in_common_is_said_there(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clean / "schema/common").mkdir(exist_ok=True)
    (clean / "schema/common/new.schema.json").write_text(
        '{"$defs": {\n  "word": {"type": "string", "maxLength": "9"}}}', "utf-8"
    )
    set_label_schema(clean / SITE, {"$ref": "common/new.schema.json#/$defs/word"})
    (line,) = validate_and_list_errors(capsys)
    assert line.startswith("bmkit: schema/common/new.schema.json:2:")


def test_a_broken_part_is_broken_for_every_kind_that_needs_it(
    clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clean / "schema/common").mkdir(exist_ok=True)
    (clean / "schema/common/new.schema.json").write_text(
        '{"$defs": {"word": {"properties": {"a": {"$ref": "#/$defs/gone"}}}}}', "utf-8"
    )
    for file in (SITE, TRIAL):
        set_label_schema(clean / file, {"$ref": "common/new.schema.json#/$defs/word"})
    (line,) = validate_and_list_errors(capsys)  # once, as it stands in one place
    assert "schema/common/new.schema.json:1:50: $ref #/$defs/gone points to nothing" in line


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_in_place_of_a_schema_is_not_waited_for(
    clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clean / SITE).unlink()
    os.mkfifo(clean / SITE)
    assert validate_and_list_errors(capsys) == [f"bmkit: {SITE}: cannot be read: this is a pipe, not a file"]


def test_a_schema_that_is_too_large_is_not_read(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (clean / SITE).open("ab") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    (line,) = validate_and_list_errors(capsys)
    assert line.startswith(f"bmkit: {SITE}: cannot be read: the file has 64.0 MiB, more than the 64 MiB")


def test_a_link_to_no_folder_of_schemas_is_not_taken_for_none(
    clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clean / "schema").rename(clean / "elsewhere")
    (clean / "schema").symlink_to("gone", target_is_directory=True)
    assert validate_and_list_errors(capsys) == [
        "bmkit: schema: the link leads to 'gone', no folder of the project"
    ]


@pytest.mark.parametrize("project", ["", "docs/med/"])
@pytest.mark.parametrize("folder", ["", "docs", "docs/med", "docs/med/content", "elsewhere"])
@pytest.mark.parametrize("git", ["repository", "worktree", "none"])
def test_programs_look_files_up_from_the_top_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: str, folder: str, git: str
) -> None:
    top = tmp_path / "repository"
    root = top / project
    (top / "docs/med/content").mkdir(parents=True)
    (top / "elsewhere").mkdir()
    if git == "worktree":
        (top / ".git").write_text("gitdir: elsewhere", "utf-8")
    elif git == "repository":
        (top / ".git").mkdir()
    monkeypatch.chdir(top / folder)
    relative_root = os.path.relpath(root)
    expected = format_root_prefix(relative_root) if git == "none" else project
    assert format_repository_prefix(relative_root) == expected
    assert format_repository_prefix(str(root)) == expected


def test_reports_for_programs_name_files_from_the_top(
    clean: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = clean / "content/trial-results/trial.json"
    file.write_text(file.read_text("utf-8").replace('"low": 65', '"low": 95'), "utf-8")
    (clean.parent / ".git").write_text("gitdir: elsewhere", "utf-8")
    monkeypatch.chdir(clean / "content")
    for form in REPORT_FORMATS:
        assert main(["validate", "--format", form]) == 1
        path = {"text": "../content/", "concise": "../content/", "json": '"content/'}.get(
            form, "project/content/"
        )
        output = capsys.readouterr().out
        assert f"{path}trial-results/trial.json" in output
        assert ("../" in output) == (form in HUMAN_FORMATS)
