"""Small projects of several articles, with the repository's terms and some of its facts."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from .conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

# What an article needs, and one kind of fact.
FRAME = ("article", "section", "editorial-note")
KINDS = (*FRAME, "result")
_FACTS = REPOSITORY / "content" / "bone-metastasis"


def write_project(folder: Path, *names: str, kinds: tuple[str, ...] = KINDS) -> Path:
    """A project of the repository's terms and articles of a few facts, each with another day of review.

    Every article has the facts of those `kinds`; one that is called like another kind has also those.
    """
    root = folder / "project"
    shutil.copytree(REPOSITORY / "content" / "terms", root / "content" / "terms")
    shutil.copy(REPOSITORY / "content" / "codes.lock.tsv", root / "content")
    for number, name in enumerate(names, 1):
        (root / "content" / name).mkdir()
        own = [name] if name not in kinds and (_FACTS / f"{name}.json").is_file() else []
        for kind in (*kinds, *own):
            text = (_FACTS / f"{kind}.json").read_text("utf-8")
            if kind == "article":
                text = text.replace('"id": "bone-metastasis"', f'"id": "{name}"')
                text = text.replace("2025-07-07", f"2026-{1 + number // 28:02}-{1 + number % 28:02}")
            (root / "content" / name / f"{kind}.json").write_text(text, "utf-8")
    return root
