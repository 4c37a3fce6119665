"""Nothing is read or written through a link that leads out of the project; links inside it work."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from bmkit.cli import main
from bmkit.project_files import DiskFiles
from bmkit.report import REPORT_FORMATS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")

SECRET = "hunter2"
TRIAL = "content/trial-results/trial.json"
# What a project reads; each can be a link.
PLACES = (
    "content", "content/terms", "content/trial-results", "content/terms/site.json", TRIAL,
    "content/codes.lock.tsv", "content/trial-results/article.json", "schema", "schema/common",
    "schema/site.schema.json", "schema/common/text.schema.json", "bmkit.toml", "pyproject.toml",
)  # fmt: skip
COMMANDS = (
    *(["validate", "--format", form] for form in REPORT_FORMATS),
    ["validate", "--statistics"],
    ["validate", TRIAL],
    ["fmt"],
    ["fmt", "--check"],
    ["fix"],
    ["fix", "--diff"],
    ["export", "csv"],
    ["export", "xlsx", "fhir"],
    ["fields"],
    ["rules"],
)  # fmt: skip


def write_secret(path: Path, place: str) -> None:
    """Write what is not for everybody: a file, or a folder with files that are called as in the place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if Path(place).suffix:
        path.write_text(f'{{"records": [{{"id": "{SECRET}", {SECRET}\n', "utf-8")
        return
    path.mkdir()
    for name in ("site.json", "trial.json", "article.json", "site.schema.json", "terms/site.json"):
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_text(f'{{"records": [{{"id": "{SECRET}", {SECRET}\n', "utf-8")


def list_tree(folder: Path) -> dict[str, bytes | str]:
    """Return what is at each path below a folder: bytes, where a link leads, or "" for a folder."""
    return {
        os.fspath(path): os.readlink(path)
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else ""
        for path in folder.rglob("*")
    }


def put_link(project: Path, place: str, target: Path) -> None:
    """Put a link into the place of a file or folder of the project."""
    path = project / place
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(target if "absolute" in target.parts else os.path.relpath(target, path.parent))


@pytest.fixture(params=["outside", "absolute", ".git"])
def secret(request: pytest.FixtureRequest, clean: Path) -> Path:
    """A path outside the project, or hidden in it; the project itself leaves fmt nothing to do."""
    assert main(["fmt"]) == 0
    name: str = request.param
    return (clean if name == ".git" else clean.parent) / name / "secret"


def run_and_check(top: Path, command: list[str], capsys: pytest.CaptureFixture[str]) -> int:
    """Run a command, and return its status; nothing secret is shown, and nothing but exports written."""
    before = list_tree(top)
    status = main(command)
    captured = capsys.readouterr()
    assert SECRET not in captured.out + captured.err
    after = list_tree(top)
    assert {path: after.get(path) for path in before} == before
    exported = {path: data for path, data in after.items() if path not in before}
    assert command[0] == "export" or not exported
    assert not [path for path, data in exported.items() if SECRET in str(data)]
    return status


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_read_through_a_link_out_of_the_project(
    clean: Path, secret: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_secret(secret, place)
    put_link(clean, place, secret)
    status = run_and_check(clean.parent, ["validate"], capsys)
    # A link that is named is at its place; one of schemas or settings ends the run.
    assert status == (1 if place.startswith("content/") else 2)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_no_command_reads_or_writes_through_a_link_out_of_the_project(
    clean: Path, secret: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_secret(secret, place)
    put_link(clean, place, secret)
    for command in COMMANDS:
        assert run_and_check(clean.parent, command, capsys) in {0, 1, 2}, command
        shutil.rmtree(clean / "build", ignore_errors=True)


def test_the_issue_stands_at_the_link(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outside = clean.parent / "outside.json"
    outside.write_text("{}")
    put_link(clean, "content/terms/site.json", outside)
    put_link(clean, "content/more", clean.parent)
    put_link(clean, "content/terms/trial.json", clean / ".git" / "config")
    (clean / ".git").mkdir()
    (clean / ".git" / "config").write_text(SECRET)
    assert main(["validate", "--format", "concise", "--select", "json"]) == 1
    lines = capsys.readouterr().out.splitlines()[:-1]
    away = "the link leads out of the project, to"
    assert [line.split(":1:1: error: ") for line in lines] == [
        ["content/more", f"{away} {os.fspath(clean.parent)!r} [json.outside-link]"],
        ["content/terms/site.json", f"{away} {os.fspath(outside)!r} [json.outside-link]"],
        ["content/terms/trial.json", "the link leads to '.git/config', which is hidden [json.outside-link]"],
    ]


@pytest.mark.parametrize("place", PLACES)
def test_a_link_that_stays_inside_works(clean: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    if not (clean / place).exists():
        pytest.skip("the project has no such file")
    assert main(["fmt"]) == 0
    capsys.readouterr()
    assert main(["validate", "--format", "json"]) == 0
    report = capsys.readouterr().out
    inner = clean / "shared" / Path(place).name
    inner.parent.mkdir()
    (clean / place).rename(inner)
    (clean / place).symlink_to(os.path.relpath(inner, (clean / place).parent))
    assert main(["validate", "--format", "json"]) == 0
    assert capsys.readouterr().out == report
    files = [inner] if inner.is_file() else sorted(inner.rglob("*.json"))
    before = [file.read_bytes() for file in files]
    for file in files if place.startswith("content") else []:
        file.write_bytes(b"\n" + file.read_bytes())
    assert main(["fmt"]) == 0
    assert [file.read_bytes() for file in files] == before
    assert (clean / place).is_symlink()


def test_a_link_that_is_laid_while_fmt_runs_is_not_followed(
    clean: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (clean / TRIAL).write_bytes(b"\n" + (clean / TRIAL).read_bytes())
    outside = clean.parent / "outside.json"
    shutil.copy(clean / TRIAL, outside)
    rewrite_file = DiskFiles.rewrite_file

    def lay_link_and_write(files: DiskFiles, path: str, old_data: bytes, new_data: bytes) -> None:
        put_link(clean, path, outside)
        rewrite_file(files, path, old_data, new_data)

    monkeypatch.setattr(DiskFiles, "rewrite_file", lay_link_and_write)
    before = outside.read_bytes()
    assert main(["fmt"]) == 2
    assert "the link leads out of the project" in capsys.readouterr().err
    assert outside.read_bytes() == before


# Where the link lies, from the folder around the project; the current folder; and what is called there.
OUTPUTS = {
    "the output folder": ("project/build", "project", "export csv"),
    "a folder of the output": ("project/build/csv", "project", "export csv"),
    "one of several": ("project/build/xlsx", "project", "export csv xlsx"),
    "a folder around the output": ("project/made", "project", "export csv --out made/by/bmkit"),
    "an output folder of the repository": ("out", "project", "export csv --out ../out"),
    "an output folder of the current folder": ("out", ".", "export csv --root project --out out"),
    "a baseline to read": ("project/known.json", "project", "validate --baseline known.json"),
    "a baseline to write": (
        "project/known.json",
        "project",
        "validate --baseline known.json --write-baseline",
    ),
    "a baseline of the repository": ("known.json", "project", "validate --baseline ../known.json"),
    "a new project": ("new", ".", "init new"),
    "a folder of a new project": ("new/.github", ".", "init new --from bmkit"),
}


@pytest.mark.parametrize("case", OUTPUTS)
def test_nothing_is_written_through_a_link_out_of_the_project(
    clean: Path, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place, current_folder, command = OUTPUTS[case]
    top = clean.parent / "top"
    top.mkdir()
    (top / ".git").mkdir()
    clean.rename(top / "project")
    outside = clean.parent / "outside"
    if place.endswith(".json"):
        outside.write_text('{"version": 1, "issues": []}')
    else:
        (outside / "csv").mkdir(parents=True)
    (top / place).parent.mkdir(exist_ok=True)
    (top / place).symlink_to(outside)
    monkeypatch.chdir(top / current_folder)
    before = list_tree(clean.parent)
    assert main(command.split(" ")) == 2
    error = capsys.readouterr().err
    assert "the link leads out of the project" in error
    assert error.count("\n") == 1
    assert list_tree(clean.parent) == before


def test_an_output_folder_that_is_linked_inside_the_project_is_written(clean: Path) -> None:
    (clean / "disk").mkdir()
    (clean / "build").symlink_to("disk")
    assert main(["export", "csv"]) == 0
    assert main(["export", "csv"]) == 0
    assert (clean / "disk" / "csv" / "exported-files.txt").is_file()
    assert (clean / "build").is_symlink()


def test_a_folder_outside_of_everything_is_the_user_s_own(
    clean: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    disk = tmp_path_factory.mktemp("disk")
    (disk / "link").symlink_to(tmp_path_factory.mktemp("real"))
    assert main(["export", "csv", "--out", os.fspath(disk / "link")]) == 0


@pytest.mark.parametrize("kind", ["pipe", "link to a device", "folder"])
def test_the_list_of_exported_files_is_not_waited_for(
    clean: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "csv"]) == 0
    path = clean / "build" / "csv" / "exported-files.txt"
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    capsys.readouterr()
    assert main(["export", "csv"]) == 2
    assert "not of an earlier export" in capsys.readouterr().err
