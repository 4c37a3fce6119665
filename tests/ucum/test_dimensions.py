"""Units are matched with the dimensions that schemas name."""

from __future__ import annotations

import pytest

from bmkit.ucum.dimensions import UNIT_BY_DIMENSION, has_dimension


def test_dimensions_have_names() -> None:
    assert has_dimension("ug/h", "mass-rate")
    assert has_dimension("[degF]", "temperature")
    assert has_dimension("{tablet}", "count")
    assert not has_dimension("mg", "mass-rate")
    for name, code in UNIT_BY_DIMENSION.items():
        assert has_dimension(code, name)
    with pytest.raises(KeyError):
        has_dimension("mg", "weight")
