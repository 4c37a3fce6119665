"""The grammar of case-sensitive UCUM codes: a code becomes a product of units with exponents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bmkit.ucum.essence import read_essence

if TYPE_CHECKING:
    from bmkit.ucum.essence import Atom

MAX_CODE_LENGTH = 200
"""Characters of the longest code that is read."""

_MAX_TERM_DEPTH = 20
_MAX_EXPONENT_DIGITS = 3
_ANNOTATION_PATTERN = re.compile(r"\{[!-z|~]*\}")
_SYMBOL_PATTERN = re.compile(r"10[*^]|(?:\[[!-Z\\^-z|~]+\]|[!#$%&'*,:;<>?@A-Z\\^_`a-z|~])+")
_EXPONENT_PATTERN = re.compile(r"[+-]?[0-9]+")
_FACTOR_PATTERN = re.compile(r"[1-9][0-9]*")


class UnitError(ValueError):
    """A code is not a unit, or two units are not commensurable; lower case, without a full stop."""


class UnitComponent(NamedTuple):
    """One factor of a product: a number, or a unit with its prefix, to the power of `exponent`."""

    exponent: int
    number: int = 1
    prefix: str = ""
    atom: Atom | None = None


def parse_unit(code: str) -> tuple[UnitComponent, ...]:
    """Return the factors of a code, none for an annotation alone; raises UnitError if it is not a unit."""
    if not code:
        raise UnitError("the unit is empty")
    if len(code) > MAX_CODE_LENGTH:
        raise UnitError(f"the unit has {len(code)} characters, more than {MAX_CODE_LENGTH}")
    parser = _UnitParser(code)
    components = parser.parse_term(1, 0)
    if parser.position != len(code):
        raise parser.make_error()
    if len(components) > 1:
        for component in components:
            if component.atom is not None and component.atom.function:
                symbol = component.atom.code
                raise UnitError(f"{symbol} in {code} is on a special scale and cannot be multiplied")
    return tuple(components)


class _UnitParser:
    def __init__(self, code: str) -> None:
        self.code = code
        self.position = 0

    def make_error(self) -> UnitError:
        """Return the error that says from where on the code is wrong."""
        rest = self.code[self.position :]
        message = f"is not a UCUM unit from {rest!r} on" if rest else "is incomplete"
        return UnitError(f"{self.code!r} {message}")

    def _peek(self) -> str:
        return self.code[self.position : self.position + 1]

    def parse_term(self, sign: int, depth: int) -> list[UnitComponent]:
        """Return the factors of a product, up to a closing bracket or the end."""
        components: list[UnitComponent] = []
        operator_sign = 1
        if self._peek() == "/":
            self.position += 1
            operator_sign = -1
        while True:
            components += self._parse_component(sign * operator_sign, depth)
            if self._peek() not in {".", "/"}:
                return components
            operator_sign = -1 if self._peek() == "/" else 1
            self.position += 1

    def _parse_component(self, sign: int, depth: int) -> list[UnitComponent]:
        if self._peek() == "(":
            if depth >= _MAX_TERM_DEPTH:
                raise UnitError(f"{self.code!r} nests brackets more than {_MAX_TERM_DEPTH} deep")
            self.position += 1
            components = self.parse_term(sign, depth + 1)
            if self._peek() != ")":
                raise self.make_error()
            self.position += 1
            return components
        component = self._parse_simple_unit(sign)
        annotation_match = _ANNOTATION_PATTERN.match(self.code, self.position)
        if annotation_match is not None:
            self.position = annotation_match.end()
        elif component is None:
            raise self.make_error()
        return [component] if component is not None else []

    def _parse_simple_unit(self, sign: int) -> UnitComponent | None:
        """Return a number or a symbol with its exponent; None if there is neither."""
        symbol_match = _SYMBOL_PATTERN.match(self.code, self.position)
        if symbol_match is None:
            factor_match = _FACTOR_PATTERN.match(self.code, self.position)
            if factor_match is None:
                return None
            self.position = factor_match.end()
            return UnitComponent(sign, number=int(factor_match.group()))
        prefix, atom = _resolve_symbol(symbol_match.group(), self.code)
        self.position = symbol_match.end()
        exponent_match = _EXPONENT_PATTERN.match(self.code, self.position)
        if exponent_match is None:
            return UnitComponent(sign, prefix=prefix, atom=atom)
        if atom.function:
            raise UnitError(f"{atom.code} in {self.code} is on a special scale and takes no exponent")
        self.position = exponent_match.end()
        return UnitComponent(
            sign * _parse_exponent(exponent_match.group(), self.code), prefix=prefix, atom=atom
        )


def _parse_exponent(exponent_text: str, code: str) -> int:
    # A number of that size would keep the machine busy, not the reader informed.
    if len(exponent_text.lstrip("+-")) > _MAX_EXPONENT_DIGITS:
        raise UnitError(f"the exponent {exponent_text} in {code} is too large")
    return int(exponent_text)


def _resolve_symbol(symbol: str, code: str) -> tuple[str, Atom]:
    tables = read_essence()
    atom = tables.atoms.get(symbol)
    if atom is not None:
        return "", atom
    for prefix_length in (2, 1):
        prefix, atom_code = symbol[:prefix_length], symbol[prefix_length:]
        atom = tables.atoms.get(atom_code)
        if prefix in tables.prefix_values and atom is not None and atom.is_metric:
            return prefix, atom
    location = "" if symbol == code else f" in {code!r}"
    raise UnitError(f"{symbol!r}{location} is not a UCUM unit")
