"""A run that stops tells programs why, in the format that was asked for."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from bmkit.cli.main import main

TOP = Path(__file__).parents[2]
REPORT_SCHEMA = json.loads((TOP / "schema/report/issues.schema.json").read_text("utf-8"))
SARIF_SCHEMA = json.loads((TOP / "tests/report/sarif-2.1.0-rtm.5.json").read_text("utf-8"))
SCHEMA = "schema/trial.schema.json"
# What is written where, the options, the file that is named, and what it is said to be.
REASONS: dict[str, tuple[dict[str, str], list[str], str, str]] = {
    "a schema cut off": ({SCHEMA: '{"title": '}, [], SCHEMA, "is not JSON"),
    "no schema at all": ({SCHEMA: '{"$defs": null}'}, [], SCHEMA, "$defs must be an object"),
    "settings that are no TOML": ({"bmkit.toml": "["}, [], "bmkit.toml", "is not TOML"),
    "unknown settings": ({"bmkit.toml": "a = 1"}, [], "bmkit.toml", "a:"),
    "unknown rules": ({"bmkit.toml": '[rules.ignore]\n"no.rule" = "x"'}, [], "bmkit.toml", "no.rule"),
    "no JSON": ({"known.json": "{"}, ["--baseline", "known.json"], "content", "known.json"),
    "no revision": ({}, ["--since", "HEAD"], "content", "--since HEAD"),
    "no such path": ({}, ["content/none.json"], "content", "there is no such file"),
    "no such rule": ({}, ["--select", "no.rule"], "content", "no.rule"),
    "no project": ({}, ["--root", "none"], "content", "no such folder"),
}


def parse_report(form: str, text: str) -> list[tuple[str, str]]:
    """File and message of each issue in a report that is valid."""
    match form:
        case "json":
            report = json.loads(text)
            jsonschema.validate(report, REPORT_SCHEMA)
            assert report["summary"]["errors"] == len(report["issues"])
            return [(issue["file"], issue["message"]) for issue in report["issues"]]
        case "sarif":
            log = json.loads(text)
            jsonschema.validate(log, SARIF_SCHEMA)
            return [
                (
                    result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
                    result["message"]["text"],
                )
                for result in log["runs"][0]["results"]
            ]
        case "gitlab":
            return [(entry["location"]["path"], entry["description"]) for entry in json.loads(text)]
        case "junit":
            cases = ET.fromstring(text).findall("testsuite/testcase")  # noqa: S314  our own
            return [(case.attrib["file"], case[0].attrib["message"]) for case in cases]
        case _:
            commands = [line for line in text.splitlines() if line.startswith("::error ")]
            pairs = [line.removeprefix("::error file=").partition("::") for line in commands]
            return [(properties.split(",")[0], message) for properties, _, message in pairs]


@pytest.mark.parametrize("form", ["json", "sarif", "gitlab", "junit", "github"])
@pytest.mark.parametrize("reason", REASONS)
def test_a_run_that_stops_tells_its_reason_in_every_format(
    faulty: Path, capsys: pytest.CaptureFixture[str], reason: str, form: str
) -> None:
    files, options, file, message = REASONS[reason]
    for name, text in files.items():
        (faulty / name).write_text(text, "utf-8")
    assert main(["validate", "--format", form, *options]) == 2
    captured = capsys.readouterr()
    ((named_file, shown_message),) = parse_report(form, captured.out)
    # The paths of programs that show a report count from the top of the repository, here the project.
    assert named_file == file or (reason == "no project" and form != "json")
    assert message in shown_message
    assert message in captured.err
    assert main(["validate", *options]) == 2
    assert not capsys.readouterr().out


def test_every_schema_that_cannot_be_used_is_told_with_its_place(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("site", "trial"):
        (faulty / f"schema/{name}.schema.json").write_text("\n {,", "utf-8")
    assert main(["validate", "--format", "json"]) == 2
    issues = json.loads(capsys.readouterr().out)["issues"]
    assert [(issue["file"], issue["line"], issue["column"], issue["rule"]) for issue in issues] == [
        ("schema/site.schema.json", 2, 3, "run.stopped"),
        ("schema/trial.schema.json", 2, 3, "run.stopped"),
    ]
