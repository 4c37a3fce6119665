"""What the pages about daily use show is what happens."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
DOCS = os.path.join(os.path.dirname(__file__), "..", "..", "docs")


def list_code_blocks(page: str, language: str) -> list[str]:
    with open(os.path.join(DOCS, page), encoding="utf-8") as file:
        return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", file.read())


def test_the_problem_matcher_of_the_page_reads_the_issues(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task: dict[str, Any] = json.loads(list_code_blocks("editors.md", "json")[0])["tasks"][0]
    assert task["command"].startswith("bmkit validate --watch --format concise")
    path = project / "content/one/radiotherapy.json"
    path.write_text(path.read_text("utf-8").replace('"low": 65', '"low": 85'), "utf-8")
    assert bmkit("validate", "--format", "concise") == 1
    line, summary = capsys.readouterr().out.splitlines()
    pattern = task["problemMatcher"]["pattern"]
    match = re.match(pattern["regexp"], line)
    assert match is not None
    parts = {name: match[number] for name, number in pattern.items() if name != "regexp"}
    assert parts == {
        "file": "content/one/radiotherapy.json", "line": "7", "column": "33", "severity": "error",
        "message": "low 85 is above high 75.5", "code": "limits.inverted",
    }  # fmt: skip
    assert not re.match(pattern["regexp"], summary)


def test_the_suppression_of_the_page_suppresses(bmkit: Run, project: Path) -> None:
    path = project / "content/one/radiotherapy.json"
    path.write_text(path.read_text("utf-8").replace('"low": 65', '"low": 85'), "utf-8")
    (project / "content/one/suppression.json").write_text(list_code_blocks("living-with-it.md", "json")[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BMKIT_TODAY", "2026-07-07")
        assert bmkit("validate", "--strict") == 0
        assert bmkit("fmt", "--check") == 0


def test_the_commands_of_the_pages_are_there(bmkit: Run, project: Path) -> None:
    lines = [line for block in list_code_blocks("living-with-it.md", "sh") for line in block.splitlines()]
    commands = [re.sub(r"\s+#.*", "", line).split()[1:] for line in lines if line.startswith("bmkit")]
    assert len(commands) == 7
    for args in commands:
        if "--since" not in args:
            assert bmkit(*args) == 0, args
    assert (project / "known.json").exists()
