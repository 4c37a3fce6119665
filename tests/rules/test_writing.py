"""Error-prone writing is found in sentences as people write them, and its look-alikes are left alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bmkit.rules import all_rules
from bmkit.rules.scrap import content_of

RULES = [rule for rule in all_rules() if rule.family == "writing"]

# A text, and the rules that say something about it.
FOUND = [
    ("take 4.0 mg once", "trailing-zero"),
    ("take 2.50 mg once", "trailing-zero"),
    ("take 1,000.0 units", "trailing-zero"),
    ("1.0 mg/kg as an infusion", "trailing-zero"),
    ("1.0 tablet", "trailing-zero"),
    (".5 mg", "naked-decimal"),
    ("(.5 mg)", "naked-decimal"),
    ("from -.5 to 2", "naked-decimal"),
    ("a 0,9 % solution", "decimal-comma"),
    ("0,125 mg", "decimal-comma"),
    ("12,5 mg", "decimal-comma"),
    ("sodium chloride 0,9", "decimal-comma"),
    ("1600 mg", "thousands"),
    ("2400–3200 mg", "thousands"),
    ("a 5000-unit vial", "thousands"),
    ("100000 units/mL", "thousands"),
    ("10mg", "run-together"),
    ("2.5mL", "run-together"),
    ("1,000mg", "run-together"),
    ("zoledronate4 mg", "run-together"),
    ("adrenaline 1:1,000", "ratio"),
    ("adrenaline 1 : 10000", "ratio"),
    ("1/2 tablet", "half-tablet"),
    ("½ a tablet", "half-tablet"),
    ("1/2 of the tablet", ""),
    ("<10 mg", "greater-less"),
    ("if > 5 %", "greater-less"),
    ("≥ 2 weeks", "greater-less"),
    ("10 U", "unit-letter"),
    ("10U", "unit-letter"),
    ("10 u of insulin", "unit-letter"),
    ("400 IU.", "unit-letter"),
    ("400 I.U. a day", "unit-letter"),
    ("in IU, not mg", "unit-letter"),
    ("mg per U", "unit-letter"),
    ("4 mg qd", "every-day"),
    ("4 mg q.d.", "every-day"),
    ("4 mg Q.O.D.", "every-day"),
    ("(QOD)", "every-day"),
    ("one tablet HS", "bedtime"),
    ("5 mg h.s.", "bedtime"),
    ("MSO4", "morphine-magnesium"),
    ("MgSO₄ was given", "morphine-magnesium"),
    ("10 mg MS by mouth", "morphine-magnesium"),
    ("MS 10 mg", "morphine-magnesium"),
    ("5 µg", "microgram"),
    ("5 \u03bcg", "microgram"),
    ("in µg", "microgram"),
    ("5 ug", "microgram"),
    ("5ug", "microgram run-together"),
    ("5 cc", "cubic-centimetre"),
    ("5cc", "cubic-centimetre"),
    ("4 mg SC", "subcutaneous"),
    ("SQ injection", "subcutaneous"),
    ("injected sub q", "subcutaneous"),
    ("given s.c. once", "subcutaneous"),
    ("D/C on day 5", "discontinue"),
    ("was d/c'd", "discontinue"),
    ("4 mgs", "unit-spelling"),
    ("5 mls of it", "unit-spelling"),
    ("5 gm", "unit-spelling"),
    ("over 2 hrs", "unit-spelling"),
    ("4 mg. once", "unit-spelling"),
    ("4 mg., then", "unit-spelling"),
    ("MTX 10 mg", "medicine-letters"),
    ("with AZT", "medicine-letters"),
]

LOOK_ALIKES = [
    "a potassium of 4.0 mmol/L",
    "a creatinine of 1.0 mg/dL",
    "version 4.0",
    "4.05 mg",
    "100 mg",
    "at 10.30 the next day",
    "0.5 mg",
    "P<.001",
    "e.g..5",
    "1,25-dihydroxyvitamin D",
    "1,25-(OH)2 vitamin D",
    "2,3-bisphosphoglycerate",
    "1,600 mg",
    "1,000,000 units",
    "patients 4,5 and 6",
    "in 2019",
    "1600 patients",
    "ISO 9001",
    "800 mg",
    "99mTc",
    "technetium-99m",
    "vitamin B12",
    "CA15-3",
    "the L5 vertebra",
    "the 2nd dose",
    "3D images",
    "a 4G network",
    "at 10:30",
    "a ratio of 3:1",
    "1:100",
    "a titre of 1:1280",
    "1:1,000,000 scale map",
    "lidocaine 1% with adrenaline 1:100,000",
    "1/2 of the patients",
    "p < 0.05",
    "calcium -> bone",
    "<b>bold</b>",
    "a > b",
    "120 U/L",
    "120 IU/L",
    "an IUD",
    "IUPAC names",
    "U-shaped",
    "10 U.S. states",
    "uranium U 238",
    "4 mg daily",
    "QDPR",
    "the Q.D.P. party",
    "qds",
    "hs-CRP of 5",
    "HS is rare",
    "patients with MS",
    "LC-MS",
    "MS in 10 patients",
    "lesions of 5 µm",
    "a drug",
    "a bug in 5 ugly places",
    "ccRCC",
    "cc: the doctor",
    "the SC joint",
    "SC is a state",
    "squamous",
    "a DC current",
    "and/or",
    "AC/DC",
    "milligrams",
    "4 mg. Then 8 mg.",
    "4 mg",
    "4 kg.",
    "MTX-1",
    "AZTEC",
]


def said_of(text: str) -> set[str]:
    content = content_of({"statement": [{"id": "one", "text": text}]})
    return {issue.rule.removeprefix("writing.") for rule in RULES for issue in rule(content)}


@pytest.mark.parametrize(("text", "rules"), FOUND)
def test_it_is_found_by_its_rule_and_by_no_other(text: str, rules: str) -> None:
    assert said_of(text) == set(rules.split())


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert said_of(text) == set()


def test_every_rule_of_the_family_is_tried() -> None:
    tried = {rule for _, rules in FOUND for rule in rules.split()}
    assert {f"writing.{name}" for name in tried} == {rule.id for rule in RULES}


def test_every_rule_but_one_names_the_list_that_it_is_from() -> None:
    # No American list speaks of the decimal comma, which is not used there.
    assert [rule.id for rule in RULES if not rule.source] == ["writing.decimal-comma"]


def issues_of(scrap: dict[str, Any]) -> list[tuple[str, str]]:
    content = content_of(scrap)
    return [(issue.place.pointer, issue.message) for rule in RULES for issue in rule(content)]


NOT_OURS = [
    {"site": [{"id": "u", "label": "a site", "as_in_article": ["10 U of it"]}]},
    {"editorial-note": [{"id": "one", "article_says": "4.0 mg QD, 3600 mg"}]},
    {"analyte": [{"id": "one", "codes": [{"system": "SC", "code": "SC-1", "display": "MS 10 mg; 120 U"}]}]},
    {"site": [{"id": "qd-10-u", "label": "a site"}]},
    {"substance": [{"id": "methotrexate", "synonyms": ["MTX"]}]},
]


@pytest.mark.parametrize("scrap", NOT_OURS)
def test_ids_codes_and_the_words_of_the_article_are_not_looked_at(scrap: dict[str, Any]) -> None:
    assert issues_of(scrap) == []


@pytest.mark.parametrize(
    ("scrap", "pointer"),
    [
        ({"site": [{"id": "a", "label": "10 U"}]}, "/records/0/label"),
        ({"site": [{"id": "a", "synonyms": ["b", "10 U"]}]}, "/records/0/synonyms/1"),
        ({"site": [{"id": "a", "codes": [{"display": "b", "note": "10 U"}]}]}, "/records/0/codes/0/note"),
        ({"editorial-note": [{"id": "a", "reading": "b", "reason": "10 U"}]}, "/records/0/reason"),
    ],
)
def test_all_that_editors_write_is_looked_at(scrap: dict[str, Any], pointer: str) -> None:
    assert [place for place, _ in issues_of(scrap)] == [pointer]


@pytest.mark.parametrize(
    ("dose", "end"),
    [
        ({"value": Decimal("4.0"), "unit": "mg"}, "value"),
        ({"value": Decimal("0.10"), "unit": "mg"}, "value"),
        ({"low": 2, "high": Decimal("4.0"), "unit": "mg"}, "high"),
        ({"value": Decimal("4E+1"), "unit": "mg"}, ""),
        ({"value": Decimal("4.5"), "unit": "mg"}, ""),
        ({"value": 40, "unit": "mg"}, ""),
    ],
)
def test_a_zero_behind_the_point_of_a_dose_is_told_at_its_number(dose: dict[str, Any], end: str) -> None:
    found = issues_of({"dosing": [{"id": "one", "dose": dose}]})
    assert [place for place, _ in found] == ([f"/records/0/dose/{end}"] if end else [])


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("4.00 mg", 'write "4"'),
        ("1,000.0 units", 'write "1,000"'),
        (".25 mg", 'write "0.25"'),
        ("2,5 mg", 'write "2.5"'),
        ("1600 mg", 'write "1,600"'),
        ("10mg", 'write "10 mg"'),
        (">= 5 mg", 'write "at least"'),
        ("4 mg QOD", 'write "every other day"'),
        ("5 gms", 'write "g"'),
        ("5 ml., then", 'write "mL"'),
        ("MTX", 'write "methotrexate"'),
    ],
)
def test_the_hint_says_what_to_write(text: str, hint: str) -> None:
    content = content_of({"statement": [{"id": "one", "text": text}]})
    (issue,) = [issue for rule in RULES for issue in rule(content)]
    assert issue.hint == hint
