"""Exports are written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bmkit.export import DESCRIPTION_BY_FORMAT, ExportError, write_export

if TYPE_CHECKING:
    from bmkit.content import Content

# Runs with `make slow`: it makes whole projects, exports or processes.
pytestmark = pytest.mark.slow


def read_all_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Stopped(BaseException):
    """As KeyboardInterrupt, without the test run taking it for one."""


@pytest.mark.parametrize("format_name", DESCRIPTION_BY_FORMAT)
@pytest.mark.parametrize("error_class", [OSError, RuntimeError, Stopped])
def test_what_was_there_stays_when_an_export_breaks_off(
    format_name: str, error_class: type[BaseException], content: Content, tmp_path: Path
) -> None:
    write_export(format_name, content, tmp_path / "out")
    before = read_all_files(tmp_path / "out")

    def stop(_done: float, _total: float) -> None:
        raise error_class(28, "No space left on device")

    with pytest.raises(ExportError if error_class is OSError else error_class):
        write_export(format_name, content, tmp_path / "out", stop)
    assert read_all_files(tmp_path / "out") == before


@pytest.mark.parametrize("format_name", DESCRIPTION_BY_FORMAT)
def test_nothing_is_left_when_the_first_export_breaks_off(
    format_name: str, content: Content, tmp_path: Path
) -> None:
    def stop(_done: float, _total: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        write_export(format_name, content, tmp_path / "out", stop)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("format_name", DESCRIPTION_BY_FORMAT)
def test_an_export_replaces_the_one_before(format_name: str, content: Content, tmp_path: Path) -> None:
    first = write_export(format_name, content, tmp_path / "out")
    before = read_all_files(tmp_path / "out")
    assert write_export(format_name, content, tmp_path / "out") == first
    assert read_all_files(tmp_path / "out") == before
    assert all(path.is_file() for path in first)
    assert not [name for name in before if Path(name).name.startswith(".")]


@pytest.mark.parametrize("format_name", DESCRIPTION_BY_FORMAT)
@pytest.mark.parametrize(
    "stranger",
    [
        "thesis.docx",
        "trial/thesis.docx",
        "trial (reviewed).xlsx",
        "mine/site.csv",
        "mine.csv",
        "trial/mine.csv",
    ],
)
def test_a_folder_with_other_files_is_not_swept_away(
    format_name: str, stranger: str, content: Content, tmp_path: Path
) -> None:
    write_export(format_name, content, tmp_path)
    folder = tmp_path / format_name
    (folder / stranger).parent.mkdir(exist_ok=True)
    (folder / stranger).write_text("years of work", encoding="utf-8")
    before = read_all_files(tmp_path)
    with pytest.raises(ExportError, match=r"holds (thesis|trial|mine).*; name another folder"):
        write_export(format_name, content, tmp_path)
    assert read_all_files(tmp_path) == before


@pytest.mark.parametrize("format_name", DESCRIPTION_BY_FORMAT)
def test_a_folder_that_no_export_wrote_is_not_swept_away(
    format_name: str, content: Content, tmp_path: Path
) -> None:
    write_export(format_name, content, tmp_path)
    folder = tmp_path / format_name
    (folder / "exported-files.txt").unlink()
    before = read_all_files(tmp_path)
    with pytest.raises(ExportError, match="which is not of an earlier export"):
        write_export(format_name, content, tmp_path)
    assert read_all_files(tmp_path) == before


@pytest.mark.parametrize("format_name", DESCRIPTION_BY_FORMAT)
def test_a_file_in_the_place_of_the_folder_is_one_clear_line(
    format_name: str, content: Content, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match=r"out: cannot be written: \w+") as caught:
        write_export(format_name, content, tmp_path / "out")
    assert "\n" not in str(caught.value)


def test_progress_only_grows_and_reaches_the_end(content: Content, tmp_path: Path) -> None:
    for format_name in DESCRIPTION_BY_FORMAT:
        ticks: list[tuple[float, float]] = []

        def tick(done: float, total: float, ticks: list[tuple[float, float]] = ticks) -> None:
            ticks.append((done, total))

        write_export(format_name, content, tmp_path, tick)
        assert [done for done, _ in ticks] == sorted({done for done, _ in ticks})
        assert ticks[-1] == (1, 1)
