"""Files and folders change in one step, or not at all."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.atomic import OwnPaths, WriteError, add_files, create_file, replace_folders, rewrite_file

if TYPE_CHECKING:
    from pathlib import Path


class Stopped(BaseException):
    """As KeyboardInterrupt, without the test run taking it for one."""


def read_all_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def find_own_paths(_: Path) -> OwnPaths:
    """Take every one.csv for an export's own file, and the folder "bulk"."""
    return lambda path, is_folder: path == "bulk" if is_folder else path.endswith("one.csv")


def write_and_replace_folders(*targets: Path, text: str = "new") -> None:
    with replace_folders(targets, find_own_paths) as partial_folders:
        for partial_folder in partial_folders:
            (partial_folder / "one.csv").write_text(text, encoding="utf-8")


def test_a_file_is_created_with_the_usual_permissions(tmp_path: Path) -> None:
    create_file(str(tmp_path / "created.json"), b"new")
    (tmp_path / "usual.json").write_bytes(b"new")
    assert read_all_files(tmp_path) == {"created.json": b"new", "usual.json": b"new"}
    modes = [stat.S_IMODE(os.stat(path).st_mode) for path in sorted(tmp_path.iterdir())]
    assert modes[0] == modes[1]


def test_a_file_that_is_there_is_not_created_again(tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_bytes(b"theirs")
    (tmp_path / "link.json").symlink_to("nowhere")
    for name in ("kept.json", "link.json"):
        with pytest.raises(FileExistsError):
            create_file(str(tmp_path / name), b"ours")
    assert read_all_files(tmp_path) == {"kept.json": b"theirs"}
    assert sorted(os.listdir(tmp_path)) == ["kept.json", "link.json"]


def test_what_somebody_saved_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"theirs")
    with pytest.raises(WriteError, match="changed meanwhile"):
        rewrite_file(str(path), b"what was read", b"ours")
    assert path.read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["a.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_permissions_stay(tmp_path: Path) -> None:
    (tmp_path / "rewritten").write_bytes(b"old")
    os.chmod(tmp_path / "rewritten", 0o640)
    rewrite_file(str(tmp_path / "rewritten"), b"old", b"new")
    assert read_all_files(tmp_path) == {"rewritten": b"new"}
    assert {stat.S_IMODE(os.stat(path).st_mode) for path in tmp_path.iterdir()} == {0o640}


def test_a_file_that_was_never_finished_is_not_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: int) -> None:
        raise Stopped

    monkeypatch.setattr("bmkit.atomic.os.fsync", stop)
    target = tmp_path / "kept"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(Stopped):
        rewrite_file(str(target), b"old", b"new")
    assert target.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["kept"]


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "disk" / "kept").mkdir(parents=True)
    (tmp_path / "disk" / "kept" / "one.csv").write_text("old", encoding="utf-8")
    (tmp_path / "disk" / "book.xlsx").write_text("old", encoding="utf-8")
    for name in ("kept", "book.xlsx"):
        (tmp_path / name).symlink_to(tmp_path / "disk" / name)
    write_and_replace_folders(tmp_path / "kept", tmp_path / "beside")
    rewrite_file(str(tmp_path / "book.xlsx"), b"old", b"new")
    assert (tmp_path / "kept").is_symlink()
    assert (tmp_path / "book.xlsx").is_symlink()
    assert read_all_files(tmp_path / "disk") == {"kept/one.csv": b"new", "book.xlsx": b"new"}
    assert sorted(os.listdir(tmp_path)) == ["beside", "book.xlsx", "disk", "kept"]
    assert sorted(os.listdir(tmp_path / "disk")) == ["book.xlsx", "kept"]


def test_a_link_inside_a_folder_is_not_of_an_export(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "bulk").symlink_to(tmp_path / "disk")
    with pytest.raises(WriteError, match="holds bulk, which is not"):
        write_and_replace_folders(tmp_path / "kept")
    assert (tmp_path / "kept" / "bulk").is_symlink()


@pytest.mark.parametrize("stranger", ["thesis.docx", "two/one.csv", "one.csv/one.csv"])
def test_what_is_not_of_an_export_stays_and_so_do_the_other_folders(tmp_path: Path, stranger: str) -> None:
    write_and_replace_folders(tmp_path / "first")
    (tmp_path / "kept" / stranger).parent.mkdir(parents=True)
    (tmp_path / "kept" / stranger).write_text("years of work", encoding="utf-8")
    before = read_all_files(tmp_path)
    with pytest.raises(WriteError, match=r"kept: holds .*, which is not of an earlier export; name another"):
        write_and_replace_folders(tmp_path / "first", tmp_path / "kept", text="newer")
    assert read_all_files(tmp_path) == before


def write_while_somebody_else_does(target: Path) -> None:
    with replace_folders([target], find_own_paths) as [partial_folder]:
        (partial_folder / "one.csv").write_text("new", encoding="utf-8")
        (target / "thesis.docx").write_text("years of work", encoding="utf-8")


def test_what_somebody_puts_in_while_an_export_is_written_stays(tmp_path: Path) -> None:
    write_and_replace_folders(tmp_path / "kept", text="old")
    with pytest.raises(WriteError, match=r"holds thesis\.docx"):
        write_while_somebody_else_does(tmp_path / "kept")
    assert read_all_files(tmp_path) == {"kept/one.csv": b"old", "kept/thesis.docx": b"years of work"}


@pytest.fixture
def ended_process_id() -> int:
    """The number of a process that has ended."""
    return int(subprocess.check_output([sys.executable, "-c", "import os; print(os.getpid())"]))


def test_what_a_killed_export_left_is_taken_away(tmp_path: Path, ended_process_id: int) -> None:
    running_id = os.getppid()
    for process_id in (ended_process_id, os.getpid(), running_id):
        for suffix in ("part", "old"):
            (tmp_path / f".kept.{process_id}.{suffix}").mkdir()
            (tmp_path / f".kept.{process_id}.{suffix}" / "half").write_text("half", encoding="utf-8")
    (tmp_path / f".kept.{ended_process_id}.part.txt").write_text("mine", encoding="utf-8")
    (tmp_path / f".other.{ended_process_id}.part").write_text("of another target", encoding="utf-8")
    (tmp_path / "kept").mkdir()
    for name in ("new.json", "old.json"):
        (tmp_path / f".{name}.{ended_process_id}.part").write_text("half", encoding="utf-8")
    (tmp_path / "old.json").write_bytes(b"old")
    write_and_replace_folders(tmp_path / "kept")
    create_file(str(tmp_path / "new.json"), b"new")
    rewrite_file(str(tmp_path / "old.json"), b"old", b"new")
    expected = [
        f".kept.{running_id}.old",
        f".kept.{running_id}.part",
        f".kept.{ended_process_id}.part.txt",
        f".other.{ended_process_id}.part",
    ]
    assert sorted(os.listdir(tmp_path)) == sorted([*expected, "kept", "new.json", "old.json"])


def test_what_a_killed_export_had_taken_away_is_put_back(tmp_path: Path, ended_process_id: int) -> None:
    (tmp_path / f".kept.{ended_process_id}.old").mkdir()
    (tmp_path / f".kept.{ended_process_id}.old" / "one.csv").write_text("old", encoding="utf-8")
    with pytest.raises(Stopped), replace_folders([tmp_path / "kept"], find_own_paths):
        raise Stopped
    assert read_all_files(tmp_path) == {"kept/one.csv": b"old"}


def stop_at_rename(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the rename of that number succeed, counted from 1, and then stop the run."""
    replace, call_count = os.replace, 0

    def replace_and_stop(source: Path, goal: Path) -> None:
        nonlocal call_count
        replace(source, goal)
        call_count += 1
        if call_count == number:
            raise Stopped

    monkeypatch.setattr("bmkit.atomic.os.replace", replace_and_stop)


@pytest.mark.parametrize("stop_after", [1, 2, 3, 4, 5])
def test_a_signal_between_the_renames_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_after: int
) -> None:
    targets = [tmp_path / name for name in ("first", "new", "last")]
    write_and_replace_folders(targets[0], targets[2], text="old")
    stop_at_rename(monkeypatch, stop_after)
    with pytest.raises(Stopped):
        write_and_replace_folders(*targets)
    names = ["first", "last"] if stop_after < 5 else ["first", "last", "new"]
    text = b"old" if stop_after < 5 else b"new"
    assert read_all_files(tmp_path) == {f"{name}/one.csv": text for name in names}
    assert sorted(os.listdir(tmp_path)) == names


_KILLED_RUN = """
import os, signal, sys
from pathlib import Path
from bmkit import atomic
replace, count = os.replace, 0
def replace_and_die(source, goal):
    global count
    replace(source, goal)
    count += 1
    if count == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
atomic.os.replace = replace_and_die
with atomic.replace_folders([Path(name) for name in sys.argv[2:]], lambda _: lambda *_: True) as folders:
    for folder in folders:
        (folder / "one.csv").write_text("new", encoding="utf-8")
    if sys.argv[1] == "0":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be asked there whether it runs")
@pytest.mark.parametrize("kill_after", [0, 1, 2, 3, 4, 5])
def test_what_was_half_replaced_when_a_run_was_killed_is_put_back_by_the_next(
    tmp_path: Path, kill_after: int
) -> None:
    targets = [tmp_path / name for name in ("first", "new", "last")]
    write_and_replace_folders(targets[0], targets[2], text="old")
    command = [sys.executable, "-c", _KILLED_RUN, str(kill_after), *map(str, targets)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with pytest.raises(Stopped), replace_folders([tmp_path / "another"], find_own_paths):
        raise Stopped
    expected = {"first/one.csv": b"old", "last/one.csv": b"old"}
    if kill_after == 5:  # all was in place, but for what the renames left behind
        expected = {"first/one.csv": b"new", "last/one.csv": b"new", "new/one.csv": b"new"}
    assert read_all_files(tmp_path) == expected
    assert sorted(os.listdir(tmp_path)) == sorted({name.partition("/")[0] for name in expected})


def test_what_was_put_into_a_folder_since_a_run_was_killed_stays(
    tmp_path: Path, ended_process_id: int
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "thesis.docx").write_text("years of work", encoding="utf-8")
    (tmp_path / f".last.{ended_process_id}.part").mkdir()
    (tmp_path / f".replacing.{ended_process_id}.names").write_text("new new\nnew last\nnew ../away\n")
    write_and_replace_folders(tmp_path / "last")
    assert read_all_files(tmp_path) == {"new/thesis.docx": b"years of work", "last/one.csv": b"new"}
    assert sorted(os.listdir(tmp_path)) == ["last", "new"]


@pytest.mark.parametrize("refused", [".first", ".last"])
def test_a_folder_is_put_back_when_it_cannot_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    targets = [tmp_path / "first", tmp_path / "last"]
    write_and_replace_folders(*targets, text="old")
    replace = os.replace

    def refuse(source: Path, goal: Path) -> None:
        if source.name.startswith(refused) and source.name.endswith(".part"):
            raise OSError(13, "Permission denied")
        replace(source, goal)

    monkeypatch.setattr("bmkit.atomic.os.replace", refuse)
    with pytest.raises(OSError, match="Permission"):
        write_and_replace_folders(*targets)
    assert read_all_files(tmp_path) == {"first/one.csv": b"old", "last/one.csv": b"old"}
    assert sorted(os.listdir(tmp_path)) == ["first", "last"]


def test_what_is_put_in_place_is_on_disk_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def record_call(name: str) -> None:
        call = getattr(os, name)

        def call_and_note(*args: Any) -> None:
            calls.append(name)
            call(*args)

        monkeypatch.setattr(f"bmkit.atomic.os.{name}", call_and_note)

    record_call("fsync")
    record_call("replace")
    create_file(str(tmp_path / "a.json"), b"old")
    rewrite_file(str(tmp_path / "a.json"), b"old", b"new")
    write_and_replace_folders(tmp_path / "c")
    assert calls == ["fsync", "replace"] * 3
    calls.clear()
    write_and_replace_folders(tmp_path / "d", tmp_path / "e")
    assert calls == ["fsync"] * 3 + ["replace"] * 2


def test_added_files_are_all_there_or_none_is(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "folder"
    add_files(folder, {"one.txt": b"1", "in/two.txt": b"2"})
    assert (folder / "in/two.txt").read_bytes() == b"2"
    with pytest.raises(FileExistsError, match="two"):
        add_files(folder, {"new/three.txt": b"3", "in/two.txt": b"other"})
    assert (folder / "in/two.txt").read_bytes() == b"2"
    assert sorted(os.listdir(folder)) == ["in", "one.txt"]
    assert os.listdir(tmp_path) == ["deep"]
