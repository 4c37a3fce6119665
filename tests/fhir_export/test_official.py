"""The checker of many engines, where there is one: BMKIT_FHIR_CHECK names its program."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from bmkit.export import write

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content

PROGRAM = os.environ.get("BMKIT_FHIR_CHECK", "")


@pytest.mark.skipif(not PROGRAM, reason="BMKIT_FHIR_CHECK names no checker")
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_no_engine_finds_an_error_or_a_warning(content: Content, tmp_path: Path, release: str) -> None:
    written = write("fhir", content, tmp_path, release=release)
    bundles = [str(path) for path in written if path.suffix == ".json"]
    done = subprocess.run(
        [PROGRAM, "--release", release, *bundles], capture_output=True, text=True, check=False, timeout=3600
    )
    assert done.returncode == 0, done.stdout + done.stderr
