"""The exit status says whose fault it is, and what is said is one clear line."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import bmkit.check
from bmkit import SCHEMAS_VERSION, __version__
from bmkit.cli import main
from bmkit.cli.main import COMMANDS
from bmkit.export import DESCRIPTION_BY_FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BMKIT = [sys.executable, "-m", "bmkit"]


def require_one_line(printed: str) -> str:
    assert printed.startswith("bmkit: ")
    assert printed.endswith("\n")
    assert printed.count("\n") == 1
    return printed


def test_clean_content_is_0(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings in 3 files, 6 records\n"


def test_errors_are_1(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == 1
    out = capsys.readouterr().out
    assert "content/trial-results/trial.json:9:25: error: low 85 is above high 65 [limits.inverted]" in out
    assert out.endswith("\n2 errors, 1 warning in 3 files, 6 records\n")


def test_warnings_fail_only_when_strict(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clean / "content" / "terms" / "site.json").write_text(
        '{"$schema": "../../schema/site.schema.json", "records": ['
        '{"id": "femur", "label": "femur"}, {"id": "pelvis", "label": "pelvis"},'
        '{"id": "spine", "label": "spine"}, {"id": "rib", "label": "rib"}]}\n',
        "utf-8",
    )
    assert main(["validate"]) == 0
    assert capsys.readouterr().out.endswith("0 errors, 1 warning in 3 files, 7 records\n")
    assert main(["validate", "--strict"]) == 1


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["validte"], "No such command 'validte'. Did you mean 'validate'? (see bmkit --help)"),
        (["validate", "--formt", "json"], "--formt"),
        (["validate", "--format", "xml"], "'xml' is not one of"),
        (["validate", "--root", "nowhere"], "nowhere: no such folder"),
        (["validate", "--root", "schema"], "schema: holds no folder content/"),
        (["validate", "--root", "a\0b"], "no such folder"),
        (["validate", "schema/site.schema.json"], "is not part of the content"),
        (["validate", "schema"], "is not part of the content"),
        (["validate", "content/terms/rib.json"], "content/terms/rib.json: there is no such file"),
        (["validate", ""], "'': there is no such file"),
        (
            ["validate", "--select", "limits.invertd"],
            'there is no rule "limits.invertd"; did you mean "limits.inverted"?',
        ),
        (["validate", "--ignore", "limit"], 'there is no rule "limit"; did you mean "limits"?'),
        (["export"], "Missing argument"),
        (["export", "pdf"], 'there is no format "pdf"'),
        (["export", "csv", "--root", "nowhere"], "nowhere: no such folder"),
    ],
)
def test_wrong_use_is_2(clean: Path, capsys: pytest.CaptureFixture[str], args: list[str], part: str) -> None:
    assert main(args) == 2
    captured = capsys.readouterr()
    assert part in require_one_line(captured.err)
    assert captured.out == ""


def test_no_root_upward_is_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["validate"]) == 2
    assert "no content/ and no bmkit.toml here or in a folder above" in require_one_line(
        capsys.readouterr().err
    )


def test_an_unreadable_folder_is_2(
    clean: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(path: str) -> Iterator[os.DirEntry[str]]:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", denied)
    assert main(["validate"]) == 2
    assert "Permission denied" in require_one_line(capsys.readouterr().err)


def test_a_fault_of_ours_is_3_and_asks_to_be_reported(
    clean: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **_options: object) -> list[object]:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(bmkit.check, "find_content_issues", broken)
    monkeypatch.delenv("BMKIT_DEBUG", raising=False)
    assert main(["validate"]) == 3
    message = require_one_line(capsys.readouterr().err)
    assert "please report it: RuntimeError: two lines at test_main.py:" in message
    monkeypatch.setenv("BMKIT_DEBUG", "1")
    with pytest.raises(RuntimeError):
        main(["validate"])


def test_ctrl_c_is_130_and_silent(
    clean: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **_options: object) -> list[object]:
        raise KeyboardInterrupt

    monkeypatch.setattr(bmkit.check, "find_content_issues", interrupted)
    assert main(["validate"]) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("args", [["validate"], ["validate", "--format", "json"], ["--help"]])
def test_a_closed_pipe_is_141_and_silent(faulty: Path, args: list[str]) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        completed = subprocess.run(
            [*BMKIT, *args], stdout=write_end, stderr=subprocess.PIPE, check=False, timeout=60
        )
    finally:
        os.close(write_end)
    assert (completed.returncode, completed.stderr) == (141, b"")


COMMAND_LINES = [
    ["validate"],
    pytest.param(["validate", "--format", "json"], marks=pytest.mark.slow),
    pytest.param(["--help"], marks=pytest.mark.slow),
    pytest.param(["rules"], marks=pytest.mark.slow),
    pytest.param(["fields", "site"], marks=pytest.mark.slow),
]


@pytest.mark.parametrize("args", COMMAND_LINES, ids=" ".join)
def test_a_closed_output_is_silence(clean: Path, args: list[str]) -> None:
    command = shlex.join([*BMKIT, *args])
    completed = subprocess.run(  # noqa: S602  only a shell starts a program without an output
        f"{command} >&-", shell=True, capture_output=True, check=False, timeout=60
    )
    assert (completed.returncode, completed.stdout, completed.stderr) == (0, b"", b"")
    completed = subprocess.run(  # noqa: S602
        f"{command} 2>&-", shell=True, capture_output=True, check=False, timeout=60
    )
    assert (completed.returncode, completed.stderr) == (0, b"")
    assert completed.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no disk that is always full")
@pytest.mark.parametrize("args", COMMAND_LINES, ids=" ".join)
def test_a_full_output_is_2(clean: Path, args: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        completed = subprocess.run(
            [*BMKIT, *args], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
        )
        assert (completed.returncode, completed.stderr) == (
            2,
            b"bmkit: cannot write: no space left on device\n",
        )
        completed = subprocess.run([*BMKIT, *args], stdout=full, stderr=full, check=False, timeout=60)
        assert completed.returncode == 2


@pytest.mark.parametrize(
    "form",
    ["csv", *(pytest.param(form, marks=pytest.mark.slow) for form in DESCRIPTION_BY_FORMAT if form != "csv")],
)
def test_an_export_that_finds_no_room_is_2_and_leaves_nothing_half_done(clean: Path, form: str) -> None:
    resource = pytest.importorskip("resource")

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    # No byte code is written either.
    command = [sys.executable, "-B", "-m", "bmkit", "export", form]
    completed = subprocess.run(
        command,
        preexec_fn=little_room,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    assert (completed.returncode, completed.stderr) == (
        2,
        b"bmkit: build: cannot be written: file too large\n",
    )
    assert not os.path.exists("build")


@pytest.mark.parametrize("program", [BMKIT, [os.path.join(os.path.dirname(sys.executable), "bmkit")]])
def test_nothing_of_a_long_answer_is_lost_at_the_end(faulty: Path, program: list[str]) -> None:
    file = faulty / "content" / "trial-results" / "trial.json"
    wrong = ", ".join(f'{{"id": "wrong {number}"}}' for number in range(300))
    file.write_text(file.read_text("utf-8").replace('"records": [', f'"records": [{wrong},'), "utf-8")
    completed = subprocess.run(
        [*program, "validate", "--all-issues"], capture_output=True, text=True, check=False, timeout=60
    )
    assert completed.returncode == 1
    # Far more than a pipe takes at once.
    assert len(completed.stdout) > 100_000
    assert completed.stdout.endswith(" in 3 files, 306 records\n")


def test_the_command_alone_shows_its_help_as_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("Usage: bmkit ")
    assert captured.out == ""


def test_help_and_version_are_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"bmkit {__version__}, schemas {SCHEMAS_VERSION}\n"
    for name in COMMANDS:
        assert main([name, "--help"]) == 0
        assert capsys.readouterr().out.startswith(f"Usage: bmkit {name} ")


def test_a_completion_script_can_be_had() -> None:
    completed = subprocess.run(
        BMKIT,
        env={**os.environ, "_BMKIT_COMPLETE": "zsh_source"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert completed.returncode == 0
    assert b"#compdef bmkit" in completed.stdout


@pytest.mark.parametrize("form", DESCRIPTION_BY_FORMAT)
def test_an_export_that_is_told_to_end_is_143_and_leaves_what_was_there(
    clean: Path, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", form]) == 0
    before = {path: path.read_bytes() for path in (clean / "build").rglob("*") if path.is_file()}
    handler = signal.getsignal(signal.SIGTERM)
    capsys.readouterr()

    def ended(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("went on")

    with monkeypatch.context() as patch:
        patch.setattr("bmkit.atomic.os.replace", ended)
        assert main(["export", form]) == 143
    assert capsys.readouterr() == ("", "")
    assert {path: path.read_bytes() for path in (clean / "build").rglob("*") if path.is_file()} == before
    assert signal.getsignal(signal.SIGTERM) == handler


_SLOW_RUN = """
import os, sys, time
from bmkit.cli.main import run
os.fsync = lambda _: (print("writing", flush=True), time.sleep(60))
run()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "args",
    [
        "export csv",
        "export xlsx fhir",
        "fmt",
        "init new",
        "validate --baseline known.json --write-baseline",
    ],
)
def test_whoever_writes_ends_cleanly_by_sigterm(clean: Path, args: str) -> None:
    before = {path: path.is_file() and path.read_bytes() for path in clean.rglob("*")}
    with subprocess.Popen(
        [sys.executable, "-c", _SLOW_RUN, *args.split(" ")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        assert [path for path in clean.rglob(".bmkit-*") if path not in before]
        process.terminate()
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (143, b"", b"")
    assert {path: path.is_file() and path.read_bytes() for path in clean.rglob("*")} == before


def test_a_process_that_exports_ends_cleanly_by_sigterm(clean: Path) -> None:
    slow = (
        "import sys, time\n"
        "import bmkit.export.fhir as fhir\n"
        "fhir.format_json = lambda *_, **__: (print('writing', flush=True), time.sleep(60))\n"
        "from bmkit.cli.main import run\n"
        "sys.argv = ['bmkit', 'export', 'fhir']\n"
        "run()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", slow], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        assert len(list((clean / "build").glob(".bmkit-*-fhir.part"))) == 1
        process.terminate()
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (143, b"", b"")
    assert not (clean / "build").exists()
