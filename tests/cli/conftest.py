"""Small projects to run commands in."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = os.path.join(os.path.dirname(__file__), "..", "..", "examples")


def _copy_example_project(case: str, folder: Path) -> Path:
    return shutil.copytree(os.path.join(EXAMPLES, case, "project"), folder / "project")


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an inverted range and a dangling reference, which is the current folder."""
    project = _copy_example_project("inverted-range", tmp_path)
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def clean(faulty: Path) -> Path:
    """A project without errors or warnings, which is the current folder."""
    file = faulty / "content" / "trial-results" / "trial.json"
    text = (
        file.read_text("utf-8")
        .replace('"low": 85, "high": 65', '"low": 65, "high": 85')
        .replace("pelvsi", "pelvis")
    )
    file.write_text(text, "utf-8")
    return faulty
