"""Files and folders change in one step, or not at all."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from bmkit import atomic
from bmkit.atomic import (
    OwnPaths,
    WriteError,
    add_files,
    create_file,
    remove_leftovers,
    replace_folders,
    rewrite_file,
)

if TYPE_CHECKING:
    from collections.abc import Callable
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


def save_in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def save_by_rename(path: Path, data: bytes) -> None:
    (path.parent / "saved").write_bytes(data)
    os.replace(path.parent / "saved", path)


def test_what_somebody_saved_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"theirs")
    with pytest.raises(WriteError, match="changed meanwhile"):
        rewrite_file(str(path), b"what was read", b"ours")
    assert path.read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["a.json"]


@pytest.mark.skipif(sys.platform not in {"linux", "darwin"}, reason="files cannot be swapped there")
@pytest.mark.parametrize("save", [save_in_place, save_by_rename])
@pytest.mark.parametrize("save_count", [1, 2])
def test_what_somebody_saves_between_look_and_swap_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path, bytes], None], save_count: int
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    exchange, saves = atomic._exchange_files, [b"theirs", b"theirs again"][:save_count]  # noqa: SLF001

    def save_and_exchange(partial_file: Path, target: Path) -> bool:
        if saves:
            save(target, saves.pop(0))
        return exchange(partial_file, target)

    monkeypatch.setattr(atomic, "_exchange_files", save_and_exchange)
    with pytest.raises(WriteError, match="changed meanwhile"):
        rewrite_file(str(path), b"old", b"ours")
    assert path.read_bytes() == (b"theirs" if save_count == 1 else b"theirs again")
    assert os.listdir(tmp_path) == ["a.json"]


@pytest.mark.parametrize(
    "write",
    [
        lambda folder: create_file(str(folder / "a.json"), b"ours"),
        lambda folder: add_files(folder, {"a.json": b"ours"}),
    ],
)
def test_a_file_that_somebody_creates_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None]
) -> None:
    link = os.link

    def create_and_link(source: Path, goal: Path) -> None:
        goal.write_bytes(b"theirs")
        link(source, goal)

    monkeypatch.setattr(os, "link", create_and_link)
    with pytest.raises(FileExistsError):
        write(tmp_path)
    assert read_all_files(tmp_path) == {"a.json": b"theirs"}


def test_where_files_cannot_be_swapped_or_linked_they_are_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(atomic, "_exchange_files", lambda *_: False)
    monkeypatch.setattr(os, "link", refuse)
    create_file(str(tmp_path / "a.json"), b"old")
    rewrite_file(str(tmp_path / "a.json"), b"old", b"new")
    with pytest.raises(FileExistsError):
        create_file(str(tmp_path / "a.json"), b"other")
    assert read_all_files(tmp_path) == {"a.json": b"new"}


def test_what_is_as_wanted_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"new")
    inode = os.stat(tmp_path / "a.json").st_ino
    rewrite_file(str(tmp_path / "a.json"), b"old", b"new")
    assert os.stat(tmp_path / "a.json").st_ino == inode


def test_hard_links_are_not_parted(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    os.link(tmp_path / "a.json", tmp_path / "b.json")
    with pytest.raises(WriteError, match=r"a\.json: has 2 names \(hard links\), which must not be parted"):
        rewrite_file(str(tmp_path / "a.json"), b"old", b"new")
    assert read_all_files(tmp_path) == {"a.json": b"old", "b.json": b"old"}
    assert os.path.samefile(tmp_path / "a.json", tmp_path / "b.json")


@pytest.mark.parametrize("mode", [0o444, 0o400, 0o555])
def test_a_read_only_file_is_not_rewritten(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    os.chmod(tmp_path / "a.json", mode)
    with pytest.raises(WriteError, match=r"a\.json: is read-only"):
        rewrite_file(str(tmp_path / "a.json"), b"old", b"new")
    assert read_all_files(tmp_path) == {"a.json": b"old"}


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_an_output_folder_and_its_files_keep_their_permissions(tmp_path: Path) -> None:
    write_and_replace_folders(tmp_path / "kept", text="old")
    os.chmod(tmp_path / "kept", 0o2700)
    os.chmod(tmp_path / "kept" / "one.csv", 0o640)
    with replace_folders([tmp_path / "kept"], find_own_paths) as (folder,):
        (folder / "one.csv").write_text("new", encoding="utf-8")
        (folder / "bulk").mkdir()
        (folder / "bulk" / "one.csv").write_text("new", encoding="utf-8")
    assert stat.S_IMODE(os.stat(tmp_path / "kept").st_mode) == 0o2700
    assert stat.S_IMODE(os.stat(tmp_path / "kept" / "one.csv").st_mode) == 0o640
    (tmp_path / "usual").write_bytes(b"")
    usual_mode = os.stat(tmp_path / "usual").st_mode
    assert os.stat(tmp_path / "kept" / "bulk" / "one.csv").st_mode == usual_mode


def test_what_somebody_puts_in_while_folders_are_swapped_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_and_replace_folders(tmp_path / "first", tmp_path / "last", text="old")
    replace = os.replace

    def replace_and_put_in(source: Path, goal: Path) -> None:
        if source.name == "last":
            (source / "thesis.docx").write_text("years of work", encoding="utf-8")
        replace(source, goal)

    monkeypatch.setattr("bmkit.atomic.os.replace", replace_and_put_in)
    with pytest.raises(WriteError, match=r"last: holds thesis\.docx, which is not of an earlier export"):
        write_and_replace_folders(tmp_path / "first", tmp_path / "last")
    assert read_all_files(tmp_path) == {
        "first/one.csv": b"old",
        "last/one.csv": b"old",
        "last/thesis.docx": b"years of work",
    }


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


def test_what_a_killed_run_left_is_taken_away_by_the_next(tmp_path: Path, ended_process_id: int) -> None:
    running_id = os.getppid()
    for process_id in (ended_process_id, os.getpid(), running_id):
        for suffix in ("part", "old"):
            path = tmp_path / f".bmkit-{process_id}-kept.{suffix}"
            path.mkdir()
            (path / "half").write_text("half", encoding="utf-8")
        (tmp_path / f".bmkit-{process_id}-old.json.part").write_text("half", encoding="utf-8")
    (tmp_path / f".bmkit-{ended_process_id}-link.part").symlink_to(tmp_path / "kept")
    mine = [f".kept.{ended_process_id}.part", ".bmkit-part", f".bmkit-{ended_process_id}-kept.new"]
    for name in mine:
        (tmp_path / name).write_text("mine", encoding="utf-8")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "one.csv").write_text("old", encoding="utf-8")
    remove_leftovers(tmp_path)
    running = [f".bmkit-{running_id}-{rest}" for rest in ("kept.old", "kept.part", "old.json.part")]
    assert sorted(os.listdir(tmp_path)) == sorted([*mine, *running, "kept"])
    assert read_all_files(tmp_path / "kept") == {"one.csv": b"old"}


WRITES = {
    "create": lambda folder: create_file(str(folder / "new.json"), b"new"),
    "rewrite": lambda folder: rewrite_file(str(folder / "a.json"), b"old", b"new"),
    "replace": lambda folder: write_and_replace_folders(folder / "kept"),
    "add": lambda folder: add_files(folder, {"two.json": b"2"}),
}


@pytest.mark.parametrize("name", WRITES)
def test_whoever_writes_takes_away_what_another_left_beside_it(
    tmp_path: Path, ended_process_id: int, name: str
) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    (tmp_path / f".bmkit-{ended_process_id}-other.json.part").write_bytes(b"half")
    (tmp_path / f".bmkit-{ended_process_id}-csv.part").mkdir()
    WRITES[name](tmp_path)
    assert not list(tmp_path.glob(".bmkit-*"))


def test_what_a_killed_export_had_taken_away_is_put_back(tmp_path: Path, ended_process_id: int) -> None:
    (tmp_path / f".bmkit-{ended_process_id}-kept.old").mkdir()
    (tmp_path / f".bmkit-{ended_process_id}-kept.old" / "one.csv").write_text("old", encoding="utf-8")
    with pytest.raises(Stopped), replace_folders([tmp_path / "kept"], find_own_paths):
        raise Stopped
    assert read_all_files(tmp_path) == {"kept/one.csv": b"old"}


@pytest.mark.skipif(sys.platform == "win32", reason="names are shorter there")
def test_no_temporary_name_is_too_long(tmp_path: Path) -> None:
    name = "\N{LATIN SMALL LETTER E WITH ACUTE}" * 127
    create_file(str(tmp_path / name), b"old")
    rewrite_file(str(tmp_path / name), b"old", b"new")
    write_and_replace_folders(tmp_path / f"{name[:-1]}x")
    add_files(tmp_path / f"{name[:-1]}y", {name: b"1"})
    assert (tmp_path / name).read_bytes() == b"new"
    assert len(os.listdir(tmp_path)) == 3


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
    (tmp_path / f".bmkit-{ended_process_id}-last.part").mkdir()
    (tmp_path / f".bmkit-{ended_process_id}.names").write_text("new new\nnew last\nnew ../away\n")
    write_and_replace_folders(tmp_path / "last")
    assert read_all_files(tmp_path) == {"new/thesis.docx": b"years of work", "last/one.csv": b"new"}
    assert sorted(os.listdir(tmp_path)) == ["last", "new"]


@pytest.mark.parametrize("refused", ["-first", "-last"])
def test_a_folder_is_put_back_when_it_cannot_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    targets = [tmp_path / "first", tmp_path / "last"]
    write_and_replace_folders(*targets, text="old")
    replace = os.replace

    def refuse(source: Path, goal: Path) -> None:
        if source.name.endswith(f"{refused}.part"):
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

    for name in ("fsync", "replace", "link"):
        record_call(name)
    monkeypatch.setattr("bmkit.atomic._exchange_files", lambda *_: False)
    create_file(str(tmp_path / "a.json"), b"old")
    rewrite_file(str(tmp_path / "a.json"), b"old", b"new")
    write_and_replace_folders(tmp_path / "c")
    assert calls == ["fsync", "link", "fsync", "replace", "fsync", "replace"]
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
