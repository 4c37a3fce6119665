"""Rules: what must hold of content beyond its shape. A family is a module or a folder, a rule a function."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from bmkit.rules.rule import Fault, Faults, Rule, rule, run_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.config import Settings

__all__ = ["Fault", "Faults", "Rule", "list_rules", "load_all_rules", "rule", "run_rules"]

# Modules and packages without rules.
_WITHOUT_RULES = ("derived", "examples", "rule", "sql_rule")


@cache
def load_all_rules() -> tuple[Rule, ...]:
    """Return the rules of every module of this folder, by family."""
    modules = [import_module(name) for name in _iter_module_names(__name__, os.path.dirname(__file__))]
    rules = [member for module in modules for member in vars(module).values() if isinstance(member, Rule)]
    return tuple(sorted(rules, key=lambda rule: rule.family))


def list_rules(settings: Settings) -> tuple[Rule, ...]:
    """Return the rules of bmkit and those of a project's own."""
    rules = load_all_rules()
    if not settings.own_rules:
        return rules
    # Only a project that has rules pays for this import.
    from bmkit.rules.sql_rule import SqlRule

    return (*rules, *map(SqlRule, settings.own_rules))


def _iter_module_names(package: str, folder: str) -> Iterator[str]:
    """Yield the modules of a package and of the packages in it, by name."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            name = entry.name.removesuffix(".py")
            if name.startswith("_") or name in _WITHOUT_RULES:
                continue
            if entry.is_dir():
                yield from _iter_module_names(f"{package}.{name}", entry.path)
            elif name != entry.name:
                yield f"{package}.{name}"
