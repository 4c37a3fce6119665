"""A small project of content to change and to check."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bmkit.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TUMOUR = """{
  "$schema": "../../schema/tumour.schema.json",
  "records": [
    {"id": "breast-cancer", "label": "breast cancer"},
    {
      "id": "lung-cancer",
      "label": "lung cancer",
      "synonyms": ["cancer of the lung"],
      "as_in_article": ["lung tumour"]
    }
  ]
}
"""
SECTION = """{
  "$schema": "../../schema/section.schema.json",
  "records": [
    {"id": "prognosis", "label": "prognosis", "order": 1, "start": 0, "end": 100}
  ]
}
"""
ARTICLE = """{
  "$schema": "../../schema/article.schema.json",
  "records": [
    {
      "id": "one",
      "label": "One",
      "language": "en",
      "reviewed": "2025-07-07",
      "length": 100,
      "digest": "0123456789abcdef"
    }
  ]
}
"""
INCIDENCE = """{
  "$schema": "../../schema/radiotherapy.schema.json",
  "records": [
    {
      "id": "incidence-breast-cancer",
      "tumour": "breast-cancer",
      "radiation_dose": {"low": 65, "high": 75.5, "unit": "Gy"},
      "source": {
        "section": "prognosis",
        "spans": [
          {"start": 10, "end": 20, "digest": "0123456789abcdef"}
        ]
      }
    },
    {
      "id": "incidence-lung-cancer",
      "tumour": "lung-cancer",
      "radiation_dose": {"value": 30, "unit": "Gy"},
      "source": {
        "section": "prognosis",
        "spans": [
          {"start": 20, "end": 30, "digest": "0123456789abcdef"}
        ]
      }
    }
  ]
}
"""
FILES = {
    "content/terms/tumour.json": TUMOUR,
    "content/one/article.json": ARTICLE,
    "content/one/section.json": SECTION,
    "content/one/radiotherapy.json": INCIDENCE,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The root of a project without issues, whose files are canonical."""
    for name, text in FILES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return tmp_path / "project"


@pytest.fixture
def bmkit(project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs the command line in the project, and gives the exit status."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*args: str | os.PathLike[str]) -> int:
        return main([os.fspath(arg) for arg in args])

    return run
