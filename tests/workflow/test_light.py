"""What makes a run on one file slow to start is not imported by it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

UNUSED = (
    "bmkit.baseline",
    "bmkit.canonical",
    "bmkit.cli.new_only",
    "bmkit.cli.watch",
    "bmkit.handbook",
    "bmkit.lsp",
    "bmkit.fix",
    "bmkit.git_revision",
    "bmkit.atomic",
    "bmkit.suggest",
    "difflib",
    "hashlib",
    "pygls",
    "subprocess",
)


def test_a_plain_run_imports_nothing_of_all_this(project: Path) -> None:
    code = "import sys; from bmkit.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", "content/one/incidence.json"],
        cwd=project, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = set(done.stderr.splitlines()[-1].split())
    assert "bmkit.check" in found
    assert found.isdisjoint(UNUSED)
