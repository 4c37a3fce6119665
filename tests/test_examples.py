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
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = os.path.join(os.path.dirname(__file__), "..", "examples")
BMKIT = os.path.join(os.path.dirname(sys.executable), "bmkit")


class Answer(NamedTuple):
    text: str
    status: str


def cases() -> list[str]:
    return sorted(entry.name for entry in os.scandir(EXAMPLES) if entry.is_dir())


def read(case: str, name: str) -> str:
    with open(os.path.join(EXAMPLES, case, name), encoding="utf-8", newline="") as file:
        return file.read()


def run(case: str, folder: Path) -> Answer:
    """Run the command of an example in a copy of its project."""
    place = folder / "project"
    shared = os.path.exists(os.path.join(EXAMPLES, case, "project.txt"))
    source = os.path.join(EXAMPLES, read(case, "project.txt").strip() if shared else case, "project")
    assert not shared or os.path.isdir(source)
    if os.path.isdir(source):
        shutil.copytree(source, place)
    else:
        place.mkdir()
    program, *arguments = shlex.split(read(case, "command.txt"))
    assert program == "bmkit"
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}
    }
    done = subprocess.run(
        [BMKIT, *arguments],
        cwd=place,
        env={**kept, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    text = (done.stdout + done.stderr).decode().replace("\r\n", "\n")
    return Answer(text.replace(str(place), "PROJECT"), f"{done.returncode}\n")


@pytest.mark.parametrize("case", cases())
def test_the_answer_is_the_expected_one(case: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    answer = run(case, tmp_path)
    if request.config.getoption("rewrite"):
        for name, text in (("expected.txt", answer.text), ("expected.status", answer.status)):
            with open(os.path.join(EXAMPLES, case, name), "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
    assert answer == Answer(read(case, "expected.txt"), read(case, "expected.status"))


@pytest.mark.parametrize("case", cases())
def test_an_answer_is_fit_to_be_shown(case: str) -> None:
    text, status = read(case, "expected.txt"), read(case, "expected.status")
    assert "Traceback" not in text
    assert status in {"0\n", "1\n", "2\n"}
    if status == "2\n":
        assert re.fullmatch(r"bmkit: [^\n]+\n", text), "wrong use is said in one line"


def test_there_are_examples() -> None:
    assert len(cases()) > 5
