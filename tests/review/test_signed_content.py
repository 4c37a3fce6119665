"""Where every record is signed, no change of a value passes in silence, and each is as grave as it is.

How grave stands here in tables that were written by hand, of what a change means to a patient; the schemas
and the roles, by which bmkit weighs, are not looked at.
"""

from __future__ import annotations

import copy
import random
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.mistakes import ROOTS
from tests.test_mutations import mutations

from bmkit.check import find_content_issues
from bmkit.content import Content, File, Folder, Record, read_content
from bmkit.issue import Severity, split_pointer
from bmkit.review.find import find_review_issues
from bmkit.review.sign import Statement, Subject, sign_subjects
from bmkit.shape import ShapeChecker, find_shape_issues

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.issue import Issue, PathPart

CRITICAL, MAJOR, MINOR, SILENT, GONE = "critical", "major", "minor", "", "gone"

# What is given, how much, how, and what must not be: in whatever fact it stands.
CRITICAL_FIELDS = {
    *("product", "products", "other_product", "form", "other_form", "route", "other_route"),
    *("dose", "other_dose", "total", "other_total", "total_in", "rate", "other_rate", "strength"),
    *("concentration", "volume", "solution", "solutions", "solute", "molar_mass"),
    *("interval", "least_interval", "times_per_day", "days", "time_of_day", "as_needed", "once"),
    *("administration_time", "administration_count", "course", "course_limit", "start_after"),
    *("maximum", "per", "window", "meal", "plan", "phase", "option", "titration", "until"),
    *("change", "change_dose", "change_every"),
    *("fractions", "radiation_dose", "radiation_dose_per_fraction"),
    *("stance", "ready_to_use", "needs_dilution", "way"),
}
# Of these words the kind says what they mean.
CRITICAL_IN = {
    "regimen": {"manner", "step", "frequency"},
    "combination": {"treatment", "with_treatment", "order", "frequency"},
    "caution": {
        *("condition", "population", "relation", "effect", "lasting", "substance", "amount", "treatment"),
        *("activity", "given_with", "with_class"),
    },
    "instruction": {
        *("activity", "amount", "container", "effect", "event", "lasting", "parts", "place", "relation"),
        *("substance", "time"),
    },
    "dilution": {"container"},
    "presentation": {"container", "doses", "of_forms", "frequency", "substance"},
    "dose-equivalence": {"direction"},
    "procedure-step": {"order"},
    "course": {"duration"},
    "radiotherapy": {"treatment"},
}
# What says the same, where it is from, or what its editors think.
MINOR_FIELDS = {"notes", "synonyms", "as_in_article", "source"}
MINOR_KINDS = {"editorial-note"}
# The name that a terminology gives a code.
MINOR_PATHS = {("codes", "display")}
# Where words stand in the text: what they say is told by their digest.
SILENT_PATHS = {("source", "spans", "start"), ("source", "spans", "end")}
# Another comparator or unit and the decimal sign in another place are critical in any quantity.
CRITICAL_SORTS = {"× 10", "÷ 10", "× 1000", "unit swapped", "another comparator"}
EQUAL_UNITS = [
    {"%", "/(100.{person})"},
    {"mg/mL", "g/L"},
    {"g/mol", "mg/mmol"},
    {"mmol/L", "umol/mL"},
]
QUANTITY_MEMBERS = {"value", "low", "high", "comparator", "unit"}


def read_signed(root: str) -> Content:
    """Return the content of a folder with every record of it signed by one reviewer."""
    content = read_content(root)
    find_shape_issues(content, ShapeChecker())
    subjects = [
        Subject(record.kind.name, record.id, record.folder, record)
        for file in content.files
        for record in file.records
    ]
    statement = Statement("reviewed", "A. Reviewer", "2026-06-30")
    texts = sign_subjects([(subject, statement) for subject in subjects], content)
    unsaved_files = {path: text.encode() for path, text in texts.items()}
    signed = read_content(root, content.schemas, unsaved_files=unsaved_files, settings=content.settings)
    find_shape_issues(signed, ShapeChecker())
    return signed


class Signed:
    """Signed content, the same without its reviews, and what these say of changed records.

    Of the reviews only those of the changed records are asked, as thousands of changes are tried; that all
    others are silent is tried once.
    """

    def __init__(self, root: str) -> None:
        self.content = read_signed(root)
        self._reviews = {
            (file.folder, review["kind"], review["record"]): review
            for file in self.content.files
            if file.kind.name == "review"
            for review in file.records
        }
        self.plain = self._make_content([file for file in self.content.files if file.kind.name != "review"])

    def _make_content(self, files: Iterable[File]) -> Content:
        folders = {name: Folder(name) for name in self.content.folders}
        for file in files:
            folders[file.folder].add_file(file)
        return Content(
            self.content.root,
            self.content.schemas,
            folders,
            code_lock=self.content.code_lock,
            settings=self.content.settings,
        )

    def find_gravities(self, changes: Sequence[tuple[Record, dict[str, Any]]]) -> list[str]:
        """Return how grave what is told of changed records is: "gone" for one that is not there any more."""
        content = mutations.change_content(self.plain, changes)[0]
        for folder_name in {record.folder for record, _ in changes}:
            reviews = [
                self._reviews[folder_name, record.kind.name, record.id]
                for record, _ in changes
                if record.folder == folder_name
            ]
            file = File(reviews[0].file, folder_name, reviews[0].kind, None)
            file.records = reviews
            content.folders[folder_name].add_file(file)
        return [_read_gravity(issue) for issue in find_review_issues(content)]


def _read_gravity(issue: Issue) -> str:
    """Return how grave an issue says that a change is; its severity must go with that."""
    assert issue.rule in {"review.changed", "review.gone"}
    gravity = "gone" if issue.rule == "review.gone" else issue.message.split(" ", 1)[0]
    assert (issue.severity is Severity.ERROR) == (gravity in {"gone", CRITICAL})
    return gravity


class Change(NamedTuple):
    """A change of a record: what was done, to the value at which path, and the record after it."""

    sort: str
    record: Record
    path: tuple[str, ...]
    value: dict[str, Any]


def weigh_field(record: Record, path: tuple[str, ...], *, is_lost: bool) -> str:
    """Return how grave it is that a value says something else, or is gone."""
    if path == ("id",):
        return GONE
    if path in SILENT_PATHS:
        return SILENT
    if record.kind.name not in MINOR_KINDS and path == ("source",) and is_lost:
        return MAJOR
    if record.kind.name in MINOR_KINDS or path[0] in MINOR_FIELDS or path in MINOR_PATHS:
        return MINOR
    is_critical = path[0] in CRITICAL_FIELDS or path[0] in CRITICAL_IN.get(record.kind.name, ())
    return CRITICAL if is_critical else MAJOR


def weigh_slip(slip: Any) -> str:
    """Return how grave a slip or change of benchmarks/mutations.py is."""
    path = tuple(part for part in split_pointer(slip.place) if not part.isdecimal())
    if slip.sort == "unit swapped" and {_find_at(slip.record, slip.place), slip.to} in EQUAL_UNITS:
        return MINOR
    if slip.sort in CRITICAL_SORTS or (slip.sort == "removed" and path[1:] and path[-1] == "unit"):
        return CRITICAL
    return weigh_field(slip.record, path, is_lost=slip.sort == "removed")


def _find_at(record: Record, pointer: str) -> Any:
    value: Any = record.value
    for part in split_pointer(pointer):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def iter_changes(record: Record, others: Sequence[Record]) -> Iterator[Change]:
    """Make each value of a record another one, take each away, and give it each field that others have."""
    for path, parts, value in _iter_values((), (), record.value):
        for sort, changed in (("gone", None), *_list_near_values(path, value)):
            yield Change(sort, record, path, _put(record, parts, changed))
    for other in others:
        for name in other.value.keys() - record.value.keys():
            yield Change("added", record, (name,), {**record.value, name: other.value[name]})


def _iter_values(path: tuple[str, ...], parts: tuple[PathPart, ...], value: Any) -> Iterator[Any]:
    """Yield the way to each value inside another one, without positions and with them, and the value."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield (*path, name), (*parts, name), member
            yield from _iter_values((*path, name), (*parts, name), member)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield path, (*parts, index), item
            yield from _iter_values(path, (*parts, index), item)


def _list_near_values(path: tuple[str, ...], value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, bool):
        return [("negated", not value)]
    if isinstance(value, int | Decimal):
        return [("other", value + 1)]
    if isinstance(value, str):
        return [("other", f"{value}x"), ("negated", f"not {value}")]
    return [("turned", value[::-1])] if isinstance(value, list) and len(value) > 1 else []


def _put(record: Record, parts: tuple[PathPart, ...], value: Any) -> dict[str, Any]:
    """Return the record with another value there, None for none."""
    changed = copy.deepcopy(record.value)
    holder: Any = changed
    for part in parts[:-1]:
        holder = holder[part]
    if value is None:
        del holder[parts[-1]]
    else:
        holder[parts[-1]] = value
    return changed


def weigh_change(change: Change) -> str:
    """Return how grave a change of `iter_changes` is."""
    if change.sort == "turned" or change.value == change.record.value:
        return SILENT
    is_measure = len(change.path) > 1 and change.path[-1] in {"unit", "comparator"}
    return CRITICAL if is_measure else weigh_field(change.record, change.path, is_lost=change.sort == "gone")


SIZES = [pytest.param(8, marks=pytest.mark.slow), pytest.param(0, marks=pytest.mark.audit)]
"""How many changes of a sort are tried, 0 for all."""


@cache
def sign_root(name: str) -> Signed:
    return Signed(ROOTS[name])


@pytest.fixture(params=ROOTS)
def signed(request: pytest.FixtureRequest) -> Signed:
    return sign_root(request.param)


@pytest.mark.slow
def test_what_is_signed_as_it_stands_has_no_issue(signed: Signed) -> None:
    assert len(signed.content.list_records("review")) == len([*signed.plain.iter_records()])
    assert find_content_issues(signed.content) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("make_slips", [mutations.slips, mutations.changes], ids=["slips", "changes"])
def test_every_slip_is_told_as_grave_as_it_is(signed: Signed, make_slips: Any, size: int) -> None:
    shapes = ShapeChecker()
    count = 0
    for slip in mutations.sample(make_slips(signed.plain), size):
        gravity = weigh_slip(slip)
        count += 1
        if gravity == SILENT:  # a span without an end: its shape is told
            assert slip.sort == "removed"
            [file] = mutations.change_content(signed.plain, [(slip.record, slip.value)])[1]
            assert shapes.find_issues(file)
            continue
        found = signed.find_gravities(mutations.list_values(slip))
        assert found == [gravity] * (2 if slip.also else 1), (slip, found, gravity)
    assert count > (200 if size else 1_500)


@pytest.mark.parametrize("size", SIZES)
def test_every_value_of_every_record_is_signed(signed: Signed, size: int) -> None:
    chance = random.Random(1)
    changes: list[Change] = []
    for file in signed.plain.files:
        records = chance.sample(file.records, min(size or len(file.records), len(file.records)))
        for record in records:
            file_changes = [*iter_changes(record, chance.sample(file.records, min(3, len(file.records))))]
            changes += chance.sample(file_changes, min(size or len(file_changes), len(file_changes)))
    for change in changes:
        gravity = weigh_change(change)
        found = signed.find_gravities([(change.record, change.value)])
        assert found == ([gravity] if gravity else []), (change, found, gravity)
    assert len(changes) > (1_000 if size else 4_000)


def _turn(value: Any) -> Any:
    """Return the same in another notation: keys and items the other way round, numbers with a zero more."""
    if isinstance(value, dict):
        return {name: _turn(value[name]) for name in reversed(value)}
    if isinstance(value, list):
        return [_turn(item) for item in reversed(value)]
    return Decimal(f"{value}.0") if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.slow
def test_another_notation_is_no_change(signed: Signed) -> None:
    for record in signed.plain.iter_records():
        assert signed.find_gravities([(record, _turn(record.value))]) == []
