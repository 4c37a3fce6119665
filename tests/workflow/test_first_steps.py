"""docs/first-steps.md is run as it is written, in an empty folder, and prints what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PAGE = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "first-steps.md")
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
# Ends what a command prints: the folder that the shell is in then, and the status of the command.
MARK = "\n--- next ---"


def test_the_first_steps_are_run_as_written(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    folder, statuses = str(tmp_path), []
    environment = {
        **os.environ,
        "PATH": f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
    }

    def run_block(block: re.Match[str]) -> str:
        nonlocal folder
        lines = []
        for command in re.findall(r"(?m)^\$ (.*)$", block[1]):
            completed = subprocess.run(
                ["bash", "-c", f"{command}\nstatus=$?; echo; echo '{MARK.strip()}' \"$status\"; pwd"],  # noqa: S607
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=True,
            )
            printed, _, rest = completed.stdout.rpartition(MARK)
            status, folder = rest.strip().split("\n")
            statuses.append(int(status))
            lines.append(f"$ {command}\n" + (printed.rstrip("\n") + "\n" if printed.strip() else ""))
        return f"```console\n{''.join(lines)}```"

    expected_page = BLOCK.sub(run_block, page)
    if request.config.getoption("rewrite"):
        with open(PAGE, "w", encoding="utf-8", newline="\n") as file:
            file.write(expected_page)
    assert page == expected_page
    # Of all commands only the two checks after a mistake fail.
    assert (len(statuses), statuses.count(1), statuses.count(0)) == (12, 2, 10)
    assert os.path.isfile(os.path.join(folder, "build", "xlsx", "example.xlsx"))
