"""The files of a git revision, read into memory without touching the work tree."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from bmkit.errors import BmkitError
from bmkit.project_files import MemoryFiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINK_MODE = "120000"
_FILE_MODES = ("100644", "100755", _LINK_MODE)
# A hook's git tells its children where it is working; the root at hand is looked up afresh.
_DROPPED_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")


class RevisionError(BmkitError):
    """A revision that cannot be read; the message is one line."""


def read_revision(root: str, revision_name: str, folders: Sequence[str]) -> MemoryFiles:
    """Read what stands below `folders` of the folder `root` in a git revision.

    Nothing is unpacked on disk, and links are not followed.  A folder that the revision does not have is left
    out, and so are submodules.  RevisionError if git is not installed, if `root` is in no repository, or if
    there is no such revision.
    """
    # Not `git archive`: a .gitattributes of the revision could hide files from it, or change their bytes.
    tree_entries = _list_tree_entries(root, _resolve_commit(root, revision_name), folders)
    object_ids = list(dict.fromkeys(object_id for _, object_id, _ in tree_entries))
    data_by_object = dict(zip(object_ids, _iter_blobs(root, object_ids), strict=True))
    return MemoryFiles(
        {path: data_by_object[object_id] for mode, object_id, path in tree_entries if mode != _LINK_MODE},
        {
            path: os.fsdecode(data_by_object[object_id])
            for mode, object_id, path in tree_entries
            if mode == _LINK_MODE
        },
    )


def _resolve_commit(root: str, revision_name: str) -> str:
    try:
        git_output = _run_git(
            root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision_name}^{{commit}}"
        )
    except RevisionError:
        # Is it the revision that is not there, or the repository?
        _run_git(root, "rev-parse", "--git-dir")
        message = f'git has no revision "{revision_name}" here; a shallow clone has only the last: fetch more'
        raise RevisionError(message) from None
    return git_output.decode().strip()


def _list_tree_entries(root: str, commit_id: str, paths: Sequence[str]) -> list[tuple[str, str, str]]:
    """List mode, object and path (relative to the root) of each file."""
    tree_entries = []
    for line in _run_git(root, "ls-tree", "-r", "-z", commit_id, "--", *paths).split(b"\0"):
        entry_head, _, raw_path = line.partition(b"\t")
        mode, _, type_and_object = entry_head.decode().partition(" ")
        if mode in _FILE_MODES:
            tree_entries.append((mode, type_and_object.split(" ")[1], os.fsdecode(raw_path)))
    return tree_entries


def _iter_blobs(root: str, object_ids: Sequence[str]) -> Iterator[bytes]:
    """Yield the bytes of each object."""
    git_output = _run_git(
        root, "cat-file", "--batch", input_data="".join(f"{object_id}\n" for object_id in object_ids).encode()
    )
    offset = 0
    for object_id in object_ids:
        head_end = git_output.index(b"\n", offset)
        blob_head = git_output[offset:head_end].decode().split(" ")
        if len(blob_head) != 3:  # noqa: PLR2004  object, type, size; or "<object> missing"
            raise RevisionError(f"git has lost the object {object_id}; a partial clone has to fetch it")
        offset = head_end + 1 + int(blob_head[2])
        yield git_output[head_end + 1 : offset]
        offset += 1


def _run_git(root: str, *args: str, input_data: bytes = b"") -> bytes:
    environment = {name: value for name, value in os.environ.items() if name not in _DROPPED_VARIABLES}
    environment["LC_ALL"] = "C"
    try:
        completed = subprocess.run(  # noqa: S603  the program is fixed, and a revision never counts as an option
            ["git", "-C", root, *args],  # noqa: S607  git is where the user's PATH has it
            input=input_data,
            capture_output=True,
            check=False,
            env=environment,
        )
    except FileNotFoundError:
        raise RevisionError("git is not installed, or not on the PATH") from None
    if completed.returncode:
        error_line = (
            completed.stderr.decode("utf-8", "replace").strip().split("\n")[0].removeprefix("fatal: ")
        )
        raise RevisionError(f"git: {error_line}" if error_line else f"git {args[0]} failed")
    return completed.stdout
