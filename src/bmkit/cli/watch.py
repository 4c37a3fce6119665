"""Repeats a run whenever the content, its schemas or its settings change."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, NoReturn

import click

from bmkit.cli.terminal import print_lines
from bmkit.config import PYPROJECT_FILE, SETTINGS_FILE
from bmkit.content import CONTENT_FOLDER
from bmkit.errors import BmkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WATCHED_FOLDERS = (CONTENT_FOLDER, "schema")
_WATCHED_FILES = (SETTINGS_FILE, PYPROJECT_FILE)
_MIN_PAUSE_SECONDS = 0.3
# Looking may take this part of the time, however many files there are.
_PAUSE_FACTOR = 5

_FileStates = dict[str, tuple[int, int, int]]


def watch_and_run(run: Callable[[], int], root: str) -> NoReturn:
    """Call `run` now and after each change below `root`; ends with KeyboardInterrupt only.

    Wrong use in the first run is raised; later, when a file is half edited, it is reported and waited out.
    """
    file_states = dict(_iter_file_states(root))
    _run_with_notices(run)
    while True:
        start = time.monotonic()
        new_states = dict(_iter_file_states(root))
        if new_states == file_states:
            time.sleep(max(_MIN_PAUSE_SECONDS, _PAUSE_FACTOR * (time.monotonic() - start)))
            continue
        file_states = new_states
        _run_with_notices(lambda: _run_printing_misuse(run))


def _run_with_notices(run: Callable[[], object]) -> None:
    if sys.stdout.isatty():
        click.clear()
    # Editors that read along look for these two lines; see docs/editors.md.
    print_lines("checking", to_stderr=True)
    run()
    sys.stdout.flush()
    print_lines("waiting for a change; Ctrl-C ends", to_stderr=True)


def _run_printing_misuse(run: Callable[[], int]) -> None:
    try:
        run()
    except BmkitError as error:
        print_lines(*(f"bmkit: {line}" for line in error.lines), to_stderr=True)


def _iter_file_states(root: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Yield path, time, size and inode of each file; one that vanishes meanwhile is left out."""
    for path in _iter_watched_paths(root):
        try:
            file_stat = os.stat(path)
        except OSError:
            continue
        yield path, (file_stat.st_mtime_ns, file_stat.st_size, file_stat.st_ino)


def _iter_watched_paths(root: str) -> Iterator[str]:
    for file_name in _WATCHED_FILES:
        yield os.path.join(root, file_name)
    for watched_folder in _WATCHED_FOLDERS:
        for folder, _, names in os.walk(os.path.join(root, watched_folder)):
            yield from (os.path.join(folder, file_name) for file_name in names)
