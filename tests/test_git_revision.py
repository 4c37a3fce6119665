"""A git revision is read, whatever its repository holds or is set to: nothing is run, fetched or unpacked."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bmkit.git_revision import RevisionError, read_revision
from bmkit.jsontext import JsonError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the commands here are of a POSIX shell")

FILES = {
    "content/one/trial.json": b'{"records": []}\n',
    "content/terms/site.json": b"[]\n",
    "schema/x": b"x\n",
}


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "a")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.org")


def run_git(folder: Path, *args: str, data: bytes = b"") -> str:
    command = ["git", "-C", os.fspath(folder), *args]
    return subprocess.run(command, check=True, capture_output=True, input=data).stdout.decode().strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit."""
    top = tmp_path / "top"
    for path, data in FILES.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(data)
    run_git(top, "init", "-q")
    run_git(top, "add", ".")
    run_git(top, "commit", "-q", "-m", "first")
    return top


def read_files(top: Path, revision: str = "HEAD", max_bytes: int = 1000) -> dict[str, bytes]:
    files = read_revision(os.fspath(top), revision, ("content", "schema"), max_bytes)
    return {path: files.read_file(path) for path in FILES}


def list_tree(top: Path) -> dict[str, int]:
    """Return every path below a folder with the time of its last change."""
    return {os.fspath(path): path.lstat().st_mtime_ns for path in top.rglob("*")}


def make_executable(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


HOOKS = (
    "post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc",
    "post-rewrite", "sendemail-validate", "push-to-checkout",
)  # fmt: skip
COMMAND_KEYS = (
    "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass", "core.gitProxy",
    "core.alternateRefsCommand", "alias.ls-tree", "alias.cat-file", "alias.rev-parse", "pager.ls-tree",
    "pager.cat-file", "filter.x.smudge", "filter.x.clean", "filter.x.process", "diff.external",
    "diff.x.textconv", "diff.x.command", "merge.x.driver", "gpg.program", "credential.helper",
    "uploadpack.packObjectsHook", "interactive.diffFilter", "sequence.editor", "trailer.x.command",
)  # fmt: skip


def test_no_command_of_the_repository_is_run(repository: Path, tmp_path: Path) -> None:
    marker = tmp_path / "was-run"
    make_executable(tmp_path / "evil", f"touch {marker}\ncat")
    with (repository / ".git" / "config").open("a", encoding="utf-8") as config:
        for key in COMMAND_KEYS:
            section, _, name = key.rpartition(".")
            config.write('[{} "{}"]\n'.format(*section.split(".")) if "." in section else f"[{section}]\n")
            config.write(f"{name} = {tmp_path / 'evil'}\n")
    for name in HOOKS:
        make_executable(repository / ".git" / "hooks" / name, f"touch {marker}")
    for attributes in (repository / ".gitattributes", repository / ".git" / "info" / "attributes"):
        attributes.write_text("* filter=x diff=x merge=x text eol=crlf ident export-ignore export-subst\n")
    run_git(repository, "status")
    assert marker.exists(), "the repository is not as hostile as it should be"
    marker.unlink()
    assert read_files(repository) == FILES
    assert not marker.exists()


def forget_blob(repository: Path, path: str) -> None:
    """Make the repository a partial clone that lacks a file; to fetch it would run a command."""
    object_id = run_git(repository, "rev-parse", f"HEAD:{path}")
    (repository / ".git" / "objects" / object_id[:2] / object_id[2:]).unlink()


@pytest.mark.parametrize("lost", ["content/one/trial.json", "content/one"])
def test_what_a_partial_clone_lacks_is_not_fetched(repository: Path, tmp_path: Path, lost: str) -> None:
    marker = tmp_path / "was-run"
    with (repository / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(
            "[core]\nrepositoryFormatVersion = 1\n[extensions]\npartialClone = evil\n"
            f'[remote "evil"]\npromisor = true\nurl = "ext::touch {marker}"\n'
            '[protocol]\nallow = always\n[protocol "ext"]\nallow = always\n'
        )
    forget_blob(repository, lost)
    with pytest.raises(subprocess.CalledProcessError):
        run_git(repository, "cat-file", "-p", f"HEAD:{lost}")
    assert marker.exists(), "the repository is not as hostile as it should be"
    marker.unlink()
    with pytest.raises(RevisionError, match="git fetch --refetch --no-filter"):
        read_files(repository)
    assert not marker.exists()


@pytest.mark.parametrize("filter_name", ["blob:none", "tree:0"])
def test_a_partial_clone_is_told_what_to_fetch(repository: Path, tmp_path: Path, filter_name: str) -> None:
    run_git(repository, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    run_git(
        tmp_path, "clone", "-q", "-n", f"--filter={filter_name}", f"file://{repository}", os.fspath(clone)
    )
    with pytest.raises(RevisionError) as refusal:
        read_files(clone)
    command = str(refusal.value).rpartition(": ")[2].split(" ")
    assert command[0] == "git"
    run_git(clone, *command[1:])
    assert read_files(clone) == FILES


def test_a_bare_repository_among_the_files_is_not_used(repository: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    run_git(tmp_path, "clone", "-q", "--bare", os.fspath(repository), os.fspath(bare))
    with pytest.raises(RevisionError, match="bare"):
        read_files(bare)


STRANGE_VARIABLES = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE", "GIT_ICASE_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS",
    "GIT_LITERAL_PATHSPECS", "GIT_TRACE", "GIT_TRACE2_EVENT", "GIT_ALLOW_PROTOCOL", "GIT_NO_LAZY_FETCH",
    "GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_PAGER", "GIT_DEFAULT_HASH", "GIT_IMPLICIT_WORK_TREE",
)  # fmt: skip


@pytest.mark.parametrize("value", ["1", "/nowhere"])
def test_variables_of_git_lead_nowhere_else(
    repository: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    for name in STRANGE_VARIABLES:
        monkeypatch.setenv(name, value)
    assert read_files(repository) == FILES


def test_a_git_in_the_current_folder_is_not_run(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_executable(repository / "git", f"touch {tmp_path / 'was-run'}")
    monkeypatch.chdir(repository)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"]]))
    assert read_files(repository) == FILES
    assert not (tmp_path / "was-run").exists()


def test_of_a_large_file_only_the_size_is_read(repository: Path) -> None:
    files = read_revision(os.fspath(repository), "HEAD", ("content",), max_bytes=10)
    assert files.read_file("content/terms/site.json", 10) == b"[]\n"
    assert [entry.name for entry in files.list_folder("content/one")] == ["trial.json"]
    with pytest.raises(JsonError, match="16 bytes, more than the 10 bytes"):
        files.read_file("content/one/trial.json", 10)


class TreeWriter:
    """Writes trees as they are given, also such as git itself never writes."""

    def __init__(self, top: Path) -> None:
        self._top = top

    def write_object(self, object_type: str, data: bytes) -> str:
        return run_git(self._top, "hash-object", "-w", "--literally", "-t", object_type, "--stdin", data=data)

    def write_blob(self, text: str) -> str:
        return self.write_object("blob", text.encode())

    def write_tree(self, *entries: tuple[str, str, str]) -> str:
        """Write a tree of (mode, name, object)."""
        data = b"".join(
            f"{mode} {name}".encode() + b"\0" + bytes.fromhex(object_id) for mode, name, object_id in entries
        )
        return self.write_object("tree", data)

    def write_commit(self, content_tree: str) -> str:
        return run_git(
            self._top, "commit-tree", "-m", "x", self.write_tree(("40000", "content", content_tree))
        )


FILE, LINK, FOLDER = "100644", "120000", "40000"
CRAFTED_TREES: dict[str, Callable[[str, str, str], list[tuple[str, str, str]]]] = {
    "a link, then a file": lambda file, link, _: [(LINK, "x", link), (FILE, "x", file)],
    "a file, then a link": lambda file, link, _: [(FILE, "x", file), (LINK, "x", link)],
    "a link, then a folder": lambda _, link, folder: [(LINK, "d", link), (FOLDER, "d", folder)],
    "a file, then a folder": lambda file, _, folder: [(FILE, "d", file), (FOLDER, "d", folder)],
    "two files": lambda file, _, __: [(FILE, "x", file), (FILE, "x", file)],
    "two folders": lambda _, __, folder: [(FOLDER, "d", folder), (FOLDER, "d", folder)],
    "a way up": lambda _, __, folder: [(FOLDER, "..", folder)],
    "a way to itself": lambda _, __, folder: [(FOLDER, ".", folder)],
    "a path": lambda file, _, __: [(FILE, "../../x", file)],
    "an absolute path": lambda file, _, __: [(FILE, "/x", file)],
}


@pytest.mark.parametrize("case", CRAFTED_TREES)
def test_a_crafted_tree_is_refused_and_writes_nothing(repository: Path, tmp_path: Path, case: str) -> None:
    writer = TreeWriter(repository)
    file, link = writer.write_blob("evil"), writer.write_blob(os.fspath(tmp_path / "outside"))
    folder = writer.write_tree((FILE, "site.json", file))
    commit = writer.write_commit(writer.write_tree(*CRAFTED_TREES[case](file, link, folder)))
    before = list_tree(tmp_path)
    with pytest.raises(RevisionError, match=r"the tree of .* is damaged at 'content/"):
        read_files(repository, commit)
    assert list_tree(tmp_path) == before


def test_folders_without_end_are_refused(repository: Path) -> None:
    path = f"content/{'d/' * 200}x"
    run_git(
        repository,
        "update-index",
        "--add",
        "--cacheinfo",
        f"{FILE},{run_git(repository, 'rev-parse', 'HEAD:schema/x')},{path}",
    )
    run_git(repository, "commit", "-q", "-m", "deep")
    with pytest.raises(RevisionError, match="is damaged"):
        read_files(repository)


def test_names_that_differ_by_case_are_two_files(repository: Path) -> None:
    writer = TreeWriter(repository)
    names = ("A.json", "a.json")
    folder = writer.write_tree(*((FILE, name, writer.write_blob(name)) for name in names))
    commit = writer.write_commit(writer.write_tree((FOLDER, "one", folder)))
    files = read_revision(os.fspath(repository), commit, ("content",))
    assert [files.read_file(f"content/one/{name}") for name in names] == [name.encode() for name in names]
