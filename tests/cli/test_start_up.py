"""What a command does not need it does not import: start-up is most of the time of a run on one file."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# Imports of tens of milliseconds together; the text report of a clean or faulty project needs none of them.
HEAVY = (
    "asyncio",
    "dataclasses",
    "email.message",
    "importlib.metadata",
    "jinja2",
    "json",
    "jsonschema",
    "logging",
    "openpyxl",
    "pathlib",
    "pydantic",
    "rapidfuzz",
    "referencing",
    "rich",
    "sqlite3",
    "tempfile",
    "xlsxwriter",
)
# Of no use to a check that is asked for nothing else.
UNUSED = (
    "bmkit.atomic",
    "bmkit.baseline",
    "bmkit.canonical",
    "bmkit.cli.new_only",
    "bmkit.cli.watch",
    "bmkit.fix",
    "bmkit.git_revision",
    "bmkit.handbook",
    "bmkit.lsp",
    "bmkit.suggest",
    "difflib",
    "hashlib",
    "pygls",
    "shutil",
    "signal",
    "subprocess",
)
ENGINES = ("jsonschema_rs", "jiter", "jsonschema")


def run_and_list_modules(*args: str) -> set[str]:
    """Run bmkit in a process of its own and return the modules that it has imported."""
    code = "import sys; from bmkit.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    # Where a width is set, finding it takes another module.
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    completed = subprocess.run(
        [sys.executable, "-c", code, *args],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(completed.stderr.splitlines()[-1].split())


def test_validate_imports_nothing_heavy(clean: Path) -> None:
    modules = run_and_list_modules("validate", "content/trial-results/trial.json")
    assert {"bmkit.check", "jsonschema_rs"} <= modules, "the run must be a real one"
    assert modules & {*HEAVY, *UNUSED} == set()


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_and_version_import_no_engine(option: str) -> None:
    modules = run_and_list_modules(option)
    assert modules.isdisjoint({*HEAVY, *ENGINES})
    assert {name for name in modules if name.startswith("bmkit.") and not name.startswith("bmkit.cli")} <= {
        "bmkit.errors",
        "bmkit.escape",
    }


def test_the_script_that_pip_makes_is_as_light() -> None:
    script = os.path.join(os.path.dirname(sys.executable), "bmkit")
    completed = subprocess.run(
        [sys.executable, "-X", "importtime", script, "--version"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    modules = {line.rsplit("|", 1)[-1].strip() for line in completed.stderr.splitlines() if "|" in line}
    assert "click" in modules
    assert modules.isdisjoint({*HEAVY, *ENGINES})


@pytest.mark.parametrize("args", [["--help"], ["all", "--help"]], ids=" ".join)
def test_the_help_of_formats_imports_nothing_that_only_writing_needs(args: list[str]) -> None:
    needed_to_write = {"bmkit.export.fhir.mapping", "fhirpathpy", "jsonschema_rs"}
    # Light enough, and needed by whatever writes files.
    modules = run_and_list_modules("export", *args)
    assert modules.isdisjoint({*HEAVY, *needed_to_write} - {"json", "pathlib"})
