"""Exports are written whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bmkit.export import DESCRIPTION_BY_FORMAT, ExportError, write_export
from bmkit.export.whole import replace_file, replace_folder

if TYPE_CHECKING:
    from bmkit.content import Content


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Stopped(BaseException):
    """As KeyboardInterrupt, without the test run taking it for one."""


@pytest.mark.parametrize("form", DESCRIPTION_BY_FORMAT)
@pytest.mark.parametrize("kind", [OSError, RuntimeError, Stopped])
def test_what_was_there_stays_when_an_export_breaks_off(
    form: str, kind: type[BaseException], content: Content, tmp_path: Path
) -> None:
    write_export(form, content, tmp_path / "out")
    before = everything(tmp_path / "out")

    def stop(_done: int, _total: int) -> None:
        raise kind(28, "No space left on device")

    with pytest.raises(ExportError if kind is OSError else kind):
        write_export(form, content, tmp_path / "out", stop)
    assert everything(tmp_path / "out") == before


@pytest.mark.parametrize("form", DESCRIPTION_BY_FORMAT)
def test_nothing_is_left_when_the_first_export_breaks_off(
    form: str, content: Content, tmp_path: Path
) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        write_export(form, content, tmp_path / "out", stop)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("form", DESCRIPTION_BY_FORMAT)
def test_an_export_replaces_the_one_before(form: str, content: Content, tmp_path: Path) -> None:
    first = write_export(form, content, tmp_path / "out")
    before = everything(tmp_path / "out")
    assert write_export(form, content, tmp_path / "out") == first
    assert everything(tmp_path / "out") == before
    assert all(path.is_file() for path in first)
    assert not [name for name in before if Path(name).name.startswith(".")]


def test_a_file_of_a_kind_that_is_gone_does_not_stay(content: Content, tmp_path: Path) -> None:
    write_export("csv", content, tmp_path)
    (tmp_path / "csv" / "gone.csv").write_text("id\r\n", encoding="utf-8")
    write_export("csv", content, tmp_path)
    assert not (tmp_path / "csv" / "gone.csv").exists()


def test_a_folder_with_other_files_is_not_swept_away(content: Content, tmp_path: Path) -> None:
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(ExportError, match=r"holds thesis\.docx"):
        write_export("csv", content, tmp_path)
    assert (tmp_path / "csv" / "thesis.docx").read_text(encoding="utf-8") == "years of work"


@pytest.mark.parametrize("form", DESCRIPTION_BY_FORMAT)
def test_a_file_in_the_place_of_the_folder_is_one_clear_line(
    form: str, content: Content, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match=r"out: cannot be written: \w+") as caught:
        write_export(form, content, tmp_path / "out")
    assert "\n" not in str(caught.value)


def test_progress_counts_every_record_once(content: Content, tmp_path: Path) -> None:
    total = sum(len(content.list_records(kind.name)) for kind in content.list_kinds())
    for form in DESCRIPTION_BY_FORMAT:
        ticks: list[tuple[int, int]] = []

        def tick(done: int, total: int, ticks: list[tuple[int, int]] = ticks) -> None:
            ticks.append((done, total))

        write_export(form, content, tmp_path, tick)
        assert [done for done, _ in ticks] == sorted({done for done, _ in ticks})
        assert ticks[-1] == (total, total)


def half(target: Path) -> None:
    with replace_file(target) as part:
        part.write_text("half", encoding="utf-8")
        raise Stopped


def test_a_file_that_was_never_finished_is_not_put_in_place(tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(Stopped):
        half(target)
    assert target.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["kept"]


def put(target: Path, text: str = "new") -> None:
    with replace_folder(target, lambda _: True) as part:
        (part / "one.csv").write_text(text, encoding="utf-8")


def put_file(target: Path) -> None:
    with replace_file(target) as part:
        part.write_text("new", encoding="utf-8")


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "disk" / "kept").mkdir(parents=True)
    (tmp_path / "disk" / "kept" / "one.csv").write_text("old", encoding="utf-8")
    (tmp_path / "disk" / "book.xlsx").write_text("old", encoding="utf-8")
    for name in ("kept", "book.xlsx"):
        (tmp_path / name).symlink_to(tmp_path / "disk" / name)
    put(tmp_path / "kept")
    put_file(tmp_path / "book.xlsx")
    assert (tmp_path / "kept").is_symlink()
    assert (tmp_path / "book.xlsx").is_symlink()
    assert everything(tmp_path / "disk") == {"kept/one.csv": b"new", "book.xlsx": b"new"}
    assert sorted(os.listdir(tmp_path)) == ["book.xlsx", "disk", "kept"]
    assert sorted(os.listdir(tmp_path / "disk")) == ["book.xlsx", "kept"]


def test_a_link_inside_a_folder_is_not_of_an_export(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "bulk").symlink_to(tmp_path / "disk")
    with pytest.raises(ExportError, match="holds bulk, which is not"):
        put(tmp_path / "kept")
    assert (tmp_path / "kept" / "bulk").is_symlink()


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    return int(subprocess.check_output([sys.executable, "-c", "import os; print(os.getpid())"]))


def test_what_a_killed_export_left_is_taken_away(tmp_path: Path, gone: int) -> None:
    living = os.getppid()
    for number in (gone, os.getpid(), living):
        for why in ("part", "old"):
            (tmp_path / f".kept.{number}.{why}").mkdir()
            (tmp_path / f".kept.{number}.{why}" / "half").write_text("half", encoding="utf-8")
    (tmp_path / f".kept.{gone}.part.txt").write_text("mine", encoding="utf-8")
    (tmp_path / f".other.{gone}.part").write_text("of another target", encoding="utf-8")
    (tmp_path / f".book.xlsx.{gone}.part").write_text("half", encoding="utf-8")
    (tmp_path / "kept").mkdir()
    put(tmp_path / "kept")
    put_file(tmp_path / "book.xlsx")
    expected = [
        f".kept.{living}.old",
        f".kept.{living}.part",
        f".kept.{gone}.part.txt",
        f".other.{gone}.part",
    ]
    assert sorted(os.listdir(tmp_path)) == sorted([*expected, "kept", "book.xlsx"])


def test_what_a_killed_export_had_taken_away_is_put_back(tmp_path: Path, gone: int) -> None:
    (tmp_path / f".kept.{gone}.old").mkdir()
    (tmp_path / f".kept.{gone}.old" / "one.csv").write_text("old", encoding="utf-8")
    with pytest.raises(Stopped), replace_folder(tmp_path / "kept", lambda _: True):
        raise Stopped
    assert everything(tmp_path) == {"kept/one.csv": b"old"}


@pytest.mark.parametrize("after", [1, 2])
def test_a_signal_between_the_two_renames_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    put(tmp_path / "kept", "old")
    real, done = os.replace, 0

    def interrupted(source: Path, goal: Path) -> None:
        nonlocal done
        real(source, goal)
        done += 1
        if done == after:
            raise Stopped

    monkeypatch.setattr("bmkit.export.whole.os.replace", interrupted)
    with pytest.raises(Stopped):
        put(tmp_path / "kept")
    assert everything(tmp_path) == {"kept/one.csv": b"old" if after == 1 else b"new"}


def test_a_folder_is_put_back_when_it_cannot_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "kept"
    target.mkdir()
    (target / "one.csv").write_text("old", encoding="utf-8")
    real = os.replace

    def fail(source: Path, goal: Path) -> None:
        if str(source).endswith(".part"):
            raise OSError(13, "Permission denied")
        real(source, goal)

    monkeypatch.setattr("bmkit.export.whole.os.replace", fail)
    with pytest.raises(OSError, match="Permission"), replace_folder(target, lambda _: True) as part:
        (part / "one.csv").write_text("new", encoding="utf-8")
    assert everything(tmp_path) == {"kept/one.csv": b"old"}
