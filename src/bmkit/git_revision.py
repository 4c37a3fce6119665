"""Files as they stand in a git revision, read without touching the work tree."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINK = "120000"
_FILES = ("100644", "100755", _LINK)
# A hook's git tells its children where it is working; the root at hand is looked up afresh.
_FORGOTTEN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")


class RevisionError(Exception):
    """A revision that cannot be read; the message is one line."""


@contextmanager
def revision(root: str, name: str, paths: Sequence[str]) -> Iterator[str]:
    """A temporary folder with what stands below `paths` of the folder `root` in the git revision `name`.

    A path that the revision does not have is left out.  RevisionError if git is not installed, if `root` is
    in no repository, or if there is no such revision.
    """
    commit = _commit(root, name)
    with tempfile.TemporaryDirectory(prefix="bmkit-") as folder:
        entries = _entries(root, commit, paths)
        objects = dict.fromkeys(entry for _, entry, _ in entries)
        data = dict(zip(objects, _blobs(root, list(objects)), strict=True))
        for mode, entry, path in entries:
            _write(os.path.join(folder, *path.split("/")), data[entry], link=mode == _LINK)
        yield folder


def _commit(root: str, name: str) -> str:
    try:
        found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except RevisionError:
        # Is it the revision that is not there, or the repository?
        _git(root, "rev-parse", "--git-dir")
        message = f'git has no revision "{name}" here; a shallow clone has only the last: fetch more'
        raise RevisionError(message) from None
    return found.decode().strip()


def _entries(root: str, commit: str, paths: Sequence[str]) -> list[tuple[str, str, str]]:
    """List mode, object and path (relative to the root) of each file."""
    found = []
    for line in _git(root, "ls-tree", "-r", "-z", commit, "--", *paths).split(b"\0"):
        head, _, path = line.partition(b"\t")
        mode, _, rest = head.decode().partition(" ")
        if mode in _FILES:
            name = os.fsdecode(path)
            if any(part in {"", ".", ".."} for part in name.split("/")):
                raise RevisionError(f"{name}: git has a path that leads elsewhere")
            found.append((mode, rest.split(" ")[1], name))
    return found


def _blobs(root: str, objects: Sequence[str]) -> Iterator[bytes]:
    """Give the bytes of each object."""
    answer = _git(root, "cat-file", "--batch", given="".join(f"{name}\n" for name in objects).encode())
    at = 0
    for name in objects:
        end = answer.index(b"\n", at)
        head = answer[at:end].decode().split(" ")
        if len(head) != 3:  # noqa: PLR2004  object, type, size; or "<object> missing"
            raise RevisionError(f"git has lost the object {name}; a partial clone has to fetch it")
        at = end + 1 + int(head[2])
        yield answer[end + 1 : at]
        at += 1


def _write(path: str, data: bytes, *, link: bool) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if link:
        os.symlink(os.fsdecode(data), path)
        return
    with open(path, "wb") as file:
        file.write(data)


def _git(root: str, *args: str, given: bytes = b"") -> bytes:
    environment = {name: value for name, value in os.environ.items() if name not in _FORGOTTEN}
    environment["LC_ALL"] = "C"
    try:
        done = subprocess.run(  # noqa: S603  the program is fixed, and a revision never counts as an option
            ["git", "-C", root, *args],  # noqa: S607  git is where the user's PATH has it
            input=given,
            capture_output=True,
            check=False,
            env=environment,
        )
    except FileNotFoundError:
        raise RevisionError("git is not installed, or not on the PATH") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0].removeprefix("fatal: ")
        raise RevisionError(f"git: {said}" if said else f"git {args[0]} failed")
    return done.stdout
