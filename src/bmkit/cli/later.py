"""Modules that a library imports and a run of ours hardly ever needs: imported when they are first used."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class LazyModule(ModuleType):
    """Stands for a module until an attribute of it is asked for that is not among `ready`."""

    def __init__(self, name: str, ready_attributes: dict[str, Any]) -> None:
        super().__init__(name)
        self.__dict__.update(ready_attributes)

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@contextmanager
def defer_imports() -> Iterator[None]:
    """Import click without what it has `inspect` and, behind `uuid`, `platform` for: a sixth of its time.

    Only long help is laid out by `inspect`, and only the name of the system is asked of `platform`.  Whoever
    imports one of them meanwhile gets it when it is used, and who imports it later gets it as always.
    """
    lazy_modules = {
        name: LazyModule(name, ready_attributes)
        for name, ready_attributes in _READY_ATTRIBUTES.items()
        if name not in sys.modules
    }
    sys.modules.update(lazy_modules)
    try:
        yield
    finally:
        for name, module in lazy_modules.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _clean_docstring(docstring: str) -> str:
    if "\n" in docstring or "\t" in docstring:
        from inspect import cleandoc

        return cleandoc(docstring)
    return docstring.lstrip()


_READY_ATTRIBUTES: dict[str, dict[str, Any]] = {"inspect": {"cleandoc": _clean_docstring}}
if hasattr(os, "uname"):
    _READY_ATTRIBUTES["platform"] = {"system": lambda: os.uname().sysname}
