"""Characters that mislead are found in every text, and what is usual in medical English is not reported."""

from __future__ import annotations

import pytest
from tests.rules.rule_runs import list_broken_rules, list_family_issues, list_issues, list_module_rules

from bmkit.fix.repair import tidy_text
from bmkit.rules.derived.confusables import name_character
from bmkit.rules.text import characters

FAULTS = [
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


def list_broken(text: str) -> set[str]:
    return list_broken_rules("text", {"site": [{"id": "one", "label": text}]})


@pytest.mark.parametrize(
    ("text", "name"), FAULTS, ids=[name_character(text[-1]) + name for text, name in FAULTS]
)
def test_a_fault_is_found_by_its_rule_and_by_no_other(text: str, name: str) -> None:
    assert list_broken(text) == {name}


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_usual_characters_break_no_rule(text: str) -> None:
    assert list_broken(text) == set()


def test_every_rule_of_the_module_is_tried() -> None:
    assert {rule for _, rule in FAULTS} == list_module_rules(characters)


def test_quotations_are_searched_for_what_nobody_can_see_only() -> None:
    site = {
        "id": "a",
        "label": "a",
        "as_in_article": ["two  blanks", "cafe\u0301", "r\u200bib", "\u0441alcium"],
    }
    issues = list_family_issues("text", {"site": [site]})
    assert [(issue.rule, issue.place.pointer) for issue in issues] == [
        ("text.invisible", "/records/0/as_in_article/2"),
        ("text.mixed-scripts", "/records/0/as_in_article/3"),
    ]


def test_bmkit_fix_does_what_the_hint_says() -> None:
    (issue,) = list_issues("text.not-composed", site=[{"id": "a", "label": "cafe\u0301"}])
    assert "bmkit fix" in issue.hint
    assert list_broken(tidy_text("cafe\u0301")) == set()


def test_the_hint_says_what_the_word_looks_like() -> None:
    site = {"id": "a", "label": "\u0441alcium", "synonyms": ["\uff21\uff22", "\u043aost"]}
    assert [issue.hint for issue in list_family_issues("text", {"site": [site]})] == [
        'write "calcium"',
        "write it in one alphabet",
        'write "AB"',
    ]


def test_each_character_of_a_text_is_reported_once() -> None:
    assert len(list_issues("text.invisible", site=[{"id": "a", "label": "a\u200bb\u200bc"}])) == 1


@pytest.mark.parametrize(
    ("rule", "text", "words"),
    [
        ("text.unprintable", "a bell\x07", "\x07"),
        ("text.invisible", "in a r\u200bib", "\u200b"),
        ("text.mixed-scripts", "rib and r\u0456b", "r\u0456b"),
        ("text.look-alike", "the \u0440\u0430\u0441", "\u0440\u0430\u0441"),
        ("text.not-composed", "a cafe\u0301", "e\u0301"),
    ],
)
def test_the_place_is_that_of_the_word(rule: str, text: str, words: str) -> None:
    (issue,) = list_issues(rule, statement=[{"id": "one", "text": text}])
    assert text[issue.place.start : issue.place.end] == words
