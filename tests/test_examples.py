"""Every folder of examples/ is a command, what it is given, and what it answers: it must still answer that.

examples/<case>/ holds command.txt (one line), the files that the command finds in its folder (project/, or
that of the case which project.txt names), and the answer: expected.txt (standard output, then standard error)
and expected.status. `make examples` writes the answers anew.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest

from bmkit.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EXAMPLES = os.path.join(os.path.dirname(__file__), "..", "examples")


class Answer(NamedTuple):
    text: str
    status: str


def list_cases() -> list[str]:
    return sorted(entry.name for entry in os.scandir(EXAMPLES) if entry.is_dir())


def read_file(case: str, name: str) -> str:
    with open(os.path.join(EXAMPLES, case, name), encoding="utf-8", newline="") as file:
        return file.read()


@pytest.fixture
def run_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[str], Answer]:
    """Runs the command of an example in a copy of its project."""

    def run(case: str) -> Answer:
        project = tmp_path / "project"
        is_shared = os.path.exists(os.path.join(EXAMPLES, case, "project.txt"))
        owner = read_file(case, "project.txt").strip() if is_shared else case
        source = os.path.join(EXAMPLES, owner, "project")
        assert not is_shared or os.path.isdir(source)
        if os.path.isdir(source):
            shutil.copytree(source, project)
        else:
            project.mkdir()
        program, *arguments = shlex.split(read_file(case, "command.txt"))
        assert program == "bmkit"
        for variable in ("NO_COLOR", "FORCE_COLOR", "FORCE_HYPERLINK", "COLUMNS"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.chdir(project)
        status = main(arguments)
        printed = capfd.readouterr()
        return Answer((printed.out + printed.err).replace(str(project), "PROJECT"), f"{status}\n")

    return run


@pytest.mark.parametrize("case", list_cases())
def test_the_answer_is_the_expected_one(
    case: str, run_example: Callable[[str], Answer], request: pytest.FixtureRequest
) -> None:
    answer = run_example(case)
    if request.config.getoption("rewrite"):
        for name, text in (("expected.txt", answer.text), ("expected.status", answer.status)):
            with open(os.path.join(EXAMPLES, case, name), "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
    assert answer == Answer(read_file(case, "expected.txt"), read_file(case, "expected.status"))


@pytest.mark.parametrize("case", list_cases())
def test_an_answer_is_fit_to_be_shown(case: str) -> None:
    text, status = read_file(case, "expected.txt"), read_file(case, "expected.status")
    assert "Traceback" not in text
    assert status in {"0\n", "1\n", "2\n"}
    if status == "2\n":
        assert re.fullmatch(r"bmkit: [^\n]+\n", text), "wrong use is said in one line"


def test_there_are_examples() -> None:
    assert len(list_cases()) > 5
