"""How large a file may be is said in one option of every command that reads content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pytest

from bmkit.cli import main
from bmkit.cli.main import COMMANDS, bmkit
from bmkit.cli.options import add_max_size_option
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
    assert list(help_by_command) == ["validate", "export", "fmt", "fix"]
    assert len(set(help_by_command.values())) == 1
