"""Files and folders change in one step, or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.atomic import WriteError, add_files, create_file, replace_file, replace_folder, rewrite_file

if TYPE_CHECKING:
    from pathlib import Path


class Stopped(BaseException):
    """As KeyboardInterrupt, without the test run taking it for one."""


def read_all_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write_and_replace_file(target: Path) -> None:
    with replace_file(target) as partial_file:
        partial_file.write_text("new", encoding="utf-8")


def write_half_a_file(target: Path) -> None:
    with replace_file(target) as partial_file:
        partial_file.write_text("half", encoding="utf-8")
        raise Stopped


def write_and_replace_folder(target: Path, text: str = "new") -> None:
    with replace_folder(target, lambda _: True) as partial_folder:
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
    for name in ("rewritten", "replaced"):
        (tmp_path / name).write_bytes(b"old")
        os.chmod(tmp_path / name, 0o640)
    rewrite_file(str(tmp_path / "rewritten"), b"old", b"new")
    write_and_replace_file(tmp_path / "replaced")
    assert read_all_files(tmp_path) == {"rewritten": b"new", "replaced": b"new"}
    assert {stat.S_IMODE(os.stat(path).st_mode) for path in tmp_path.iterdir()} == {0o640}


def test_a_file_that_was_never_finished_is_not_put_in_place(tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(Stopped):
        write_half_a_file(target)
    assert target.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["kept"]


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "disk" / "kept").mkdir(parents=True)
    (tmp_path / "disk" / "kept" / "one.csv").write_text("old", encoding="utf-8")
    (tmp_path / "disk" / "book.xlsx").write_text("old", encoding="utf-8")
    for name in ("kept", "book.xlsx"):
        (tmp_path / name).symlink_to(tmp_path / "disk" / name)
    write_and_replace_folder(tmp_path / "kept")
    write_and_replace_file(tmp_path / "book.xlsx")
    assert (tmp_path / "kept").is_symlink()
    assert (tmp_path / "book.xlsx").is_symlink()
    assert read_all_files(tmp_path / "disk") == {"kept/one.csv": b"new", "book.xlsx": b"new"}
    assert sorted(os.listdir(tmp_path)) == ["book.xlsx", "disk", "kept"]
    assert sorted(os.listdir(tmp_path / "disk")) == ["book.xlsx", "kept"]


def test_a_link_inside_a_folder_is_not_of_an_export(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "bulk").symlink_to(tmp_path / "disk")
    with pytest.raises(WriteError, match="holds bulk, which is not"):
        write_and_replace_folder(tmp_path / "kept")
    assert (tmp_path / "kept" / "bulk").is_symlink()


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
    (tmp_path / f".book.xlsx.{ended_process_id}.part").write_text("half", encoding="utf-8")
    (tmp_path / "kept").mkdir()
    for name in ("new.json", "old.json"):
        (tmp_path / f".{name}.{ended_process_id}.part").write_text("half", encoding="utf-8")
    (tmp_path / "old.json").write_bytes(b"old")
    write_and_replace_folder(tmp_path / "kept")
    write_and_replace_file(tmp_path / "book.xlsx")
    create_file(str(tmp_path / "new.json"), b"new")
    rewrite_file(str(tmp_path / "old.json"), b"old", b"new")
    expected = [
        f".kept.{running_id}.old",
        f".kept.{running_id}.part",
        f".kept.{ended_process_id}.part.txt",
        f".other.{ended_process_id}.part",
    ]
    assert sorted(os.listdir(tmp_path)) == sorted([*expected, "kept", "book.xlsx", "new.json", "old.json"])


def test_what_a_killed_export_had_taken_away_is_put_back(tmp_path: Path, ended_process_id: int) -> None:
    (tmp_path / f".kept.{ended_process_id}.old").mkdir()
    (tmp_path / f".kept.{ended_process_id}.old" / "one.csv").write_text("old", encoding="utf-8")
    with pytest.raises(Stopped), replace_folder(tmp_path / "kept", lambda _: True):
        raise Stopped
    assert read_all_files(tmp_path) == {"kept/one.csv": b"old"}


@pytest.mark.parametrize("stop_after", [1, 2])
def test_a_signal_between_the_two_renames_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_after: int
) -> None:
    write_and_replace_folder(tmp_path / "kept", "old")
    replace, call_count = os.replace, 0

    def replace_and_stop(source: Path, goal: Path) -> None:
        nonlocal call_count
        replace(source, goal)
        call_count += 1
        if call_count == stop_after:
            raise Stopped

    monkeypatch.setattr("bmkit.atomic.os.replace", replace_and_stop)
    with pytest.raises(Stopped):
        write_and_replace_folder(tmp_path / "kept")
    assert read_all_files(tmp_path) == {"kept/one.csv": b"old" if stop_after == 1 else b"new"}


def test_a_folder_is_put_back_when_it_cannot_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "kept"
    target.mkdir()
    (target / "one.csv").write_text("old", encoding="utf-8")
    replace = os.replace

    def refuse(source: Path, goal: Path) -> None:
        if str(source).endswith(".part"):
            raise OSError(13, "Permission denied")
        replace(source, goal)

    monkeypatch.setattr("bmkit.atomic.os.replace", refuse)
    with pytest.raises(OSError, match="Permission"), replace_folder(target, lambda _: True) as partial_folder:
        (partial_folder / "one.csv").write_text("new", encoding="utf-8")
    assert read_all_files(tmp_path) == {"kept/one.csv": b"old"}


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
    write_and_replace_file(tmp_path / "b.json")
    write_and_replace_folder(tmp_path / "c")
    assert calls == ["fsync", "replace"] * 4


def test_added_files_are_all_there_or_none_is(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "folder"
    add_files(folder, {"one.txt": b"1", "in/two.txt": b"2"})
    assert (folder / "in/two.txt").read_bytes() == b"2"
    with pytest.raises(FileExistsError, match="two"):
        add_files(folder, {"new/three.txt": b"3", "in/two.txt": b"other"})
    assert (folder / "in/two.txt").read_bytes() == b"2"
    assert sorted(os.listdir(folder)) == ["in", "one.txt"]
    assert os.listdir(tmp_path) == ["deep"]
