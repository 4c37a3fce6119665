"""Changed projects of all sorts end bmkit as it promises: some of those of benchmarks/fuzz.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# Runs with `make slow`: it makes hundreds of projects.
pytestmark = pytest.mark.slow
PROGRAM = Path(__file__).parents[1] / "benchmarks/fuzz.py"


def test_changed_projects_end_as_promised() -> None:
    command = [sys.executable, str(PROGRAM), "--inputs", "100", "--seed", "12", "--jobs", "2"]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert completed.stdout.startswith("100 inputs in ")


def test_an_input_is_the_same_each_time() -> None:
    command = [sys.executable, str(PROGRAM), "--seed", "12", "--only", "3"]
    first, second = (subprocess.run(command, capture_output=True, check=True).stdout for _ in range(2))
    assert first.endswith(b"as promised\n")
    assert first == second
