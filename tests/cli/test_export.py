"""A format owns its options; the command knows none of them by name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bmkit.cli import main
from bmkit.cli.export import command
from bmkit.export import ALL_FORMATS, DESCRIPTION_BY_FORMAT, get_options

if TYPE_CHECKING:
    from pathlib import Path


def test_no_option_has_two_meanings() -> None:
    params = [*command.params, *(option for name in DESCRIPTION_BY_FORMAT for option in get_options(name))]
    words = ["--help", *(word for param in params for word in (*param.opts, *param.secondary_opts))]
    assert len(set(words)) == len(words)
    assert len({param.name for param in params}) == len(params)


@pytest.mark.parametrize("name", DESCRIPTION_BY_FORMAT)
def test_the_help_of_a_format_shows_its_options_and_no_other(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["export", name, "--help"]) == 0
    help_text = capsys.readouterr().out
    assert "--out" in help_text
    for format_name in DESCRIPTION_BY_FORMAT:
        for option in get_options(format_name):
            assert (option.opts[0] in help_text) == (format_name == name)
            assert option.help


def test_the_help_lists_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--help"]) == 0
    help_text = capsys.readouterr().out
    for name, description in DESCRIPTION_BY_FORMAT.items():
        assert any(line.split() == [name, *description.split()] for line in help_text.splitlines())
    assert "bmkit export FORMAT --help" in help_text


@pytest.mark.parametrize(
    "args",
    [
        ["csv", "fhir", "--release", "R4B", "-o", "out"],
        ["--release", "R4B", "-o", "out", "fhir", "csv"],
        ["fhir", "--out=out", "--release=R4B", "--max-size", "1 MB", "csv"],
        [ALL_FORMATS, "--release", "R4B", "-o", "out"],
    ],
    ids=" ".join,
)
def test_options_may_stand_anywhere(clean: Path, args: list[str]) -> None:
    assert main(["export", *args]) == 0
    assert {"csv", "fhir-r4b"} <= set(os.listdir("out"))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["csv", "--release", "R5"], "--release is for fhir, which is not asked for"),
        (["csv", "--check"], "--check is for fhir, which is not asked for"),
        # A value that is called like a format does not ask for it.
        (["csv", "-o", "fhir", "--check"], "--check is for fhir, which is not asked for"),
        (["--check"], "--check is for fhir, which is not asked for"),
        (["csv", "--chek"], "No such option '--chek'"),
        (["fhir", "--release", "R3"], "Invalid value for '--release': 'R3' is not one of"),
        (["fhir", "--base", "ftp://x.test"], "no URL can start with the base"),
    ],
    ids=str,
)
def test_an_option_that_no_format_asked_for_has_is_refused(
    clean: Path, capsys: pytest.CaptureFixture[str], args: list[str], message: str
) -> None:
    assert main(["export", *args]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert not os.path.exists("build")
