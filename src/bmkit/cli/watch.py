"""Doing something again whenever the content or its schemas change."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, NoReturn

import click

from bmkit.cli.status import WrongUseError
from bmkit.content import CONTENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WATCHED = (CONTENT, "schema")
_PAUSE = 0.3
# Looking may take this part of the time, however many files there are.
_SHARE = 5

_State = dict[str, tuple[int, int, int]]


def watch_and(run: Callable[[], int], root: str) -> NoReturn:
    """Call `run` now and after each change below `root`; ends with KeyboardInterrupt only.

    Wrong use in the first run is raised; later, when a file is half edited, it is said and waited out.
    """
    state = dict(_state(root))
    _shown(run)
    while True:
        start = time.monotonic()
        now = dict(_state(root))
        if now == state:
            time.sleep(max(_PAUSE, _SHARE * (time.monotonic() - start)))
            continue
        state = now
        _shown(lambda: _borne(run))


def _shown(run: Callable[[], object]) -> None:
    if sys.stdout.isatty():
        click.clear()
    # Editors that read along look for these two lines; see docs/editors.md.
    click.echo("checking", err=True)
    run()
    sys.stdout.flush()
    click.echo("waiting for a change; Ctrl-C ends", err=True)


def _borne(run: Callable[[], int]) -> None:
    try:
        run()
    except WrongUseError as wrong:
        click.echo("\n".join(f"bmkit: {line}" for line in wrong.lines), err=True)


def _state(root: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Give path, time, size and inode of each file; one that vanishes meanwhile is left out."""
    for watched in _WATCHED:
        for folder, _, names in os.walk(os.path.join(root, watched)):
            for name in names:
                path = os.path.join(folder, name)
                try:
                    found = os.stat(path)
                except OSError:
                    continue
                yield path, (found.st_mtime_ns, found.st_size, found.st_ino)
