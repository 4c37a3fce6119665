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
TERMINAL = Terminal()

INCIDENCE = """{
  "$schema": "../../schema/radiotherapy.schema.json",
  "records": [
    {"id": "breast-cancer", "radiation_dose": {"low": 85, "high": 75, "unit": "Gy"}},
    {"id": "lung-cancer", "sites": ["spine", "rib", "spine"], "müde": "ß, \U0001f9b4"}
  ]
}
"""
BROKEN = '{\n  "records": [\n    {"id": "a",}\n  ]\n}\n'
TEXTS_BY_FILE = {
    "content/a/radiotherapy.json": INCIDENCE,
    "content/a/result.json": BROKEN,
    "content/a/odd: 100%, names.json": "1",
}

ISSUES = [
    Issue(
        Place("content/a/radiotherapy.json", "/records/0/radiation_dose/low"),
        "limits.inverted",
        Severity.ERROR,
        "low 85 is above high 75",
        "swap them, or correct one end",
        record_id="breast-cancer",
        value="85 to 75 Gy",
    ),
    Issue(
        Place("content/a/radiotherapy.json", "/records/1/sites/2"),
        "shape.twice",
        Severity.ERROR,
        '"spine" stands twice',
        record_id="lung-cancer",
    ),
    Issue(
        Place("content/a/radiotherapy.json", "/records/1/müde", key=True),
        "shape.unknown-field",
        Severity.ERROR,
        'there is no field "müde": {tired}\nor <is> it & more',
        'did you mean "note"?',
        record_id="lung-cancer",
    ),
    Issue(
        Place("content/a/radiotherapy.json", "/records/1"),
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
        Place("content/a/result.json", start=31, end=32),
        "json.trailing-comma",
        Severity.ERROR,
        "a comma too many",
    ),
    Issue(Place("content/a/vanished.json"), "json.unreadable", Severity.ERROR, "the file cannot be read"),
]
# line, column, end line, end column, as an editor shows them
PLACES = [
    (4, 55, 4, 57),
    (5, 53, 5, 60),
    (5, 63, 5, 69),
    (5, 5, 5, 78),
    (1, 1, 1, 2),
    (3, 15, 3, 16),
    (1, 1, 1, 1),
]


def make_report(folder: str = "") -> Report:
    files = (*TEXTS_BY_FILE, "content/a/clean.json")
    return Report(locate_issues(ISSUES, lambda file: TEXTS_BY_FILE.get(file, "")), files, 12, folder)


def render_json(name: str, report: Report) -> Any:
    return json.loads(render_report(name, report, TERMINAL))


def test_issues_stand_where_an_editor_shows_them() -> None:
    located_issues = make_report().issues
    assert [
        (issue.line, issue.column, issue.end_line, issue.end_column) for issue in located_issues
    ] == PLACES


def test_json_keeps_its_contract() -> None:
    with open(
        os.path.join(HERE, "..", "..", "schema", "report", "issues.schema.json"), encoding="utf-8"
    ) as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    document = render_json("json", make_report())
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["summary"] == {"files": 4, "records": 12, "errors": 5, "warnings": 2}
    assert document["issues"][0] == {
        "rule": "limits.inverted",
        "severity": "error",
        "file": "content/a/radiotherapy.json",
        "pointer": "/records/0/radiation_dose/low",
        "line": 4,
        "column": 55,
        "end_line": 4,
        "end_column": 57,
        "message": "low 85 is above high 75",
        "hint": "swap them, or correct one end",
        "suppression": {
            "rule": "limits.inverted", "kind": "radiotherapy", "record": "breast-cancer",
            "field": "radiation_dose.low", "value": "85 to 75 Gy",
        },
    }  # fmt: skip
    # What has no shape cannot be allowed.
    assert "suppression" not in document["issues"][1]
    del document["issues"][0]["hint"]
    assert not jsonschema.Draft202012Validator(schema).is_valid(document)


def test_sarif_fits_the_official_schema() -> None:
    with open(os.path.join(HERE, "sarif-2.1.0-rtm.5.json"), encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.Draft4Validator(schema)
    validator.validate(render_json("sarif", make_report()))
    rule = ISSUES[0].rule
    log = render_json("sarif", make_report()._replace(rule_texts={rule: ("A title.", "Why it is a rule.")}))
    validator.validate(log)
    rules_by_id = {descriptor["id"]: descriptor for descriptor in log["runs"][0]["tool"]["driver"]["rules"]}
    assert rules_by_id[rule]["shortDescription"] == {"text": "A title."}
    assert rules_by_id[rule]["help"] == {"text": "Why it is a rule."}
    log["runs"][0]["results"][0]["level"] = "grave"
    assert not validator.is_valid(log)


RuleAndPlace = tuple[str, str, int, int, int, int]


def list_json_places(rendered: str) -> list[RuleAndPlace]:
    return [
        (
            issue["rule"],
            "folder/" + issue["file"],
            issue["line"],
            issue["column"],
            issue["end_line"],
            issue["end_column"],
        )
        for issue in json.loads(rendered)["issues"]
    ]


def list_gitlab_places(rendered: str) -> list[RuleAndPlace]:
    places = []
    for entry in json.loads(rendered):
        begin, end = entry["location"]["positions"]["begin"], entry["location"]["positions"]["end"]
        path = entry["location"]["path"]
        places.append((entry["check_name"], path, begin["line"], begin["column"], end["line"], end["column"]))
    return places


def list_sarif_places(rendered: str) -> list[RuleAndPlace]:
    from urllib.parse import unquote

    places = []
    run = json.loads(rendered)["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        location = result["locations"][0]["physicalLocation"]
        region, path = location["region"], unquote(location["artifactLocation"]["uri"])
        ends = region["startLine"], region["startColumn"], region["endLine"], region["endColumn"]
        places.append((result["ruleId"], path, *ends))
    return places


def list_junit_places(rendered: str) -> list[RuleAndPlace]:
    places = []
    for case in ET.fromstring(rendered).iter("testcase"):  # noqa: S314  our own output
        if not len(case):
            continue
        match = re.match(
            r"(.*?):(\d+):(\d+) to (\d+):(\d+): (error|warning): [^\0]* \[(.*)\]", case[0].text or ""
        )
        assert match
        assert (case.get("classname"), case.get("line")) == (match[1], match[2])
        assert case[0].tag == {"error": "failure", "warning": "skipped"}[match[6]]
        places.append((match[7], match[1], *(int(match[group]) for group in range(2, 6))))
    return places  # type: ignore[return-value]


def list_github_places(rendered: str) -> list[RuleAndPlace]:
    places = []
    for line in rendered.splitlines():
        match = re.fullmatch(r"::(?:error|warning) ([^:]*)::(.*)", line)
        if not match:
            continue
        pairs = dict(pair.split("=", 1) for pair in match[1].split(","))
        path = pairs["file"].replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
        ends = [int(pairs[name]) for name in ("line", "col", "endLine", "endColumn")]
        places.append((pairs["title"], path, *ends))
    return places  # type: ignore[return-value]


def test_all_formats_carry_the_same_issues_at_the_same_places() -> None:
    report = make_report("folder/")
    rules = [issue.rule for issue in ISSUES]
    files = ["folder/" + issue.place.file for issue in ISSUES]
    expected = [(rule, file, *place) for rule, file, place in zip(rules, files, PLACES, strict=True)]
    list_places_by_format = {
        "json": list_json_places,
        "gitlab": list_gitlab_places,
        "sarif": list_sarif_places,
        "junit": list_junit_places,
        "github": list_github_places,
    }
    for name, list_places in list_places_by_format.items():
        assert list_places(render_report(name, report, TERMINAL)) == expected, name
    for name in ("text", "concise"):
        starts = re.findall(
            r"(?m)^(folder/.*?):(\d+):(\d+): \w+: .*\[([a-z.-]+)\]", render_report(name, report, TERMINAL)
        )
        places = [(rule, file, int(line), int(column)) for file, line, column, rule in starts]
        assert places == [place[:4] for place in expected], name
    assert {*list_places_by_format, "text", "concise"} == set(REPORT_FORMATS)


def test_github_escapes_what_its_commands_read_as_their_own() -> None:
    lines = render_report("github", make_report(), TERMINAL).splitlines()
    assert lines[2].endswith('{tired}\\u000aor <is> it & more%0Ahint: did you mean "note"?')
    assert lines[4].startswith("::warning file=content/a/odd%3A 100%25%2C names.json,line=1,")
    assert lines[4].endswith("::100%25 odd, 1:1 \\u001b[31m")
    assert lines[-1] == "5 errors, 2 warnings in 4 files, 12 records"
    assert len(lines) == len(ISSUES) + 1


def test_github_gives_no_columns_across_lines() -> None:
    issue = ISSUES[0]._replace(place=Place("content/a/radiotherapy.json", "/records"))
    report = Report(locate_issues([issue], TEXTS_BY_FILE.__getitem__), (), 0)
    assert "file=content/a/radiotherapy.json,line=3,endLine=6,title=" in render_report(
        "github", report, TERMINAL
    )


def test_junit_counts_what_it_holds_and_escapes_what_xml_cannot() -> None:
    rendered = render_report("junit", make_report(), TERMINAL)
    suite = ET.fromstring(rendered)[0]  # noqa: S314  our own output
    cases = suite.findall("testcase")
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("8", "5", "2")
    assert len(cases) == 8
    assert [case.get("classname") for case in cases if not len(case)] == ["content/a/clean.json"]
    assert "\x1b" not in rendered
    assert "100% odd, 1:1 \\u001b[31m" in rendered


def test_a_fingerprint_outlives_moved_lines_and_new_neighbours() -> None:
    old_entries = render_json("gitlab", make_report())
    moved_text = INCIDENCE.replace('"records": [', '"records": [\n\n\n').replace(
        '["spine", "rib"', '["spine","hip", "rib"'
    )
    texts = {**TEXTS_BY_FILE, "content/a/radiotherapy.json": moved_text}
    issues = [ISSUES[0], ISSUES[1]._replace(place=Place("content/a/radiotherapy.json", "/records/1/sites/3"))]
    new_entries = render_json("gitlab", Report(locate_issues(issues, texts.__getitem__), (), 0))
    assert [entry["fingerprint"] for entry in new_entries] == [
        entry["fingerprint"] for entry in old_entries[:2]
    ]
    assert [entry["location"]["positions"] for entry in new_entries] != [
        entry["location"]["positions"] for entry in old_entries[:2]
    ]


def test_a_fingerprint_does_not_ask_which_words_of_a_text_are_meant() -> None:
    text = TEXTS_BY_FILE["content/a/radiotherapy.json"]
    text_issue = ISSUES[1]
    words_issue = text_issue._replace(place=text_issue.place._replace(start=1, end=3))
    located_issues = [locate_issues([issue], lambda _: text)[0] for issue in (text_issue, words_issue)]
    assert [text[located_issue.start : located_issue.end] for located_issue in located_issues] == [
        '"spine"',
        "pi",
    ]
    reports = [render_json("gitlab", Report((located_issue,), (), 1)) for located_issue in located_issues]
    assert reports[0][0]["fingerprint"] == reports[1][0]["fingerprint"]


def test_no_two_issues_share_a_fingerprint() -> None:
    report = Report(locate_issues([*ISSUES, *ISSUES], lambda file: TEXTS_BY_FILE.get(file, "")), (), 0)
    fingerprints = [fingerprint["fingerprint"] for fingerprint in render_json("gitlab", report)]
    assert len(set(fingerprints)) == len(fingerprints) == 2 * len(ISSUES)
    assert all(re.fullmatch("[0-9a-f]{32}", fingerprint) for fingerprint in fingerprints)


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_nothing_to_say_is_said_well(name: str) -> None:
    rendered = render_report(name, Report((), ("content/a/x.json",), 1), TERMINAL)
    assert rendered.endswith("\n")
    match name:
        case "text" | "concise" | "github":
            assert rendered == "0 errors, 0 warnings in 1 file, 1 record\n"
        case "gitlab":
            assert json.loads(rendered) == []
        case "junit":
            assert 'tests="1" failures="0"' in rendered
        case "json":
            assert json.loads(rendered)["issues"] == []
        case _:
            assert json.loads(rendered)["runs"][0]["results"] == []


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_a_file_name_that_is_no_text_harms_no_format(name: str) -> None:
    issue = Issue(Place("content/a/\udcff.json"), "json.unreadable", Severity.ERROR, "it cannot be read")
    rendered = render_report(name, Report(locate_issues([issue], lambda _: ""), (), 0), TERMINAL)
    data = rendered.encode("utf-8", errors="backslashreplace")
    if name in {"json", "gitlab", "sarif"}:
        json.loads(data)
    elif name == "junit":
        ET.fromstring(data)  # noqa: S314  our own output


def test_there_is_no_other_format() -> None:
    with pytest.raises(ValueError, match="html"):
        render_report("html", make_report(), TERMINAL)
