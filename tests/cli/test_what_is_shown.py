"""Whatever strangers put into names, keys, values, schemas and settings: what is printed does not act."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.cli import main
from bmkit.report import REPORT_FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What acts on a terminal, in the log of a CI run, in Markdown or in XML.
NAME = (
    "boo\n::error::a\r##[error]b ##vso[x]c \x1b[2J\x1b[1m\x1b]8;;x:\x1b\\\x07 \x9b31m\x7f"
    "\u202e\u2066\u200b\u2028 <b>&amp;]]> [d](x:e) ${f} %0A"
)
START = "::warning::" + NAME
TRIAL = "content/trial-results/trial.json"
SITE = "content/terms/site.json"
SITE_SCHEMA = "schema/site.schema.json"


def quote(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def assert_harmless(output: bytes, form: str = "", *, has_colour: bool = False) -> str:
    """Assert that nothing in a command's output acts, and return it."""
    text = output.decode("utf-8")
    assert "boo" in text
    if has_colour:
        text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    acting = [c for c in text if c != "\n" and (unicodedata.category(c)[0] == "C" or c in "\u2028\u2029")]
    assert acting == []
    assert not re.search(r"##[A-Za-z]*\[", text)
    commands = re.findall(r"(?m)^\s*::.*", text)
    if form == "github":
        assert all(re.match(r"::(error|warning) file=[^:]*,title=[a-z.-]+::", line) for line in commands)
        assert len(commands) == len(text.splitlines()) - 1
    else:
        assert commands == []
    return text


def replace_text(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def hostile(faulty: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with hostile names and values wherever content can have them, beside the current folder."""
    records = json.loads((faulty / TRIAL).read_text("utf-8"))["records"]
    records[0] |= {"id": NAME, "published": NAME, NAME: NAME}
    records[1] |= {"sites": [NAME, START], "dose": {"value": 4, "unit": NAME, NAME: 1}}
    records.append(records[0])
    (faulty / TRIAL).write_text(
        json.dumps({"$schema": NAME, "records": records}, ensure_ascii=False), "utf-8"
    )
    (faulty / "content" / START).mkdir()
    (faulty / "content" / START / "site.json").write_text(
        f'{{\r"records": [{{"id": "a", "label": {quote(NAME)},\r"x": {quote(START)}}}]}}', "utf-8"
    )
    (faulty / "content" / "terms" / f"{NAME}.json").write_text('{"records": []}', "utf-8")
    (faulty / "content" / "terms" / f"{START}.txt").write_text("", "utf-8")
    (faulty / "content" / "codes.lock.tsv").write_text(f"system\tcode\tdisplay\n{NAME}\tx\n", "utf-8")
    folder = faulty.parent / START
    faulty.rename(folder)
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("COLUMNS", "500")
    return folder


@pytest.mark.parametrize("form", REPORT_FORMATS)
def test_reports_do_not_act(hostile: Path, capfdbinary: pytest.CaptureFixture[bytes], form: str) -> None:
    assert main(["validate", "--root", hostile.name, "--format", form]) == 1
    text = assert_harmless(capfdbinary.readouterr().out, form)
    if form in {"json", "gitlab", "sarif"}:
        json.loads(text)
    if form == "json":
        # Programs get the very names.
        files = {issue["file"] for issue in json.loads(text)["issues"]}
        assert {f"content/{START}/site.json", f"content/terms/{NAME}.json"} <= files
    if form == "junit":
        ET.fromstring(text)  # noqa: S314  our own output
    if form == "sarif":
        messages = [result["message"]["text"] for result in json.loads(text)["runs"][0]["results"]]
        assert any("boo" in message for message in messages)
        assert not any(re.search(r"(?<!\\)\]\(", message) for message in messages)
        assert not any("\x1b" in message or "\u202e" in message for message in messages)


COMMANDS = [
    (["fmt", "--check"], 1),
    (["fmt"], 1),
    (["fix", "--diff"], 1),
    (["fix"], 1),
    (["export", "csv"], 1),
    (["validate", "--since", NAME], 2),
    (["validate", "--select", NAME], 2),
    (["validate", "--baseline", NAME], 2),
    (["validate", "--format", NAME], 2),
    (["validate", "--max-size", NAME], 2),
    (["validate", f"{START} "], 2),
    (["validate", f"--{NAME}"], 2),
    (["export", NAME], 2),
    (["export", "csv", f"--{NAME}"], 2),
    (["fields", NAME], 2),
]
COMMANDS_WITHOUT_ROOT = [
    (["explain", NAME], 2),
    (["rules", NAME], 2),
    (["init", "--article", NAME, "new"], 2),
    ([NAME], 2),
    ([f"--{NAME}"], 2),
]


@pytest.mark.parametrize(("args", "status"), [*COMMANDS, *COMMANDS_WITHOUT_ROOT])
def test_commands_do_not_act(
    hostile: Path, capfdbinary: pytest.CaptureFixture[bytes], args: list[str], status: int
) -> None:
    root = ["--root", START] if (args, status) in COMMANDS else []
    assert main([*args, *root]) == status
    output = capfdbinary.readouterr()
    assert_harmless(output.out + output.err)


def test_colour_lets_nothing_else_through(
    hostile: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["validate", "--root", hostile.name]) == 1
    output = capfdbinary.readouterr().out
    assert b"\x1b[1;31merror:" in output
    assert_harmless(output, has_colour=True)


@pytest.fixture
def renamed(clean: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without errors in a folder of a hostile name, which is beside the current folder."""
    folder = clean.parent / START
    clean.rename(folder)
    monkeypatch.chdir(folder.parent)
    return folder


def test_what_is_written_is_named_harmlessly(
    renamed: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    replace_text(renamed / SITE, '"femur"', '"femur "')
    for args in (
        ["fix", "--diff", "--root", START],
        ["fix", "--root", START],
        ["fmt", "--root", START],
        ["export", "csv", "--root", START, "--out", NAME],
        ["validate", "--root", START, "--baseline", NAME, "--write-baseline"],
        ["init", f"new {NAME}"],
    ):
        assert main(args) in {0, 1}, args
        output = capfdbinary.readouterr()
        assert_harmless(output.out + output.err)


def iter_hostile_schemas() -> Iterator[tuple[str, str, str]]:
    """Yield a text of the schema of sites and what is put in its place, and whether it is a schema still."""
    yield '"title": "Label"', f'"title": {quote(NAME)}', "fits"
    yield '"description": "What it is called."', f'"description": {quote(NAME)}', "fits"
    yield '"examples": ["femur"] },', f'"examples": [{quote(NAME)}] }},', "fits"
    yield '"title": "Label"', f'"title": "Label", {quote("x-" + NAME)}: 1', "fits"
    yield '"x-group": "term"', f'"x-group": {quote(NAME)}', "fits"
    yield '"label": { "type"', f'{quote(NAME)}: {{ "type"', "fits"
    yield '"x-group": "term"', f'"x-group": "term", "x-sentence": {quote("{" + NAME + "}")}', "fits"
    yield '"description": "A place in the skeleton.",\n  "x-', f'"description": {quote(NAME)},\n  "x-', "fits"
    yield '"type": "string", "minLength": 1', f'"type": {quote(NAME)}', "broken"
    yield '"type": "string", "minLength": 1', f'"$ref": {quote(NAME)}', "broken"
    yield '"minLength": 1', f'"pattern": {quote("[" + NAME)}', "broken"
    yield '"minLength": 1,', f"{quote(NAME)} 1,", "broken"


@pytest.mark.parametrize(("old", "new", "outcome"), [*iter_hostile_schemas()])
def test_schemas_do_not_act(
    renamed: Path, capfdbinary: pytest.CaptureFixture[bytes], old: str, new: str, outcome: str
) -> None:
    replace_text(renamed / SITE_SCHEMA, old, new)
    shown = 0
    for args in (["validate"], ["fields", "site"], ["fields"], ["fields", "site", "--format", "json"]):
        status = main([*args, "--root", START])
        assert status <= 2
        output = capfdbinary.readouterr()
        if b"boo" in output.out + output.err:
            shown += 1
            assert_harmless(output.out + output.err)
    assert shown


SETTINGS = {
    "a key": quote(NAME) + " = 1",
    "a value": f"[project]\nurl = {quote(NAME)}",
    "a rule": f"[rules.ignore]\n{quote(NAME)} = 'x'",
    "no TOML": f"a = {NAME}",
}


@pytest.mark.parametrize("case", SETTINGS)
def test_settings_do_not_act(
    renamed: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    text = re.sub("[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", SETTINGS[case])
    (renamed / "bmkit.toml").write_text(text.replace("\\u000a", "\n", 1), "utf-8")
    assert main(["validate", "--root", START]) == 2
    assert_harmless(capfdbinary.readouterr().err)
    monkeypatch.chdir(renamed)
    assert main(["rules", "limits"]) == 0
    assert_harmless(b"boo" + capfdbinary.readouterr().err)


def test_the_reason_of_a_setting_does_not_act(
    renamed: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f'[rules.ignore]\n"references.unused" = {json.dumps(NAME)}\n'.replace("\x7f", "\\u007f")
    (renamed / "bmkit.toml").write_text(text, "utf-8")
    monkeypatch.chdir(renamed)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["explain", "references.unused"]) == 0
    assert_harmless(capfdbinary.readouterr().out, has_colour=True)


@pytest.mark.slow
def test_no_warning_of_a_library_is_printed() -> None:
    code = """if True:
        import importlib, warnings
        module = importlib.import_module("bmkit.cli.main")
        module.main = lambda: warnings.warn("boo", FutureWarning) or 0
        module.run()
    """
    completed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert (completed.stdout, completed.stderr) == (b"", b"")
