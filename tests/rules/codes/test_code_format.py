"""Hints for a code name what is right."""

from __future__ import annotations

from tests.rules.example_records import make_term
from tests.rules.rule_runs import list_issues


def test_the_hints_say_what_is_right() -> None:
    example = {"site": [make_term("a", ("ATC", "M05", "b"), ("UBERON", "1130", "c"))]}
    (issue,) = list_issues("codes.wrong-system", **example)
    assert issue.place.pointer == "/records/0/codes/0/system"
    assert issue.message == "ATC has no codes for a site"
    assert issue.hint == "use a code of ICD-O-3, MESH, NCIT or UBERON"
    (issue,) = list_issues("codes.malformed", **example)
    assert issue.hint == "its codes look like UBERON:0001130"
    (issue,) = list_issues("codes.check-digit", analyte=[make_term("a", ("LOINC", "17861-9", "b"))])
    assert issue.message == "LOINC 17861-9 should end in 6 if its other characters are right"
