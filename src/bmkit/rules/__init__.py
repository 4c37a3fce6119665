"""What must hold of content beyond its shape: a family is a module or a folder, a rule is a function."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from bmkit.rules.rule import Fault, Faults, Rule, issues_of, rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["Fault", "Faults", "Rule", "all_rules", "issues_of", "rule", "rules_for"]

_NO_FAMILIES = {"rule", "examples", "derived"}
# Folders whose modules are families of their own, beside modules that hold no rules.
_PACKS = {"medication"}
# Families whose rules go by records of these kinds.  Content without such files is judged without them: to
# load them takes as long as to check one file.
_KINDS = {
    "dose": {"dose-limit", "dosing"},
    "infusion": {"dosing"},
    "notes": {"editorial-note"},
    "procedures": {"procedure-step"},
    "products": {"drug-classification", "interaction", "product", "product-presentation"},
    "regimen": {"course", "dose-limit", "dosing"},
    "routes": {"dosing", "instruction", "product-presentation"},
    "sections": {"section"},
    "sites": {"metastatic-site", "site-involvement", "suspected-primary", "tumour"},
    "slip": {"dose-range"},
    "storage": {"storage"},
    "strength": {"product-presentation"},
    "suppression": {"suppression"},
    "tablets": {"dosing", "instruction"},
}
_found: dict[str, list[Rule]] = {}


def all_rules() -> list[Rule]:
    """Give every rule, by family; what stands in this folder is a family, and no list has to name it."""
    return [rule for family in _families() for rule in _of_family(family)]


def rules_for(kinds: Collection[str]) -> list[Rule]:
    """Give the rules that may find something in content with files of these kinds, by family."""
    families = [name for name in _families() if name not in _KINDS or not _KINDS[name].isdisjoint(kinds)]
    return [rule for family in families for rule in _of_family(family)]


def _families() -> list[str]:
    return sorted(_places())


def _places() -> dict[str, str]:
    """Give the module of each family, as a dotted name below this package."""
    top = os.path.dirname(__file__)
    places = {name: name for name in _modules(top) if name not in _NO_FAMILIES | _PACKS}
    for pack in _PACKS:
        places.update({name: f"{pack}.{name}" for name in _modules(os.path.join(top, pack))})
    return places


def _of_family(name: str) -> list[Rule]:
    if name not in _found:
        _found[name] = list(_rules_of(f"{__name__}.{_places()[name]}"))
    return _found[name]


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
