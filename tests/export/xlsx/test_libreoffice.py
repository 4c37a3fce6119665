"""The workbook in another spreadsheet program, where there is one."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.export.conftest import NASTY

from bmkit.export import write_export

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content

OFFICE, READER = shutil.which("soffice"), shutil.which("pdftotext")


@pytest.mark.audit
@pytest.mark.skipif(not (OFFICE and READER), reason="needs soffice and pdftotext")
def test_libreoffice_shows_every_text_and_no_hashes(content: Content, tmp_path: Path) -> None:
    [workbook_file] = write_export("xlsx", content, tmp_path)
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    subprocess.run(
        [
            str(OFFICE),
            home,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(workbook_file.parent),
            str(workbook_file),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pdf = str(workbook_file.with_suffix(".pdf"))
    done = subprocess.run([str(READER), "-layout", pdf, "-"], check=True, capture_output=True, text=True)
    shown = done.stdout
    assert "###" not in shown
    assert "Err:" not in shown
    for text in NASTY:
        if text.isprintable() and "_x" not in text:
            assert text.strip() in shown
    for text in ("4.0", "19.99", "0.50", "2024-02-29", "at most", "mcg", "choice number 59"):
        assert text in shown
