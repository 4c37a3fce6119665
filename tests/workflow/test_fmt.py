"""bmkit fmt rewrites files whole, keeps what belongs to the file system, and refuses what is no JSON."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
INCIDENCE = "content/one/radiotherapy.json"


@pytest.fixture
def untidy(project: Path) -> bytes:
    """Spoils the layout of one file; gives the bytes of its canonical form."""
    path = project / INCIDENCE
    before = path.read_bytes()
    path.write_bytes(before.replace(b'"value": 30, "unit": "Gy"', b'"unit":"\\u0047y",\r\n"value":30'))
    return before


def test_a_canonical_project_is_left_alone(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = os.stat(project / INCIDENCE).st_mtime_ns
    assert bmkit("fmt") == 0
    assert os.stat(project / INCIDENCE).st_mtime_ns == before
    assert capsys.readouterr() == ("", "0 of 4 files rewritten\n")


def test_only_the_untidy_file_is_written(
    bmkit: Run, project: Path, untidy: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bmkit("fmt") == 0
    assert (project / INCIDENCE).read_bytes() == untidy
    assert capsys.readouterr() == (f"{INCIDENCE}\n", "1 of 4 files rewritten\n")
    assert sorted(os.listdir(project / "content/one")) == [
        "article.json",
        "radiotherapy.json",
        "section.json",
    ]


def test_check_lists_the_files_and_writes_nothing(
    bmkit: Run, project: Path, untidy: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt = (project / INCIDENCE).read_bytes()
    assert bmkit("fmt", "--check") == 1
    assert (project / INCIDENCE).read_bytes() == spoilt != untidy
    assert capsys.readouterr() == (f"{INCIDENCE}\n", "1 of 4 files would be rewritten\n")
    assert bmkit("fmt", "--check", "content/terms") == 0
    assert bmkit("fmt", "content/one") == 0
    assert bmkit("fmt", "--check") == 0


@pytest.mark.usefixtures("untidy")
def test_permissions_and_links_stay(bmkit: Run, project: Path) -> None:
    target = project / "elsewhere.json"
    os.rename(project / INCIDENCE, target)
    os.symlink("../../elsewhere.json", project / INCIDENCE)
    os.chmod(target, 0o640)
    assert bmkit("fmt") == 0
    assert stat.S_IMODE(os.stat(target).st_mode) == 0o640
    assert os.path.islink(project / INCIDENCE)
    assert bmkit("fmt", "--check") == 0


def test_a_file_that_is_no_json_is_refused_with_its_issue_and_the_others_are_written(
    bmkit: Run, project: Path, untidy: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = project / "content/terms/tumour.json"
    broken.write_bytes(b'{"records": [1,]}\n')
    assert bmkit("fmt") == 1
    assert broken.read_bytes() == b'{"records": [1,]}\n'
    assert (project / INCIDENCE).read_bytes() == untidy
    out = capsys.readouterr().out
    assert "content/terms/tumour.json:1:15: error: a comma stands before ] [json.trailing-comma]" in out


def test_a_path_that_is_not_content_is_wrong_use(bmkit: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert bmkit("fmt", "nowhere.json") == 2
    assert "nowhere.json: there is no such file" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_said_in_one_line(
    bmkit: Run, untidy: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "fsync", refuse)
    assert bmkit("fmt") == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == f"bmkit: ./{INCIDENCE}: cannot be written: Permission denied"
    assert untidy


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("command", ["fmt", "fix"])
def test_what_is_not_read_for_its_name_or_its_link_is_said(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (project / "content/one/regimen.JSON").write_text("{}")
    (project / "content/two").symlink_to("gone")
    assert bmkit(command) == 1
    output = capsys.readouterr().out
    assert "regimen.JSON is not read" in output
    assert "the link leads to 'gone', which is not there" in output


def make_crlf_checkout(project: Path) -> None:
    """Commit the project, and check it out as on Windows."""
    command = (
        "git init -q && git config core.autocrlf true && git add . && "
        "git -c user.name=x -c user.email=x@x.test commit -qm x && rm -r content && git checkout -q ."
    )
    subprocess.run(["/bin/sh", "-c", command], cwd=project, check=True, capture_output=True)
    assert b"\r\n" in (project / INCIDENCE).read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="the command is of a POSIX shell")
def test_line_ends_that_git_made_are_no_fault_and_stay(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_crlf_checkout(project)
    assert bmkit("validate") == 0
    assert bmkit("fmt", "--check") == 0
    canonical = (project / INCIDENCE).read_bytes()
    (project / INCIDENCE).write_bytes(canonical.replace(b'"value": 30, ', b'"value":\r\n30,'))
    assert bmkit("fmt", "--check") == 1
    assert bmkit("fmt") == 0
    assert (project / INCIDENCE).read_bytes() == canonical
    # Where lines end in two ways nobody meant it.
    (project / INCIDENCE).write_bytes(canonical.replace(b"\r\n", b"\n", 1))
    assert bmkit("fmt") == 0
    assert (project / INCIDENCE).read_bytes() == canonical.replace(b"\r\n", b"\n")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
@pytest.mark.parametrize("command", ["fmt", "fix"])
def test_a_file_that_must_not_be_written_is_named_and_the_others_are_written(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    protected, other = project / "content/terms/tumour.json", project / "content/one/section.json"
    for path, name in ((protected, "breast cancer"), (other, "prognosis")):
        text = path.read_text("utf-8").replace(f'"label": "{name}"', f'"label":  "{name} "')
        path.write_text(text, "utf-8")
    protected.chmod(0o444)
    texts = protected.read_bytes(), other.read_bytes()
    assert bmkit(command) == 2
    captured = capsys.readouterr()
    message = "content/terms/tumour.json: is read-only; allow writing to it"
    assert captured.err.splitlines()[0] == f"bmkit: ./{message}"
    assert protected.read_bytes() == texts[0]
    assert other.read_bytes() != texts[1]
    assert "1 of 4 files" in captured.err


def test_two_links_to_one_file_are_both_done_after_the_first(
    bmkit: Run, project: Path, untidy: bytes
) -> None:
    (project / "content/two").mkdir()
    (project / "content/two/radiotherapy.json").symlink_to("../one/radiotherapy.json")
    assert bmkit("fmt") == 0
    assert (project / INCIDENCE).read_bytes() == untidy


_KILLED_RUN = """
import os, signal, sys
from bmkit.cli import main
os.fsync = lambda _: (print("writing", flush=True), os.kill(os.getpid(), signal.SIGKILL))
main(sys.argv[1:])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no process is killed so there")
@pytest.mark.parametrize("command", ["fmt", "fix"])
def test_what_a_killed_run_left_is_taken_away_by_the_next(
    bmkit: Run, project: Path, untidy: bytes, command: str
) -> None:
    subprocess.run([sys.executable, "-c", _KILLED_RUN, "fmt"], cwd=project, check=False, capture_output=True)
    assert list(project.rglob(".bmkit-*"))
    (project / INCIDENCE).write_bytes(untidy)
    assert bmkit("fmt", "--check") == 0
    assert list(project.rglob(".bmkit-*")), "what only looks writes nothing"
    assert bmkit(command) == 0
    assert not list(project.rglob(".bmkit-*"))
