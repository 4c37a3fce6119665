"""A bar for work that takes long; nothing for work that does not, and nothing in a log."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

# Seconds that a reader waits without wondering.
PATIENCE_SECONDS = 1.0


@contextmanager
def show_progress(task_name: str) -> Iterator[Callable[[int, int], None]]:
    """Give a tick(done, total) that draws a bar on standard error once the work has taken a second."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    start = monotonic()
    bar: Progress | None = None

    def tick(done: int, total: int) -> None:
        nonlocal bar
        if bar is None and monotonic() - start > PATIENCE_SECONDS:
            from rich.console import Console
            from rich.progress import Progress as Bar

            bar = Bar(console=Console(stderr=True), transient=True)
            bar.add_task(task_name)
            bar.start()
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done, total=total)

    try:
        yield tick
    finally:
        if bar is not None:
            bar.stop()
