"""The UCUM tables of the unmodified essence file, read at first use."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any, NamedTuple

ESSENCE_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ucum-essence.xml")


class Atom(NamedTuple):
    """A unit of the tables: `value` times `unit_code`, "" for a base unit.

    Metric units take prefixes.  A unit on a special scale names its `function`.  Arbitrary units are defined
    by a procedure and commensurable only with themselves.
    """

    code: str
    is_metric: bool
    value: str
    unit_code: str
    function: str = ""
    is_arbitrary: bool = False


class Essence(NamedTuple):
    """The tables: values of prefixes in digits, and units by code."""

    prefix_values: dict[str, str]
    atoms: dict[str, Atom]


@lru_cache(maxsize=1)
def read_essence() -> Essence:
    """Return the tables, read once."""
    # Start-up must not pay for a parser that only a run with unusual units needs.
    from xml.parsers import expat

    reader = _EssenceReader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start_element
    parser.EndElementHandler = reader.end_element
    with open(ESSENCE_FILE, "rb") as file:
        parser.ParseFile(file)
    return Essence(reader.prefix_values, reader.atoms)


class _EssenceReader:
    def __init__(self) -> None:
        self.prefix_values: dict[str, str] = {}
        self.atoms: dict[str, Atom] = {}
        self._code = ""
        self._is_metric = self._is_arbitrary = False
        self._value = self._unit_code = self._function = ""

    def start_element(self, tag: str, attributes: dict[str, Any]) -> None:
        if tag in {"prefix", "base-unit", "unit"}:
            self._code = attributes["Code"]
            self._is_metric = tag == "base-unit" or attributes.get("isMetric") == "yes"
            self._is_arbitrary = attributes.get("isArbitrary") == "yes"
            self._value, self._unit_code, self._function = "1", "", ""
        elif tag == "value":
            self._value, self._unit_code = attributes.get("value", "1"), attributes.get("Unit", "")
        elif tag == "function":
            self._function = attributes["name"]
            self._value, self._unit_code = attributes["value"], attributes["Unit"]

    def end_element(self, tag: str) -> None:
        if tag == "prefix":
            self.prefix_values[self._code] = self._value
        elif tag in {"base-unit", "unit"}:
            self.atoms[self._code] = Atom(
                self._code, self._is_metric, self._value, self._unit_code, self._function, self._is_arbitrary
            )
