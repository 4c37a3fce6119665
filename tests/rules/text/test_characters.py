"""Characters that mislead are found in every text, and what is usual in medical English is left alone."""

from __future__ import annotations

import json
import unicodedata
from decimal import Decimal
from typing import Any

import pytest

from bmkit.fix.repair import tidy_text
from bmkit.letters import LATIN_BY_LOOKALIKE
from bmkit.rules import load_all_rules
from bmkit.rules.derived.confusables import find_disguised_words, find_mixed_script_words, name_character
from bmkit.rules.examples import build_content
from bmkit.rules.text.spelling import OTHER_SPELLINGS

RULES = [rule for rule in load_all_rules() if rule.family == "text"]

FOUND = [
    ("a\nb", "unprintable"),
    ("a\tb", "unprintable"),
    ("a\x85b", "unprintable"),
    ("a\u2028b", "unprintable"),
    ("a\ue000b", "unprintable"),
    ("a\ufffdb", "unprintable"),
    ("a\uffffb", "unprintable"),
    ("\U000e0001", "invisible"),
    ("a\u200bb", "invisible"),
    ("a\ufeffb", "invisible"),
    ("bone\u00admarrow", "invisible"),
    ("a\u2060b", "invisible"),
    ("a\u3164b", "invisible"),
    ("a\ufe0f", "invisible"),
    ("a\u202eb", "direction-mark"),
    ("a\u2066b\u2069", "direction-mark"),
    ("a\u200fb", "direction-mark"),
    ("\u0441alcium", "mixed-scripts"),
    ("T\u0392R", "mixed-scripts"),
    ("b\u03bfne", "mixed-scripts"),
    ("\u043aost", "mixed-scripts"),
    ("a \u0430 b", "look-alike"),
    ("\u0420\u0410", "look-alike"),
    ("\uff21BC", "look-alike"),
    ("\ufb01bre", "look-alike"),
    ("\U0001d400", "look-alike"),
    ("5 \u338e", "look-alike"),
    ("\u0665 mg", "look-alike"),
    ("273 \u212a", "look-alike"),
    ("cafe\u0301", "not-composed"),
    ("a  b", "blanks"),
    (" a", "blanks"),
    ("a ", "blanks"),
    ("a\u00a0 b", "blanks"),
]

LOOK_ALIKES = [
    "café, naïve, Ménière",
    "TGFβ, IFN\u03b3, NF-κB, Δ9",
    "\u03b1, β and \u03b3 rays",
    "5 µm, 5 \u03bcm",
    "m², H₂O, 10⁹/L",
    "65–75 %, “so”, \u2018so\u2019, …",
    "4 °C ± 1",
    "4\u00a0mg",
    "4\u202fmg",
    "Σ of all",
    "½ of it",
    "™ and ®",
    "ª and º",
    "Straße, Ångström",
    "→ ≤ ≥ × ÷ ∞",
    "хирург",
]


def said_of(text: str) -> set[str]:
    content = build_content({"site": [{"id": "one", "label": text}]})
    return {issue.rule.removeprefix("text.") for rule in RULES for issue in rule(content)}


@pytest.mark.parametrize(
    ("text", "name"), FOUND, ids=[name_character(text[-1]) + name for text, name in FOUND]
)
def test_it_is_found_by_its_rule_and_by_no_other(text: str, name: str) -> None:
    assert said_of(text) == {name}


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_what_is_usual_is_left_alone(text: str) -> None:
    assert said_of(text) == set()


def issues_of(example: dict[str, Any]) -> list[tuple[str, str, str]]:
    content = build_content(example)
    return [
        (issue.rule.removeprefix("text."), issue.place.pointer, issue.hint)
        for rule in RULES
        for issue in rule(content)
    ]


def test_the_words_of_others_are_searched_for_what_nobody_can_see_and_else_kept() -> None:
    site = {
        "id": "a",
        "label": "a",
        "as_in_article": ["two  blanks", "cafe\u0301", "r\u200bib", "\u0441alcium"],
    }
    assert [found[:2] for found in issues_of({"site": [site]})] == [
        ("invisible", "/records/0/as_in_article/2"),
        ("mixed-scripts", "/records/0/as_in_article/3"),
    ]


@pytest.mark.parametrize("text", ["a  b", " a\u00a0 b ", "cafe\u0301"])
def test_what_the_hint_says_that_fix_does_it_does(text: str) -> None:
    (found,) = issues_of({"site": [{"id": "a", "label": text}]})
    assert "bmkit fix" in found[2]
    assert said_of(tidy_text(text)) == set()


def test_the_hint_says_what_the_word_looks_like() -> None:
    site = {"id": "a", "label": "\u0441alcium", "synonyms": ["\uff21\uff22", "\u043aost"]}
    assert [hint for _, _, hint in issues_of({"site": [site]})] == [
        'write "calcium"',
        "write it in one alphabet",
        'write "AB"',
    ]


def test_each_character_of_a_text_is_told_once() -> None:
    assert len(issues_of({"site": [{"id": "a", "label": "a\u200bb\u200bc"}]})) == 1


def test_every_character_that_looks_like_another_is_told_apart() -> None:
    for odd, seen in LATIN_BY_LOOKALIKE.items():
        assert unicodedata.name(odd).split()[0] in {"CYRILLIC", "GREEK"}
        assert find_mixed_script_words(f"x{odd}") == [(0, f"x{odd}", f"x{seen}")]
        assert find_disguised_words(odd) == [(0, odd, seen)]


@pytest.mark.parametrize(
    ("token", "key", "told"),
    [
        (r'"\u0072ib"', '"label"', "\\u0072"),
        (r'"caf\u00e9"', '"label"', "\\u00e9"),
        (r'"\ud83e\uddb4"', '"label"', "\\ud83e\\uddb4"),
        (r'"a\\\u0072"', '"label"', "\\u0072"),
        (r'"\u0007\u0072"', '"label"', "\\u0072"),
        ('"rib"', r'"l\u0061bel"', "\\u0061"),
        ('"rib"', '"label"', ""),
        (r'"a\"b\\c\/"', '"label"', ""),
        (r'"C:\\u0072ib"', '"label"', ""),
        (r'"a\u0007\u200b\u00a0b"', '"label"', ""),
    ],
)
def test_an_escape_that_hides_a_letter_is_told_at_its_token(token: str, key: str, told: str) -> None:
    text = f'{{"records": [{{"id": "rib", {key}: {token}}}]}}'
    (rule,) = [rule for rule in RULES if rule.id == "text.escape"]
    found = rule(build_content({"written": {"site": text}}))
    assert [issue.message.partition(" ")[0] for issue in found] == ([told] if told else [])
    for issue in found:
        assert issue.place.pointer == "/records/0/label"
        assert issue.place.key == ("u0061" in key)


def test_the_pairs_of_spellings_are_pairs() -> None:
    for one, other in OTHER_SPELLINGS.items():
        assert OTHER_SPELLINGS[other] == one
        assert one[-1] == other[-1] or {one[-2:], other[-2:]} == {"re", "er"}


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["tumour", "tumour", "tumor"], ["/records/2/text"]),
        (["tumor", "tumor", "a tumour."], ["/records/2/text"]),
        (["tumor", "a tumour"], ["/records/1/text"]),
        (["tumour", "Tumor Society"], []),
        (["tumour", "tumors"], []),
        (["anaemia", "edema"], []),
    ],
)
def test_the_rarer_spelling_is_told(texts: list[str], told: list[str]) -> None:
    records = [{"id": f"t{at}", "text": text} for at, text in enumerate(texts)]
    assert [place for name, place, _ in issues_of({"statement": records}) if name == "two-spellings"] == told


def unsaid(example: dict[str, Any]) -> list[str]:
    (rule,) = [rule for rule in RULES if rule.id == "text.number-without-field"]
    return [issue.message.split()[3].rstrip(",") for issue in rule(build_content(example))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("it took 5 days", ["5"]),
        ("it took five days", ["five"]),
        ("Two of 1,600", ["1,600", "Two"]),
        ("it took 3 to 4.0 days", []),
        ("three or four days", []),
        ("from 3–4 to 3-9", ["9"]),
        ("one day, a single one", []),
        ("strontium-89, 99mTc, B12 and L5", []),
        ("someone often tentative", []),
    ],
)
def test_a_fact_states_the_numbers_of_its_fields(text: str, told: list[str]) -> None:
    count = {"low": 3, "high": Decimal("4.0"), "unit": "1"}
    assert unsaid({"statement": [{"id": "one", "text": text, "count": count}]}) == told


def test_the_numbers_of_a_source_do_not_count() -> None:
    source = {"section": "a", "spans": [{"start": 5, "end": 9}]}
    assert unsaid({"statement": [{"id": "one", "text": "5 to 9 days", "source": source}]}) == ["5", "9"]


def test_a_note_may_speak_of_the_records_that_name_it_and_of_what_these_name() -> None:
    example = {
        "editorial-note": [
            {
                "id": "n",
                "label": "7 or 30",
                "article_says": "seven",
                "reading": "4 mg in 100 mL of a 0.9 % solution, 2 signs, 5 and three",
                "reason": "8",
            }
        ],
        "dosing": [
            {
                "id": "one",
                "dose": {"value": 4, "unit": "mg"},
                "volume": {"value": 100, "unit": "mL"},
                "solutions": ["saline", "other"],
                "notes": ["n"],
            }
        ],
        "solution": [
            {"id": "saline", "concentration": {"value": Decimal("0.9"), "unit": "%"}},
            {"id": "other"},
        ],
    }
    assert unsaid(example) == ["30", "5"]


def test_a_term_without_quantities_may_be_called_after_a_number() -> None:
    assert unsaid({"site": [{"id": "one", "label": "rib 12", "synonyms": ["the 12 ribs"]}]}) == []


def test_examples_are_json_that_others_can_read() -> None:
    for rule in RULES:
        json.dumps([rule.good, rule.bad])


@pytest.mark.parametrize(
    ("rule", "text", "words"),
    [
        ("text.blanks", "two  blanks", "  "),
        ("text.blanks", "  behind", "  "),
        ("text.blanks", "in front ", " "),
        ("text.blanks", " on both sides ", " "),
        ("text.unprintable", "a bell\x07", "\x07"),
        ("text.invisible", "in a r\u200bib", "\u200b"),
        ("text.mixed-scripts", "rib and r\u0456b", "r\u0456b"),
        ("text.look-alike", "the \u0440\u0430\u0441", "\u0440\u0430\u0441"),
        ("text.not-composed", "a cafe\u0301", "e\u0301"),
        ("text.number-without-field", "often ten of it", "ten"),
        ("text.number-without-field", "pain for 12 days", "12"),
    ],
)
def test_the_place_is_that_of_the_word(rule: str, text: str, words: str) -> None:
    content = build_content({"statement": [{"id": "one", "text": text}]})
    (place,) = [issue.place for one in load_all_rules() if one.id == rule for issue in one(content)]
    assert text[place.start : place.end] == words


def test_the_place_of_an_escape_and_of_another_spelling_is_that_of_the_word() -> None:
    written = r'{"records": [{"id": "rib", "label": "a \"\u0072ib\""}]}'
    spelt = [{"id": "a", "text": "a tumour"}, {"id": "b", "text": "tumor"}, {"id": "c", "text": "tumor"}]
    for rule, example, text, words in (
        ("text.escape", {"written": {"site": written}}, 'a "rib"', "r"),
        ("text.two-spellings", {"statement": spelt}, "a tumour", "tumour"),
    ):
        (place,) = [
            issue.place for one in load_all_rules() if one.id == rule for issue in one(build_content(example))
        ]
        assert text[place.start : place.end] == words
