"""bmkit import, as it is called: what it prints, writes and returns."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bmkit.cli import main, write_back

from .conftest import Project, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEASURES, SITES = "content/trial/measure.json", "content/terms/site.json"


class Desk:
    """A copy of the project, its workbook edited, and the command called on both."""

    def __init__(self, project: Project, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._project = project
        self.root = root
        self._capsys = capsys

    def edit(self, change: Callable[[Any], object]) -> Path:
        book = openpyxl.load_workbook(self._project.path)
        change(book)
        path = self.root / "trial.xlsx"
        book.save(path)
        return path

    def edit_cell(self, record_id: str, heading: str, value: Any) -> Path:
        return self.edit(
            lambda book: setattr(Sheet(book["measure"]).cell(record_id, heading), "value", value)
        )

    def run(self, path: Path, *options: str) -> tuple[int, str, str]:
        """Return the exit status, and what was written to standard output and standard error."""
        self._capsys.readouterr()
        status = main(["import", "xlsx", str(path), "--root", str(self.root), *options])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err

    def read(self, path: str = MEASURES) -> str:
        return (self.root / path).read_text("utf-8")


@pytest.fixture
def desk(sheet_project: Project, copied_root: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    assert main(["fmt", "--root", str(copied_root)]) == 0
    return Desk(sheet_project, copied_root, capsys)


def test_a_dry_run_shows_the_patch_and_the_sentences_and_writes_nothing(desk: Desk) -> None:
    path = desk.edit_cell("m-1", "Dose: value", 5)
    before = desk.read()
    status, out, err = desk.run(path, "--dry-run")
    assert status == 0
    assert desk.read() == before
    changed_lines = [line for line in out.split("\n") if line.startswith(("-  ", "+  "))]
    assert [line.strip("+- ,") for line in changed_lines] == [
        '"dose": {"value": 4.0, "unit": "mg"}',
        '"dose": {"value": 5, "unit": "mg"}',
    ]
    assert "  Dose: 4.0 mg → 5 mg\n" in out
    assert "  was: Ribs takes 4.0 mg" in out
    assert "  now: Ribs takes 5 mg" in out
    assert err.endswith("1 file would be written\n")


def test_an_import_writes_one_line_and_then_there_is_nothing_to_do(desk: Desk) -> None:
    path = desk.edit_cell("m-1", "Dose: value", 5)
    before = desk.read().split("\n")
    status, out, err = desk.run(path)
    assert (status, err) == (0, "1 file written\n")
    assert out.endswith(f"{MEASURES}\n")
    after = desk.read().split("\n")
    [number] = [number for number, line in enumerate(before) if after[number] != line]
    assert after[number].strip() == '"dose": {"value": 5, "unit": "mg"},'
    assert len(after) == len(before)
    assert desk.run(path) == (0, "", "nothing was changed\n")


def test_nothing_is_written_while_a_cell_cannot_be_read(desk: Desk) -> None:
    def change(book: Any) -> None:
        Sheet(book["measure"]).cell("m-1", "Ratio").value = "4,5"
        Sheet(book["measure"]).cell("m-2", "Words").value = "other"

    path = desk.edit(change)
    before = desk.read()
    status, out, err = desk.run(path)
    assert status == 1
    assert f"{path}: measure!" in out
    assert ': error: Ratio: "4,5" is no number (write 4.5 with a point if that is meant)' in out
    assert err == "nothing was written: cells that cannot be taken over\n"
    assert desk.read() == before


def test_nothing_is_written_while_there_are_new_errors_told_at_cell_and_place(desk: Desk) -> None:
    path = desk.edit_cell("m-1", "Count", 41)
    before = desk.read()
    status, out, err = desk.run(path)
    assert status == 1
    [line] = [line for line in out.split("\n") if "error: measure!" in line]
    assert f"{MEASURES}:" in line
    assert "41" in line
    assert err == "nothing was written: 1 new error\n"
    assert desk.read() == before


def test_errors_that_were_there_before_hinder_nothing(desk: Desk) -> None:
    measures = desk.root / MEASURES
    measures.write_text(desk.read().replace('"count": 7', '"count": 77'), "utf-8")
    status, out, _ = desk.run(desk.edit_cell("m-3", "Words", "other"))
    assert status == 0
    assert "note: " not in out
    # What an honest change brings is told.
    assert out.count("error: ") == out.count("[source.no-text]") == 1
    assert '"count": 77' in desk.read()
    assert '"words": "other"' in desk.read()


def test_rows_that_are_gone_are_removed_on_demand(desk: Desk) -> None:
    path = desk.edit(lambda book: book["measure"].delete_rows(Sheet(book["measure"]).row("m-2")))
    status, out, err = desk.run(path)
    assert (status, err) == (0, "nothing was changed\n")
    assert out == f'{path}: measure: note: "m-2" has no row any more, and stays (--delete removes it)\n'
    assert desk.run(path, "--delete")[0] == 0
    assert '"m-2"' not in desk.read()


def test_a_workbook_without_its_hidden_sheets_is_compared_on_demand(desk: Desk) -> None:
    def change(book: Any) -> None:
        for name in ("bmkit lists", "bmkit map", "bmkit records"):
            del book[name]
        Sheet(book["measure"]).cell("m-1", "Site").value = "spine"

    path = desk.edit(change)
    status, out, err = desk.run(path)
    assert (status, out) == (2, "")
    assert "has no hidden sheets that say what was exported; with --without-base it is compared" in err
    status, out, err = desk.run(path, "--without-base")
    assert (status, err) == (0, "1 file written\n")
    assert "Site: ribs → spine" in out
    assert desk.run(path, "--without-base") == (0, "", "nothing was changed\n")


def test_the_text_gives_the_digest_of_a_new_place(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("Äpfel are not bones.", "utf-8")

    def change(book: Any) -> None:
        Sheet(book["measure"]).append(
            Id="new-id", Site="ribs (ribs-left)", Dose__value=5, Dose__unit="mg",
            Source__section="the first section", Source__spans="0–5",
        )  # fmt: skip

    path = desk.edit(change)
    assert desk.run(path)[0] == 1
    assert desk.run(path, "--text", str(tmp_path / "article.txt"))[0] == 0
    digest = hashlib.sha256("Äpfel".encode()).hexdigest()[:16]
    assert f'{{"start": 0, "end": 5, "digest": "{digest}"}}' in desk.read()


def test_all_files_are_written_or_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(book: Any) -> None:
        Sheet(book["measure"]).cell("m-1", "Words").value = "other"
        Sheet(book["site"]).cell("ribs", "Label").value = "Costae"

    path = desk.edit(change)
    before = [desk.read(name) for name in (MEASURES, SITES)]
    write = write_back.write_back

    def fail_second(root: str, file: str, old_text: str, new_text: str) -> bool:
        return file != MEASURES and write(root, file, old_text, new_text)

    monkeypatch.setattr(write_back, "write_back", fail_second)
    status, _, err = desk.run(path)
    assert status == 2
    assert err.endswith("nothing was written\n")
    assert [desk.read(name) for name in (MEASURES, SITES)] == before


def test_what_cannot_be_read_is_wrong_use(desk: Desk, tmp_path: Path) -> None:
    for name, message in (("missing.xlsx", "no such file"), ("none.xlsx", "is not a workbook")):
        path = tmp_path / name
        if name == "none.xlsx":
            path.write_text("Id", "utf-8")
        status, out, err = desk.run(path)
        assert (status, out) == (2, "")
        assert message in err
    # One that misses what it names.
    path = desk.edit(str)
    (desk.root / MEASURES).write_text("{", "utf-8")
    status, out, err = desk.run(path)
    assert (status, out) == (2, "")
    assert MEASURES in err
