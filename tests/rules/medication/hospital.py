"""A hospital's list of medicines in kinds, fields and ids of its own: nothing is called as bmkit calls it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.rules.examples import build_content
from bmkit.schema import read_shipped_schemas
from bmkit.schema.roles import FRAME_FIELDS

if TYPE_CHECKING:
    from bmkit.schema import Field

QUANTITY = "common/quantity.schema.json#/$defs/"


def make_text(**annotations: Any) -> dict[str, Any]:
    return {"type": "string", **annotations}


def make_reference(kind: str, role: str = "") -> dict[str, Any]:
    return make_text(**{"x-ref": kind}, **({"x-role": role} if role else {}))


def make_quantity_field(definition: str, role: str) -> dict[str, Any]:
    return {"$ref": QUANTITY + definition, "x-role": role}


def make_list_field(items: dict[str, Any], role: str = "") -> dict[str, Any]:
    return {"type": "array", "items": items, **({"x-role": role} if role else {})}


WHO = {
    "medicine": make_reference("medicine"),
    "via": make_reference("via"),
    "shape": make_reference("shape"),
    "who": make_reference("who"),
    "illness": make_reference("illness"),
    "stage": make_text(**{"x-role": "phase"}),
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "medicine": {"x-role": "product", "x-group": "term", "name": make_text()},
    "via": {
        "x-role": "route",
        "x-group": "term",
        "leads": make_text(**{"x-role": "way"}),
        "parent": make_reference("via"),
    },
    "shape": {
        "x-role": "form",
        "x-group": "term",
        "nature": make_text(**{"x-role": "state"}),
        "as_is": {"type": "boolean", "x-role": "ready-to-use"},
        "thin_first": {"type": "boolean", "x-role": "needs-dilution"},
    },
    "fluid": {"x-role": "solution", "x-group": "term", "name": make_text()},
    "mark": {"x-role": "characteristic", "x-group": "term", "family": make_text(**{"x-role": "sort"})},
    "illness": {
        "x-role": "condition",
        "x-group": "term",
        "harms": make_text(**{"x-role": "weakens"}),
        "parent": make_reference("illness"),
    },
    "who": {
        "x-role": "population",
        "x-group": "term",
        "marks": {
            "type": "array",
            "x-role": "bands",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "what": make_reference("mark"),
                    "span": make_quantity_field("measurement", "range"),
                    "word": make_text(**{"x-role": "band-word"}),
                },
            },
        },
        "ills": make_list_field(make_reference("illness")),
    },
    "goal": {"x-role": "target-level", "x-group": "term", "name": make_text()},
    "administration": {
        "x-role": "regimen",
        **WHO,
        "much": make_quantity_field("dose", "dose"),
        "in_all": make_quantity_field("dose", "total"),
        "in_all_within": make_quantity_field("duration", "total-in"),
        "flow": make_quantity_field("dose-rate", "rate"),
        "every": make_quantity_field("duration", "interval"),
        "a_day": make_quantity_field("count", "times-per-day"),
        "lasts": make_quantity_field("duration", "administration-time"),
        "how_many": make_quantity_field("count", "administration-count"),
        "goes_on": make_quantity_field("duration", "course"),
        "single": {"type": "boolean", "x-role": "once"},
        "if_needed": {"type": "boolean", "x-role": "as-needed"},
        "apart": make_quantity_field("duration", "least-interval"),
        "on": make_list_field({"type": "integer"}, "days"),
        "round": make_quantity_field("duration", "cycle"),
        "series": make_text(**{"x-role": "plan"}),
        "place": {"type": "integer", "x-role": "step"},
        "either": make_text(**{"x-role": "option"}),
        "given_as": make_text(**{"x-role": "manner"}),
        "thinned_in": make_quantity_field("volume", "volume"),
        "thinned_with": make_list_field(make_reference("fluid"), "solution"),
        "then": make_text(**{"x-role": "change"}),
        "then_by": make_quantity_field("dose", "change-dose"),
        "then_each": make_quantity_field("duration", "change-every"),
        "up_to": make_reference("goal", "until"),
        "hour": make_text(**{"x-role": "time-of-day"}),
    },
    "ceiling": {
        "x-role": "dose-limit",
        **WHO,
        "counts": make_text(**{"x-role": "per"}),
        "highest": make_quantity_field("dose-or-rate", "maximum"),
        "within": make_quantity_field("duration", "window"),
    },
    "custom": {
        "x-role": "usual-dose",
        "x-group": "term",
        **WHO,
        "label": make_text(),
        "much": make_quantity_field("dose", "dose"),
        "in_all": make_quantity_field("dose", "total"),
        "in_all_within": make_quantity_field("duration", "total-in"),
        "flow": make_quantity_field("dose-rate", "rate"),
        "every": make_quantity_field("duration", "interval"),
        "a_day": make_quantity_field("count", "times-per-day"),
        "lasts": make_quantity_field("duration", "administration-time"),
        "thinned_in": make_quantity_field("volume", "volume"),
    },
    "thinning": {
        "x-role": "dilution",
        **WHO,
        "fluid": make_reference("fluid"),
        "amount": make_quantity_field("volume", "volume"),
    },
    "pack": {
        "x-role": "presentation",
        **WHO,
        "holds": make_quantity_field("dose", "strength"),
    },
    "advice": {
        "x-role": "instruction",
        **WHO,
        "does_what": make_reference("deed", "activity"),
        "says": make_text(**{"x-role": "stance"}),
    },
    "deed": {"x-role": "activity", "x-group": "term", "effect_on_tablet": make_text(**{"x-role": "does"})},
}


def quantity(*numbers: float, unit: str, comparator: str = "") -> dict[str, Any]:
    exact = [number if isinstance(number, int) else Decimal(str(number)) for number in numbers]
    ends = {"value": exact[0]} if len(exact) == 1 else dict(zip(("low", "high"), exact, strict=True))
    return {**ends, **({"comparator": comparator} if comparator else {}), "unit": unit}


def make_mark(mark_id: str, *numbers: float, unit: str, comparator: str = "") -> dict[str, Any]:
    return {"what": mark_id, "span": quantity(*numbers, unit=unit, comparator=comparator)}


VIAS = {
    "r-01": "into a vein",
    "r-02": "by mouth",
    "r-03": "under the skin",
    "r-04": "by inhalation",
    "r-05": "through the skin",
    "r-06": "onto the eye",
    "r-07": "around a nerve",
    "r-08": "in the mouth",
    "r-09": "into a muscle",
}
SHAPES: list[dict[str, Any]] = [
    {"id": "tab", "nature": "tablet"},
    {"id": "drp", "nature": "eye drops"},
    {"id": "ptc", "nature": "patch"},
    {"id": "bag", "nature": "solution for infusion", "as_is": True},
    {"id": "con", "nature": "solution for infusion", "thin_first": True},
    {"id": "amp", "nature": "solution for injection"},
    {"id": "inh", "nature": "inhaler"},
    {"id": "slow", "nature": "tablet"},
]
MEDICINES = (
    *("zol", "den", "rad", "sam", "par", "hep", "ins", "van", "mtx", "mor", "fen", "sal", "amo", "pre"),
    *("bup", "adr", "gtn", "lat", "kcl"),
)
GROUPS: dict[str, dict[str, Any]] = {
    "grown": {"marks": [make_mark("years", 18, unit="a", comparator=">=")]},
    "small": {"marks": [make_mark("years", 2, 12, unit="a")]},
    "months": {"marks": [make_mark("years", 1, 11, unit="mo")]},
    "young": {"marks": [make_mark("years", 1, 4, unit="a")]},
    "from-50": {"marks": [make_mark("weight", 50, unit="kg", comparator=">=")]},
    "below-50": {"marks": [make_mark("weight", 50, unit="kg", comparator="<")]},
    "c-50": {"marks": [make_mark("clearance", 50, 60, unit="mL/min")]},
    "c-40": {"marks": [make_mark("clearance", 40, 49, unit="mL/min")]},
    "c-30": {"marks": [make_mark("clearance", 30, 39, unit="mL/min")]},
    "kidneys": {"ills": ["i-01"]},
}
TERMS: dict[str, list[dict[str, Any]]] = {
    "medicine": [{"id": name, "name": name} for name in MEDICINES],
    "via": [
        *({"id": via, "leads": way} for via, way in VIAS.items()),
        {"id": "r-01-b", "parent": "r-01"},
    ],
    "shape": SHAPES,
    "fluid": [{"id": "salt", "name": "sodium chloride 0.9 %"}],
    "mark": [
        {"id": "years", "family": "age"},
        {"id": "weight", "family": "body weight"},
        {"id": "clearance", "family": "kidney function"},
    ],
    "illness": [{"id": "i-01", "harms": "kidney"}],
    "who": [{"id": name, **fields} for name, fields in GROUPS.items()],
    "goal": [{"id": "sugar", "name": "fasting glucose 80 to 130 mg/dL"}],
    "deed": [
        {"id": "d-01", "effect_on_tablet": "swallow whole"},
        {"id": "d-02", "effect_on_tablet": "divide"},
    ],
}

HOURS_6 = {"every": quantity(6, unit="h")}
WEEKLY = {"every": quantity(1, unit="wk")}
MONTHLY = {"every": quantity(3, 4, unit="wk")}
IN_15_MIN = {"lasts": quantity(15, unit="min")}


def give(record_id: str, medicine: str, via: str, **fields: Any) -> dict[str, Any]:
    return {"id": record_id, "medicine": medicine, "via": via, **fields}


# The facts of other medicine that must be right, each by its id.
ADMINISTRATIONS: list[dict[str, Any]] = [
    give(
        "zol-grown",
        "zol",
        "r-01",
        who="grown",
        shape="con",
        much=quantity(4, unit="mg"),
        lasts=quantity(15, unit="min", comparator=">="),
        **MONTHLY,
    ),
    give("zol-c-50", "zol", "r-01", who="c-50", shape="con", much=quantity(3.5, unit="mg"), **MONTHLY),
    give("zol-c-40", "zol", "r-01", who="c-40", shape="con", much=quantity(3.3, unit="mg"), **MONTHLY),
    give("zol-c-30", "zol", "r-01", who="c-30", shape="con", much=quantity(3, unit="mg"), **MONTHLY),
    give(
        "den-usual", "den", "r-03", who="grown", much=quantity(120, unit="mg"), every=quantity(4, unit="wk")
    ),
    give(
        "den-first",
        "den",
        "r-03",
        who="grown",
        stage="start",
        much=quantity(120, unit="mg"),
        on=[1, 8, 15],
        round=quantity(4, unit="wk"),
    ),
    give(
        "rad",
        "rad",
        "r-01",
        who="grown",
        much=quantity(55, unit="kBq/kg"),
        every=quantity(4, unit="wk"),
        how_many=quantity(6, unit="1"),
    ),
    give(
        "sam",
        "sam",
        "r-01",
        who="grown",
        given_as="bolus",
        much=quantity(37, unit="MBq/kg"),
        lasts=quantity(1, unit="min"),
        single=True,
    ),
    give(
        "par-heavy",
        "par",
        "r-01",
        who="from-50",
        shape="bag",
        much=quantity(1000, unit="mg"),
        **HOURS_6,
        **IN_15_MIN,
    ),
    give("par-small", "par", "r-01", who="small", shape="bag", much=quantity(15, unit="mg/kg"), **HOURS_6),
    give(
        "hep-first",
        "hep",
        "r-01",
        who="grown",
        series="s-1",
        place=1,
        given_as="bolus",
        much=quantity(80, unit="[USP'U]/kg"),
        single=True,
    ),
    give(
        "hep-then", "hep", "r-01", who="grown", series="s-1", place=2, flow=quantity(18, unit="[USP'U]/kg/h")
    ),
    give(
        "ins",
        "ins",
        "r-03",
        who="grown",
        much=quantity(10, unit="[iU]"),
        every=quantity(1, unit="d"),
        hour="in the evening",
    ),
    give(
        "ins-more",
        "ins",
        "r-03",
        who="grown",
        then="more",
        then_by=quantity(2, unit="[iU]"),
        then_each=quantity(3, unit="d"),
        up_to="sugar",
    ),
    give("van", "van", "r-01", who="grown", stage="start", much=quantity(25, 30, unit="mg/kg"), single=True),
    give("mtx", "mtx", "r-02", who="grown", shape="tab", much=quantity(7.5, unit="mg"), **WEEKLY),
    give("mtx-small", "mtx", "r-02", who="small", much=quantity(10, unit="mg/m2"), **WEEKLY),
    give("mor", "mor", "r-02", who="grown", much=quantity(5, 10, unit="mg"), every=quantity(4, unit="h")),
    give(
        "mor-more",
        "mor",
        "r-02",
        who="grown",
        if_needed=True,
        much=quantity(5, 10, unit="mg"),
        apart=quantity(1, 2, unit="h"),
    ),
    give(
        "fen",
        "fen",
        "r-05",
        who="grown",
        shape="ptc",
        flow=quantity(25, unit="ug/h"),
        every=quantity(72, unit="h"),
    ),
    give("sal", "sal", "r-04", who="grown", shape="inh", if_needed=True, much=quantity(1, 2, unit="{puff}")),
    give(
        "amo-months", "amo", "r-02", who="months", much=quantity(125, unit="mg"), a_day=quantity(3, unit="1")
    ),
    give("amo-young", "amo", "r-02", who="young", much=quantity(250, unit="mg"), a_day=quantity(3, unit="1")),
    give("amo-grown", "amo", "r-02", who="grown", much=quantity(500, unit="mg"), a_day=quantity(3, unit="1")),
    *(
        give(
            f"pre-{step}",
            "pre",
            "r-02",
            who="grown",
            series="s-2",
            place=step,
            much=quantity(45 - 5 * step, unit="mg"),
            every=quantity(1, unit="d"),
            goes_on=quantity(1, unit="wk"),
            hour="in the morning",
        )
        for step in (1, 2, 3)
    ),
    give("bup", "bup", "r-07", who="grown", much=quantity(100, 150, unit="mg")),
    give(
        "adr",
        "adr",
        "r-01",
        who="grown",
        given_as="bolus",
        much=quantity(1, unit="mg"),
        every=quantity(3, 5, unit="min"),
    ),
    give(
        "gtn",
        "gtn",
        "r-08",
        who="grown",
        if_needed=True,
        much=quantity(0.4, unit="mg"),
        every=quantity(5, unit="min"),
        how_many=quantity(3, unit="1", comparator="<="),
    ),
    give(
        "lat",
        "lat",
        "r-06",
        who="grown",
        shape="drp",
        much=quantity(1, unit="[drp]"),
        every=quantity(1, unit="d"),
    ),
    give(
        "kcl",
        "kcl",
        "r-01",
        who="grown",
        shape="con",
        much=quantity(20, unit="mmol"),
        single=True,
        lasts=quantity(2, unit="h"),
        thinned_in=quantity(1, unit="L"),
        thinned_with=["salt"],
    ),
    give("either-1", "par", "r-02", who="grown", either="a", much=quantity(1000, unit="mg"), **HOURS_6),
    give(
        "either-2",
        "par",
        "r-02",
        who="grown",
        either="b",
        much=quantity(650, unit="mg"),
        every=quantity(4, unit="h"),
    ),
]
CEILINGS: list[dict[str, Any]] = [
    {
        "id": "par-day",
        "medicine": "par",
        "via": "r-01",
        "who": "small",
        "counts": "time",
        "within": quantity(24, unit="h"),
        "highest": quantity(75, unit="mg/kg", comparator="<="),
    },
    {
        "id": "par-mouth",
        "medicine": "par",
        "via": "r-02",
        "counts": "time",
        "within": quantity(1, unit="d"),
        "highest": quantity(4, unit="g", comparator="<="),
    },
    {
        "id": "mtx-week",
        "medicine": "mtx",
        "via": "r-02",
        "who": "grown",
        "counts": "time",
        "within": quantity(1, unit="wk"),
        "highest": quantity(20, unit="mg", comparator="<="),
    },
    {
        "id": "sal-day",
        "medicine": "sal",
        "via": "r-04",
        "counts": "time",
        "within": quantity(24, unit="h"),
        "highest": quantity(8, unit="{puff}", comparator="<="),
    },
    {
        "id": "bup-day",
        "medicine": "bup",
        "counts": "time",
        "within": quantity(24, unit="h"),
        "highest": quantity(400, unit="mg", comparator="<="),
    },
    # For these patients only: what others are given may be more.
    {
        "id": "amo-kidneys",
        "medicine": "amo",
        "who": "kidneys",
        "counts": "time",
        "within": quantity(24, unit="h"),
        "highest": quantity(500, unit="mg", comparator="<="),
    },
    {
        "id": "mor-speed",
        "medicine": "mor",
        "via": "r-01",
        "counts": "speed",
        "highest": quantity(2, unit="mg/min", comparator="<="),
    },
]
THINNINGS: list[dict[str, Any]] = [
    {"id": "zol-thin", "medicine": "zol", "shape": "con", "fluid": "salt", "amount": quantity(100, unit="mL")}
]


def usual(record_id: str, medicine: str, via: str, **fields: Any) -> dict[str, Any]:
    return {"id": record_id, "label": record_id, **give(record_id, medicine, via, **fields)}


CUSTOMS: list[dict[str, Any]] = [
    usual("u-zol", "zol", "r-01", much=quantity(4, unit="mg"), **MONTHLY, **IN_15_MIN),
    *(
        usual(
            f"u-zol-{clearance}",
            "zol",
            "r-01",
            who=f"c-{clearance}",
            much=quantity(dose, unit="mg"),
            **MONTHLY,
        )
        for clearance, dose in ((50, 3.5), (40, 3.3), (30, 3))
    ),
    usual("u-den", "den", "r-03", much=quantity(120, unit="mg"), every=quantity(4, unit="wk")),
    usual("u-rad", "rad", "r-01", much=quantity(55, unit="kBq/kg"), every=quantity(4, unit="wk")),
    usual("u-sam", "sam", "r-01", much=quantity(37, unit="MBq/kg"), lasts=quantity(1, unit="min")),
    usual(
        "u-par-heavy",
        "par",
        "r-01",
        who="from-50",
        much=quantity(650, 1000, unit="mg"),
        every=quantity(4, 6, unit="h"),
        lasts=quantity(15, unit="min"),
    ),
    usual(
        "u-par-small",
        "par",
        "r-01",
        who="small",
        much=quantity(12.5, 15, unit="mg/kg"),
        every=quantity(4, 6, unit="h"),
    ),
    usual(
        "u-par-mouth",
        "par",
        "r-02",
        who="grown",
        much=quantity(500, 1000, unit="mg"),
        every=quantity(4, 6, unit="h"),
    ),
    usual("u-hep-first", "hep", "r-01", much=quantity(60, 80, unit="[USP'U]/kg")),
    usual("u-hep", "hep", "r-01", flow=quantity(12, 18, unit="[USP'U]/kg/h")),
    usual("u-ins", "ins", "r-03", much=quantity(4, 40, unit="[iU]"), every=quantity(1, unit="d")),
    usual("u-van", "van", "r-01", much=quantity(15, 30, unit="mg/kg")),
    usual("u-mtx", "mtx", "r-02", who="grown", much=quantity(7.5, 20, unit="mg"), **WEEKLY),
    usual("u-mtx-small", "mtx", "r-02", who="small", much=quantity(10, 15, unit="mg/m2"), **WEEKLY),
    usual("u-mor", "mor", "r-02", much=quantity(5, 15, unit="mg"), every=quantity(4, unit="h")),
    usual("u-fen", "fen", "r-05", flow=quantity(12, 100, unit="ug/h"), every=quantity(72, unit="h")),
    usual("u-sal", "sal", "r-04", much=quantity(1, 2, unit="{puff}")),
    usual(
        "u-amo-months",
        "amo",
        "r-02",
        who="months",
        much=quantity(125, unit="mg"),
        a_day=quantity(3, unit="1"),
    ),
    usual(
        "u-amo-young", "amo", "r-02", who="young", much=quantity(250, unit="mg"), a_day=quantity(3, unit="1")
    ),
    usual("u-amo", "amo", "r-02", who="grown", much=quantity(500, unit="mg"), a_day=quantity(2, 3, unit="1")),
    usual("u-pre", "pre", "r-02", much=quantity(5, 60, unit="mg"), every=quantity(1, unit="d")),
    usual("u-bup", "bup", "r-07", much=quantity(12.5, 150, unit="mg")),
    usual("u-adr", "adr", "r-01", much=quantity(1, unit="mg"), every=quantity(3, 5, unit="min")),
    usual("u-gtn", "gtn", "r-08", much=quantity(0.3, 0.6, unit="mg")),
    usual("u-lat", "lat", "r-06", much=quantity(1, unit="[drp]"), every=quantity(1, unit="d")),
    usual(
        "u-kcl",
        "kcl",
        "r-01",
        much=quantity(10, 40, unit="mmol"),
        lasts=quantity(1, 4, unit="h"),
        thinned_in=quantity(250, 1000, unit="mL"),
    ),
]
RECORDS: dict[str, list[dict[str, Any]]] = {
    "administration": ADMINISTRATIONS,
    "ceiling": CEILINGS,
    "thinning": THINNINGS,
    "custom": CUSTOMS,
}


def build_example(
    changes: dict[str, dict[str, Any]] | None = None, *, with_usual: bool = True
) -> dict[str, Any]:
    """Return the records as an example, those of some ids with other values; None takes a field away."""
    records = {
        kind: [_change(record, (changes or {}).get(record["id"], {})) for record in kind_records]
        for kind, kind_records in RECORDS.items()
        if with_usual or kind != "custom"
    }
    return {"schemas": SCHEMAS, **TERMS, **records}


def _change(record: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    changed = {**record, **fields}
    return {name: value for name, value in changed.items() if value is not None}


def to_shipped_kinds(example: dict[str, Any]) -> dict[str, Any]:
    """Return the records of an example of these kinds in the kinds of bmkit that have the same roles."""
    own = build_content({"schemas": SCHEMAS}).schemas
    shipped = read_shipped_schemas()
    records: dict[str, list[dict[str, Any]]] = {}
    for kind_name, kind_records in example.items():
        if kind_name == "schemas":
            continue
        kind = own.get_kind(kind_name)
        target = shipped.get_kind(kind.role)
        records[target.name] = [
            _to_shipped_record(kind.fields, target.fields, record) for record in kind_records
        ]
    return records


def _to_shipped_record(
    fields: tuple[Field, ...], targets: tuple[Field, ...], record: dict[str, Any]
) -> dict[str, Any]:
    targets_by_role = {target.role: target for target in targets if target.role}
    fields_by_name = {field.name: field for field in fields}
    shipped: dict[str, Any] = {}
    for name, value in record.items():
        field = fields_by_name[name]
        target = targets_by_role.get(field.role)
        if target is None and name == "ills":
            shipped["conditions"] = value
        elif target is None:
            # A name that is no field of the frame has no counterpart.
            shipped |= {name: value} if name in FRAME_FIELDS else {"synonyms": [value]}
        elif field.type == "object":
            shipped[target.name] = [_to_shipped_record(field.fields, target.fields, item) for item in value]
        else:
            shipped[target.name] = value
    return shipped
