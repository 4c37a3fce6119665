"""Other medicine, in kinds, fields and ids of a hospital's own: right facts pass, mistakes do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.rules.medication.hospital import build_example, quantity, to_shipped_kinds

from bmkit.issue import Severity
from bmkit.quoting import quote_issue
from bmkit.rules import Rule, load_all_rules, run_rules
from bmkit.rules.examples import build_content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.issue import Issue

# What is said of a list of terms without an article, and of what is not there.
SAID_OF_LISTS = (
    *("completeness.no-article", "references.unused"),
    "completeness.no-usual-range",
)
DAILY = {"every": quantity(1, unit="d")}
ERROR_RULES = [rule for rule in load_all_rules() if rule.severity is Severity.ERROR]
NONE: dict[str, Any] = {}


def find_issues(
    changes: dict[str, dict[str, Any]],
    *,
    with_usual: bool = True,
    in_shipped_kinds: bool = False,
    rules: Sequence[Rule] = load_all_rules(),
) -> list[Issue]:
    """Return what the rules say of the hospital's list with some changes."""
    example = build_example(changes, with_usual=with_usual)
    content = build_content(to_shipped_kinds(example) if in_shipped_kinds else example)
    return [
        quote_issue(issue, content) for issue in run_rules(rules, content) if issue.rule not in SAID_OF_LISTS
    ]


@pytest.mark.parametrize("in_shipped_kinds", [False, True])
@pytest.mark.parametrize("with_usual", [True, False])
def test_right_facts_of_other_medicine_pass(with_usual: bool, in_shipped_kinds: bool) -> None:
    issues = find_issues({}, with_usual=with_usual, in_shipped_kinds=in_shipped_kinds)
    assert [(issue.rule, issue.message) for issue in issues] == []


MISTAKES: dict[str, tuple[dict[str, dict[str, Any]], str]] = {
    "tenfold activity per kg": ({"rad": {"much": quantity(550, unit="kBq/kg")}}, "slip.tenfold"),
    "thousandfold activity per kg": ({"rad": {"much": quantity(55, unit="MBq/kg")}}, "slip.wrong-unit"),
    "thousandfold activity": ({"sam": {"much": quantity(37, unit="GBq/kg")}}, "slip.wrong-unit"),
    "tenth of an activity": ({"sam": {"much": quantity(3.7, unit="MBq/kg")}}, "slip.tenfold"),
    "tenfold per kg": ({"par-small": {"much": quantity(150, unit="mg/kg")}}, "slip.tenfold"),
    "thousandfold per kg": ({"par-small": {"much": quantity(15, unit="g/kg")}}, "slip.wrong-unit"),
    "tenfold per square metre": ({"mtx-small": {"much": quantity(100, unit="mg/m2")}}, "slip.tenfold"),
    "tenfold flow of units": ({"hep-then": {"flow": quantity(180, unit="[USP'U]/kg/h")}}, "slip.tenfold"),
    "flow by the minute": ({"hep-then": {"flow": quantity(18, unit="[USP'U]/kg/min")}}, "slip.wrong-unit"),
    "tenfold units per kg": ({"hep-first": {"much": quantity(800, unit="[USP'U]/kg")}}, "slip.tenfold"),
    "tenfold units": ({"ins": {"much": quantity(1000, unit="[iU]")}}, "slip.tenfold"),
    "tenfold moles": ({"kcl": {"much": quantity(200, unit="mmol")}}, "slip.tenfold"),
    "tenfold puffs": ({"sal": {"much": quantity(10, 20, unit="{puff}")}}, "dose.above-maximum"),
    "tenfold drops": ({"lat": {"much": quantity(10, unit="[drp]")}}, "slip.tenfold"),
    "tenfold patch": ({"fen": {"flow": quantity(250, unit="ug/h")}}, "slip.tenfold"),
    "thousandfold patch": ({"fen": {"flow": quantity(25, unit="mg/h")}}, "slip.wrong-unit"),
    "per kg lost": ({"par-small": {"much": quantity(15, unit="mg")}}, "slip.other-dimension"),
    "per kg lost in a loading dose": (
        {"van": {"much": quantity(25, 30, unit="mg")}},
        "slip.other-dimension",
    ),
    "per kg lost in a flow": ({"hep-then": {"flow": quantity(18, unit="[USP'U]/h")}}, "slip.other-dimension"),
    "per square metre lost": ({"mtx-small": {"much": quantity(10, unit="mg")}}, "slip.other-dimension"),
    "per kg too much": ({"zol-grown": {"much": quantity(4, unit="mg/kg")}}, "slip.other-dimension"),
    "an absolute dose for children": (
        {"par-small": {"much": quantity(1000, unit="mg")}},
        "slip.other-dimension",
    ),
    "eye drops into a vein": ({"lat": {"via": "r-01"}}, "routes.impossible"),
    "a patch swallowed": ({"fen": {"via": "r-02"}}, "routes.impossible"),
    "a tablet into a vein": ({"mtx": {"via": "r-01-b"}}, "routes.impossible"),
    "a concentrate undiluted": (
        {"kcl": {"thinned_in": None, "thinned_with": None, "lasts": None}},
        "infusion.undiluted",
    ),
    "a concentrate at once": (
        {"zol-grown": {"given_as": "bolus", "lasts": None}},
        "infusion.undiluted",
    ),
    "daily for weekly": ({"mtx": DAILY}, "slip.too-frequent"),
    "three times a day for weekly": (
        {"mtx": {"every": None, "a_day": quantity(3, unit="1")}},
        "slip.too-frequent",
    ),
    "weekly for monthly": ({"zol-grown": {"every": quantity(1, unit="wk")}}, "slip.too-frequent"),
    "daily for monthly": ({"den-usual": DAILY}, "slip.far-off"),
    "a weekly dose as that of a day": (
        {
            "mtx": {
                "much": None,
                "every": None,
                "in_all": quantity(7.5, unit="mg"),
                "in_all_within": quantity(1, unit="d"),
            }
        },
        "slip.too-frequent",
    ),
    "an adult's dose for children": (
        {"amo-months": {"much": quantity(500, unit="mg")}},
        "slip.other-patients",
    ),
    "an older child's dose for infants": (
        {"amo-months": {"much": quantity(250, unit="mg")}},
        "slip.other-patients",
    ),
    "a full dose for weak kidneys": ({"zol-c-30": {"much": quantity(4, unit="mg")}}, "slip.other-patients"),
    "a dose for weak kidneys above that of others": (
        {"zol-c-30": {"much": quantity(5, unit="mg")}},
        "dose.weak-above-general",
    ),
    "two rows of a dose table swapped": (
        {
            "zol-c-50": {"much": quantity(3.3, unit="mg")},
            "zol-c-40": {"much": quantity(3.5, unit="mg")},
        },
        "slip.other-patients",
    ),
    "a day's limit per kg broken": (
        {"par-small": {"every": quantity(4, unit="h")}},
        "dose.total-above-maximum",
    ),
    "a week's limit broken": ({"mtx": {"much": quantity(25, unit="mg")}}, "dose.above-maximum"),
    "a week's limit broken by doses": (
        {"mtx": {"much": quantity(10, unit="mg"), "every": quantity(2, unit="d")}},
        "dose.total-above-maximum",
    ),
    "a total above the limit of a week": (
        {
            "mtx": {
                "much": None,
                "every": None,
                "in_all": quantity(30, unit="mg"),
                "in_all_within": quantity(1, unit="wk"),
            }
        },
        "dose.above-maximum",
    ),
    "a block above the limit": ({"bup": {"much": quantity(100, 1500, unit="mg")}}, "dose.above-maximum"),
    "a steep taper": ({"pre-1": {"much": quantity(400, unit="mg")}}, "slip.tenfold"),
    "no dose": ({"par-small": {"much": quantity(0, unit="mg/kg")}}, "quantities.zero"),
    "a maximum at least": (
        {"par-day": {"highest": quantity(75, unit="mg/kg", comparator=">=")}},
        "dose.maximum-without-end",
    ),
    "a limit tenfold": (
        {"mtx-week": {"highest": quantity(200, unit="mg", comparator="<=")}},
        "slip.tenfold",
    ),
    "a limit that lost its per kg": (
        {"par-day": {"highest": quantity(75, unit="mg", comparator="<=")}},
        "slip.other-dimension",
    ),
    "the time of an infusion in seconds": (
        {"zol-grown": {"lasts": quantity(15, unit="s")}},
        "slip.wrong-unit",
    ),
}


@pytest.mark.parametrize("in_shipped_kinds", [False, True])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_an_error(mistake: str, in_shipped_kinds: bool) -> None:
    changes, rule_id = MISTAKES[mistake]
    errors = find_issues(changes, in_shipped_kinds=in_shipped_kinds, rules=ERROR_RULES)
    assert rule_id in {error.rule for error in errors}, errors
    # What is wrong is said where it is wrong, and of nothing else.
    assert {error.record_id for error in errors} <= set(changes), errors
