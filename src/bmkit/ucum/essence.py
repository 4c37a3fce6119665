"""The UCUM tables as they stand in the unmodified essence file, read at first use."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any, NamedTuple

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ucum-essence.xml")


class Atom(NamedTuple):
    """A unit of the tables: `value` times `unit`, a UCUM code; "" where it is a base unit.

    `metric` units take prefixes.  A unit on a special scale names its `function`.  `arbitrary` units are
    defined by a procedure, and compare with nothing but themselves.
    """

    code: str
    metric: bool
    value: str
    unit: str
    function: str = ""
    arbitrary: bool = False


class Essence(NamedTuple):
    """The tables: values of prefixes as they are written, and units by code."""

    prefixes: dict[str, str]
    atoms: dict[str, Atom]


@lru_cache(maxsize=1)
def essence() -> Essence:
    """Read the tables."""
    # Start-up must not pay for a parser that only a run with unusual units needs.
    from xml.parsers import expat

    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    with open(FILE, "rb") as file:
        parser.ParseFile(file)
    return Essence(reader.prefixes, reader.atoms)


class _Reader:
    def __init__(self) -> None:
        self.prefixes: dict[str, str] = {}
        self.atoms: dict[str, Atom] = {}
        self._code = ""
        self._metric = self._arbitrary = False
        self._value = self._unit = self._function = ""

    def start(self, name: str, attributes: dict[str, Any]) -> None:
        if name in {"prefix", "base-unit", "unit"}:
            self._code = attributes["Code"]
            self._metric = name == "base-unit" or attributes.get("isMetric") == "yes"
            self._arbitrary = attributes.get("isArbitrary") == "yes"
            self._value, self._unit, self._function = "1", "", ""
        elif name == "value":
            self._value, self._unit = attributes.get("value", "1"), attributes.get("Unit", "")
        elif name == "function":
            self._function = attributes["name"]
            self._value, self._unit = attributes["value"], attributes["Unit"]

    def end(self, name: str) -> None:
        if name == "prefix":
            self.prefixes[self._code] = self._value
        elif name in {"base-unit", "unit"}:
            self.atoms[self._code] = Atom(
                self._code, self._metric, self._value, self._unit, self._function, self._arbitrary
            )
