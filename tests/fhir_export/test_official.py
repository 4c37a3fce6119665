"""The checker of many engines, where BMKIT_FHIR_CHECK names it or the folder of its `check`."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from bmkit.export import write

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content

NAMED = os.environ.get("BMKIT_FHIR_CHECK", "")
PROGRAM = os.path.join(NAMED, "check") if os.path.isdir(NAMED) else NAMED
# The resources are the same in all Bundles, and minutes long to check: in one of them by all engines, in the
# others by those that look at the Bundle.
OTHERS = ["--skip", "fhircraft,medplum,fhirpath,ucum,ucumvert"]


@pytest.mark.skipif(not PROGRAM, reason="BMKIT_FHIR_CHECK names no checker")
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_no_engine_finds_an_error_or_a_warning(content: Content, tmp_path: Path, release: str) -> None:
    first, *others = [
        path for path in write("fhir", content, tmp_path, release=release) if path.suffix == ".json"
    ]
    for files, less in (([first], []), (others, OTHERS)):
        done = subprocess.run(
            [PROGRAM, "--release", release, *less, *map(str, files)],
            capture_output=True,
            text=True,
            check=False,
            timeout=3600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
