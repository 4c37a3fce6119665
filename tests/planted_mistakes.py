"""Both contents with mistakes planted in memory: the second, and our own with the second's facts beside it.

Our own content has no doses per kg, bands, arms or laboratory values; with the second's facts in it, what
must be noticed there is noticed among our own facts, too.
"""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import Content, File, Folder, Record, read_content

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).parent.parent
SECOND_PROJECT = REPOSITORY / "examples" / "second" / "project"
# The fields of records to overwrite, by "kind/id"; None takes a field away.
Changes = dict[str, dict[str, Any]]
Values = dict[str, Any]


class Mistake(NamedTuple):
    """A mistake, and the rule whose error notices it.

    `without_usual` is the rule that notices it where nothing says what doses and values are usual, by an
    error or else a warning; "" where nothing can, and None for the same rule.  `place` is the id of the
    record where it is said, if that is another.
    """

    changes: Changes
    rule: str
    without_usual: str | None = None
    place: str = ""


@cache
def read_second() -> Content:
    return read_content(str(SECOND_PROJECT))


@cache
def read_both() -> Content:
    """Our own content with the second's: a term of the same name is one term, with the fields of both."""
    own_records = {name_record(record): record for record in _read_own().iter_records()}
    changes: Changes = {}
    added: dict[tuple[str, str], list[Values]] = {}
    for record in read_second().iter_records():
        value = _rename_references(record, record.value)
        own_record = own_records.get(f"{record.kind.name}/{value['id']}")
        if own_record is None:
            added.setdefault((record.folder, record.kind.name), []).append(value)
        else:
            changes[name_record(own_record)] = {
                name: part for name, part in value.items() if name not in own_record.value
            }
    return change_content(_read_own(), changes, added)


@cache
def _read_own() -> Content:
    return read_content(str(REPOSITORY))


@cache
def _choose_ids() -> dict[str, str]:
    """Return the ids of the second's records beside our own, by "kind/id"."""
    own_terms = [record for record in _read_own().iter_records() if "label" in record.value]
    ids_by_label = {(term.kind.name, term["label"].casefold()): term.id for term in own_terms}
    taken_names = {name_record(term) for term in own_terms}
    ids: dict[str, str] = {}
    for record in read_second().iter_records():
        name = name_record(record)
        free_id = f"second-{record.id}" if name in taken_names else record.id
        ids[name] = ids_by_label.get((record.kind.name, str(record.value.get("label")).casefold()), free_id)
    return ids


def _rename_references(record: Record, value: Values) -> Values:
    """Return a value of a record of the second content as it stands beside our own."""
    ids, changed = (
        _choose_ids(),
        Record(record.kind, record.folder, record.file, record.index, deepcopy(value)),
    )
    for field in record.kind.reference_fields:
        for parts, target_id in changed.list_values_with_paths(field):
            holder: Any = changed.value
            for part in parts[:-1]:
                holder = holder[part]
            holder[parts[-1]] = ids[f"{field.target_kind}/{target_id}"]
    return {**changed.value, "id": ids[name_record(record)]}


def move_changes(changes: Changes) -> Changes:
    """Return changes of the second content as they are made in it beside our own."""
    records = {name_record(record): record for record in read_second().iter_records()}
    moved: Changes = {}
    for name, fields in changes.items():
        if name in records:
            value = {
                field: part for field, part in {**records[name].value, **fields}.items() if part is not None
            }
            renamed = _rename_references(records[name], value)
            moved[f"{records[name].kind.name}/{renamed['id']}"] = {
                field: renamed.get(field) for field in fields
            }
        else:
            moved[name] = fields
    return moved


def name_record(record: Record) -> str:
    return f"{record.kind.name}/{record.id}"


def change_content(
    content: Content,
    changes: Changes,
    added: Mapping[tuple[str, str], list[Values]] | None = None,
    *,
    with_usual: bool = True,
) -> Content:
    """Return content with changed records, and with others added by folder and kind.

    Without `with_usual` nothing says what doses and values are usual.
    """
    values_by_place: dict[tuple[str, str], list[Values]] = {}
    for file in content.files:
        if with_usual or file.kind.role != "usual-dose":
            values = [_change_record(record, changes, with_usual=with_usual) for record in file.records]
            values_by_place[file.folder, file.kind.name] = values
    for place, added_values in (added or {}).items():
        values_by_place.setdefault(place, []).extend(added_values)
    folders = {folder: Folder(folder) for folder in dict.fromkeys(folder for folder, _ in values_by_place)}
    for (folder, kind_name), values in values_by_place.items():
        kind, path = content.schemas.get_kind(kind_name), f"content/{folder}/{kind_name}.json"
        file = File(
            path, folder, kind, {"$schema": f"../../schema/{kind_name}.schema.json", "records": values}
        )
        file.records = [Record(kind, folder, path, index, value) for index, value in enumerate(values)]
        folders[folder].add_file(file)
    return Content(
        content.root, content.schemas, folders, code_lock=content.code_lock, settings=content.settings
    )


def _change_record(record: Record, changes: Changes, *, with_usual: bool) -> Values:
    value = {**record.value, **changes.get(name_record(record), {})}
    unsaid = {field.name for field in record.kind.fields if field.role == "usual-range" and not with_usual}
    return {name: part for name, part in value.items() if part is not None and name not in unsaid}


def quantity(*numbers: float, unit: str, comparator: str = "") -> Values:
    exact = [number if isinstance(number, int) else Decimal(str(number)) for number in numbers]
    ends = {"value": exact[0]} if len(exact) == 1 else dict(zip(("low", "high"), exact, strict=True))
    return {**ends, **({"comparator": comparator} if comparator else {}), "unit": unit}


def _made_up_source(section: str) -> Values:
    return {"section": section, "spans": [{"start": 1099, "end": 1134, "digest": "0" * 16}]}


CHILDREN = "regimen/paracetamol-2-to-12-years"
RADIUM = "regimen/radium-223-every-4-weeks"
HEPARIN, HEPARIN_AT_ONCE = "regimen/heparin-infusion", "regimen/heparin-bolus"
WEEKLY, BY_SURFACE = "regimen/methotrexate-rheumatoid-arthritis", "regimen/methotrexate-juvenile-arthritis"
DROPS, PATCH = "regimen/latanoprost-evening", "regimen/fentanyl-patch"
HAZARD = "result/skeletal-event-hazard"
SHARE, SENSITIVITY = "result/skeletal-event-with-denosumab", "result/sensitivity-of-scintigraphy"
CALCIUM, FRACTIONS = "reference-interval/calcium", "radiotherapy/ten-fractions"
# Of what cannot be told where nothing says what is usual, and nothing else is said of the medicine.
NOTHING = ""


def dose(*numbers: float, unit: str) -> Values:
    return {"dose": quantity(*numbers, unit=unit)}


def rate(number: float, unit: str) -> Values:
    return {"rate": quantity(number, unit=unit)}


def estimate(*numbers: float, unit: str = "1") -> Values:
    return {"estimate": quantity(*numbers, unit=unit)}


MISTAKES = {
    "tenfold activity per kg": Mistake({RADIUM: dose(550, unit="kBq/kg")}, "slip.tenfold", NOTHING),
    "thousandfold activity per kg": Mistake({RADIUM: dose(55, unit="MBq/kg")}, "slip.wrong-unit", NOTHING),
    "tenfold dose per kg": Mistake({CHILDREN: dose(150, unit="mg/kg")}, "slip.tenfold", "dose.above-maximum"),
    "thousandfold dose per kg": Mistake(
        {CHILDREN: dose(15, unit="g/kg")}, "slip.wrong-unit", "dose.above-maximum"
    ),
    "tenfold flow": Mistake({HEPARIN: rate(180, "[USP'U]/kg/h")}, "slip.tenfold", NOTHING),
    "flow by the minute": Mistake(
        {HEPARIN: rate(18, "[USP'U]/kg/min")}, "slip.wrong-unit", "quantities.implausible"
    ),
    "tenfold units per kg": Mistake({HEPARIN_AT_ONCE: dose(800, unit="[USP'U]/kg")}, "slip.tenfold", NOTHING),
    "hundredfold units": Mistake(
        {"regimen/insulin-glargine-start": dose(1000, unit="[USP'U]")}, "slip.tenfold", NOTHING
    ),
    "tenfold per square metre": Mistake({BY_SURFACE: dose(100, unit="mg/m2")}, "slip.tenfold", NOTHING),
    "tenfold puffs": Mistake(
        {"regimen/salbutamol-as-needed": dose(10, 20, unit="{puff}")}, "slip.tenfold", "dose.above-maximum"
    ),
    "tenfold drops": Mistake({DROPS: dose(10, unit="[drp]")}, "slip.tenfold", NOTHING),
    "tenfold patch": Mistake({PATCH: rate(250, "ug/h")}, "slip.tenfold", NOTHING),
    "thousandfold patch": Mistake({PATCH: rate(25, "mg/h")}, "slip.wrong-unit", NOTHING),
    "tenfold radiation": Mistake(
        {FRACTIONS: {"radiation_dose": quantity(300, unit="Gy")}}, "evidence.fractions-of-dose"
    ),
    "tenfold fractions": Mistake({FRACTIONS: {"fractions": 100}}, "evidence.fractions-of-dose"),
    "radiation in mg": Mistake({FRACTIONS: {"radiation_dose": quantity(30, unit="mg")}}, "shape.value"),
    "per kg lost": Mistake({CHILDREN: dose(15, unit="mg")}, "slip.other-dimension", "dose.fits-no-body"),
    "per kg lost in a loading dose": Mistake(
        {"regimen/vancomycin-loading": dose(25, 30, unit="mg")}, "slip.other-dimension", NOTHING
    ),
    "per kg lost in units": Mistake(
        {HEPARIN_AT_ONCE: dose(80, unit="[USP'U]")}, "slip.other-dimension", NOTHING
    ),
    "per square metre lost": Mistake({BY_SURFACE: dose(10, unit="mg")}, "slip.other-dimension", NOTHING),
    "an absolute dose for children": Mistake(
        {CHILDREN: dose(1000, unit="mg")}, "slip.other-dimension", "dose.fits-no-body"
    ),
    "eye drops into a vein": Mistake({DROPS: {"route": "iv"}}, "routes.impossible"),
    "a patch swallowed": Mistake({PATCH: {"route": "po"}}, "routes.impossible"),
    "daily for weekly": Mistake(
        {WEEKLY: {"interval": quantity(1, unit="d")}}, "slip.too-frequent", "dose.total-above-maximum"
    ),
    "a weekly dose as that of a day": Mistake(
        {
            WEEKLY: {
                "dose": None,
                "interval": None,
                "total": quantity(7.5, unit="mg"),
                "total_in": quantity(1, unit="d"),
            }
        },
        "slip.too-frequent",
        "dose.total-above-maximum",
    ),
    "an adult's dose for infants": Mistake(
        {"regimen/amoxicillin-1-to-11-months": dose(500, unit="mg")}, "dose.smaller-above-bigger"
    ),
    "a dose for weak kidneys above that of others": Mistake(
        {"regimen/zoledronic-acid-clearance-30-to-39": dose(5, unit="mg")}, "dose.weak-above-general"
    ),
    "the limit of a day broken by doses": Mistake(
        {CHILDREN: {"interval": quantity(4, unit="h")}}, "dose.total-above-maximum"
    ),
    "no dose": Mistake({CHILDREN: dose(0, unit="mg/kg")}, "quantities.zero"),
    "a maximum at least": Mistake(
        {"dose-limit/paracetamol-day": {"maximum": quantity(75, unit="mg/kg", comparator=">=")}},
        "shape.value",
    ),
    "an equivalent dose that is no rate": Mistake(
        {"dose-equivalence/morphine-to-fentanyl": {"other_rate": quantity(25, unit="ug")}}, "shape.value"
    ),
    "a half-life in mg": Mistake(
        {"pharmacokinetic/radium-223-half-life": {"amount": quantity(11.4, unit="mg")}},
        "shape.value",
    ),
    "an estimate below its interval": Mistake({HAZARD: estimate(0.5)}, "relations.outside"),
    "an interval above its estimate": Mistake(
        {HAZARD: {"estimate_interval": quantity(0.83, 0.95, unit="1")}}, "relations.outside"
    ),
    "an interval upside down": Mistake(
        {HAZARD: {"estimate_interval": quantity(0.95, 0.71, unit="1")}}, "limits.inverted"
    ),
    "a hazard ratio of 82": Mistake({HAZARD: estimate(82)}, "relations.outside"),
    "a hazard ratio in per cent": Mistake({HAZARD: estimate(82, unit="%")}, "shape.value"),
    "the arm of another study": Mistake({HAZARD: {"arm": "radium-223"}}, "studies.arm-of-another-study"),
    "P above 1": Mistake({SHARE: {"p_value": quantity(1.01, unit="1")}}, "shape.too-high"),
    "a share above 100 %": Mistake({SHARE: estimate(310, unit="%")}, "shape.too-high"),
    "more of a sample than of its arm": Mistake({SHARE: {"sample_size": 10260}}, "studies.sample-too-large"),
    "a sensitivity of 860 %": Mistake({SENSITIVITY: estimate(860, unit="%")}, "shape.too-high"),
    "a share of survivors of 321 %": Mistake(
        {"result/five-year-survival-in-bone-only": estimate(321, unit="%")}, "shape.too-high"
    ),
    "a reference range in the wrong unit": Mistake(
        {CALCIUM: {"range": quantity(2.12, 2.55, unit="mg/dL")}}, "relations.not-the-same"
    ),
    "a reference range in the wrong other unit": Mistake(
        {CALCIUM: {"range_in_other_units": quantity(8.5, 10.2, unit="mmol/L")}}, "relations.not-the-same"
    ),
    "a score that there is not": Mistake(
        {"score-band/nrs-4-and-more": {"range": quantity(40, unit="{score}", comparator=">=")}},
        "evidence.outside-score",
    ),
    "more patients in the arms than in the trial": Mistake(
        {"arm/denosumab": {"population_size": 10260}}, "relations.sum-above-whole", place="zoledronic-acid"
    ),
    "fewer patients in the arms than in the trial": Mistake(
        {"arm/placebo": {"population_size": 37}}, "relations.sum-below-whole"
    ),
    "a trial smaller than its arms": Mistake(
        {"study/radium-in-prostate-cancer": {"population_size": 92}},
        "relations.sum-above-whole",
        place="placebo",
    ),
    "a digest of zeros": Mistake(
        {CHILDREN: {"source": _made_up_source("paracetamol")}}, "source.made-up-digest"
    ),
}
ZOMETA, BONEFOS_TABLET = "regimen/zometa-4-mg", "regimen/bonefos-hypercalcaemia-tablet-start"
# In facts that only our own content has.
OWN_MISTAKES = {
    "tenfold dose": Mistake({ZOMETA: dose(40, unit="mg")}, "slip.tenfold", NOTHING),
    "thousandfold dose": Mistake({ZOMETA: dose(4, unit="g")}, "slip.wrong-unit", NOTHING),
    "per kg too much": Mistake({ZOMETA: dose(4, unit="mg/kg")}, "slip.other-dimension", NOTHING),
    "weekly for monthly": Mistake(
        {ZOMETA: {"interval": quantity(3, 4, unit="d")}}, "slip.too-frequent", NOTHING
    ),
    "no dose at all": Mistake({ZOMETA: dose(0, unit="mg")}, "quantities.zero"),
    "a digest of zeros of ours": Mistake(
        {ZOMETA: {"source": _made_up_source("zometa")}}, "source.made-up-digest"
    ),
    "a tablet into a vein": Mistake({BONEFOS_TABLET: {"route": "intravenous"}}, "routes.impossible"),
    "a tenfold total": Mistake(
        {"regimen/bonefos-1600-mg-morning": {"total": quantity(16000, unit="mg")}}, "slip.tenfold", NOTHING
    ),
    "a limit for weak kidneys above that of others": Mistake(
        {"dose-limit/bonefos-renal-1600-mg-a-day": {"maximum": quantity(4000, unit="mg", comparator="<=")}},
        "dose.impairment-above-general",
    ),
    "a limit at least": Mistake(
        {"dose-limit/bondronat-6-mg-at-one-time": {"maximum": quantity(6, unit="mg", comparator=">=")}},
        "shape.value",
    ),
    "a share of 650 to 750 %": Mistake(
        {"result/incidence-breast-cancer": estimate(650, 750, unit="%")}, "shape.too-high"
    ),
}


def group_mistakes(content: Content, mistakes: Mapping[str, Mistake]) -> list[dict[str, Mistake]]:
    """Return the mistakes in groups that can be planted together: of one medicine or study no two."""
    records = {name_record(record): record for record in content.iter_records()}
    groups: list[tuple[dict[str, Mistake], set[str]]] = []
    for name, mistake in mistakes.items():
        subjects = {_find_subject(records[record_name]) for record_name in mistake.changes}
        group, group_subjects = next((one for one in groups if subjects.isdisjoint(one[1])), ({}, set()))
        if not group:
            groups.append((group, group_subjects))
        group[name] = mistake
        group_subjects |= subjects
    return [group for group, _ in groups]


def _find_subject(record: Record) -> str:
    own_name = record.id if record.kind.name == "study" else name_record(record)
    return next((str(record.value[name]) for name in ("product", "study") if name in record.value), own_name)


def list_multiplied_doses(content: Content) -> dict[str, Mistake]:
    """Every dose, total, rate and maximum of a content, tenfold and thousandfold."""
    return {
        f"{name_record(record)} {field.name} x {factor}": Mistake(
            {name_record(record): {field.name: _multiply(record.value[field.name], factor)}}, ""
        )
        for record in content.iter_records()
        if record.kind.role in {"regimen", "dose-limit"}
        for field in record.kind.quantity_fields
        if field.role in {"dose", "total", "rate", "maximum"} and field.name in record.value
        for factor in (10, 1000)
    }


def _multiply(value: Values, factor: int) -> Values:
    return {name: part * factor if name in {"value", "low", "high"} else part for name, part in value.items()}
