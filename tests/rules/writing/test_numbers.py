"""Error-prone writing is found in sentences as people write them, and its look-alikes are left alone."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.baseline import count_issues as count
from bmkit.baseline import find_new
from bmkit.rules import load_all_rules
from bmkit.rules.derived.dose_text import format_dose_number
from bmkit.rules.examples import build_content
from bmkit.suppression import select_unsuppressed

if TYPE_CHECKING:
    from bmkit.baseline import IssueCounts

RULES = [rule for rule in load_all_rules() if rule.family == "writing"]

# A text, and the rules that say something about it.
FOUND = [
    ("take 4.0 mg once", "trailing-zero"),
    ("take 2.50 mg once", "trailing-zero"),
    ("take 1,000.0 units", "trailing-zero"),
    ("1.0 mg/kg as an infusion", "trailing-zero"),
    ("1.0 tablet", "trailing-zero"),
    ("2.0–4 mg", "trailing-zero"),
    ("2.0-4 mg", "trailing-zero"),
    ("2.0 to 4 mg", "trailing-zero"),
    ("2.0 or 4 mg", "trailing-zero"),
    ("a 4.0-mg dose", "trailing-zero"),
    ("4.0 milligrams", "trailing-zero"),
    ("4.0 MBq", "trailing-zero"),
    ("75.0 mg/m² of it", "trailing-zero"),
    ("100.0 mg/m2", "trailing-zero"),
    ("4.0 mcg/kg/min", "trailing-zero"),
    ("infused at 5.0 mL/min", "trailing-zero"),
    ("between 2.0 and 4 mg", "trailing-zero"),
    ("2.0, 4 or 8 mg", "trailing-zero"),
    ("8.0 Gy", "trailing-zero"),
    ("a solution of 4.0 mg/mL", "trailing-zero"),
    ("heparin 5.0 units/mL", "trailing-zero"),
    ("10.0 U", "trailing-zero unit-letter"),
    ("4.0mg", "trailing-zero run-together"),
    (".5 mg", "naked-decimal"),
    ("(.5 mg)", "naked-decimal"),
    ("from -.5 to 2", "naked-decimal"),
    ("a 0,9 % solution", "decimal-comma"),
    ("0,125 mg", "decimal-comma"),
    ("12,5 mg", "decimal-comma"),
    ("4,5 to 6 mg", "decimal-comma"),
    ("4,5–6 mg", "decimal-comma"),
    ("4,5-mg tablets", "decimal-comma"),
    ("3,75 MBq", "decimal-comma"),
    ("between 2,5 and 5 mg", "decimal-comma"),
    ("4,5 to 6 %", "decimal-comma"),
    ("sodium chloride 0,9", "decimal-comma"),
    ("1600 mg", "missing-comma"),
    ("2400–3200 mg", "missing-comma"),
    ("a 5000-unit vial", "missing-comma"),
    ("100000 units/mL", "missing-comma"),
    ("10mg", "run-together"),
    ("2.5mL", "run-together"),
    ("1,000mg", "run-together"),
    ("zoledronate4 mg", "run-together"),
    ("adrenaline 1:1,000", "ratio"),
    ("adrenaline 1 : 10000", "ratio"),
    ("1/2 tablet", "half-tablet"),
    ("½ a tablet", "half-tablet"),
    ("1/2 of the tablet", ""),
    ("<10 mg", "comparison-sign"),
    ("≥ 2 weeks apart", "comparison-sign"),
    (">= 3 weeks between two doses", "comparison-sign"),
    ("given every > 3 weeks", "comparison-sign"),
    ("take it for ≤ 7 days", "comparison-sign"),
    ("infused over >15 minutes", "comparison-sign"),
    ("a dose reduced by > 25 %", "comparison-sign"),
    ("a <5% solution", "comparison-sign"),
    (">5-mg doses", "comparison-sign"),
    ("10 U", "unit-letter"),
    ("10U", "unit-letter"),
    ("10 u of insulin", "unit-letter"),
    ("400 IU.", "unit-letter"),
    ("400 I.U. a day", "unit-letter"),
    ("in IU, not mg", "unit-letter"),
    ("mg per U", "unit-letter"),
    ("10 million U", "unit-letter"),
    ("100 U/mL of insulin", "unit-letter"),
    ("100 U/mL of human insulin", "unit-letter"),
    ("insulin glargine 100 U/mL", "unit-letter"),
    ("Insulin 100U/mL", "unit-letter"),
    ("heparin 5,000 U/mL", "unit-letter"),
    ("insulin 100.0 units/mL", "trailing-zero"),
    ("an antibody at 5.0 mg/mL", "trailing-zero"),
    ("CA 15-3 is high: 5.0 units/mL of heparin", "trailing-zero"),
    ("two million IU", "unit-letter"),
    ("400 i.u. a day", "unit-letter"),
    ("4 mg qd", "daily"),
    ("4 mg q.d.", "daily"),
    ("4 mg Q.O.D.", "daily"),
    ("(QOD)", "daily"),
    ("4 mg by mouth Q.D. The rest follows", "daily"),
    ("one tablet HS", "bedtime"),
    ("5 mg h.s.", "bedtime"),
    ("nightly h.s.", "bedtime"),
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
    ("5 c.c.", "cubic-centimetre"),
    ("a 5-cc syringe", "cubic-centimetre"),
    ("4 mg SC", "subcutaneous"),
    ("SQ injection", "subcutaneous"),
    ("injected sub q", "subcutaneous"),
    ("given s.c. once", "subcutaneous"),
    ("D/C on day 5", "discontinue"),
    ("was d/c'd", "discontinue"),
    ("was d/c'ed", "discontinue"),
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
    "PSA 4.0 ng/mL",
    "a hormone of 4.0 IU/mL",
    "CA 15-3 30.0 units/mL",
    "CA 15-3 of 30.0–35.0 units/mL",
    "CA 19-9 was above 37.0 U/mL",
    "a CA-125 level of 35.0 U/mL",
    "β-hCG 5.0 mIU/mL",
    "anti-TPO antibodies of 9.0 units/mL",
    "CA 15-3 > 30 units/mL",
    "TSH 4.0 milliunits/mL",
    "a heparin level of 0.5 U/mL",
    "heparin of 0.7 U/mL",
    "120 U/L of alkaline phosphatase",
    "3 U/mL of CA 15-3",
    "a PSA > 4 ng/mL",
    "2.0 to 4 ng/mL",
    "a body mass index of 25.0 kg/m²",
    "5.0 mg/24h in urine",
    "a clearance of 60.0 mL/min/1.73 m2",
    "grades 1.0 to 4",
    "a creatinine clearance of 60.0 mL/min",
    "if the clearance is < 30 mL/min",
    "a score of 2.0, and 4 mg",
    "a score of 2.0 and 4 mg",
    "age > 65 years",
    "survival > 5 years",
    "4 mg for patients aged > 65 years",
    "of patients given 4 mg, those who lived for > 5 years",
    "<5% of patients",
    "if > 5 %",
    "≥ 2 weeks",
    "the IU of it",
    "in U waves, known as U waves",
    "a D/C ratio of 2",
    "by Q.D. Smith",
    "Q.D. Smith found 4 mg",
    "2,3-glycerate",
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
    "4 mg qhs",
    "4 mg q.h.s. by mouth",
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
    content = build_content({"statement": [{"id": "one", "text": text}]})
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


def issues_of(example: dict[str, Any]) -> list[tuple[str, str]]:
    content = build_content(example)
    return [(issue.place.pointer, issue.message) for rule in RULES for issue in rule(content)]


NOT_OURS = [
    {"site": [{"id": "u", "label": "a site", "as_in_article": ["10 U of it"]}]},
    {"editorial-note": [{"id": "one", "article_says": "4.0 mg QD, 3600 mg"}]},
    {"analyte": [{"id": "one", "codes": [{"system": "SC", "code": "SC-1", "display": "MS 10 mg; 120 U"}]}]},
    {"site": [{"id": "qd-10-u", "label": "a site"}]},
    {"substance": [{"id": "methotrexate", "synonyms": ["MTX"]}]},
]


@pytest.mark.parametrize("example", NOT_OURS)
def test_ids_codes_and_the_words_of_the_article_are_not_looked_at(example: dict[str, Any]) -> None:
    assert issues_of(example) == []


@pytest.mark.parametrize(
    ("example", "pointer"),
    [
        ({"site": [{"id": "a", "label": "10 U"}]}, "/records/0/label"),
        ({"site": [{"id": "a", "synonyms": ["b", "10 U"]}]}, "/records/0/synonyms/1"),
        ({"site": [{"id": "a", "codes": [{"display": "b", "note": "10 U"}]}]}, "/records/0/codes/0/note"),
        ({"editorial-note": [{"id": "a", "reading": "b", "reason": "10 U"}]}, "/records/0/reason"),
    ],
)
def test_all_that_editors_write_is_looked_at(example: dict[str, Any], pointer: str) -> None:
    assert [place for place, _ in issues_of(example)] == [pointer]


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
        ("2,0 mg", 'write "2"'),
        ("0,125 mg", 'write "0.125"'),
        ("0,500 mg", 'write "0.5"'),
        ("0,125mg", 'write "0.125 mg"'),
        ("0,0mg", 'write "0 mg"'),
        ("0,90 %", 'write "0.90"'),
        (".50 mg", 'write "0.5"'),
        ("from .50 to 2", 'write "0.50"'),
        ("1600mg", 'write "1,600 mg"'),
        ("2,5ml", 'write "2.5 mL"'),
        ("400IU", 'write "400 units"'),
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
    content = build_content({"statement": [{"id": "one", "text": text}]})
    assert hint in [issue.hint for rule in RULES for issue in rule(content)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("then 4.0 mg", "4.0"),
        ("then .5 mg", ".5"),
        ("then 2,5 mg", "2,5"),
        ("then 1600 units", "1600"),
        ("then 4mg", "4mg"),
        ("then zometa4 mg", "zometa4 mg"),
        ("adrenaline 1:1000", "1:1000"),
        ("then 1/2 tablet", "1/2"),
        ("a dose >= 5 mg", ">= 5 mg"),
        ("then 10 U", "U"),
        ("then 5 µg", "µg"),
        ("then 5 cc", "cc"),
        ("then 5 gms", "gms"),
        ("then 5 ml., too", "ml."),
        ("then q.o.d. too", "q.o.d."),
        ("one tablet HS", "HS"),
        ("of MS 10 mg", "MS"),
        ("then 4 mg SC", "SC"),
        ("injected sub q", "sub q"),
        ("then D/C", "D/C"),
        ("with MTX", "MTX"),
    ],
)
def test_the_place_is_that_of_the_word(text: str, words: str) -> None:
    content = build_content({"statement": [{"id": "one", "text": text}]})
    (place,) = [issue.place for rule in RULES for issue in rule(content)]
    assert text[place.start : place.end] == words


def test_what_is_allowed_and_what_is_known_does_not_depend_on_where_in_the_text_the_word_stands() -> None:
    (rule,) = [one for one in RULES if one.id == "writing.unit-letter"]
    allowed = {"id": "s", "rule": rule.id, "kind": "statement", "record": "one", "expires": "2999-01-01"}
    texts = ("10 U of it", "now and then 10 U")
    known: IssueCounts = Counter()
    for number, text in enumerate(texts):
        example = {"statement": [{"id": "one", "text": text}], "suppression": [{**allowed, "field": "text"}]}
        content = build_content(example)
        issues = rule(content)
        assert [issue.place.start for issue in issues] == [text.index("U")]
        assert select_unsuppressed(issues, content, [rule.id]) == []
        issues = [issue._replace(record_id=content.find_record_id(issue.place)) for issue in issues]
        assert [issue.record_id for issue in issues] == ["one"]
        if number:
            assert find_new(issues, known) == ([], Counter())
        known = count(issues)
        assert list(known.values()) == [1]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("4.0", "4"), ("0.50", "0.5"), (".5", "0.5"), ("40", "40"), ("1,000.0", "1,000"), ("1600", "1,600"),
        ("1,600", "1,600"), ("0,125", "0.125"), ("0,500", "0.5"), ("12,5", "12.5"), ("1600,5", "1,600.5"),
        ("2,0", "2"), ("1,2,3", "1,2,3"), ("4.", "4."), ("", ""),
    ],
)  # fmt: skip
def test_a_dose_is_written_with_the_value_that_was_meant(written: str, number: str) -> None:
    assert format_dose_number(written) == number


@given(
    st.decimals(min_value=0, max_value=9999, places=3, allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from(["mg", "mL", "units", "MBq"]),
)
def test_what_a_hint_says_is_the_same_dose_and_has_no_issue(value: Decimal, comma: bool, unit: str) -> None:
    written = str(value).replace(".", ",") if comma and value < 1 else str(value)
    meant = format_dose_number(written)
    assert Decimal(meant.replace(",", "")) == value
    assert said_of(f"{meant} {unit}") == set()
