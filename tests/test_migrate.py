"""tools/migrate.py brings an old project into version 1 of the schemas, and leaves what a person decides."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
TOP = Path(__file__).parent.parent
# A project of before version 1, with a record for each row of the table; and what it becomes.
OLD, NEW = TOP / "tests" / "migrate" / "before", TOP / "tests" / "migrate" / "after"
KINDS = tomllib.loads((TOP / "tools" / "migrate.toml").read_text(encoding="utf-8"))["kinds"]
LEFT = [
    (kind, name, word)
    for kind, table in KINDS.items()
    for name, advice in table.get("left", {}).items()
    for word in ([advice] if isinstance(advice, str) else advice)
]


def migrate(root: Path) -> tuple[int, str]:
    """Return the exit status and what is printed."""
    completed = subprocess.run(
        [sys.executable, str(TOP / "tools" / "migrate.py"), str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return completed.returncode, completed.stdout.replace(f"{root}{os.sep}", "")


def read_files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def write_file(root: Path, kind: str, records: list[dict[str, Any]], folder: str = "example") -> Path:
    path = root / "content" / folder / f"{kind}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"$schema": f"../../schema/{kind}.schema.json", "records": records}))
    return path


def test_an_old_project_has_the_new_shape_and_all_its_facts_and_a_second_run_changes_nothing(
    tmp_path: Path,
) -> None:
    root = tmp_path / "project"
    shutil.copytree(OLD, root)
    status, printed = migrate(root)
    # Which value a suppression allows, only a person can say.
    assert (status, printed.count(" error: ")) == (1, 1), printed
    assert "error: value is missing" in printed
    assert printed.startswith("43 files are other now, 0 fields are left to decide on\n")
    assert printed.endswith("1 error, 5 warnings in 53 files, 147 records\n")
    assert read_files(root) == read_files(NEW)
    (root / "bmkit.toml").unlink()
    status, printed = migrate(root)
    assert (status, printed.splitlines()[0]) == (1, "0 files are other now, 0 fields are left to decide on")
    assert read_files(root) == read_files(NEW)


def test_the_old_project_needs_every_row_of_the_table() -> None:
    unused_rows = {
        f"{kind}.{row}.{name}" + (f".{word}" if row in {"words", "units"} else "")
        for kind, table in KINDS.items()
        for row in ("fields", "rates", "lists", "units", "words")
        for name, words in table.get(row, {}).items()
        for word in (words if row in {"words", "units"} else [""])
    }
    for path in OLD.rglob("*.json"):
        for record in json.loads(path.read_bytes())["records"]:
            for name, value in record.items():
                word = value["unit"] if isinstance(value, dict) and "unit" in value else value
                for row in ("fields", "rates", "lists"):
                    unused_rows.discard(f"{path.stem}.{row}.{name}")
                for row in ("words", "units"):
                    unused_rows.discard(f"{path.stem}.{row}.{name}.{word}")
    assert unused_rows == set()


def test_what_a_person_has_to_decide_stays_and_is_named_with_its_place(tmp_path: Path) -> None:
    for kind in KINDS:
        records = [
            {"id": f"record-{number}", name: word}
            for number, (left_kind, name, word) in enumerate(LEFT)
            if left_kind == kind
        ]
        if records:
            write_file(tmp_path, kind, records)
    status, printed = migrate(tmp_path)
    assert status == 1
    assert f"{len(LEFT)} fields are left to decide on\n" in printed
    for kind, name, word in LEFT:
        path = tmp_path / "content" / "example" / f"{KINDS[kind].get('becomes', kind)}.json"
        text = path.read_text()
        column = text.index(f'"{name}": {json.dumps(word)}') + 1
        assert f"{path.relative_to(tmp_path)}:1:{column}: {name} is left: " in printed
        assert f"{path.relative_to(tmp_path)}:1:" in printed.partition("left to decide on")[2]


def test_a_field_that_would_be_there_twice_is_left(tmp_path: Path) -> None:
    path = write_file(
        tmp_path, "indication", [{"id": "a", "claim": "it is active", "extent": "of any known type"}]
    )
    dosing = {
        "id": "b",
        "doses_per_day": {"value": 2, "unit": "1"},
        "infusions_per_day": {"value": 1, "unit": "1"},
    }
    write_file(tmp_path, "dosing", [dosing])
    _, printed = migrate(tmp_path)
    assert "regimen.json:1:117: infusions_per_day is left: it is times_per_day now" in printed
    assert json.loads(path.read_text())["records"] == [{"id": "a", "claim": "active"}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"records": [', "the file ends inside the list"),
        ("[]", "is not a file of records"),
        ('{"records": [{"label": "no id"}]}', "is not a file of records"),
    ],
)
def test_nothing_is_written_while_a_file_cannot_be_read(tmp_path: Path, text: str, words: str) -> None:
    root = tmp_path / "project"
    shutil.copytree(OLD, root)
    (root / "content" / "terms" / "tumour.json").write_text(text)
    files = read_files(root)
    status, printed = migrate(root)
    assert (status, printed.count("\n")) == (2, 1)
    assert printed.startswith("error: content/terms/tumour.json: ")
    assert words in printed
    assert read_files(root) == files


def test_the_version_is_stated_below_the_comments_of_the_settings(tmp_path: Path) -> None:
    write_file(tmp_path, "drug-effect", [{"id": "a", "addition": "also"}])
    (tmp_path / "bmkit.toml").write_text('# Ours.\n\n[publisher]\nname = "A"\n')
    migrate(tmp_path)
    assert (tmp_path / "bmkit.toml").read_text() == '# Ours.\n\nschemas = 1\n\n[publisher]\nname = "A"\n'
