"""Issues sort the same way every time, and a place is a JSON Pointer."""

from __future__ import annotations

import random

from bmkit.issue import Issue, Place, Severity, format_pointer, sort_issues

ARRANGED = [
    Issue(Place("a.json", start=3, end=4), "json.comment", Severity.ERROR, "m"),
    Issue(Place("a.json", start=20, end=21), "json.comment", Severity.ERROR, "m"),
    Issue(Place("a.json", "/records/2/dose"), "limits.inverted", Severity.ERROR, "m"),
    Issue(Place("a.json", "/records/9"), "limits.inverted", Severity.ERROR, "m"),
    Issue(Place("a.json", "/records/9/dose", key=True), "shape.unknown-field", Severity.ERROR, "m"),
    Issue(Place("a.json", "/records/9/dose"), "limits.inverted", Severity.ERROR, "m"),
    Issue(Place("a.json", "/records/9/dose"), "limits.inverted", Severity.WARNING, "n"),
    Issue(Place("a.json", "/records/9/dose"), "writing.naked-point", Severity.ERROR, "m"),
    Issue(Place("a.json", "/records/10"), "limits.inverted", Severity.ERROR, "m"),
    Issue(Place("b.json"), "json.empty", Severity.ERROR, "m"),
]


def test_order_does_not_depend_on_how_issues_came() -> None:
    for seed in range(20):
        shuffled = ARRANGED[:]
        random.Random(seed).shuffle(shuffled)
        assert sort_issues(shuffled) == ARRANGED


def test_equal_places_with_both_severities_can_be_sorted() -> None:
    issue = Issue(Place("a.json"), "r", Severity.WARNING, "m")
    other_issue = issue._replace(severity=Severity.ERROR)
    assert len(sort_issues([issue, other_issue])) == 2


def test_digits_of_other_scripts_are_names_not_positions() -> None:
    first = Issue(Place("a.json", "/records/5"), "r", Severity.ERROR, "m")
    second = Issue(Place("a.json", "/records/٣"), "r", Severity.ERROR, "m")
    assert sort_issues([second, first]) == [first, second]


def test_a_pointer_escapes_what_it_uses_itself() -> None:
    assert format_pointer(["a/b~c", 2, "", "~1"]) == "/a~1b~0c/2//~01"
    assert format_pointer(()) == ""
