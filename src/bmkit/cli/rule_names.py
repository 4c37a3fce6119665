"""Rules by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.cli.process import WrongUseError
from bmkit.cli.project import read_nearest_settings
from bmkit.cli.terminal import print_lines
from bmkit.config import Settings, SettingsError
from bmkit.config.own_rules import RuleFileError
from bmkit.handbook import describe_refused_ignore, list_project_rule_docs, list_rule_names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bmkit.rule_doc import RuleDoc


def select_rule_docs(names: Sequence[str]) -> list[RuleDoc]:
    """Return the documentation of rules or families, all if none is named; WrongUseError if unknown."""
    settings = read_settings_for_handbook()
    refuse_unknown_rules(names, settings)
    return [
        rule_doc
        for rule_doc in list_project_rule_docs(settings)
        if not names or rule_doc.rule_id in names or rule_doc.family in names
    ]


def refuse_unknown_rules(names: Sequence[str], settings: Settings) -> None:
    """Raise WrongUseError for a name that no rule or family has, nor one of the project's own."""
    known_names = list_rule_names(settings)
    for name in names:
        if name not in known_names:
            from bmkit.suggest import suggest_hint

            hint = suggest_hint(name, known_names, "bmkit rules lists them")
            raise WrongUseError(f'there is no rule "{name}"', hint)


def refuse_dose_guards(names: Sequence[str]) -> None:
    """Raise WrongUseError for a name to ignore that is of a rule that guards a dose, or of its family."""
    for name in names:
        message, hint = describe_refused_ignore(name)
        if message:
            raise WrongUseError(f"--ignore {name}: {message}", hint)


def read_settings_for_handbook(*, is_quiet: bool = False) -> Settings:
    """Return the settings of the project around here, the defaults if they cannot be read.

    What is wrong with them is printed, unless asked to be quiet, and no reason to withhold the handbook: it
    lists the names of rules.
    """
    try:
        return read_nearest_settings()
    except (SettingsError, RuleFileError) as error:
        if not is_quiet:
            print_lines(*(f"bmkit: {line}" for line in error.lines), to_stderr=True)
        return Settings()


def describe_severity(rule_doc: RuleDoc, settings: Settings) -> tuple[str, str]:
    """Return the severity of a rule, or "ignored", and the reason that the settings give for it, or ""."""
    for name in (rule_doc.rule_id, rule_doc.family):
        if name in settings.ignored_rules:
            return "ignored", settings.ignored_rules[name]
    for name in (rule_doc.rule_id, rule_doc.family):
        if name in settings.severity_changes:
            change = settings.severity_changes[name]
            return change.severity.value, change.reason
    return rule_doc.severity, ""


def find_rule_texts(names: Collection[str], settings: Settings) -> dict[str, tuple[str, str]]:
    """Return the title and the reason of each of the rules; an unknown one is left out."""
    return {
        rule_doc.rule_id: (rule_doc.title, rule_doc.why)
        for rule_doc in list_project_rule_docs(settings)
        if rule_doc.rule_id in names
    }
