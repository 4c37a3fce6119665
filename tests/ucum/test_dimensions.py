"""Units have named dimensions: the table is right by UCUM's algebra, and narrower than it."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ucum.algebra import are_commensurable, convert_by_algebra

from bmkit.ucum.dimensions import (
    NamedDimension,
    convert_between,
    has_dimension,
    list_dimension_names,
    list_members,
    list_unit_codes,
    name_dimension,
    read_dimensions,
    share_dimension,
    title_dimension,
)
from bmkit.ucum.parse import UnitError
from bmkit.ucum.units import is_valid_unit

TABLE = read_dimensions()
FLOW_TIMES = ("s", "min", "h", "d", "wk", "mo")
# One number for a dimension is not so for another: the algebra sees no difference.
NAMESAKES = [
    ("mg/kg", "%"),
    ("mg/kg", "{puff}"),
    ("mg/kg/d", "Bq"),
    ("mg/kg/d", "/d"),
    ("mL/min", "mL/min/{1.73_m2}"),
    ("{tbl}", "{puff}"),
    ("{tbl}", "1"),
    ("mmol", "1"),
    ("mmol", "meq"),
    ("mmol/L", "10*9/L"),
    ("mg/kg", "mg/g"),
    ("g/m2", "g/cm2"),
    ("kg/m2", "g/m2"),
    ("Gy", "Sv"),
    ("[drp]", "mL"),
    ("%", "{score}"),
    ("U", "umol/min"),
    ("/d", "Bq"),
    ("/(100000.{person}.a)", "/a"),
    ("mosm/L", "mmol/L"),
    ("keV", "kJ"),
]
ALONE = [("[iU]", "[USP'U]"), ("mg", "mg/kg"), ("mg", "mg/d"), ("mg/kg", "mg/m2"), ("mg", "mL"), ("x", "y")]


@pytest.mark.parametrize("dimension", TABLE.dimensions.values(), ids=list(TABLE.dimensions))
def test_every_code_is_a_unit_with_the_factor_of_the_algebra(dimension: NamedDimension) -> None:
    for code in dimension.factors:
        assert is_valid_unit(code)
        assert are_commensurable(code, dimension.unit)
        for number in (Fraction(0), Fraction(1), Fraction(37, 10)):
            converted = convert_between(number, code, dimension.unit, dimension.name)
            if not dimension.zeros:  # the algebra knows steps, and not where scales start
                assert converted == convert_by_algebra(number, code, dimension.unit)
            assert convert_between(converted, dimension.unit, code, dimension.name) == number


@given(st.sampled_from(sorted(TABLE.dimensions)), st.data(), st.fractions())
def test_a_value_is_converted_there_and_back_exactly(name: str, data: st.DataObject, value: Fraction) -> None:
    codes = st.sampled_from(sorted(TABLE.dimensions[name].factors))
    first, second = data.draw(codes), data.draw(codes)
    assert convert_between(convert_between(value, first, second, name), second, first, name) == value


@pytest.mark.parametrize(("code", "other"), NAMESAKES)
def test_the_algebra_alone_makes_nothing_comparable(code: str, other: str) -> None:
    assert are_commensurable(code, other)
    assert not share_dimension(code, other)
    with pytest.raises(UnitError, match=r"is not|outside the table"):
        convert_between(1, code, other)


@pytest.mark.parametrize(("code", "other"), ALONE)
def test_other_dimensions_are_not_comparable(code: str, other: str) -> None:
    assert not share_dimension(code, other)
    with pytest.raises(UnitError):
        convert_between(1, code, other)


def test_a_code_outside_the_table_can_be_converted_to_itself_only() -> None:
    assert convert_between(2, "[stone_av]", "[stone_av]") == 2
    with pytest.raises(UnitError, match="outside the table of dimensions"):
        convert_between(2, "[stone_av]", "kg")


def test_a_code_of_several_dimensions_is_of_the_one_that_its_field_names() -> None:
    assert (name_dimension("mL/min"), name_dimension("1")) == ("clearance", "count")
    assert name_dimension("mL/min", "dose-rate") == "volume-rate"
    assert name_dimension("1", "share") == "share"
    assert not share_dimension("mL/min", "mL/h")
    assert convert_between(2, "mL/min", "mL/h", "dose-rate") == 120
    assert convert_between(Fraction(1, 4), "1", "%", "share") == 25
    assert convert_between(Fraction("98.6"), "[degF]", "K") == Fraction("310.15")
    assert convert_between(37, "Cel", "[degF]") == Fraction("98.6")
    several = {code for code, names in TABLE.names_by_code.items() if len(names) > 1}
    assert several == {"1", "mL/min", "mL/s", "L/h"}


def test_dimensions_and_groups_have_names() -> None:
    assert has_dimension("ug/h", "mass-rate")
    assert has_dimension("[degF]", "temperature")
    assert has_dimension("mg/kg", "dose")
    assert not has_dimension("mg/kg/h", "dose")
    assert not has_dimension("mg", "mass-rate")
    assert list_members("clearance") == ("clearance",)
    assert set(list_unit_codes("measurement")) == set(TABLE.names_by_code)
    assert (title_dimension("usp-units"), title_dimension("mass")) == ("USP units", "mass")
    with pytest.raises(KeyError):
        has_dimension("mg", "weight")


def test_groups_name_dimensions_and_no_name_is_of_both() -> None:
    names = list_dimension_names()
    assert len(names) == len(set(names))
    for group in TABLE.groups.values():
        assert set(group.members) <= set(TABLE.dimensions)
        assert len(group.members) == len(set(group.members))


def test_every_dose_has_its_flow_in_every_unit_and_time() -> None:
    rates = {*list_members("dose-rate"), "absorbed-dose-rate", "equivalent-dose-rate"}
    # Nothing is given as so much of a concentration over time a day.
    doses = [*list_members("dose"), *list_members("radiation-dose")]
    doses.remove("area-under-the-curve")
    assert rates == {f"{name}-rate" for name in doses}
    for name in doses:
        expected = {f"{code}/{time}" for code in TABLE.dimensions[name].factors for time in FLOW_TIMES}
        assert set(TABLE.dimensions[f"{name}-rate"].factors) == expected, name


def test_every_dose_by_weight_or_surface_is_of_the_units_of_the_dose() -> None:
    for name in list_members("dose"):
        for suffix, divisor in (("-per-body-weight", "/kg"), ("-per-body-surface-area", "/m2")):
            if name.endswith(suffix):
                codes = TABLE.dimensions[name.removesuffix(suffix)].factors
                # kg/m2 is the body mass index.
                expected = {f"{code}{divisor}" for code in codes if code != "kg"}
                assert set(TABLE.dimensions[name].factors) == expected


def test_the_table_is_read_at_first_use() -> None:
    code = (
        "import sys; import bmkit.ucum.dimensions as d; assert not d.read_dimensions.cache_info().currsize;"
        "assert 'fractions' not in sys.modules and 'bmkit.jsontext' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
