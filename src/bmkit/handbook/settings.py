"""What settings may say of rules and kinds, the rules that guard a dose, and the page about settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.config import make_settings_error
from bmkit.config.faults import SettingFault, load_settings_schema, resolve_setting_schema
from bmkit.handbook.fields import to_table_cell
from bmkit.handbook.rule_docs import OTHER_RULES, list_rule_docs, list_rule_names
from bmkit.issue import Severity
from bmkit.suggest import suggest_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.config import Settings
    from bmkit.rule_doc import RuleDoc
    from bmkit.schema import Schemas

_SETTINGS_INTRO = """\
# Settings

<!-- Made by `make docs`; do not edit. -->

A project is settled in one file: `bmkit.toml` beside `content/`. The same keys may stand under
`[tool.bmkit]` of `pyproject.toml` instead; both at once are refused. All keys are optional, and every
command reads them, so that the language server, the hooks and the action do, too. What the command line says
wins over the file.

```toml
schemas = 1

[publisher]
name = "Example Hospital, Department of Pharmacy"
url = "https://hospital.example.org"

[content]
version = "2025.2"
licence = "CC-BY-4.0"

[rules.ignore]
"writing.ratio" = "the journal writes strengths as ratios"

[rules.severity]
"references.unused" = { severity = "error", reason = "a term without facts is a mistake here" }

[terminologies]
FORMULARY = "https://terms.example.org/formulary"

[export]
base-url = "https://fhir.example.org/r5"

[export.fhir]
release = "R4B"

[review]
max-age-days = 730
```

A fault of the file is named by the path of its keys, and ends the command with exit status 2:

```
bmkit: bmkit.toml: rules.severity."slip.unusal": there is no rule "slip.unusal"; did you mean "slip.unusual"?
```

Its JSON Schema is [schema/settings/bmkit.schema.json](../schema/settings/bmkit.schema.json).

## All keys

NAME is a name of your own: of a rule or a family of rules, a terminology, a sheet, a heading.
"""

_GUARDS_INTRO = """\
## Rules that guard a dose

Some rules can be neither ignored nor lowered from error to warning, here or with `--ignore`: a wrong dose
could pass unseen, in any record, from then on. A record that is right although such a rule reports it is
allowed at its place, by a record of the kind `suppression` with a reason and a last day
([living-with-it.md](living-with-it.md)). What is wrong with a file, a schema
or the shape of a record cannot be allowed at all: correct it. These rules guard a dose, by family:

"""


def refuse_wrong_settings(root: str, settings: Settings, schemas: Schemas) -> None:
    """Raise SettingsError for rules, kinds and fields that there are not, and for what guards a dose."""
    faults = [
        *_find_ignore_faults(settings),
        *_find_severity_faults(settings),
        *_find_sheet_faults(settings, schemas),
    ]
    if faults:
        raise make_settings_error(root, settings.file, faults)


def describe_refused_ignore(name: str) -> tuple[str, str]:
    """Return why a rule or family cannot be ignored, and what to do instead; "" and "" if it can be."""
    rule_docs = _select_rule_docs(name)
    guards = [rule_doc for rule_doc in rule_docs if rule_doc.guards_dose]
    if not guards:
        return "", ""
    hint = "correct what it reports"
    if not all(guard.rule_id in OTHER_RULES for guard in guards):
        hint += ", or allow it at its place with a suppression, for a reason and until a day"
    if guards == rule_docs:
        subject = "it guards a dose" if name == guards[0].rule_id else "its rules guard a dose"
        return f"{subject} and cannot be ignored", hint
    other_names = [rule_doc.rule_id for rule_doc in rule_docs if not rule_doc.guards_dose]
    verb = "guards" if len(guards) == 1 else "guard"
    return (
        f"{_join_names(guards)} {verb} a dose and cannot be ignored",
        f"name the others of the family instead: {', '.join(other_names)}",
    )


def format_settings_page() -> str:
    """Return docs/settings.md."""
    rows = "".join(
        f"| `{key}` | {_describe_type(subschema)} | {to_table_cell(subschema['description'])} |\n"
        for key, subschema in _iter_settings(load_settings_schema(), "")
    )
    guards = [rule_doc for rule_doc in list_rule_docs() if rule_doc.guards_dose]
    family_lines = []
    for family in dict.fromkeys(rule_doc.family for rule_doc in guards):
        family_guards = [rule_doc for rule_doc in guards if rule_doc.family == family]
        is_whole = len(family_guards) == len(_select_rule_docs(family))
        rule_names = "all of it" if is_whole else ", ".join(f"`{guard.rule_id}`" for guard in family_guards)
        family_lines.append(f"| {family} | {rule_names} |\n")
    return (
        f"{_SETTINGS_INTRO}\n| key | is | says |\n|---|---|---|\n{rows}\n{_GUARDS_INTRO}"
        f"| family | rules |\n|---|---|\n{''.join(family_lines)}"
    )


def _find_ignore_faults(settings: Settings) -> Iterator[SettingFault]:
    for name in settings.ignored_rules:
        path = ("rules", "ignore", name)
        if name not in list_rule_names():
            yield _make_unknown_rule_fault(path, name)
        else:
            message, hint = describe_refused_ignore(name)
            if message:
                yield SettingFault(path, message, hint)


def _find_severity_faults(settings: Settings) -> Iterator[SettingFault]:
    for name, change in settings.severity_changes.items():
        path = ("rules", "severity", name)
        if name not in list_rule_names():
            yield _make_unknown_rule_fault(path, name)
            continue
        lowered_guards = [
            rule_doc
            for rule_doc in _select_rule_docs(name)
            if rule_doc.guards_dose
            and rule_doc.severity == Severity.ERROR.value
            and change.severity is Severity.WARNING
        ]
        if lowered_guards:
            is_rule = name == lowered_guards[0].rule_id
            subject = "it" if is_rule else _join_names(lowered_guards)
            verb = "guards" if len(lowered_guards) == 1 else "guard"
            yield SettingFault(path, f"{subject} {verb} a dose and cannot be lowered to a warning")


def _find_sheet_faults(settings: Settings, schemas: Schemas) -> Iterator[SettingFault]:
    for sheet_name, sheet in settings.sheets.items():
        path = ("import", "sheets", sheet_name)
        if sheet.kind not in schemas:
            hint = suggest_hint(sheet.kind, schemas.kind_names, "bmkit fields lists them")
            yield SettingFault((*path, "kind"), f'there is no kind "{sheet.kind}"', hint)
            continue
        field_names = [".".join(field.path) for field in schemas.get_kind(sheet.kind).walk_fields()]
        for heading, field_name in sheet.fields_by_heading.items():
            if field_name not in field_names:
                hint = suggest_hint(field_name, field_names, f"bmkit fields {sheet.kind} lists them")
                message = f'{sheet.kind} has no field "{field_name}"'
                yield SettingFault((*path, "headings", heading), message, hint)


def _make_unknown_rule_fault(path: tuple[str, ...], name: str) -> SettingFault:
    hint = suggest_hint(name, list_rule_names(), "bmkit rules lists them")
    return SettingFault(path, f'there is no rule "{name}"', hint)


def _select_rule_docs(name: str) -> list[RuleDoc]:
    """Return the documentation of a rule, or of all rules of a family."""
    return [rule_doc for rule_doc in list_rule_docs() if name in {rule_doc.rule_id, rule_doc.family}]


def _join_names(rule_docs: list[RuleDoc]) -> str:
    from bmkit.wording import join_phrases

    return join_phrases([rule_doc.rule_id for rule_doc in rule_docs])


def _iter_settings(subschema: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the key and the schema of each setting in a table; NAME stands for a name of one's own."""
    for name, property_schema in subschema.get("properties", {}).items():
        yield from _iter_setting(property_schema, f"{key}{name}")
    named_schema = subschema.get("additionalProperties")
    if isinstance(named_schema, dict):
        described_schema = {"description": subschema["description"], **named_schema}
        yield from _iter_setting(described_schema, f"{key}NAME")


def _iter_setting(setting_schema: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    subschema = resolve_setting_schema(setting_schema)
    if subschema["type"] == "object":
        yield from _iter_settings(subschema, f"{key}.")
    else:
        yield key, subschema


def _describe_type(subschema: dict[str, Any]) -> str:
    items = subschema.get("items", {})
    words = subschema.get("enum") or items.get("enum")
    if words:
        joined = ", ".join(f"`{word}`" for word in words)
        return f"list of {joined}" if items else joined
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}[subschema["type"]]
