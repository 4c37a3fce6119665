"""A misspelt word leads to the name that was meant, and a strange word to none."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bmkit.suggest import list_nearest_candidates, suggest_candidate, suggest_hint

NAMES = [
    *("breast-cancer", "prostate-cancer", "lung-cancer", "bone-metastasis", "diagnosis", "biopsy", "virus"),
    *("low", "high", "unit", "value", "most often", "Hodgkin lymphoma", "zoledronic-acid", "mg", "ug", "id"),
    *("femur", "Ewing sarcoma", "cases", "disease"),
]

CASES = [
    ("brest-cancer", "breast-cancer"),
    ("braest-cancer", "breast-cancer"),
    ("breast_cancer", "breast-cancer"),
    ("Breast Cancer", "breast-cancer"),
    ("BREAST-CANCER", "breast-cancer"),
    ("breast-cancers", "breast-cancer"),
    ("zoledronic acid", "zoledronic-acid"),
    ("zoledronic–acid", "zoledronic-acid"),
    ("zolendronic-acid", "zoledronic-acid"),
    ("bone-metastases", "bone-metastasis"),
    ("diagnoses", "diagnosis"),
    ("biopsies", "biopsy"),
    ("viruses", "virus"),
    ("case", "cases"),
    ("diseases", "disease"),
    ("values", "value"),
    ("vlaue", "value"),
    ("hihg", "high"),
    ("lwo", "low"),
    ("Unit", "unit"),
    ("most offen", "most often"),
    ("femür", "femur"),
    ("f\u0435mur", "femur"),
    ("fe\u200bmur", "femur"),
    ("\uff46emur", "femur"),
    ("femurs", "femur"),
    ("breast-cancer", "breast-cancer"),
    ("kidney", ""),
    ("pancreatic-cancer", ""),
    ("xy", ""),
    ("mcg", ""),
    ("", ""),
]


@pytest.mark.parametrize(("word", "meant"), CASES)
def test_a_word_leads_to_what_was_meant(word: str, meant: str) -> None:
    assert suggest_candidate(word, NAMES) == meant


def test_synonyms_lead_to_their_candidate_misspelt_too() -> None:
    synonyms = {"mcg": "ug", "microgram": "ug", "carcinoma of the breast": "breast-cancer"}
    assert suggest_candidate("mcg", NAMES, synonyms) == "ug"
    assert suggest_candidate("Micrograms", NAMES, synonyms) == "ug"
    assert suggest_candidate("carcinoma of the breats", NAMES, synonyms) == "breast-cancer"


def test_equally_near_names_are_all_given_the_likeliest_first() -> None:
    assert list_nearest_candidates("rib-5", ["rib-2", "rib-1", "hip-5"]) == ["rib-1", "rib-2"]
    assert list_nearest_candidates("site-a", ["site-b", "side-a"]) == ["site-b", "side-a"]
    assert list_nearest_candidates("A-B", ["a_b", "a b", "ab"]) == ["a_b", "a b"]
    assert list_nearest_candidates("unit", ["unit", "Unit"]) == ["unit"]


def test_a_sign_with_a_stroke_through_it_is_not_the_sign() -> None:
    assert suggest_candidate("\u226e", ["<", ">"]) == ""
    assert suggest_candidate("\uff1c", ["<", ">"]) == "<"


def test_candidates_may_come_in_any_order_and_twice() -> None:
    assert list_nearest_candidates("vlaue", ["value", "values", "value"]) == list_nearest_candidates(
        "vlaue", ["values", "value"]
    )


def test_a_word_that_needs_no_search_does_not_load_one() -> None:
    code = (
        "import sys; from bmkit.suggest import suggest_candidate; "
        "assert suggest_candidate('Unit', ['unit']) == 'unit'; "
        "assert 'rapidfuzz' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_hint_asks_for_the_one_that_is_near() -> None:
    assert suggest_hint("rezult", ["statement", "result"]) == 'did you mean "result"?'
    assert suggest_hint("qqqqqq", ["statement"], "write a kind") == "write a kind"
    assert suggest_hint("qqqqqq", ["statement"]) == ""
