"""Settings are read from bmkit.toml or pyproject.toml, and every fault is named by the path of its keys."""

from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING, Any

import pytest

from bmkit import SCHEMAS_VERSION
from bmkit.config import Publisher, Settings, SettingsError, SeverityChange, Sheet, read_settings
from bmkit.config.faults import find_setting_faults, load_settings_schema, resolve_setting_schema
from bmkit.issue import Severity
from bmkit.project_files import MemoryFiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVERYTHING = """
schemas = 1
[rules.ignore]
"writing.ratio" = "the journal writes so"
[rules.severity]
"references.unused" = { severity = "error", reason = "a mistake here" }
[source.ignore]
"one of the" = "a turn of speech"
[publisher]
name = "A Hospital"
url = "https://hospital.example.org"
[content]
version = "2025.2"
licence = "CC-BY-4.0"
[terminologies]
FORMULARY = "https://terms.example.org/formulary"
[export]
base-url = "https://fhir.example.org/r5/"
[export.fhir]
release = "R4B"
only = ["bulk"]
[import.sheets."Überleben"]
kind = "result"
headings = { "Krebs" = "tumour" }
[review]
max-age-days = 730
require-signatures = true
require-seal = true
"""


def read_text(text: str | bytes, file: str = "bmkit.toml") -> Settings:
    return read_settings(".", MemoryFiles({file: text if isinstance(text, bytes) else text.encode()}, {}))


def list_faults(text: str | bytes, file: str = "bmkit.toml") -> list[str]:
    with pytest.raises(SettingsError) as refused:
        read_text(text, file)
    return refused.value.lines


def test_everything_that_is_set_is_read() -> None:
    assert read_text(EVERYTHING) == Settings(
        file="bmkit.toml",
        schemas=1,
        ignored_rules={"writing.ratio": "the journal writes so"},
        severity_changes={"references.unused": SeverityChange(Severity.ERROR, "a mistake here")},
        publisher=Publisher("A Hospital", "https://hospital.example.org"),
        content_version="2025.2",
        licence="CC-BY-4.0",
        terminologies={"FORMULARY": "https://terms.example.org/formulary"},
        base_url="https://fhir.example.org/r5",
        export_options={"fhir": {"release": "R4B", "only": ["bulk"]}},
        sheets={"Überleben": Sheet("result", {"Krebs": "tumour"})},
        max_review_age_days=730,
        requires_signatures=True,
        requires_seal=True,
        ignored_numbers={"one of the": "a turn of speech"},
    )


def test_a_test_of_everything_is_one() -> None:
    # Whoever adds a setting adds it above; rules stand in files of their own.
    settings = read_text(EVERYTHING)
    changed_names = {
        name for name in Settings._fields if getattr(settings, name) != getattr(Settings(), name)
    }
    assert {*Settings._fields} - changed_names == {"own_rules"}


def test_pyproject_has_the_same_keys_under_tool() -> None:
    text = "[tool.bmkit]" + re.sub(r"(?m)^\[", "[tool.bmkit.", EVERYTHING)
    assert read_text(text, "pyproject.toml") == read_text(EVERYTHING)._replace(file="pyproject.toml")


@pytest.mark.parametrize(
    "text",
    [
        "[tool]\nbmkit.publisher.name = 'A'",
        "[tool]\n  'bmkit'.publisher.name = 'A'",
        "[ tool . bmkit.publisher ]\nname = 'A'",
        "tool.bmkit.publisher.name = 'A'",
        "tool = { bmkit = { publisher = { name = 'A' } } }",
        "[tool.'bmkit'.publisher]\nname = 'A'",
    ],
)
def test_pyproject_is_read_however_it_is_written(text: str) -> None:
    assert read_text(text, "pyproject.toml").publisher.name == "A"


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'bmkit'", "[tool.other]\nx = 1", "tool = 3\n", "[project\nbmkit = "]
)
def test_a_pyproject_that_says_nothing_of_bmkit_has_no_settings(text: str) -> None:
    if "bmkit = " in text:  # broken where settings may be
        assert list_faults(text, "pyproject.toml")[0].startswith("pyproject.toml:1:9: is not TOML: ")
    else:
        assert read_text(text, "pyproject.toml") == Settings()


def test_a_broken_pyproject_of_others_is_none_of_our_concern() -> None:
    assert read_text("[project\n", "pyproject.toml") == Settings()


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(str(tmp_path)) == Settings()
    assert read_text("") == Settings(file="bmkit.toml")


def test_two_files_of_settings_are_refused() -> None:
    files = {"bmkit.toml": b"", "pyproject.toml": b"[tool.bmkit]"}
    with pytest.raises(SettingsError) as refused:
        read_settings("elsewhere", MemoryFiles(files, {}))
    assert str(refused.value) == (
        "elsewhere/bmkit.toml and [tool.bmkit] of pyproject.toml both have settings; "
        "move them all to one of the two"
    )
    files["pyproject.toml"] = b"[project]\nname = 'bmkit'"
    assert read_settings("elsewhere", MemoryFiles(files, {})).file == "bmkit.toml"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[publisher]\nname = ", "bmkit.toml:2:8: is not TOML: invalid value"),
        ("[publisher", "bmkit.toml:1:11: is not TOML: "),
        ("a = 1\na = 2", "bmkit.toml:2:6: is not TOML: cannot overwrite a value"),
        ("[content]\nversion = 2025-02-30", "bmkit.toml:2:11: is not TOML: invalid date or datetime"),
        (b'a = "\xe4"', "bmkit.toml:1:6: byte e4 at byte offset 5 is not utf-8"),
        ("a = 1".encode("utf-16"), "bmkit.toml:1:1: the file is utf-16 with the low byte first, not utf-8"),
        ("a = " + "9" * 5000, "bmkit.toml: is not TOML: a number has thousands of digits"),
        ("a = " + "[" * 5000, "bmkit.toml: lists and tables are nested too deeply"),
        ("a." * 5000 + "b = 1", "bmkit.toml: lists and tables are nested too deeply"),
        ("[terminologies]\n'' = ''", 'bmkit.toml: terminologies."": a name must not be empty'),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_not_toml_is_said_with_line_and_column(text: str | bytes, line: str) -> None:
    (only_line,) = list_faults(text)
    assert only_line.startswith(line)


def test_a_byte_order_mark_is_let_pass() -> None:
    assert read_text("\ufeff[publisher]\nname = 'A'").publisher.name == "A"


FAULTS: list[tuple[str, str]] = [
    ("foo = 1", "foo: there is no such setting; the settings here are schemas, rules, publisher, "),
    (
        "schemas = 2",
        "schemas: the content is written for version 2 of the schemas, and this bmkit has version 1; install",
    ),
    (
        "schemas = 0",
        "schemas: the content is written for version 0 of the schemas, and this bmkit has version 1",
    ),
    ("schemas = '1'", 'schemas: must be a whole number, not the text "1"'),
    ("[publishr]", 'publishr: there is no such setting; did you mean "publisher"?'),
    ("publisher = 'A'", 'publisher: must be a table, not the text "A"'),
    ("[publisher]", 'publisher: "name" is missing'),
    ("[publisher]\nname = ' '", "publisher.name: must not be empty"),
    ("[publisher]\nname = 5", 'publisher.name: must be a text, not the number 5; write "5"'),
    ("[publisher]\nname = true", "publisher.name: must be a text, not true"),
    ("[publisher]\nname = []", "publisher.name: must be a text, not a list"),
    (f"[publisher]\nname = '{'a' * 501}'", "publisher.name: has 501 characters, more than the 500 allowed"),
    (
        "[publisher]\nname = 'A'\nurl = 'hospital.example'",
        'publisher.url: "hospital.example" does not have the form of this setting; write it like "https:',
    ),
    ("[content]\nversion = 2.10", 'content.version: must be a text, not the number 2.10; write "2.10"'),
    (
        "[terminologies]\n'!' = 'urn:x:y'",
        'terminologies."!": is no name here: a letter or digit first, then also blanks and . _ -',
    ),
    ("[terminologies]\nX = 'house list'", 'terminologies.X: "house list" does not have the form'),
    ("[terminologies]\nX = 'https://a.example/x|1'", 'terminologies.X: "https://a.example/x|1" does not'),
    ("[export]\nbase-url = 'https://a.example/?q'", 'export.base-url: "https://a.example/?q" does not'),
    (
        "[export.fhir]\nrelease = 'R-4B'",
        'export.fhir.release: must be "R5" or "R4B", not the text "R-4B"; did you mean "R4B"?',
    ),
    ("[export.fhir]\nonly = ['bulk', 'bulks']", "export.fhir.only: item 2 must be "),
    ("[export.fhir]\nonly = ['bulk', 'bulk']", "export.fhir.only: an item stands twice"),
    ("[review]\nmax-age-days = 0", "review.max-age-days: must not be less than 1, and is 0"),
    ("[review]\nmax-age-days = 1.5", "review.max-age-days: must be a whole number, not the number 1.5"),
    ("[review]\nmax-age-days = inf", "review.max-age-days: must be a whole number, not the number Infinity"),
    ("[content]\nversion = nan", "content.version: must be a text, not the number NaN"),
    ("[review]\nrequire-seal = 'yes'", 'review.require-seal: must be true or false, not the text "yes"'),
    ("[rules.ignore]\n'a.b' = ''", 'rules.ignore."a.b": must not be empty'),
    (
        "[rules.severity]\n'a.b' = { severity = 'eror', reason = 'so' }",
        'rules.severity."a.b".severity: must be "error" or "warning", not the text "eror"; did you mean',
    ),
    ("[rules.severity]\n'a.b' = { severity = 'error' }", 'rules.severity."a.b": "reason" is missing'),
    ("[rules.severity]\n'a.b' = 'error'", 'rules.severity."a.b": must be a table, not the text "error"'),
    ("[import.sheets.A]\nheadings = {}", 'import.sheets.A: "kind" is missing'),
    ("[rules.ignore]\n'\\n' = 'x'\n\"a\\n\" = 3", 'rules.ignore."a\\u000A": must be a text'),
]


@pytest.mark.parametrize(("text", "line"), FAULTS, ids=lambda value: value[:30])
def test_a_fault_is_named_by_the_path_of_its_keys(text: str, line: str) -> None:
    (only_line,) = list_faults(text)
    assert only_line.startswith(f"bmkit.toml: {line}")
    assert "\n" not in only_line


def test_all_faults_are_listed_in_one_run() -> None:
    assert len(list_faults("foo = 1\n[publisher]\nnam = 'A'\n[review]\nmax-age-days = 'x'")) == 4
    line = list_faults("[tool.bmkit]\npublisher.nme = 'x'", "pyproject.toml")[1]
    assert line == 'pyproject.toml: tool.bmkit.publisher.nme: there is no such setting; did you mean "name"?'
    assert list_faults("[tool]\nbmkit = 3", "pyproject.toml") == [
        "pyproject.toml: tool.bmkit: must be a table"
    ]


@pytest.mark.parametrize(("text", "line"), FAULTS, ids=lambda value: value[:30])
def test_the_other_engine_finds_the_same(text: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = list_faults(text)
    import_module = builtins.__import__

    def refuse_rust(name: str, *args: Any) -> Any:
        if name == "jsonschema_rs":
            raise ImportError(name=name)
        return import_module(name, *args)

    monkeypatch.setattr(builtins, "__import__", refuse_rust)
    assert list_faults(text) == lines


def iter_subschemas(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from iter_subschemas(value)


def test_the_version_of_the_schemas_is_the_only_one_that_settings_may_state() -> None:
    assert load_settings_schema()["properties"]["schemas"]["const"] == SCHEMAS_VERSION


def test_every_setting_is_described_and_its_examples_fit() -> None:
    schema = load_settings_schema()

    def wrap(keys: tuple[str, ...], value: Any) -> dict[str, Any]:
        for key in reversed(keys):
            value = {key: value}
        result: dict[str, Any] = value
        return result

    def visit(setting_schema: dict[str, Any], keys: tuple[str, ...]) -> int:
        subschema = resolve_setting_schema(setting_schema)
        count = 1
        assert subschema["title"], keys
        assert subschema["description"].endswith("."), keys
        for example in subschema.get("examples", ()):
            required_siblings = [
                fault
                for fault in find_setting_faults(wrap(keys, example))
                if "is missing" not in fault.message
            ]
            assert required_siblings == [], keys
        if subschema["type"] != "object":
            assert subschema["examples"], keys
        for name, property_schema in subschema.get("properties", {}).items():
            count += visit(property_schema, (*keys, name))
        return count

    assert sum(visit(part, (name,)) for name, part in schema["properties"].items()) > 20
    closed = [
        part for part in iter_subschemas(schema) if part.get("type") == "object" and "properties" in part
    ]
    assert closed
    assert all(part["additionalProperties"] is False for part in closed)


def test_a_link_of_another_revision_is_not_followed() -> None:
    with pytest.raises(SettingsError, match="is not followed"):
        read_settings(".", MemoryFiles({}, {"bmkit.toml": "/etc/passwd"}))


def test_a_folder_is_no_file_of_settings(tmp_path: Path) -> None:
    (tmp_path / "bmkit.toml").mkdir()
    with pytest.raises(SettingsError, match=r"bmkit\.toml: this is a folder, not a file"):
        read_settings(str(tmp_path))
