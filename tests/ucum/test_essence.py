"""The UCUM tables are those of the unmodified file, and all of their units can be read."""

from __future__ import annotations

import hashlib

from bmkit.ucum.essence import ESSENCE_FILE, read_essence
from bmkit.ucum.units import is_valid_unit


def test_the_tables_are_the_unmodified_file() -> None:
    with open(ESSENCE_FILE, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    assert digest == "6022a1f4a77d93efa23b941ae50055cb9d3fdcb8bb5db6b85deda004467bb380"


def test_every_unit_of_the_tables_is_one() -> None:
    tables = read_essence()
    assert (len(tables.prefix_values), len(tables.atoms)) == (24, 312)
    assert [code for code in tables.atoms if not is_valid_unit(code)] == []
    metric = [atom.code for atom in tables.atoms.values() if atom.is_metric]
    assert [code for code in metric if not is_valid_unit(f"k{code}")] == []
