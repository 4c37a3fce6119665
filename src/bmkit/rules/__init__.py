"""What must hold of content beyond its shape: a family is a module or a folder, a rule is a function."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from bmkit.rules.rule import Fault, Faults, Rule, issues_of, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Fault", "Faults", "Rule", "all_rules", "issues_of", "rule"]

_NO_FAMILIES = {"rule", "scrap", "reading"}
_found: list[Rule] = []


def all_rules() -> list[Rule]:
    """Give every rule, by family; what stands in this folder is a family, and no list has to name it."""
    if not _found:
        for family in _modules(os.path.dirname(__file__)):
            if family not in _NO_FAMILIES:
                _found.extend(_rules_of(f"{__name__}.{family}"))
    return _found


def _rules_of(name: str) -> Iterator[Rule]:
    """Give the rules of a module; if it is a folder, those of its modules."""
    module = import_module(name)
    for folder in getattr(module, "__path__", ()):
        for inner in _modules(folder):
            yield from _rules_of(f"{name}.{inner}")
    yield from (value for value in vars(module).values() if isinstance(value, Rule))


def _modules(folder: str) -> list[str]:
    """List the modules and the folders of modules, by name."""
    with os.scandir(folder) as entries:
        names = [entry.name.removesuffix(".py") for entry in entries if _is_module(entry)]
    return sorted(names)


def _is_module(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith("_") and (entry.name.endswith(".py") or entry.is_dir())
