"""The settings of a project count for every command; what the command line says wins over them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from frictionless import Package, system

from bmkit.cli import main
from bmkit.cli.watch import _iter_file_states
from bmkit.config import SettingsError, read_settings
from bmkit.config.faults import load_settings_schema
from bmkit.export import DESCRIPTION_BY_FORMAT, get_options
from bmkit.handbook import list_rule_docs
from bmkit.lsp.document import Project
from bmkit.rules import load_all_rules

if TYPE_CHECKING:
    from pathlib import Path

# Runs with `make slow`: it makes whole projects, exports or processes.
pytestmark = pytest.mark.slow

Run = Callable[..., int]
Captured = pytest.CaptureFixture[str]
TERMS = "content/terms/tumour.json"


def write_settings(project: Path, text: str, file: str = "bmkit.toml") -> None:
    (project / file).write_text(text, "utf-8")


def add_unused_term(project: Path) -> None:
    site = {"id": "rib", "label": "rib", "category": "bone"}
    text = json.dumps({"$schema": "../../schema/site.schema.json", "records": [site]})
    (project / "content/terms/site.json").write_text(text, "utf-8")


def list_issues(bmkit: Run, capsys: Captured, *args: str) -> list[tuple[str, str]]:
    capsys.readouterr()
    bmkit("validate", "--format", "json", *args)
    return [(issue["rule"], issue["severity"]) for issue in json.loads(capsys.readouterr().out)["issues"]]


def test_an_ignored_rule_is_not_reported_unless_it_is_named(
    bmkit: Run, project: Path, capsys: Captured
) -> None:
    add_unused_term(project)
    unused = [("references.unused", "warning")]
    assert list_issues(bmkit, capsys) == unused
    write_settings(project, '[rules.ignore]\n"references.unused" = "terms come first here"')
    assert list_issues(bmkit, capsys) == []
    assert list_issues(bmkit, capsys, "--select", "references.unused") == unused
    assert list_issues(bmkit, capsys, "--select", "references") == unused
    assert list_issues(bmkit, capsys, "--select", "terms") == []
    assert bmkit("validate", "--strict") == 0
    found_in_editor = Project(str(project), {}).find_issues()
    assert found_in_editor == []


def test_a_family_is_ignored_as_a_whole(bmkit: Run, project: Path, capsys: Captured) -> None:
    path = project / TERMS
    path.write_text(path.read_text("utf-8").replace('"breast cancer"', '"breast  cancer"'), "utf-8")
    assert list_issues(bmkit, capsys) == [("text.blanks", "warning")]
    write_settings(project, '[rules.ignore]\ntext = "texts are set elsewhere"')
    assert list_issues(bmkit, capsys) == []


def test_a_severity_is_changed_for_reports_exports_and_editors(
    bmkit: Run, project: Path, capsys: Captured
) -> None:
    add_unused_term(project)
    assert bmkit("export", "csv") == 0
    change = '= { severity = "%s", reason = "so" }'
    write_settings(project, f"[rules.severity]\nreferences {change % 'error'}")
    assert list_issues(bmkit, capsys) == [("references.unused", "error")]
    assert bmkit("validate") == 1
    assert (bmkit("export", "xlsx"), bmkit("export", "csv"), bmkit("export", "fhir")) == (1, 1, 1)
    (issue,) = Project(str(project), {}).find_issues()
    assert issue.issue.severity.value == "error"
    # The rule's own severity counts for more than that of its family.
    write_settings(
        project,
        f'[rules.severity]\nreferences {change % "error"}\n"references.unused" {change % "warning"}',
    )
    assert list_issues(bmkit, capsys) == [("references.unused", "warning")]


def test_settings_count_for_the_baseline(bmkit: Run, project: Path, capsys: Captured) -> None:
    add_unused_term(project)
    assert bmkit("validate", "--baseline", "known.json", "--write-baseline") == 0
    write_settings(project, '[rules.ignore]\n"references.unused" = "terms come first here"')
    assert list_issues(bmkit, capsys, "--baseline", "known.json") == [("baseline.outdated", "warning")]
    write_settings(
        project,
        '[rules.ignore]\n"references.unused" = "terms come first here"\n'
        '[rules.severity]\n"baseline.outdated" = { severity = "error", reason = "baselines shrink" }',
    )
    assert list_issues(bmkit, capsys, "--baseline", "known.json") == [("baseline.outdated", "error")]


UNKNOWN = 'there is no rule "slip.unusal"; did you mean "slip.unusual"?'
WRONG = [
    ('[rules.ignore]\n"slip.unusal" = "so"', f'rules.ignore."slip.unusal": {UNKNOWN}'),
    (
        '[rules.severity]\n"slip.unusal" = { severity = "error", reason = "so" }',
        f'rules.severity."slip.unusal": {UNKNOWN}',
    ),
    (
        '[rules.ignore]\n"slip.tenfold" = "so"',
        'rules.ignore."slip.tenfold": it guards a dose and cannot be ignored; correct what it reports, or',
    ),
    (
        '[rules.ignore]\nreferences = "so"',
        "rules.ignore.references: references.dangling guards a dose and cannot be ignored; name the others",
    ),
    (
        '[rules.severity]\n"limits.inverted" = { severity = "warning", reason = "so" }',
        'rules.severity."limits.inverted": it guards a dose and cannot be lowered to a warning',
    ),
    (
        '[rules.severity]\nreferences = { severity = "warning", reason = "so" }',
        "rules.severity.references: references.dangling guards a dose and cannot be lowered to a warning",
    ),
    (
        '[import.sheets."S"]\nkind = "resul"',
        'import.sheets.S.kind: there is no kind "resul"; did you mean "result"?',
    ),
    (
        '[import.sheets."S"]\nkind = "result"\nheadings = { "Cancer (site)" = "tumor" }',
        'import.sheets.S.headings."Cancer (site)": result has no field "tumor"; did you mean "tumour"?',
    ),
]


@pytest.mark.parametrize(("text", "line"), WRONG, ids=lambda value: value[:40])
def test_what_there_is_not_and_what_guards_a_dose_is_wrong_use(
    bmkit: Run, project: Path, capsys: Captured, text: str, line: str
) -> None:
    write_settings(project, text)
    for command in (
        ["validate"],
        ["fmt"],
        ["fix"],
        ["export", "xlsx"],
        ["export", "csv"],
        ["export", "fhir"],
    ):
        assert bmkit(*command) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"bmkit: bmkit.toml: {line}")
        assert error.count("\n") == 1
    assert sorted(os.listdir(project)) == ["bmkit.toml", "content"]
    with pytest.raises(SettingsError, match=re.escape(line)):
        Project(str(project), {}).find_issues()


def test_a_broken_file_of_settings_ends_every_command_that_reads_content(
    bmkit: Run, project: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_settings(project, "[publisher]\nnme = 'A'\nx = 1")
    for command in (["validate"], ["fmt"], ["fix"], ["export", "csv"]):
        assert bmkit(*command) == 2
        lines = capsys.readouterr().err.splitlines()
        assert [line.partition(": ")[2].partition(":")[0] for line in lines] == ["bmkit.toml"] * 3
    monkeypatch.chdir(project / "content")
    assert bmkit("validate") == 2
    assert capsys.readouterr().err.startswith("bmkit: ../bmkit.toml: publisher: ")
    # The handbook has the names that somebody is looking for.
    assert bmkit("rules", "limits") == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("limits.inverted  error")
    assert captured.err.startswith("bmkit: ../bmkit.toml: publisher: ")


def test_raising_a_severity_of_what_guards_a_dose_is_allowed(
    bmkit: Run, project: Path, capsys: Captured
) -> None:
    lines = (f'{name} = {{ severity = "error", reason = "so" }}' for name in ("slip", "limits"))
    write_settings(project, "[rules.severity]\n" + "\n".join(lines))
    assert bmkit("validate") == 0
    assert bmkit("rules", "slip.unusual") == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("slip.unusual  error")


def test_the_handbook_tells_what_the_settings_say(bmkit: Run, project: Path, capsys: Captured) -> None:
    write_settings(
        project,
        '[rules.ignore]\n"writing.ratio" = "the journal writes so"\n'
        '[rules.severity]\n"references.unused" = { severity = "error", reason = "a mistake here" }',
    )
    assert bmkit("rules", "writing.ratio", "references.unused") == 0
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["references.unused", "error"],
        ["writing.ratio", "ignored"],
    ]
    assert bmkit("rules", "writing.ratio", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)[0]["severity"] == "ignored"
    assert bmkit("explain", "references.unused", "writing.ratio") == 0
    out = capsys.readouterr().out
    assert "references.unused  error\n\nbmkit.toml: a mistake here\n" in out
    assert "writing.ratio  ignored\n\nbmkit.toml: the journal writes so\n" in out


def test_a_folder_with_settings_is_a_project(
    project: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = project / "drafts" / "new"
    inner.mkdir(parents=True)
    write_settings(project / "drafts", "")
    monkeypatch.chdir(inner)
    assert main(["validate"]) == 2
    assert capsys.readouterr().err == "bmkit: ..: holds no folder content/\n"


def test_options_of_exports_are_those_of_the_settings_unless_the_command_line_has_them(
    bmkit: Run, project: Path
) -> None:
    write_settings(
        project,
        '[export]\nbase-url = "https://fhir.example.org/set"\n'
        '[export.fhir]\nrelease = "R4B"\nstatus = "active"\nonly = ["collection"]',
    )

    def export(*args: str) -> str:
        assert bmkit("export", "fhir", *args) == 0
        folder = project / "build" / ("fhir" if "R5" in args else "fhir-r4b")
        assert os.listdir(folder / "one") == ["collection.json"]
        return (folder / "one" / "collection.json").read_text("utf-8")

    text = export()
    assert '"url": "https://fhir.example.org/set/' in text
    assert '"status": "active"' in text
    text = export("--release", "R5", "--base", "https://line.example.org", "--status", "draft")
    assert '"url": "https://line.example.org/' in text
    assert "example.org/set" not in text
    assert '"status": "active"' not in text
    # As everywhere, an option may say what is the default anyway.
    assert bmkit("export", "fhir", "--release", "R5") == 0


PUBLISHED = """
[publisher]
name = "A Hospital"
url = "https://hospital.example.org"
[content]
version = "2025.2"
licence = "%s"
"""


def test_a_data_package_says_who_publishes_it_and_how(bmkit: Run, project: Path) -> None:
    def export() -> dict[str, Any]:
        assert bmkit("export", "csv") == 0
        (path,) = project.glob("build/csv/**/datapackage.json")
        package: dict[str, Any] = json.loads(path.read_text("utf-8"))
        with system.use_context(trusted=True):
            assert Package(str(path)).validate().valid
        return package

    assert not {"version", "licenses", "contributors"} & export().keys()
    write_settings(project, PUBLISHED % "CC-BY-4.0")
    package = export()
    assert package["version"] == "2025.2"
    assert package["licenses"] == [{"name": "CC-BY-4.0", "title": "CC-BY-4.0"}]
    assert package["contributors"] == [
        {"title": "A Hospital", "path": "https://hospital.example.org", "role": "publisher"}
    ]
    write_settings(project, PUBLISHED % "as the hospital's page says")
    assert export()["licenses"] == [{"name": "other", "title": "as the hospital's page says"}]


def list_definitions(project: Path, folder: str) -> list[dict[str, Any]]:
    (path,) = project.glob(f"build/{folder}/*/collection.json")
    resources = [entry["resource"] for entry in json.loads(path.read_text("utf-8"))["entry"]]
    return [resource for resource in resources if "url" in resource]


def test_fhir_names_the_publisher_of_the_settings_else_of_the_article(bmkit: Run, project: Path) -> None:
    def list_publishers() -> set[tuple[bool, str]]:
        assert bmkit("export", "fhir", "--check") == 0
        return {
            ("/one/" in resource["url"], resource.get("publisher", ""))
            for resource in list_definitions(project, "fhir")
        }

    # Terms are shared by all articles, and of no article's publisher.
    assert list_publishers() == {(True, "bmkit"), (False, "")}
    path = project / "content/one/article.json"
    path.write_text(
        path.read_text("utf-8").replace('"label": "One"', '"label": "One", "publisher": "A Journal"'), "utf-8"
    )
    assert list_publishers() == {(True, "A Journal"), (False, "")}
    write_settings(project, PUBLISHED % "CC-BY-4.0")
    assert list_publishers() == {(True, "A Hospital"), (False, "A Hospital")}


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_fhir_with_a_publisher_and_a_terminology_of_ones_own_is_valid(
    bmkit: Run, project: Path, capsys: Captured, release: str
) -> None:
    path = project / TERMS
    code = {"system": "REGISTER", "code": "41", "display": "carcinoma of the breast"}
    document = json.loads(path.read_text("utf-8"))
    document["records"][0]["codes"] = [code]
    path.write_text(json.dumps(document), "utf-8")
    lock = f"system\tcode\tdisplay\n{code['system']}\t{code['code']}\t{code['display']}\n"
    (project / "content/codes.lock.tsv").write_text(lock, "utf-8")
    assert list_issues(bmkit, capsys) == [("codes.no-uri", "error")]
    assert bmkit("export", "fhir") == 1
    write_settings(project, PUBLISHED % "CC-BY-4.0" + '[terminologies]\nREGISTER = "urn:oid:2.999.41"')
    assert list_issues(bmkit, capsys) == []
    assert bmkit("export", "fhir", "--check", "--release", release) == 0
    folder = "fhir" if release == "R5" else "fhir-r4b"
    definitions = list_definitions(project, folder)
    contact = {"telecom": [{"system": "url", "value": "https://hospital.example.org"}]}
    assert all(resource["contact"] == [contact] for resource in definitions)
    text = (project / "build" / folder / "one" / "collection.json").read_text("utf-8")
    assert '"system": "urn:oid:2.999.41"' in text
    assert "urn:bmkit" not in text


def test_a_code_without_uri_that_is_allowed_at_its_place_names_no_system(
    bmkit: Run, project: Path, capsys: Captured
) -> None:
    path = project / TERMS
    document = json.loads(path.read_text("utf-8"))
    document["records"][0]["codes"] = [{"system": "REGISTER", "code": "41", "display": "breast"}]
    path.write_text(json.dumps(document), "utf-8")
    (project / "content/codes.lock.tsv").write_text("system\tcode\tdisplay\nREGISTER\t41\tbreast\n", "utf-8")
    suppression = {
        "id": "a", "rule": "codes.no-uri", "kind": "tumour", "record": "breast-cancer",
        "value": 'code: "41", display: breast, system: REGISTER',
        "reason": "the register has no URI yet", "author": "A. Editor", "expires": "9999-12-31",
    }  # fmt: skip
    (project / "content/one/suppression.json").write_text(
        json.dumps({"$schema": "../../schema/suppression.schema.json", "records": [suppression]})
    )
    assert list_issues(bmkit, capsys) == []
    assert bmkit("export", "fhir") == 0
    (path,) = project.glob("build/fhir/*/collection.json")
    text = path.read_text("utf-8")
    assert "urn:bmkit" not in text
    codings = [part for part in re.findall(r"{[^{}]*}", text) if '"code": "41"' in part]
    assert codings
    assert not any('"system"' in coding for coding in codings)


def test_every_option_of_a_format_has_a_setting() -> None:
    export_schema = load_settings_schema()["properties"]["export"]["properties"]
    for format_name in DESCRIPTION_BY_FORMAT:
        names = {option.opts[0].removeprefix("--") for option in get_options(format_name)}
        # The base is that of all formats; empty sheets are asked for once, and not of every export.
        names -= {"base", "blank"}
        settings = export_schema.get(format_name, {"properties": {}})["properties"]
        assert settings.keys() == names, f"schema/settings/bmkit.schema.json: export.{format_name}"
        for option in get_options(format_name):
            name = option.opts[0].removeprefix("--")
            choices = getattr(option.type, "choices", None)
            if choices and name in settings:
                setting = settings[name].get("items", settings[name])
                assert setting["enum"] == list(choices)


def test_a_watch_sees_a_change_of_the_settings(project: Path) -> None:
    before = dict(_iter_file_states(str(project)))
    write_settings(project, "")
    write_settings(project, "", "pyproject.toml")
    added = dict(_iter_file_states(str(project))).keys() - before.keys()
    assert {os.path.basename(path) for path in added} == {"bmkit.toml", "pyproject.toml"}


def test_what_guards_a_dose_is_what_the_handbook_and_the_rules_say() -> None:
    guards = {rule_doc.rule_id for rule_doc in list_rule_docs() if rule_doc.guards_dose}
    whole_families = {
        *("dose", "infusion", "json", "limits", "regimen", "routes", "shape"),
        *("slip", "strength", "tablets", "units", "relations"),
    }
    for rule_doc in list_rule_docs():
        if rule_doc.family in whole_families:
            assert rule_doc.rule_id in guards
    assert guards >= {
        "agreement.contradiction",
        "references.dangling",
        "ids.duplicate",
        "quantities.zero",
        "relations.outside",
    }
    assert not guards & {"references.unused", "writing.ratio", "terms.repeated-name", "suppression.unused"}
    assert {rule.id for rule in load_all_rules() if rule.guards_dose} <= guards


def test_the_example_of_the_page_can_be_used(bmkit: Run, project: Path) -> None:
    page = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "settings.md")
    with open(page, encoding="utf-8") as file:
        (example,) = re.findall(r"```toml\n(.*?)```", file.read(), re.DOTALL)
    write_settings(project, example)
    assert bmkit("validate") == 0
    settings = read_settings(str(project))
    assert settings.publisher.name
    assert settings.terminologies
