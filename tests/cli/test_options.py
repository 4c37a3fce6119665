"""Options that several commands share, and what the shell completes, asked as the shell asks."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.shell_completion import ShellComplete

from bmkit.cli import main
from bmkit.cli.main import COMMANDS, bmkit
from bmkit.cli.options import add_max_size_option
from bmkit.export import ALL_FORMATS, DESCRIPTION_BY_FORMAT
from bmkit.jsontext import MAX_FILE_BYTES

if TYPE_CHECKING:
    from pathlib import Path

TRIAL = "content/trial-results/trial.json"


@click.command()
@add_max_size_option
def return_limit(limit: int) -> int:
    return limit


@pytest.mark.parametrize(
    ("size_text", "size"),
    [
        ("5000", 5000),
        ("5000B", 5000),
        ("200MB", 200_000_000),
        ("200 mb", 200_000_000),
        ("1GiB", 1 << 30),
        ("3kib", 3072),
        ("2GB", 2 * 10**9),
        ("7KB", 7000),
        ("1MiB", 1 << 20),
    ],
)
def test_a_size_is_bytes_or_has_a_unit(size_text: str, size: int) -> None:
    assert return_limit.main(["--max-size", size_text], standalone_mode=False) == size


def test_without_it_files_may_be_as_large_as_ever() -> None:
    assert return_limit.main([], standalone_mode=False) == MAX_FILE_BYTES


@pytest.mark.parametrize(
    "size_text", ["", "MB", "1.5GB", "-1", "1TB", "1M", "0", "0MB", "1 000", "9" * 5000, "\u0661"]
)
@pytest.mark.parametrize("command", ["validate", "fmt", "fix", "export"])
def test_what_is_no_size_is_wrong_use(
    clean: Path, capsys: pytest.CaptureFixture[str], command: str, size_text: str
) -> None:
    assert main([command, *["csv"] * (command == "export"), "--max-size", size_text]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f'bmkit: --max-size: {"with " * (size_text[:1] == "0")}"{size_text}"')
    assert captured.out == ""


@pytest.mark.parametrize("command", [["validate"], ["fmt"], ["fix"], ["export", "csv"]], ids=" ".join)
def test_a_larger_file_is_an_error_whose_hint_names_the_option(
    clean: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    size = (clean / TRIAL).stat().st_size
    assert main([*command, "--max-size", str(size - 1)]) == 1
    captured = capsys.readouterr()
    assert (
        f"{TRIAL}:1:1: error: the file has {size} bytes, more than the {size - 1} bytes allowed"
        in captured.out
    )
    assert "raise the limit with --max-size" in captured.out
    assert main([*command, "--max-size", str(size)]) == 0


def test_the_option_is_the_same_everywhere() -> None:
    group: Any = bmkit
    context = click.Context(group)
    help_by_command = {
        name: option.help
        for name in COMMANDS
        for option in group.get_command(context, name).params
        if "--max-size" in option.opts
    }
    assert list(help_by_command) == [
        "validate",
        "export",
        "import",
        "diff",
        "query",
        "fmt",
        "fix",
        "rename",
        "status",
    ]
    assert len(set(help_by_command.values())) == 1


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
        (["fields", "si"], ["site-involvement", "site"]),
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


def test_no_name_is_offered_that_a_shell_would_run(clean: Path) -> None:
    schema = (clean / "schema/trial.schema.json").read_text("utf-8")
    for name in ("trial-$(touch x)", "trial`x`", "trial;x", "trial\nx"):
        (clean / f"schema/{name}.schema.json").write_text(schema, "utf-8")
    assert list_values("fields", "tri") == ["trial"]


def test_nothing_is_offered_and_nothing_said_where_the_schemas_cannot_be_read(clean: Path) -> None:
    (clean / "schema").rename(clean / "elsewhere")
    (clean / "schema").symlink_to("nowhere")
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
