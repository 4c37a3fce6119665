"""--watch checks again after each change, and ends cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

INCIDENCE = "content/one/radiotherapy.json"
# A program started in the background inherits that Ctrl-C is ignored; the one that is tested must not.
ATTENTIVE = """\
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("bmkit", run_name="__main__", alter_sys=True)
"""


def wait_for(stream: IO[str], wanted: str) -> list[str]:
    """The lines up to one that holds `wanted`."""
    lines: list[str] = []
    limit = time.monotonic() + 30
    while not lines or wanted not in lines[-1]:
        line = stream.readline()
        assert line, f"ended before {wanted!r}: {lines}"
        assert time.monotonic() < limit, lines
        lines.append(line)
    return lines


def test_it_checks_again_after_a_change_and_waits_out_wrong_use(project: Path) -> None:
    command = [sys.executable, "-c", ATTENTIVE, "validate", "--watch", "--format", "concise"]
    path = project / INCIDENCE
    good = path.read_text("utf-8")
    with subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
    ) as run:
        assert run.stdout is not None
        try:
            lines = wait_for(run.stdout, "waiting")
            assert lines[0] == "checking\n"
            assert lines[1].startswith("0 errors")
            assert "\x1b" not in "".join(lines)
            path.write_text(good.replace('"low": 65', '"low": 85'), "utf-8")
            assert "limits.inverted" in wait_for(run.stdout, "waiting")[1]
            os.rename(project / "content", project / "gone")
            assert "holds no folder content/" in wait_for(run.stdout, "bmkit:")[-1]
            os.rename(project / "gone", project / "content")
            path.write_text(good, "utf-8")
            while not wait_for(run.stdout, "errors")[-1].startswith("0 errors"):
                pass
            run.send_signal(signal.SIGINT)
            rest = run.communicate(timeout=30)[0]
        finally:
            run.kill()
    assert run.returncode == 130
    assert "Traceback" not in rest


def test_wrong_use_at_the_start_ends_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bmkit", "validate", "--watch", "--root", str(tmp_path)]
    completed = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert completed.returncode == 2
    assert completed.stderr == f"checking\nbmkit: {tmp_path}: holds no folder content/\n"
