"""Mistakes planted in the two contents of the repository, by name: what must not reach a patient or a reader.

Each changes fields of one record: `None` takes a field away, "source/spans/0/digest" names one further in.
"""

from __future__ import annotations

import copy
import os
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bmkit.content import Content, Record

REPOSITORY = os.path.normpath(os.path.join(os.path.dirname(__file__), ".."))
ROOTS = {"own": REPOSITORY, "second": os.path.join(REPOSITORY, "examples", "second", "project")}


class Mistake(NamedTuple):
    """A mistake in a record, "regimen zometa-4-mg"; what its fields hold then."""

    record: str
    changes: dict[str, Any]


def _quantity(*numbers: float, unit: str, comparator: str = "") -> dict[str, Any]:
    ends = dict(
        zip(
            ("low", "high") if len(numbers) > 1 else ("value",),
            # As the reader of files has them.
            [number if number == int(number) else Decimal(str(number)) for number in numbers],
            strict=True,
        )
    )
    return {**ends, **({"comparator": comparator} if comparator else {}), "unit": unit}


def _dose(record: str, *numbers: float, unit: str) -> Mistake:
    return Mistake(f"regimen {record}", {"dose": _quantity(*numbers, unit=unit)})


def _result(record: str, field: str, *numbers: float, unit: str) -> Mistake:
    return Mistake(f"result {record}", {field: _quantity(*numbers, unit=unit)})


_MADE_UP_DIGEST = {"source/spans/0/digest": "0" * 16}
_DAILY = {"interval": _quantity(1, unit="d")}
_SECOND_DOSES = {
    "tenfold activity per kg": _dose("radium-223-every-4-weeks", 550, unit="kBq/kg"),
    "thousandfold activity per kg": _dose("radium-223-every-4-weeks", 55, unit="MBq/kg"),
    "tenfold activity": _dose("samarium-153-once", 370, unit="MBq/kg"),
    "thousandfold activity": _dose("samarium-153-once", 37, unit="GBq/kg"),
    "tenfold per kg": _dose("paracetamol-2-to-12-years", 150, unit="mg/kg"),
    "thousandfold per kg": _dose("paracetamol-2-to-12-years", 15, unit="g/kg"),
    "nothing per kg": _dose("paracetamol-2-to-12-years", 0, unit="mg/kg"),
    "per kg lost": _dose("paracetamol-2-to-12-years", 15, unit="mg"),
    "per kg lost in a loading dose": _dose("vancomycin-loading", 25, 30, unit="mg"),
    "per kg lost in a bolus": _dose("heparin-bolus", 80, unit="[USP'U]"),
    "per kg lost in a flow": Mistake("regimen heparin-infusion", {"rate": _quantity(18, unit="[USP'U]/h")}),
    "tenfold units per kg": _dose("heparin-bolus", 800, unit="[USP'U]/kg"),
    "tenfold flow": Mistake("regimen heparin-infusion", {"rate": _quantity(180, unit="[USP'U]/kg/h")}),
    "tenfold units": _dose("insulin-glargine-start", 100, unit="[USP'U]"),
    "tenfold mass": _dose("methotrexate-rheumatoid-arthritis", 75, unit="mg"),
    "tenfold per square metre": _dose("methotrexate-juvenile-arthritis", 100, unit="mg/m2"),
    "per square metre lost": _dose("methotrexate-juvenile-arthritis", 10, unit="mg"),
    "tenfold puffs": _dose("salbutamol-as-needed", 10, 20, unit="{puff}"),
    "tenfold dose under the skin": _dose("denosumab-every-4-weeks", 1200, unit="mg"),
    "thousandfold dose under the skin": _dose("denosumab-every-4-weeks", 120, unit="g"),
    "tenfold dose of infants": _dose("amoxicillin-1-to-11-months", 1250, unit="mg"),
    "tenfold dose of weak kidneys": _dose("zoledronic-acid-clearance-30-to-39", 30, unit="mg"),
    "a renal dose above the general one": _dose("zoledronic-acid-clearance-30-to-39", 5, unit="mg"),
    "an absolute dose for children": _dose("paracetamol-2-to-12-years", 1000, unit="mg"),
    "a dose of older children": _dose("amoxicillin-1-to-11-months", 250, unit="mg"),
    "daily for weekly": Mistake("regimen methotrexate-rheumatoid-arthritis", _DAILY),
    "daily for every 4 weeks": Mistake("regimen denosumab-every-4-weeks", _DAILY),
    "a weekly dose as that of a day": Mistake(
        "regimen methotrexate-rheumatoid-arthritis",
        {
            "dose": None,
            "interval": None,
            "total": _quantity(7.5, unit="mg"),
            "total_in": _quantity(1, unit="d"),
        },
    ),
    "the limit of a day broken by how often": Mistake(
        "regimen paracetamol-2-to-12-years", {"interval": _quantity(4, unit="h")}
    ),
    "the limit of a day a tenth": Mistake(
        "dose-limit paracetamol-day", {"maximum": _quantity(7.5, unit="mg/kg", comparator="<=")}
    ),
    "the limit of a day tenfold": Mistake(
        "dose-limit paracetamol-day", {"maximum": _quantity(750, unit="mg/kg", comparator="<=")}
    ),
    "tenfold limit of a nerve block": Mistake(
        "dose-limit bupivacaine-day", {"maximum": _quantity(4000, unit="mg", comparator="<=")}
    ),
    "a maximum with at least": Mistake(
        "dose-limit paracetamol-day", {"maximum": _quantity(75, unit="mg/kg", comparator=">=")}
    ),
    "flow by the minute": Mistake("regimen heparin-infusion", {"rate": _quantity(18, unit="[USP'U]/kg/min")}),
    "tenfold drops": _dose("latanoprost-evening", 10, unit="[drp]"),
    "tenfold patch": Mistake("regimen fentanyl-patch", {"rate": _quantity(250, unit="ug/h")}),
    "thousandfold patch": Mistake("regimen fentanyl-patch", {"rate": _quantity(25, unit="mg/h")}),
    "an adult's dose for infants": _dose("amoxicillin-1-to-11-months", 500, unit="mg"),
    "eye drops into a vein": Mistake("regimen latanoprost-evening", {"route": "iv"}),
    "a patch swallowed": Mistake("regimen fentanyl-patch", {"route": "po"}),
    "a form of eye drops into a vein": Mistake("form bag", {"state": "eye drops"}),
    "a form of patch swallowed": Mistake("regimen morphine-regular", {"form": "patch"}),
    "a tablet into a vein": Mistake("form concentrate", {"state": "tablet"}),
    "ten fractions in a hundred": Mistake("radiotherapy ten-fractions", {"fractions": 100}),
    "tenfold radiation": Mistake("radiotherapy ten-fractions", {"radiation_dose": _quantity(300, unit="Gy")}),
    "radiation in mg": Mistake("radiotherapy ten-fractions", {"radiation_dose": _quantity(30, unit="mg")}),
}
_SECOND_EVIDENCE = {
    "a hazard ratio of 82": _result("skeletal-event-hazard", "estimate", 82, unit="1"),
    "an estimate outside its interval": _result("skeletal-event-hazard", "estimate", 0.5, unit="1"),
    "a hazard ratio in per cent": _result("skeletal-event-hazard", "estimate", 82, unit="%"),
    "an interval beside its estimate": _result(
        "skeletal-event-hazard", "estimate_interval", 0.83, 0.95, unit="1"
    ),
    "an inverted interval": _result("skeletal-event-hazard", "estimate_interval", 0.95, 0.71, unit="1"),
    "P just above 1": _result("skeletal-event-hazard", "p_value", 1.01, unit="1"),
    "P above 1": _result("skeletal-event-hazard", "p_value", 5, unit="1"),
    "an arm of another trial": Mistake("result skeletal-event-hazard", {"arm": "radium-223"}),
    "a share above 100 %": _result("skeletal-event-with-denosumab", "estimate", 310, unit="%"),
    "more patients than the arm": Mistake("result skeletal-event-with-denosumab", {"sample_size": 10260}),
    "a sensitivity of 860 %": _result("sensitivity-of-scintigraphy", "estimate", 860, unit="%"),
    "a specificity of 101 %": _result("specificity-of-scintigraphy", "estimate", 101, unit="%"),
    "a survival of 321 %": _result("five-year-survival-in-bone-only", "estimate", 321, unit="%"),
    "arms above their trial": Mistake("arm denosumab", {"population_size": 10260}),
    "arms below their trial": Mistake("arm zoledronic-acid", {"population_size": 102}),
    "a trial below its arms": Mistake("study radium-in-prostate-cancer", {"population_size": 92}),
    "a reference interval in another unit": Mistake(
        "reference-interval calcium", {"range": _quantity(2.12, 2.55, unit="mg/dL")}
    ),
    "other units with the same numbers": Mistake(
        "reference-interval calcium", {"range_in_other_units": _quantity(8.5, 10.2, unit="mmol/L")}
    ),
    "tenfold in other units": Mistake(
        "reference-interval calcium", {"range_in_other_units": _quantity(21.2, 25.5, unit="mmol/L")}
    ),
    "an inverted reference interval": Mistake(
        "reference-interval calcium", {"range": _quantity(10.2, 8.5, unit="mg/dL")}
    ),
    "a half-life in mg": Mistake(
        "pharmacokinetic radium-223-half-life", {"amount": _quantity(11.4, unit="mg")}
    ),
    "a flow without its time": Mistake(
        "dose-equivalence morphine-to-fentanyl", {"other_rate": _quantity(25, unit="ug")}
    ),
    "a score above its scale": Mistake(
        "score-band nrs-4-and-more", {"range": _quantity(40, unit="{score}", comparator=">=")}
    ),
    "a section that ends before it starts": Mistake("section radiation", {"end": 3}),
    "a digest that is all zero": Mistake("regimen zoledronic-acid-adults", _MADE_UP_DIGEST),
}
_OWN_DOSES = {
    "tenfold mass": _dose("zometa-4-mg", 40, unit="mg"),
    "thousandfold mass": _dose("zometa-4-mg", 4, unit="g"),
    "a tenth of the mass": _dose("bondronat-breast-cancer-6-mg", 0.6, unit="mg"),
    "nothing": _dose("zometa-4-mg", 0, unit="mg"),
    "per kg too much": _dose("zometa-4-mg", 4, unit="mg/kg"),
    "units for mass": _dose("bondronat-severe-hypercalcaemia-4-mg", 4, unit="[iU]"),
    "tenfold total": Mistake("regimen bonefos-hypercalcaemia-300-mg", {"total": _quantity(3000, unit="mg")}),
    "tenfold total by mouth": Mistake(
        "regimen bonefos-1600-mg-morning", {"total": _quantity(16000, unit="mg")}
    ),
    "thousandfold total by mouth": Mistake(
        "regimen bonefos-1600-mg-morning", {"total": _quantity(1600, unit="g")}
    ),
    "a dose by mouth into a vein": Mistake(
        "regimen bonefos-hypercalcaemia-300-mg", {"total": _quantity(1600, unit="mg")}
    ),
    "daily for monthly": Mistake("regimen zometa-4-mg", _DAILY),
    "days for weeks": Mistake(
        "regimen bondronat-breast-cancer-6-mg", {"interval": _quantity(3, 4, unit="d")}
    ),
    "the total of a day in an hour": Mistake(
        "regimen bonefos-hypercalcaemia-300-mg", {"total_in": _quantity(1, unit="h")}
    ),
    "above the maximum of one administration": _dose("bondronat-breast-cancer-6-mg", 8, unit="mg"),
    "above the maximum of a day": Mistake(
        "regimen bonefos-osteolysis-start-1600-mg", {"total": _quantity(4800, unit="mg")}
    ),
    "a renal maximum above the general one": Mistake(
        "dose-limit bonefos-renal-1600-mg-a-day", {"maximum": _quantity(4000, unit="mg", comparator="<=")}
    ),
    "a maximum with at least": Mistake(
        "dose-limit bondronat-6-mg-at-one-time", {"maximum": _quantity(6, unit="mg", comparator=">=")}
    ),
    "a maximum of a day in a week": Mistake(
        "dose-limit bonefos-3600-mg-a-day", {"window": _quantity(1, unit="wk")}
    ),
    "an infusion ten times as fast": Mistake(
        "regimen zometa-4-mg", {"administration_time": _quantity(1.5, unit="min")}
    ),
    "an infusion in a tenth of its volume": Mistake(
        "regimen zometa-4-mg", {"volume": _quantity(10, unit="mL")}
    ),
    "a solution that the product does not bear": Mistake("regimen zometa-4-mg", {"solutions": ["glucose-5"]}),
    "a tablet into a vein": Mistake("regimen bonefos-hypercalcaemia-tablet-start", {"route": "intravenous"}),
    "eye drops into a vein": Mistake("form infusion-solution", {"state": "eye drops"}),
    "a patch swallowed": Mistake("form tablet", {"state": "patch"}),
    "a tenfold strength": Mistake(
        "presentation bonefos-tablet-800-mg", {"strength": _quantity(8000, unit="mg")}
    ),
    "a tablet chewed that must be swallowed whole": Mistake(
        "instruction bondronat-tablets-no-chewing", {"stance": "required"}
    ),
    "a course beyond its limit": Mistake(
        "regimen bonefos-hypercalcaemia-300-mg", {"course": _quantity(5, unit="wk")}
    ),
}
_OWN_EVIDENCE = {
    "a share above 100 %": _result("incidence-breast-cancer", "estimate", 650, 750, unit="%"),
    "an inverted share": _result("incidence-melanoma", "estimate", 45, 14, unit="%"),
    "an estimate outside its interval": _result(
        "radiation-therapy-85-percent", "estimate_interval", 40, 60, unit="%"
    ),
    "P above 1": _result("radiation-therapy-85-percent", "p_value", 5, unit="1"),
    "a digest that is all zero": Mistake("regimen zometa-4-mg", _MADE_UP_DIGEST),
    "a span that ends before it starts": Mistake("regimen zometa-4-mg", {"source/spans/0/end": 3}),
}
MISTAKES = {"own": {**_OWN_DOSES, **_OWN_EVIDENCE}, "second": {**_SECOND_DOSES, **_SECOND_EVIDENCE}}

# Where nothing says what is usual, a number alone cannot be told from another: how grave what is said of
# these mistakes is then, "" for nothing.  All others break something else (a limit, other patients, the
# route, another number) and are errors all the same.
WITHOUT_USUAL = {
    "own": {
        "thousandfold total by mouth": "warning",
        **dict.fromkeys(
            (
                "a tenth of the mass",
                "tenfold mass",
                "thousandfold mass",
                "per kg too much",
                "tenfold total",
                "tenfold total by mouth",
                "a dose by mouth into a vein",
                "daily for monthly",
                "days for weeks",
                "the total of a day in an hour",
                "an infusion in a tenth of its volume",
            ),
            "",
        ),
    },
    "second": {
        **dict.fromkeys(
            (
                "thousandfold activity",
                "per kg lost",
                "tenfold dose under the skin",
                "thousandfold dose under the skin",
                "an absolute dose for children",
                "flow by the minute",
            ),
            "warning",
        ),
        **dict.fromkeys(
            (
                "tenfold activity per kg",
                "thousandfold activity per kg",
                "tenfold activity",
                "per kg lost in a loading dose",
                "per kg lost in a bolus",
                "per kg lost in a flow",
                "tenfold units per kg",
                "tenfold flow",
                "tenfold units",
                "tenfold per square metre",
                "per square metre lost",
                "a dose of older children",
                "daily for every 4 weeks",
                "the limit of a day tenfold",
                "tenfold limit of a nerve block",
                "tenfold drops",
                "tenfold patch",
                "thousandfold patch",
            ),
            "",
        ),
    },
}


def apply_mistake(content: Content, mistake: Mistake) -> tuple[Record, dict[str, Any]]:
    """Return the record that a mistake is in, and its value with the mistake."""
    kind, record_id = mistake.record.split()
    (record,) = [record for record in content.list_records(kind) if record.id == record_id]
    value = copy.deepcopy(record.value)
    for path, item in mistake.changes.items():
        *parents, name = path.split("/")
        holder: Any = value
        for parent in parents:
            holder = holder[int(parent)] if isinstance(holder, list) else holder[parent]
        if item is None:
            del holder[name]
        else:
            holder[name] = item
    assert value != record.value, mistake
    return record, value
