"""The list, beside exported files, of what an export wrote: the next one replaces that and nothing else."""

from __future__ import annotations

import os
from itertools import chain, groupby
from typing import TYPE_CHECKING

from bmkit.disk import NotAFileError, open_regular_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from bmkit.atomic import OwnPaths

FILE_LIST = "exported-files.txt"
_HEADING = (
    "# What bmkit export wrote here. The next export replaces these files; beside others it writes none."
)


class FileList:
    """The list of the files of an export, while they are written below `folder`.

    `first_path` is that of the file to open, `count` how many files there are.
    """

    def __init__(self, folder: Path) -> None:
        self._file = (folder / FILE_LIST).open("w", encoding="utf-8", newline="\n")
        self._file.write(f"{_HEADING}\n")
        self.first_path = ""
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add_file(self, path: str) -> None:
        """Add a file that was written, by its path below the folder, with "/"."""
        self._file.write(f"{path}\n")
        self.first_path = self.first_path or path
        self.count += 1


def iter_file_list(folder: Path) -> Iterator[str]:
    """Yield the paths of the files that an export wrote into a folder, first that of the file to open.

    There is none if the folder is not of an export.
    """
    try:
        file_descriptor = open_regular_file(os.path.join(folder, FILE_LIST))
    except (FileNotFoundError, NotADirectoryError, NotAFileError):
        return
    with open(file_descriptor, encoding="utf-8", errors="replace") as file:
        for line in file:
            if not line.startswith("#"):
                yield line.rstrip("\n")


def find_own_paths(folder: Path) -> OwnPaths:
    """Return what says whether an earlier export wrote a file, or made a folder, below `folder`."""
    names_by_folder: dict[str, frozenset[str]] = {}
    # Many articles have files of the same names: each set of names is kept once.
    known_names: dict[frozenset[str], frozenset[str]] = {}
    split_paths = (path.rpartition("/")[::2] for path in chain(iter_file_list(folder), [FILE_LIST]))
    for parent, group in groupby(split_paths, key=lambda split_path: split_path[0]):
        names = frozenset(name for _, name in group) | names_by_folder.get(parent, frozenset())
        names_by_folder[parent] = known_names.setdefault(names, names)

    def is_own_path(path: str, is_folder: bool) -> bool:  # noqa: FBT001  as OwnPaths has it
        parent, _, name = path.rpartition("/")
        return path in names_by_folder if is_folder else name in names_by_folder.get(parent, ())

    return is_own_path
