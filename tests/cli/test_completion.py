"""What the shell completes, asked as the shell asks."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.shell_completion import ShellComplete

from bmkit.cli.main import COMMANDS, bmkit
from bmkit.export import ALL_FORMATS, DESCRIPTION_BY_FORMAT

if TYPE_CHECKING:
    from pathlib import Path


def list_completions(*words: str) -> list[tuple[str, str]]:
    """Return what completes the last of the words, as value and type."""
    shell_complete = ShellComplete(bmkit, {}, "bmkit", "_BMKIT_COMPLETE")
    return [(item.value, item.type) for item in shell_complete.get_completions(list(words[:-1]), words[-1])]


def list_values(*words: str) -> list[str]:
    completions = list_completions(*words)
    assert all(sort == "plain" for _, sort in completions)
    return [value for value, _ in completions]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([""], list(COMMANDS)),
        (["va"], ["validate"]),
        (["export", ""], [*DESCRIPTION_BY_FORMAT, ALL_FORMATS]),
        (["export", "csv", ""], [*(name for name in DESCRIPTION_BY_FORMAT if name != "csv"), ALL_FORMATS]),
        (["export", "x"], ["xlsx"]),
        (["export", "fhir", "--release", ""], ["R5", "R4B"]),
        (["export", "--max"], ["--max-size"]),
        (["export", "--rel"], []),
        (["export", "csv", "--rel"], []),
        (["export", "csv", "fhir", "--rel"], ["--release"]),
        (["export", "all", "--rel"], ["--release"]),
        (["validate", "--select", "limits"], ["limits", "limits.inverted"]),
        (["validate", "--ignore", "limits.i"], ["limits.inverted"]),
        (["validate", "--select", "ids,limits.i"], ["ids,limits.inverted"]),
        (["validate", "--select=limits.i"], ["limits.inverted"]),
        (["validate", "--format", "j"], ["json", "junit"]),
        (["explain", "limits.i"], ["limits.inverted"]),
        (["rules", "limits.i"], ["limits.inverted"]),
        (["fields", "si"], ["site"]),
    ],
)
def test_names_are_completed(clean: Path, words: list[str], names: list[str]) -> None:
    assert list_values(*words) == names


@pytest.mark.parametrize(
    ("words", "sort"),
    [
        (["validate", "cont"], "file"),
        (["validate", "content/terms/site.json", ""], "file"),
        (["fmt", "cont"], "file"),
        (["fix", "cont"], "file"),
        (["validate", "--baseline", "kn"], "file"),
        (["export", "csv", "--out", "bu"], "dir"),
        (["export", "csv", "-o", "bu"], "dir"),
        *(([name, "--root", "x"], "dir") for name in ("validate", "export", "fmt", "fix", "fields")),
    ],
)
def test_files_and_folders_are_left_to_the_shell(clean: Path, words: list[str], sort: str) -> None:
    assert list_completions(*words) == [(words[-1], sort)]


def test_kinds_are_those_of_the_root_that_is_named(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clean.parent)
    assert list_values("fields", "--root", str(clean), "tri") == ["trial"]


def test_nothing_is_offered_and_nothing_said_where_there_are_no_schemas(clean: Path) -> None:
    (clean / "schema").rename(clean / "elsewhere")
    (clean / "schema").mkdir()
    assert list_values("fields", "") == []


def test_a_shell_gets_its_answer(clean: Path) -> None:
    variables = {"_BMKIT_COMPLETE": "bash_complete", "COMP_WORDS": "bmkit export c", "COMP_CWORD": "2"}
    completed = subprocess.run(
        [sys.executable, "-m", "bmkit"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (completed.returncode, completed.stdout, completed.stderr) == (0, "plain,csv\n", "")
