"""The engine against ucumvert, a second implementation: the same codes are valid, conversions agree."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from tests.ucum.algebra import convert_by_algebra

from bmkit.ucum.dimensions import convert_between, read_dimensions
from bmkit.ucum.essence import read_essence
from bmkit.ucum.parse import UnitError, parse_unit
from bmkit.ucum.units import is_valid_unit

ucumvert = pytest.importorskip("ucumvert", reason="ucumvert, a development dependency, is not installed")
lark = pytest.importorskip("lark")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def grammar() -> Any:
    return ucumvert.get_ucum_parser()


def is_accepted(grammar: Any, code: str) -> bool:
    try:
        grammar.parse(code)
    except lark.exceptions.LarkError:
        return False
    return True


def make_random_code(chance: random.Random) -> str:
    """Return a code that is often valid, with units, prefixes, exponents, numbers, annotations and slips."""
    atoms = list(read_essence().atoms.values())
    prefixes = ["", "", "", *read_essence().prefix_values]
    code = "/" if chance.random() < 0.1 else ""
    for number in range(chance.randint(1, 3)):
        code += chance.choice("./") if number else ""
        kind = chance.random()
        if kind < 0.1:
            code += str(chance.randint(1, 20))
        elif kind < 0.15:
            code += "{note}"
        elif kind < 0.25:
            code += f"({chance.choice(atoms).code}.s)"
        else:
            code += chance.choice(prefixes) + chance.choice(atoms).code
            code += chance.choice(["", "", "", "2", "-1", "+3"])
            code += chance.choice(["", "", "", "{x}"])
    return code


def has_special_scale(code: str) -> bool:
    """Return whether the two may differ; UCUM's text is on our side: special scales stand alone."""
    tables = read_essence()
    return any(atom.function and atom.code in code for atom in tables.atoms.values())


def test_the_same_codes_are_valid(grammar: Any) -> None:
    chance = random.Random(7)
    codes = [code for _ in range(1500) if not has_special_scale(code := make_random_code(chance))]
    assert len(codes) > 700
    assert [code for code in codes if is_valid_unit(code) != is_accepted(grammar, code)] == []


def test_special_scales_alone_are_valid_in_both(grammar: Any) -> None:
    for atom in read_essence().atoms.values():
        if atom.function:
            assert is_valid_unit(atom.code)
            assert is_accepted(grammar, atom.code)
            with pytest.raises(UnitError):
                parse_unit(f"{atom.code}/s")


COMMENSURABLE = [
    *(("mg", "ug"), ("g", "kg"), ("mL", "L"), ("mL", "dL"), ("d", "h"), ("wk", "d"), ("a", "d"), ("mo", "d")),
    *(("mg/d", "g/wk"), ("mg/mL", "g/L"), ("mmol/L", "umol/mL"), ("[lb_av]", "g"), ("[in_i]", "cm")),
    *(("Bq", "Ci"), ("kPa", "bar"), ("kcal", "J"), ("Gy", "J/kg"), ("mg/(kg.d)", "ug/kg/h")),
    *(("ug/m2", "mg/m2"), ("m3", "L"), ("%", "[ppth]"), ("kat", "umol/min"), ("deg", "rad")),
]


def test_conversions_agree() -> None:
    registry = ucumvert.PintUcumRegistry()
    for source, target in COMMENSURABLE:
        quantity = registry.Quantity(37.5, registry.from_ucum(source).units)
        expected = quantity.to(registry.from_ucum(target).units).magnitude
        assert float(convert_by_algebra(Fraction("37.5"), source, target)) == pytest.approx(
            expected, rel=1e-9
        ), (
            source,
            target,
        )


def test_every_code_of_the_dimensions_is_valid(grammar: Any) -> None:
    codes = list(read_dimensions().names_by_code)
    assert len(codes) > 900
    assert [code for code in codes if not is_accepted(grammar, code)] == []


def read_measure(registry: Any, code: str) -> Any:
    """Return one of a unit; of an annotation alone ucumvert gives no quantity."""
    return registry.Quantity(1) if code.startswith("{") and code.endswith("}") else registry.from_ucum(code)


def test_factors_of_the_dimensions_agree() -> None:
    registry = ucumvert.PintUcumRegistry()
    # Nothing is converted where there is one unit; ucumvert's registry does not know that of acidity.
    dimensions = [named for named in read_dimensions().dimensions.values() if len(named.factors) > 1]
    for dimension in dimensions:
        unit = read_measure(registry, dimension.unit)
        for code in dimension.factors:
            measure = read_measure(registry, code)
            quantity = registry.Quantity(37.5 * measure.magnitude, measure.units)
            expected = quantity.to(unit.units).magnitude / unit.magnitude
            converted = convert_between(Fraction("37.5"), code, dimension.unit, dimension.name)
            # Its millimetre of mercury has more digits than that of UCUM.
            assert float(converted) == pytest.approx(expected, rel=1e-5), (dimension.name, code)
