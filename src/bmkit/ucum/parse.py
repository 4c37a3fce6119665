"""The grammar of case-sensitive UCUM codes: a code becomes a product of units with exponents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bmkit.ucum.essence import essence

if TYPE_CHECKING:
    from bmkit.ucum.essence import Atom

LONGEST = 200
"""Characters of the longest code that is read."""

_DEEPEST = 20
_EXPONENT_DIGITS = 3
_ANNOTATION = re.compile(r"\{[!-z|~]*\}")
_SYMBOL = re.compile(r"10[*^]|(?:\[[!-Z\\^-z|~]+\]|[!#$%&'*,:;<>?@A-Z\\^_`a-z|~])+")
_EXPONENT = re.compile(r"[+-]?[0-9]+")
_FACTOR = re.compile(r"[1-9][0-9]*")


class UnitError(ValueError):
    """A code is no unit, or two units do not go together; the message is lower case without a full stop."""


class Part(NamedTuple):
    """One factor of a product: a number, or a unit with its prefix, to the power of `exponent`."""

    exponent: int
    number: int = 1
    prefix: str = ""
    atom: Atom | None = None


def parse(code: str) -> tuple[Part, ...]:
    """Give the factors of a code, none for an annotation alone; raises UnitError if it is no UCUM code."""
    if not code:
        raise UnitError("there is no unit")
    if len(code) > LONGEST:
        raise UnitError(f"the unit has {len(code)} characters, more than {LONGEST}")
    reader = _Reader(code)
    parts = reader.term(1, 0)
    if reader.at != len(code):
        raise reader.wrong()
    if len(parts) > 1:
        for part in parts:
            if part.atom is not None and part.atom.function:
                raise UnitError(f"{part.atom.code} in {code} has a scale of its own and cannot be multiplied")
    return tuple(parts)


class _Reader:
    def __init__(self, code: str) -> None:
        self.code = code
        self.at = 0

    def wrong(self) -> UnitError:
        """Say where the code stops being one."""
        rest = self.code[self.at :]
        return UnitError(f"{self.code!r} is no unit at {rest!r}" if rest else f"{self.code!r} breaks off")

    def _next(self) -> str:
        return self.code[self.at : self.at + 1]

    def term(self, sign: int, depth: int) -> list[Part]:
        """Read a product up to a closing bracket or the end."""
        parts: list[Part] = []
        over = 1
        if self._next() == "/":
            self.at += 1
            over = -1
        while True:
            parts += self._component(sign * over, depth)
            if self._next() not in {".", "/"}:
                return parts
            over = -1 if self._next() == "/" else 1
            self.at += 1

    def _component(self, sign: int, depth: int) -> list[Part]:
        if self._next() == "(":
            if depth >= _DEEPEST:
                raise UnitError(f"{self.code!r} has more than {_DEEPEST} brackets in each other")
            self.at += 1
            parts = self.term(sign, depth + 1)
            if self._next() != ")":
                raise self.wrong()
            self.at += 1
            return parts
        part = self._unit(sign)
        annotation = _ANNOTATION.match(self.code, self.at)
        if annotation is not None:
            self.at = annotation.end()
        elif part is None:
            raise self.wrong()
        return [part] if part is not None else []

    def _unit(self, sign: int) -> Part | None:
        """Read a number or a symbol with its exponent; None if there is neither."""
        symbol = _SYMBOL.match(self.code, self.at)
        if symbol is None:
            factor = _FACTOR.match(self.code, self.at)
            if factor is None:
                return None
            self.at = factor.end()
            return Part(sign, number=int(factor.group()))
        prefix, atom = _known(symbol.group(), self.code)
        self.at = symbol.end()
        exponent = _EXPONENT.match(self.code, self.at)
        if exponent is None:
            return Part(sign, prefix=prefix, atom=atom)
        if atom.function:
            raise UnitError(f"{atom.code} in {self.code} has a scale of its own and takes no exponent")
        self.at = exponent.end()
        return Part(sign * _power(exponent.group(), self.code), prefix=prefix, atom=atom)


def _power(exponent: str, code: str) -> int:
    # A number of that size would keep the machine busy, not the reader informed.
    if len(exponent.lstrip("+-")) > _EXPONENT_DIGITS:
        raise UnitError(f"the exponent {exponent} in {code} is too large")
    return int(exponent)


def _known(symbol: str, code: str) -> tuple[str, Atom]:
    tables = essence()
    atom = tables.atoms.get(symbol)
    if atom is not None:
        return "", atom
    for length in (2, 1):
        prefix, rest = symbol[:length], symbol[length:]
        atom = tables.atoms.get(rest)
        if prefix in tables.prefixes and atom is not None and atom.metric:
            return prefix, atom
    where = "" if symbol == code else f" in {code!r}"
    raise UnitError(f"{symbol!r}{where} is no unit of ucum")
