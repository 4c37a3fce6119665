"""The checker of many engines, where BMKIT_FHIR_CHECK names it or the folder of its `check`."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from bmkit.export import write_export
from bmkit.export.fhir import FhirOptions

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content

NAMED = os.environ.get("BMKIT_FHIR_CHECK", "")
PROGRAM = os.path.join(NAMED, "check") if os.path.isdir(NAMED) else NAMED
# The resources are the same in all files, and minutes long to check: in the document by all engines, in the
# others by those that look at what holds them.
OTHERS = ["--skip", "fhircraft,medplum,fhirpath,ucum,ucumvert"]
BASE = FhirOptions().base


def as_bundle(files: list[Path]) -> str:
    """The resources of NDJSON files as the checker reads them: as a server would hold them, in a Bundle."""
    resources = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    entries = [{"fullUrl": f"{BASE}/{one['resourceType']}/{one['id']}", "resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


@pytest.mark.skipif(not PROGRAM, reason="BMKIT_FHIR_CHECK names no checker")
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_no_engine_finds_an_error_or_a_warning(content: Content, tmp_path: Path, release: str) -> None:
    written = write_export("fhir", content, tmp_path, release=release)
    lines = tmp_path / "lines.json"
    lines.write_text(as_bundle([path for path in written if path.suffix == ".ndjson"]), encoding="utf-8")
    bundles = [path for path in written if path.suffix == ".json"]
    [document] = [path for path in bundles if path.stem == "document"]
    others = [*(path for path in bundles if path != document), lines]
    for files, less in (([document], []), (others, OTHERS)):
        done = subprocess.run(
            [PROGRAM, "--release", release, *less, *map(str, files)],
            capture_output=True,
            text=True,
            check=False,
            timeout=3600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
