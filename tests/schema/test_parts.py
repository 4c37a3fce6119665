"""Each field of a shipped fact is a part of the statement, so that facts can be compared by their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bmkit.schema import read_shipped_schemas
from bmkit.schema.roles import FRAME_FIELDS

if TYPE_CHECKING:
    from bmkit.schema import Field, Kind


def list_fact_kinds() -> list[Kind]:
    """Return the shipped kinds of facts whose parts are declared."""
    kinds = [kind for kind in read_shipped_schemas() if kind.group == "fact"]
    assert len(kinds) > 30
    return kinds


def list_fields(kind: Kind) -> list[Field]:
    return [field for field in kind.fields if field.name not in FRAME_FIELDS]


@pytest.mark.parametrize("kind", list_fact_kinds(), ids=lambda kind: kind.name)
class TestParts:
    def test_each_field_is_a_part(self, kind: Kind) -> None:
        assert [field.name for field in list_fields(kind) if not field.part] == []

    def test_each_closed_value_has_poles(self, kind: Kind) -> None:
        values = [field for field in list_fields(kind) if field.part == "value" and field.values]
        assert [field.name for field in values if field.poles is None] == []

    def test_each_list_is_joined(self, kind: Kind) -> None:
        assert [field.name for field in list_fields(kind) if field.is_list and not field.joined_by] == []
