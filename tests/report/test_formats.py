"""Every format carries the same issues, at the same places."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from typing import Any

import jsonschema
import pytest

from bmkit.issue import Issue, Place, Severity
from bmkit.report import REPORT_FORMATS, Report, Terminal, locate_issues, render_report

HERE = os.path.dirname(__file__)
SCREEN = Terminal()

INCIDENCE = """{
  "$schema": "../../schema/incidence.schema.json",
  "records": [
    {"id": "breast-cancer", "share": {"low": 85, "high": 75, "unit": "%"}},
    {"id": "lung-cancer", "sites": ["spine", "rib", "spine"], "müde": "ß, \U0001f9b4"}
  ]
}
"""
BROKEN = '{\n  "records": [\n    {"id": "a",}\n  ]\n}\n'
NAMES = {
    "content/a/incidence.json": INCIDENCE,
    "content/a/survival.json": BROKEN,
    "content/a/odd: 100%, names.json": "1",
}

ISSUES = [
    Issue(
        Place("content/a/incidence.json", "/records/0/share/low"),
        "limits.inverted",
        Severity.ERROR,
        "low 85 is above high 75",
        "swap them, or correct one end",
        "breast-cancer",
    ),
    Issue(
        Place("content/a/incidence.json", "/records/1/sites/2"),
        "shape.twice",
        Severity.ERROR,
        '"spine" stands twice',
        record_id="lung-cancer",
    ),
    Issue(
        Place("content/a/incidence.json", "/records/1/müde", key=True),
        "shape.unknown-field",
        Severity.ERROR,
        'there is no field "müde": {tired}\nor <is> it & more',
        'did you mean "note"?',
        "lung-cancer",
    ),
    Issue(
        Place("content/a/incidence.json", "/records/1"),
        "terms.unused",
        Severity.WARNING,
        "nothing uses it",
        record_id="lung-cancer",
    ),
    Issue(
        Place("content/a/odd: 100%, names.json", start=0, end=1),
        "json.odd",
        Severity.WARNING,
        "100% odd, 1:1 \x1b[31m",
    ),
    Issue(
        Place("content/a/survival.json", start=31, end=32),
        "json.trailing-comma",
        Severity.ERROR,
        "a comma too many",
    ),
    Issue(Place("content/a/vanished.json"), "json.unreadable", Severity.ERROR, "the file cannot be read"),
]
# line, column, end line, end column, as an editor shows them
PLACES = [
    (4, 46, 4, 48),
    (5, 53, 5, 60),
    (5, 63, 5, 69),
    (5, 5, 5, 78),
    (1, 1, 1, 2),
    (3, 15, 3, 16),
    (1, 1, 1, 1),
]


def report(folder: str = "") -> Report:
    files = (*NAMES, "content/a/clean.json")
    return Report(locate_issues(ISSUES, lambda file: NAMES.get(file, "")), files, 12, folder)


def as_json(name: str, said: Report) -> Any:
    return json.loads(render_report(name, said, SCREEN))


def test_issues_stand_where_an_editor_shows_them() -> None:
    found = report().issues
    assert [(one.line, one.column, one.end_line, one.end_column) for one in found] == PLACES


def test_json_keeps_its_contract() -> None:
    with open(
        os.path.join(HERE, "..", "..", "schema", "report", "issues.schema.json"), encoding="utf-8"
    ) as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    said = as_json("json", report())
    jsonschema.Draft202012Validator(schema).validate(said)
    assert said["summary"] == {"files": 4, "records": 12, "errors": 5, "warnings": 2}
    assert said["issues"][0] == {
        "rule": "limits.inverted",
        "severity": "error",
        "file": "content/a/incidence.json",
        "pointer": "/records/0/share/low",
        "line": 4,
        "column": 46,
        "end_line": 4,
        "end_column": 48,
        "message": "low 85 is above high 75",
        "hint": "swap them, or correct one end",
    }
    del said["issues"][0]["hint"]
    assert not jsonschema.Draft202012Validator(schema).is_valid(said)


def test_sarif_fits_the_official_schema() -> None:
    with open(os.path.join(HERE, "sarif-2.1.0-rtm.5.json"), encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.Draft4Validator(schema)
    validator.validate(as_json("sarif", report()))
    rule = ISSUES[0].rule
    said = as_json("sarif", report()._replace(rule_texts={rule: ("A title.", "Why it is a rule.")}))
    validator.validate(said)
    told = {one["id"]: one for one in said["runs"][0]["tool"]["driver"]["rules"]}
    assert told[rule]["shortDescription"] == {"text": "A title."}
    assert told[rule]["help"] == {"text": "Why it is a rule."}
    said["runs"][0]["results"][0]["level"] = "grave"
    assert not validator.is_valid(said)


Place4 = tuple[str, str, int, int, int, int]


def from_json(said: str) -> list[Place4]:
    return [
        (one["rule"], "folder/" + one["file"], one["line"], one["column"], one["end_line"], one["end_column"])
        for one in json.loads(said)["issues"]
    ]


def from_gitlab(said: str) -> list[Place4]:
    found = []
    for one in json.loads(said):
        begin, end = one["location"]["positions"]["begin"], one["location"]["positions"]["end"]
        path = one["location"]["path"]
        found.append((one["check_name"], path, begin["line"], begin["column"], end["line"], end["column"]))
    return found


def from_sarif(said: str) -> list[Place4]:
    from urllib.parse import unquote

    found = []
    run = json.loads(said)["runs"][0]
    for one in run["results"]:
        assert run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        where = one["locations"][0]["physicalLocation"]
        region, path = where["region"], unquote(where["artifactLocation"]["uri"])
        ends = region["startLine"], region["startColumn"], region["endLine"], region["endColumn"]
        found.append((one["ruleId"], path, *ends))
    return found


def from_junit(said: str) -> list[Place4]:
    found = []
    for case in ET.fromstring(said).iter("testcase"):  # noqa: S314  our own output
        if not len(case):
            continue
        match = re.match(
            r"(.*?):(\d+):(\d+) to (\d+):(\d+): (error|warning): [^\0]* \[(.*)\]", case[0].text or ""
        )
        assert match
        assert (case.get("classname"), case.get("line")) == (match[1], match[2])
        assert case[0].tag == {"error": "failure", "warning": "skipped"}[match[6]]
        found.append((match[7], match[1], *(int(match[group]) for group in range(2, 6))))
    return found  # type: ignore[return-value]


def from_github(said: str) -> list[Place4]:
    found = []
    for line in said.splitlines():
        match = re.fullmatch(r"::(?:error|warning) ([^:]*)::(.*)", line)
        if not match:
            continue
        pairs = dict(pair.split("=", 1) for pair in match[1].split(","))
        path = pairs["file"].replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
        ends = [int(pairs[name]) for name in ("line", "col", "endLine", "endColumn")]
        found.append((pairs["title"], path, *ends))
    return found  # type: ignore[return-value]


def test_all_formats_carry_the_same_issues_at_the_same_places() -> None:
    said = report("folder/")
    rules = [issue.rule for issue in ISSUES]
    files = ["folder/" + issue.place.file for issue in ISSUES]
    expected = [(rule, file, *place) for rule, file, place in zip(rules, files, PLACES, strict=True)]
    readers = {
        "json": from_json,
        "gitlab": from_gitlab,
        "sarif": from_sarif,
        "junit": from_junit,
        "github": from_github,
    }
    for name, reader in readers.items():
        assert reader(render_report(name, said, SCREEN)) == expected, name
    for name in ("text", "concise"):
        starts = re.findall(
            r"(?m)^(folder/.*?):(\d+):(\d+): \w+: .*\[([a-z.-]+)\]", render_report(name, said, SCREEN)
        )
        found = [(rule, file, int(line), int(column)) for file, line, column, rule in starts]
        assert found == [one[:4] for one in expected], name
    assert {*readers, "text", "concise"} == set(REPORT_FORMATS)


def test_github_escapes_what_its_commands_read_as_their_own() -> None:
    lines = render_report("github", report(), SCREEN).splitlines()
    assert lines[2].endswith('{tired}%0Aor <is> it & more%0Ahint: did you mean "note"?')
    assert lines[4].startswith("::warning file=content/a/odd%3A 100%25%2C names.json,line=1,")
    assert lines[4].endswith("::100%25 odd, 1:1 \x1b[31m")
    assert lines[-1] == "5 errors, 2 warnings in 4 files, 12 records"
    assert len(lines) == len(ISSUES) + 1


def test_github_gives_no_columns_across_lines() -> None:
    issue = ISSUES[0]._replace(place=Place("content/a/incidence.json", "/records"))
    said = Report(locate_issues([issue], NAMES.__getitem__), (), 0)
    assert "file=content/a/incidence.json,line=3,endLine=6,title=" in render_report("github", said, SCREEN)


def test_junit_counts_what_it_holds_and_escapes_what_xml_cannot() -> None:
    said = render_report("junit", report(), SCREEN)
    suite = ET.fromstring(said)[0]  # noqa: S314  our own output
    cases = suite.findall("testcase")
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("8", "5", "2")
    assert len(cases) == 8
    assert [case.get("classname") for case in cases if not len(case)] == ["content/a/clean.json"]
    assert "\x1b" not in said
    assert "100% odd, 1:1 \\u001b[31m" in said


def test_a_fingerprint_outlives_moved_lines_and_new_neighbours() -> None:
    before = as_json("gitlab", report())
    moved = INCIDENCE.replace('"records": [', '"records": [\n\n\n').replace(
        '["spine", "rib"', '["spine","hip", "rib"'
    )
    texts = {**NAMES, "content/a/incidence.json": moved}
    issues = [ISSUES[0], ISSUES[1]._replace(place=Place("content/a/incidence.json", "/records/1/sites/3"))]
    after = as_json("gitlab", Report(locate_issues(issues, texts.__getitem__), (), 0))
    assert [one["fingerprint"] for one in after] == [one["fingerprint"] for one in before[:2]]
    assert [one["location"]["positions"] for one in after] != [
        one["location"]["positions"] for one in before[:2]
    ]


def test_a_fingerprint_does_not_ask_which_words_of_a_text_are_meant() -> None:
    text = NAMES["content/a/incidence.json"]
    whole = ISSUES[1]
    words = whole._replace(place=whole.place._replace(start=1, end=3))
    found = [locate_issues([issue], lambda _: text)[0] for issue in (whole, words)]
    assert [text[one.start : one.end] for one in found] == ['"spine"', "pi"]
    reports = [as_json("gitlab", Report((one,), (), 1)) for one in found]
    assert reports[0][0]["fingerprint"] == reports[1][0]["fingerprint"]


def test_no_two_issues_share_a_fingerprint() -> None:
    twice = Report(locate_issues([*ISSUES, *ISSUES], lambda file: NAMES.get(file, "")), (), 0)
    prints = [one["fingerprint"] for one in as_json("gitlab", twice)]
    assert len(set(prints)) == len(prints) == 2 * len(ISSUES)
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in prints)


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_nothing_to_say_is_said_well(name: str) -> None:
    said = render_report(name, Report((), ("content/a/x.json",), 1), SCREEN)
    assert said.endswith("\n")
    match name:
        case "text" | "concise" | "github":
            assert said == "0 errors, 0 warnings in 1 file, 1 record\n"
        case "gitlab":
            assert json.loads(said) == []
        case "junit":
            assert 'tests="1" failures="0"' in said
        case "json":
            assert json.loads(said)["issues"] == []
        case _:
            assert json.loads(said)["runs"][0]["results"] == []


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_a_file_name_that_is_no_text_harms_no_format(name: str) -> None:
    issue = Issue(Place("content/a/\udcff.json"), "json.unreadable", Severity.ERROR, "it cannot be read")
    said = render_report(name, Report(locate_issues([issue], lambda _: ""), (), 0), SCREEN)
    data = said.encode("utf-8", errors="backslashreplace")
    if name in {"json", "gitlab", "sarif"}:
        json.loads(data)
    elif name == "junit":
        ET.fromstring(data)  # noqa: S314  our own output


def test_there_is_no_other_format() -> None:
    with pytest.raises(ValueError, match="html"):
        render_report("html", report(), SCREEN)
