"""A term is named by its whole name, in either spelling, and the longest name wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.source_text.phrases import read_phrases
from tests.source_text.sample import ARTICLE, read_sample, write_sample

from bmkit.source_text.names import NameIndex
from bmkit.source_text.reading import Reader

if TYPE_CHECKING:
    from pathlib import Path


def test_names_are_found_as_a_careful_reader_finds_them() -> None:
    for row in read_phrases("terms"):
        others = [name.strip() for name in row["other names declared"].split(";") if name.strip()]
        names = [("x/meant", row["name"]), *((f"x/other-{index}", name) for index, name in enumerate(others))]
        is_named = "x/meant" in NameIndex(names).find_keys(row["phrase"])
        assert is_named == (row["verdict"] == "named"), row


NAMES = [
    ("tumour/lymphoma", "Hodgkin lymphoma"),
    ("tumour/lung-cancer", "lung cancer"),
    ("tumour/cancer", "cancer"),
    ("site/lung", "lung"),
    ("site/pelvis", "pelvic bone"),
    ("site/hip", "pelvic bone"),
]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("non-Hodgkin lymphoma", set()),
        ("Hodgkin\u2019s lymphomas", {"tumour/lymphoma"}),
        # Of each kind the longest name counts.
        ("cancers of the lungs, and lung cancer", {"tumour/cancer", "tumour/lung-cancer", "site/lung"}),
        ("the pelvic bones", {"site/pelvis", "site/hip"}),
        ("", set()),
    ],
)
def test_the_longest_name_of_each_kind_counts(text: str, keys: set[str]) -> None:
    assert NameIndex(NAMES).find_keys(text) == keys


PLACES = {
    "site": [
        {"id": "lung", "label": "lung", "category": "organ"},
        {"id": "liver", "label": "liver", "category": "organ"},
        {"id": "node", "label": "lymph node", "category": "organ"},
    ],
    "tumour": [
        {"id": "lung-cancer", "label": "lung cancer", "origin": "lung"},
        {"id": "liver-cancer", "label": "hepatic cancer", "origin": "liver"},
        {"id": "hodgkin", "label": "Hodgkin lymphoma", "origin": "node"},
    ],
}


@pytest.mark.parametrize(
    ("text", "tumours"),
    [
        ("a cancer of the lungs and the liver", {"lung-cancer", "liver-cancer"}),
        # This cancer has its place already.
        ("lung cancer reaches the liver", {"lung-cancer"}),
        ("an abscess of the liver", set()),
        ("a cancer of the lymph nodes", set()),
    ],
)
def test_a_disease_is_named_by_its_place(tmp_path: Path, text: str, tumours: set[str]) -> None:
    write_sample(tmp_path, facts={}, terms=PLACES)
    terms = Reader(read_sample(tmp_path), ARTICLE).read(text).terms
    assert {key.partition("/")[2] for key in terms if key.startswith("tumour/")} == tumours
