"""`bmkit export fhir`: its options and its errors."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from bmkit.cli.main import main
from bmkit.export import ExportError
from bmkit.export.fhir import FhirOptions
from bmkit.export.fhir.options import parse_base_url

from .conftest import REPOSITORY
from .projects import FRAME, write_project

if TYPE_CHECKING:
    from pathlib import Path


def run_bmkit(*words: str) -> int:
    """The exit status of bmkit."""
    try:
        return main(list(words)) or 0
    except SystemExit as ended:
        return int(ended.code or 0)


def export_fhir(root: Path, out: Path, *words: str) -> int:
    return run_bmkit("export", "fhir", "--root", str(root), "--out", str(out), *words)


@pytest.fixture(scope="module")
def one_article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one article, with a fact of each kind that becomes a type of its own."""
    kinds = (*FRAME, "result", "regimen", "combination", "lab-marker", "caution")
    return write_project(tmp_path_factory.mktemp("one"), "bone-metastasis", kinds=kinds)


@pytest.fixture(params=["one article", pytest.param("all", marks=pytest.mark.slow)])
def root(request: pytest.FixtureRequest, one_article: Path) -> Path:
    """The quick project, and in `make check` the repository."""
    return one_article if request.param == "one article" else REPOSITORY


@pytest.mark.parametrize(
    ("release", "folder"), [("R5", "fhir"), pytest.param("R4B", "fhir-r4b", marks=pytest.mark.slow)]
)
def test_what_is_written_is_checked_first(root: Path, tmp_path: Path, release: str, folder: str) -> None:
    assert export_fhir(root, tmp_path, "--release", release, "--check") == 0
    names = {path.relative_to(tmp_path / folder).as_posix() for path in (tmp_path / folder).rglob("*.*")}
    bundles = {f"bone-metastasis/{name}.json" for name in ("document", "collection", "transaction")}
    assert bundles | {"bulk/Evidence.ndjson"} <= names


def test_what_is_not_valid_is_not_written(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "bmkit.export.fhir.FhirOptions", lambda **options: FhirOptions(**{**options, "status": "drft"})
    )
    assert export_fhir(root, tmp_path, "--check") == 1
    message = capsys.readouterr().err
    assert "drft is none of draft, active, retired, unknown" in message
    assert "nothing was written" in message
    assert list(tmp_path.iterdir()) == []


def test_a_check_without_the_extra_says_what_to_install(
    one_article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("invariants", "models"):
        monkeypatch.delitem(sys.modules, f"bmkit.export.fhir.check.{name}", raising=False)
        monkeypatch.delattr(f"bmkit.export.fhir.check.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "fhirpathpy", None)
    assert export_fhir(one_article, tmp_path, "--check") == 2
    assert "pip install 'bmkit[fhir]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "status", "document"),
    [([], "draft", "preliminary"), (["--status", "active"], "active", "final")],
)
@pytest.mark.parametrize("release", ["R5", pytest.param("R4B", marks=pytest.mark.slow)])
def test_content_is_a_draft_until_somebody_says_otherwise(  # noqa: PLR0913, PLR0917  a row of the table
    root: Path, tmp_path: Path, words: list[str], status: str, document: str, release: str
) -> None:
    assert export_fhir(root, tmp_path, "--release", release, *words) == 0
    [folder] = tmp_path.iterdir()
    entries = json.loads((folder / "bone-metastasis" / "document.json").read_text("utf-8"))["entry"]
    statuses = {entry["resource"]["status"] for entry in entries if "url" in entry["resource"]}
    assert statuses == {status}
    assert entries[0]["resource"]["resourceType"] == "Composition"
    assert entries[0]["resource"]["status"] == document


def test_another_base(one_article: Path, tmp_path: Path) -> None:
    assert export_fhir(one_article, tmp_path, "--base", "https://fhir.hospital.test/r5/") == 0
    text = (tmp_path / "fhir" / "bone-metastasis" / "document.json").read_text("utf-8")
    assert '"https://fhir.hospital.test/r5/Evidence/bone-metastasis/result/' in text
    assert "bmkit.invalid" not in text


@pytest.mark.parametrize(
    "base",
    [
        "",
        "foo",
        "//x.org/fhir",
        "ftp://x.org/fhir",
        "urn:oid:1.2.3",
        "http://",
        "https:///fhir",
        "http://x.org/a b",
        "http://x.org/fhir|1",
        "http://x.org/fhir#a",
        "http://x.org/fhir?a=b",
        'http://x.org/"fhir',
        "http://x.org/'fhir",
        "http://x.org/<fhir>",
        "http://x.org/fhir\n",
        "http://x.org/fhir\x07",
        "http://x.org/100%",
        "http://x.org:port/fhir",
        "http://editor:secret@x.org/fhir",
        "http://x.org/f\u00fcr",
        " http://x.org/fhir",
    ],
)
def test_a_base_that_no_url_can_start_with(
    tmp_path: Path, base: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_bmkit("export", "all", "--root", str(REPOSITORY), "--out", str(tmp_path), "--base", base) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "no URL can start with the base" in message
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ExportError):
        parse_base_url(base)


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("http://localhost:8080/fhir", "http://localhost:8080/fhir"),
        ("https://x.org", "https://x.org"),
        ("https://x.org/", "https://x.org"),
        ("https://fhir.x.org/a-b/~c/%C3%A4_1//", "https://fhir.x.org/a-b/~c/%C3%A4_1"),
        ("http://[::1]:80/r5", "http://[::1]:80/r5"),
        ("https://10.0.0.1/r5", "https://10.0.0.1/r5"),
    ],
)
def test_a_base_that_urls_can_start_with(text: str, base: str) -> None:
    assert parse_base_url(text) == base


@pytest.mark.parametrize(
    "words", [["--release", "R5"], ["--check"], ["--base", "https://x.test"], ["--status", "draft"]]
)
def test_options_of_fhir_are_for_fhir(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_bmkit("export", "csv", "--root", str(REPOSITORY), "--out", str(tmp_path), *words) == 2
    assert f"{words[0]} is for fhir, which is not asked for" in capsys.readouterr().err


def test_the_same_content_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    assert export_fhir(root, tmp_path / "a") == export_fhir(root, tmp_path / "b") == 0
    first = {path.name: path.read_bytes() for path in (tmp_path / "a").rglob("*.*") if path.is_file()}
    second = {path.name: path.read_bytes() for path in (tmp_path / "b").rglob("*.*") if path.is_file()}
    assert first == second
