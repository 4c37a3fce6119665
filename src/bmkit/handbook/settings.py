"""What settings may say of rules and kinds: nothing that would let a wrong dose pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.config import make_settings_error
from bmkit.config.faults import SettingFault
from bmkit.handbook.rule_docs import OTHER_RULES, list_rule_docs, list_rule_names
from bmkit.issue import Severity
from bmkit.suggest import suggest_hint

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
        field_names = [".".join(field.path) for field in schemas.get_kind(sheet.kind).walk_fields()]
        for heading, field_name in sheet.fields_by_heading.items():
            if field_name not in field_names:
                hint = suggest_hint(field_name, field_names, f"bmkit fields {sheet.kind} lists them")
                message = f'{sheet.kind} has no field "{field_name}"'
                yield SettingFault((*path, "headings", heading), message, hint)


def _make_unknown_rule_fault(path: tuple[str, ...], name: str, settings: Settings) -> SettingFault:
    hint = suggest_hint(name, list_rule_names(settings), "bmkit rules lists them")
    return SettingFault(path, f'there is no rule "{name}"', hint)


def _select_rule_docs(name: str) -> list[RuleDoc]:
    """Return the documentation of a rule, or of all rules of a family."""
    return [rule_doc for rule_doc in list_rule_docs() if name in {rule_doc.rule_id, rule_doc.family}]


def _join_names(rule_docs: list[RuleDoc]) -> str:
    from bmkit.wording import join_phrases

    return join_phrases([rule_doc.rule_id for rule_doc in rule_docs])
