"""The files of a git revision, read into memory without touching the work tree.

Nothing that the repository holds or configures is run: no filter, hook or alias, and git fetches nothing.
"""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

from bmkit.errors import BmkitError
from bmkit.jsontext import MAX_FILE_BYTES
from bmkit.project_files import MemoryFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LINK_MODE = "120000"
_FILE_MODE_START = "100"
# Folders in folders: content has two.
_MAX_DEPTH = 100
# Above that `git merge-file` tells an error, and not how many conflicts there are.
_MAX_CONFLICTS = 127
# What else git reads from the environment would lead it elsewhere: a hook's git tells its children where it
# is working.  Where its settings are, and how far up it may look for a repository, is the user's to say.
_KEPT_GIT_VARIABLE = re.compile(
    r"GIT_(CEILING_DIRECTORIES|CONFIG_\w+|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH)", re.IGNORECASE
)
# A partial clone fetches what it lacks by the command that its configuration names.  Versions of git that do
# not know the first variable heed the second: no protocol is called "none".
_GIT_VARIABLES = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "LC_ALL": "C"}
# A bare repository can lie among the files of a commit, with a configuration of its own.
_GIT_OPTIONS = ("-c", "safe.bareRepository=explicit")
_FETCH_HINT = "a partial clone has to fetch it before: git fetch --refetch --no-filter"


class RevisionError(BmkitError):
    """A revision that cannot be read; the message is one line."""


def read_revision(
    root: str, revision_name: str, folders: Sequence[str], max_bytes: int = MAX_FILE_BYTES
) -> MemoryFiles:
    """Read what stands below `folders` of the folder `root` in a git revision.

    Nothing is unpacked on disk, and links are not followed.  A folder that the revision does not have is left
    out, and so are submodules; of files of more than `max_bytes` only the size is read.  RevisionError if git
    is not installed, if `root` is in no repository, if there is no such revision, if a partial clone lacks
    some of it, or if its tree is one that git itself never writes.
    """
    # Not `git archive`: a .gitattributes of the revision could hide files from it, or change their bytes.
    tree_entries = _list_tree_entries(root, _resolve_commit(root, revision_name), folders)
    _refuse_damaged_tree(revision_name, [path for _, _, path in tree_entries])
    size_by_object = _read_sizes(root, {object_id for _, object_id, _ in tree_entries})
    object_ids = [object_id for object_id, size in size_by_object.items() if size <= max_bytes]
    data_by_object = dict(zip(object_ids, _iter_blobs(root, object_ids), strict=True))
    links = [(path, object_id) for mode, object_id, path in tree_entries if mode == _LINK_MODE]
    files = [(path, object_id) for mode, object_id, path in tree_entries if mode != _LINK_MODE]
    return MemoryFiles(
        {path: data_by_object[object_id] for path, object_id in files if object_id in data_by_object},
        {path: os.fsdecode(data_by_object.get(object_id, b"")) for path, object_id in links},
        {path: size_by_object[object_id] for path, object_id in files if object_id not in data_by_object},
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
    for line in _read_objects(root, "ls-tree", "-r", "-z", commit_id, "--", *paths).split(b"\0"):
        entry_head, _, raw_path = line.partition(b"\t")
        mode, _, type_and_object = entry_head.decode().partition(" ")
        if mode == _LINK_MODE or mode.startswith(_FILE_MODE_START):
            tree_entries.append((mode, type_and_object.split(" ")[1], os.fsdecode(raw_path)))
    return tree_entries


def _refuse_damaged_tree(revision_name: str, paths: Sequence[str]) -> None:
    """Raise RevisionError for a tree that git itself never writes.

    In such a tree one path stands for two files, or leads out of its folder, or has no end.
    """
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders and path.count("/") <= _MAX_DEPTH:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    known_paths = set(folders)
    for path in paths:
        parts = path.split("/")
        if path in known_paths or len(parts) > _MAX_DEPTH or not {"", ".", ".."}.isdisjoint(parts):
            message = f'the tree of "{revision_name}" is damaged at {path[:_MAX_DEPTH]!r}: see git fsck'
            raise RevisionError(message)
        known_paths.add(path)


def _read_sizes(root: str, object_ids: Iterable[str]) -> dict[str, int]:
    """Return the number of bytes of each object."""
    size_by_object = {}
    lines = _read_objects(root, "cat-file", "--batch-check", object_ids=sorted(object_ids)).splitlines()
    for object_id, *type_and_size in (line.decode().split(" ") for line in lines):
        if len(type_and_size) != 2:  # noqa: PLR2004  else "missing"
            raise RevisionError(f"git has lost the object {object_id}; {_FETCH_HINT}")
        size_by_object[object_id] = int(type_and_size[1])
    return size_by_object


def _iter_blobs(root: str, object_ids: Sequence[str]) -> Iterator[bytes]:
    """Yield the bytes of each object."""
    git_output = _read_objects(root, "cat-file", "--batch", object_ids=object_ids)
    offset = 0
    for _ in object_ids:
        head_end = git_output.index(b"\n", offset)
        offset = head_end + 1 + int(git_output[offset:head_end].split(b" ")[2])
        yield git_output[head_end + 1 : offset]
        offset += 1


def _read_objects(root: str, *args: str, object_ids: Sequence[str] = ()) -> bytes:
    """Return what git prints of objects, which a partial clone may lack."""
    try:
        return _run_git(root, *args, input_data="".join(f"{id_}\n" for id_ in object_ids).encode())
    except RevisionError as error:
        raise RevisionError(f"{error}; {_FETCH_HINT}") from None


def _run_git(root: str, *args: str, input_data: bytes = b"") -> bytes:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("GIT_") or _KEPT_GIT_VARIABLE.fullmatch(name)
    }
    try:
        completed = subprocess.run(  # noqa: S603  a revision never counts as an option
            [_find_git(), *_GIT_OPTIONS, "-C", root, *args],
            input=input_data,
            capture_output=True,
            check=False,
            env=environment | _GIT_VARIABLES,
        )
    except OSError as error:
        raise RevisionError(f"git cannot be run: {error.strerror}") from None
    if completed.returncode:
        error_line = (
            completed.stderr.decode("utf-8", "replace").strip().split("\n")[0].removeprefix("fatal: ")
        )
        raise RevisionError(f"git: {error_line}" if error_line else f"git {args[0]} failed")
    return completed.stdout


def merge_as_text(base: str, ours: str, theirs: str) -> bool:
    """Merge two edits of a file line by line into `ours`; return whether no conflict is left in it.

    RevisionError if git cannot do that, as with files that are no text.
    """
    command = [_find_git(), "merge-file", "-L", "ours", "-L", "base", "-L", "theirs", ours, base, theirs]
    completed = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  paths of files
    if completed.returncode > _MAX_CONFLICTS:
        raise RevisionError(f"git: {completed.stderr.decode('utf-8', 'replace').strip()}")
    return completed.returncode == 0


def set_git_option(root: str, name: str, value: str) -> None:
    """Set an option of the repository that `root` is in; RevisionError if it is in none."""
    _run_git(root, "config", "--local", name, value)


def _find_git() -> str:
    """Return the path of git: never one in the current folder, where Windows, or a PATH with ".", looks."""
    for folder in filter(os.path.isabs, os.get_exec_path()):
        path = os.path.join(folder, "git.exe" if os.name == "nt" else "git")
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise RevisionError("git is not installed, or not on the PATH")
