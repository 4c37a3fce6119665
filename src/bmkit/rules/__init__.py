"""What must hold of content beyond its shape: one module a family, one function a rule."""

from __future__ import annotations

import os
from importlib import import_module

from bmkit.rules.rule import Fault, Faults, Rule, rule

__all__ = ["Fault", "Faults", "Rule", "all_rules", "rule"]

_NO_FAMILIES = {"__init__", "rule", "scrap"}
_found: list[Rule] = []


def all_rules() -> list[Rule]:
    """Give every rule, by family; each module of this folder is a family, and no list has to name it."""
    if not _found:
        with os.scandir(os.path.dirname(__file__)) as entries:
            names = sorted(entry.name.removesuffix(".py") for entry in entries if entry.name.endswith(".py"))
        for name in names:
            if name not in _NO_FAMILIES:
                module = import_module(f"bmkit.rules.{name}")
                _found.extend(value for value in vars(module).values() if isinstance(value, Rule))
    return _found
