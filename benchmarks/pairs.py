"""Times things side by side: A B C, then C B A, again and again, and ratios within a round.

On a machine that others use too a time means little, and a median of ratios of neighbours means much.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Times(NamedTuple):
    """Seconds by name, one a round."""

    rounds: dict[str, list[float]]

    def ratio(self, name: str, other: str) -> float:
        """Give the median over the rounds of name : other."""
        pairs = zip(self.rounds[name], self.rounds[other], strict=True)
        return statistics.median(one / two for one, two in pairs)

    def milliseconds(self, name: str) -> float:
        """Give the median; only to give the size."""
        return 1000 * statistics.median(self.rounds[name])


def _environment() -> dict[str, str]:
    """Give the environment of a user: modules stay compiled from the first run, which is a warm-up here."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def interleaved(runs: Mapping[str, Callable[[], object]], rounds: int = 9) -> Times:
    """Run everything once to warm up, then in `rounds` rounds of alternating order."""
    for run in runs.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in runs}
    names = list(runs)
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            start = time.perf_counter()
            runs[name]()
            times[name].append(time.perf_counter() - start)
    return Times(times)


def process(*command: str, folder: str = ".") -> Callable[[], object]:
    """Give a run of a command that says nothing and whose status does not matter."""
    environment = _environment()

    def run() -> object:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
        return done.returncode

    return run


def peak(command: Sequence[str], folder: str = ".") -> float:
    """Give the largest resident size of a command's process, in MiB."""
    # A process of its own, whose only child is the command: the figure is of children that have ended.
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    size = int(done.stdout)
    return size / (1024 * 1024 if sys.platform == "darwin" else 1024)


def bar(name: str, value: float, limit: float, unit: str = "x") -> bool:
    """Print one bar and whether it is held."""
    held = value <= limit
    print(f"{'held ' if held else 'MISSED'}  {name:<68} {value:6.2f}{unit}  (at most {limit}{unit})")
    return held


def beside_python(name: str) -> str:
    """Give the path of a program that is installed beside this Python."""
    return os.path.join(os.path.dirname(sys.executable), name)
