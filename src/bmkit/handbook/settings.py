"""What settings may say of rules and kinds: nothing that would let a wrong dose pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.config import make_settings_error
from bmkit.config.faults import SettingFault
from bmkit.handbook.rule_docs import OTHER_RULES, list_rule_docs, list_rule_names
from bmkit.issue import Severity
from bmkit.suggest import suggest_hint
from bmkit.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.config import Settings
    from bmkit.rule_doc import RuleDoc
    from bmkit.schema import Schemas


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


def _find_ignore_faults(settings: Settings) -> Iterator[SettingFault]:
    for name in settings.ignored_rules:
        path = ("rules", "ignore", name)
        if name not in list_rule_names(settings):
            yield _make_unknown_rule_fault(path, name, settings)
        else:
            message, hint = describe_refused_ignore(name)
            if message:
                yield SettingFault(path, message, hint)


def _find_severity_faults(settings: Settings) -> Iterator[SettingFault]:
    for name, change in settings.severity_changes.items():
        path = ("rules", "severity", name)
        if name not in list_rule_names(settings):
            yield _make_unknown_rule_fault(path, name, settings)
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
        columns = {column.name: column for column in make_table(schemas.get_kind(sheet.kind), ()).columns}
        named_fields = [
            *(((*path, "headings", heading), name) for heading, name in sheet.fields_by_heading.items()),
            *(((*path, "constants", name), name) for name in sheet.constants),
        ]
        seen_names: set[str] = set()
        for field_path, field_name in named_fields:
            if field_name not in columns:
                parts = [name for name in columns if name.startswith(f"{field_name}.")]
                hint = suggest_hint(field_name, columns, f"bmkit fields {sheet.kind} lists them")
                message = f'{sheet.kind} has no field "{field_name}"'
                if parts:
                    message, hint = f"{field_name} has parts", f"name one of {', '.join(parts)}"
                yield SettingFault(field_path, message, hint)
            elif field_name in seen_names:
                yield SettingFault(field_path, f"{field_name} is named twice", "give each field one place")
            seen_names.add(field_name)
        for heading, unit in sheet.units.items():
            field_name = sheet.fields_by_heading.get(heading, "")
            unit_column = columns.get(f"{field_name.rpartition('.')[0]}.unit")
            if not field_name:
                hint = suggest_hint(heading, sheet.fields_by_heading, "name one of the headings")
                yield SettingFault((*path, "units", heading), "this heading has no field", hint)
            elif unit_column is None or unit_column.parent_type != "quantity":
                yield SettingFault((*path, "units", heading), f"{field_name} has no unit")
            elif unit_column.field.values and unit not in unit_column.field.values:
                units = [str(value) for value in unit_column.field.values]
                hint = suggest_hint(unit, units, f"bmkit fields {sheet.kind} lists the units")
                yield SettingFault((*path, "units", heading), f'{field_name} has no unit "{unit}"', hint)


def _make_unknown_rule_fault(path: tuple[str, ...], name: str, settings: Settings) -> SettingFault:
    hint = suggest_hint(name, list_rule_names(settings), "bmkit rules lists them")
    return SettingFault(path, f'there is no rule "{name}"', hint)


def _select_rule_docs(name: str) -> list[RuleDoc]:
    """Return the documentation of a rule, or of all rules of a family."""
    return [rule_doc for rule_doc in list_rule_docs() if name in {rule_doc.rule_id, rule_doc.family}]


def _join_names(rule_docs: list[RuleDoc]) -> str:
    from bmkit.wording import join_phrases

    return join_phrases([rule_doc.rule_id for rule_doc in rule_docs])
