"""What must hold of content beyond its shape: a family is a module or a folder, a rule is a function."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from bmkit.rules.rule import Fault, Faults, Rule, rule, run_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["Fault", "Faults", "Rule", "load_all_rules", "load_rules_for_kinds", "rule", "run_rules"]

_NON_FAMILY_MODULES = {"rule", "examples", "derived"}
# Folders whose modules are families of their own, beside modules that hold no rules.
_PACKS = {"medication"}
# Families whose rules go by records of these kinds.  Content without such files is judged without them: to
# load them takes as long as to check one file.
_KINDS_BY_FAMILY = {
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
_rules_by_family: dict[str, list[Rule]] = {}


def load_all_rules() -> list[Rule]:
    """Give every rule, by family; what stands in this folder is a family, and no list has to name it."""
    return [rule for family in _list_families() for rule in _load_family_rules(family)]


def load_rules_for_kinds(kinds: Collection[str]) -> list[Rule]:
    """Give the rules that may find something in content with files of these kinds, by family."""
    families = [
        family
        for family in _list_families()
        if family not in _KINDS_BY_FAMILY or not _KINDS_BY_FAMILY[family].isdisjoint(kinds)
    ]
    return [rule for family in families for rule in _load_family_rules(family)]


def _list_families() -> list[str]:
    return sorted(_places())


def _places() -> dict[str, str]:
    """Give the module of each family, as a dotted name below this package."""
    top = os.path.dirname(__file__)
    places = {name: name for name in _list_modules(top) if name not in _NON_FAMILY_MODULES | _PACKS}
    for pack in _PACKS:
        places.update({name: f"{pack}.{name}" for name in _list_modules(os.path.join(top, pack))})
    return places


def _load_family_rules(family: str) -> list[Rule]:
    if family not in _rules_by_family:
        _rules_by_family[family] = list(_import_rules(f"{__name__}.{_places()[family]}"))
    return _rules_by_family[family]


def _import_rules(module_name: str) -> Iterator[Rule]:
    """Give the rules of a module; if it is a folder, those of its modules."""
    module = import_module(module_name)
    for package_folder in getattr(module, "__path__", ()):
        for submodule_name in _list_modules(package_folder):
            yield from _import_rules(f"{module_name}.{submodule_name}")
    yield from (member for member in vars(module).values() if isinstance(member, Rule))


def _list_modules(folder: str) -> list[str]:
    """List the modules and the folders of modules, by name."""
    with os.scandir(folder) as entries:
        module_names = [entry.name.removesuffix(".py") for entry in entries if _is_module(entry)]
    return sorted(module_names)


def _is_module(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith("_") and (entry.name.endswith(".py") or entry.is_dir())
