"""What mistakes in content are noticed: numbers, references, codes, words and fields changed, one by one.

    python benchmarks/mutations.py [ROOT …] [--missed] [--sample N]

A slip is one of the keyboard: a digit, a unit, a misspelt id, a field that is gone.  A change leaves a record
that looks right: a reference to another term, a number one or two per cent off, another comparator, another
word of a closed list, an optional field or a "not" that is gone.  Each is made in memory, in one record, or
in two terms that swap their codes; it is caught if the check says something that it does not say of the
content as it stands.  With --missed those are listed that nobody noticed; with --sample no more than so many
of each sort are made.  The exit status is 1 if a slip that must be caught is not.
"""

from __future__ import annotations

import argparse
import copy
import random
import re
import sys
import time
from collections import Counter
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import Content, File, Folder, Record, read_content
from bmkit.issue import Severity, format_pointer
from bmkit.rules import load_all_rules
from bmkit.shape import ShapeChecker
from bmkit.suppression import select_unsuppressed
from bmkit.ucum.dimensions import name_dimension

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.issue import Issue, PathPart
    from bmkit.schema import Field

TIMES = {"× 10": Decimal(10), "÷ 10": Decimal("0.1"), "× 1000": Decimal(1000)}
DOSES = ("dose", "dose-rate", "dose-or-rate")
# Measures that say how a dose is given, and how often.
INFUSIONS = ("volume", "administration-time")
FREQUENCIES = (
    *("interval", "least-interval", "times-per-day", "administration-count", "total-in", "window", "cycle"),
    *("course", "course-limit", "change-every"),
)
NUMBERS = ("value", "low", "high")
# With how many terms of its kind and terminology each term swaps its code.
SWAPS = 4
ROOTS = (".", "examples/second/project")
# By how much a number is moved that nobody can tell from the right one.
NUDGES = {"1 % more": Decimal("1.01"), "2 % less": Decimal("0.98")}
COMPARATORS = ("", "<", "<=", ">=", ">", "about")
NEGATIONS = re.compile(r"\b(?:not|no|never|without|cannot)\b ?", re.IGNORECASE)


class Slip(NamedTuple):
    """One slip: its `sort` ("× 10"), what it is made in ("dose"), and the record as it stands and with it.

    `to` is what stands at the `place` then, None for nothing.  `also` is a second record that the slip
    changes, if it does, as it stands and with the slip.
    """

    sort: str
    among: str
    record: Record
    place: str
    value: dict[str, Any]
    to: Any = None
    also: tuple[Record, dict[str, Any]] | None = None


def slips(content: Content, seed: int = 1) -> Iterator[Slip]:
    """Make every slip; the seed chooses letters and digits."""
    chance = random.Random(seed)  # noqa: S311  chooses slips, guards nothing
    for record in content.iter_records():
        yield from _quantities(record)
        for field in record.kind.reference_fields:
            for parts, name in record.list_values_with_paths(field):
                yield _made("misspelt", "reference", record, parts, _misspelt(name, chance))
        for field in record.kind.walk_fields():
            if field.required:
                # Of a list the whole list goes, not one of its items.
                places = {
                    tuple(parts[:-1]) if field.is_list else parts: None
                    for parts, _ in record.list_values_with_paths(field)
                }
                for place in places:
                    yield _made("removed", "required field", record, place)
        if "codes" in record.kind:
            for parts, code in record.list_values_with_paths(record.kind.get_field("codes")):
                off = _digit_off(code["code"], chance)
                yield _made("one digit off", "code", record, (*parts, "code"), off)
    yield from _swaps(content, chance)


def changes(content: Content, seed: int = 1) -> Iterator[Slip]:
    """Make every change of meaning; the seed chooses terms and words."""
    chance = random.Random(seed)  # noqa: S311  chooses changes, guards nothing
    for record in content.iter_records():
        for field in record.kind.walk_fields():
            if field.path[0] in {"id", "source", "codes", "notes"}:
                continue
            yield from _change_field(record, field, content, chance)


def _change_field(record: Record, field: Field, content: Content, chance: random.Random) -> Iterator[Slip]:
    among = field.type
    is_member = field.name in {*NUMBERS, "comparator", "unit"} and len(field.path) > 1
    for parts, value in record.list_values_with_paths(field) if not is_member else ():
        if field.type == "reference":
            other_ids = _list_other_ids(record, field, value, content)
            if other_ids:
                yield _made(
                    "another term",
                    f"reference to {field.target_kind}",
                    record,
                    parts,
                    chance.choice(other_ids),
                )
        elif field.type == "quantity":
            among = _among(record, field)
            for sort, factor in NUDGES.items():
                yield _made(sort, among, record, parts, _each(value, factor))
            if "value" in value:
                others = [word for word in COMPARATORS if word != value.get("comparator", "")]
                yield _made(
                    "another comparator", among, record, parts, _set_comparator(value, chance.choice(others))
                )
        elif field.type == "boolean":
            yield _made("a negation", "boolean", record, parts, not value)
        elif field.values and len(field.values) > 1:
            words = [word for word in field.values if word != value]
            yield _made("another word", field.name, record, parts, chance.choice(words))
            positive = NEGATIONS.sub("", str(value))
            if positive != value and positive in field.values:
                yield _made("a negation", "closed list", record, parts, positive)
        elif field.is_free_text and NEGATIONS.search(value):
            yield _made("a negation", "text", record, parts, NEGATIONS.sub("", value, count=1).strip())
    if not field.required and len(field.path) == 1 and field.name in record.value:
        yield _made("removed", f"optional {field.type}", record, (field.name,))


def _list_other_ids(record: Record, field: Field, value: str, content: Content) -> list[str]:
    """Return the ids of the other terms that a reference could lead to, without those of its own list."""
    own_ids = {value, *map(str, record.list_values(field)), record.id}
    return sorted(
        other.id
        for other in content.iter_reachable_records(field.target_kind, record)
        if other.is_valid and other.id not in own_ids
    )


def _set_comparator(value: dict[str, Any], comparator: str) -> dict[str, Any]:
    members = {name: member for name, member in value.items() if name != "comparator"}
    return {**members, "comparator": comparator} if comparator else members


def _swaps(content: Content, chance: random.Random) -> Iterator[Slip]:
    """Swap the codes of terms, with their displays and notes."""
    coded: dict[tuple[str, str, str], list[tuple[Record, tuple[PathPart, ...], Any]]] = {}
    for record in content.iter_records():
        for parts, code in (
            record.list_values_with_paths(record.kind.get_field("codes")) if "codes" in record.kind else ()
        ):
            coded.setdefault((record.folder, record.kind.name, code["system"]), []).append(
                (record, parts, code)
            )
    for group in coded.values():
        for record, parts, code in group:
            others = [
                one
                for one in group
                if one[0] is not record and not _has(record, one[2]) and not _has(one[0], code)
            ]
            for other, its_parts, its_code in chance.sample(others, min(SWAPS, len(others))):
                slip = _made("swapped", "code", record, parts, its_code)
                yield slip._replace(also=(other, _made("", "", other, its_parts, code).value))


def _has(record: Record, code: dict[str, Any]) -> bool:
    return any(one["code"] == code["code"] for one in record.value.get("codes", ()))


def _quantities(record: Record) -> Iterator[Slip]:
    for field in record.kind.quantity_fields:
        for parts, value in record.list_values_with_paths(field):
            among = _among(record, field)
            for sort, factor in TIMES.items():
                yield _made(sort, among, record, parts, _each(value, factor))
            for unit in _list_other_units(field, value["unit"]):
                yield _made("unit swapped", among, record, (*parts, "unit"), unit)
            if "low" in value:
                swapped = {**value, "low": value["high"], "high": value["low"]}
                yield _made("inverted", among, record, parts, swapped)
            if field.dimension == "share":
                yield _made("+ 100", among, record, parts, _each(value, Decimal(1), Decimal(100)))


def _among(record: Record, field: Field) -> str:
    """Say what a quantity is: a dose (in whatever fact), what goes with one, or another measure."""
    of = "usual " if record.kind.role == "usual-dose" else ""
    if field.dimension in DOSES:
        return of + {"maximum": "limit", "strength": "strength"}.get(field.role, "dose")
    if field.role in INFUSIONS:
        return of + "infusion"
    return of + ("frequency" if field.role in FREQUENCIES else field.dimension)


def _list_other_units(field: Field, unit: str) -> list[str]:
    """Give the other units of the dimension, and of each other one that the field may have the nearest.

    That is the one that begins alike: mg/kg and mg/h for mg.
    """
    own = name_dimension(unit, field.dimension)
    units = [
        other for other in field.units if other != unit and name_dimension(other, field.dimension) == own
    ]
    others: dict[str, list[str]] = {}
    for other in field.units:
        dimension = name_dimension(other, field.dimension)
        if dimension != own:
            others.setdefault(dimension, []).append(other)
    return [
        *units,
        *(max(group, key=lambda other: _count_alike(unit, other)) for group in others.values()),
    ]


def _count_alike(text: str, other: str) -> int:
    """Give how many letters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False)))


def _each(value: dict[str, Any], factor: Decimal, more: Decimal = Decimal(0)) -> dict[str, Any]:
    """Change every number of a quantity."""
    return {
        name: _plain(Decimal(part) * factor + more) if name in NUMBERS else part
        for name, part in value.items()
    }


def _plain(number: Decimal) -> Decimal | int:
    return int(number) if number == number.to_integral_value() else number.normalize()


def _misspelt(name: str, chance: random.Random) -> str:
    """Change one letter of an id, leave one out, or swap two."""
    letters = [at for at, sign in enumerate(name) if sign.isalpha()]
    at = chance.choice(letters)
    other = chance.choice([letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter != name[at]])
    return chance.choice([name[:at] + other + name[at + 1 :], name[:at] + name[at] + name[at:]])


def _digit_off(code: str, chance: random.Random) -> str:
    at = chance.choice([at for at, sign in enumerate(code) if sign.isdecimal()])
    return f"{code[:at]}{(int(code[at]) + chance.choice((1, 9))) % 10}{code[at + 1 :]}"


_GONE = object()


def _made(sort: str, among: str, record: Record, parts: tuple[PathPart, ...], value: Any = _GONE) -> Slip:
    changed = copy.deepcopy(record.value)
    holder: Any = changed
    for part in parts[:-1]:
        holder = holder[part]
    if value is _GONE:
        del holder[parts[-1]]
    else:
        holder[parts[-1]] = value
    return Slip(sort, among, record, format_pointer(parts), changed, None if value is _GONE else value)


class Watch:
    """Says what the check says of a slip that it does not say of the content as it stands."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._shapes = ShapeChecker()
        self._rules = list(load_all_rules())
        self._hits: Counter[str] = Counter()
        self._before = {issue for issues in self._told(content, content.files) for issue in issues}

    def caught(self, slip: Slip) -> Issue | None:
        """Give a new issue, an error if there is one, None if there is none.

        Shape goes first, then the rules that say errors, what has caught much before what has not: the answer
        is as grave as that of the whole check, and found sooner.
        """
        content, files = change_content(self._content, list_values(slip))
        self._rules.sort(key=lambda rule: (rule.severity is Severity.WARNING, -self._hits[rule.id]))
        for issues in self._told(content, files):
            # What the content allows is said by no check.
            new = select_unsuppressed(
                (one for one in issues if one not in self._before), content, self._allowed()
            )
            if new:
                self._hits[new[0].rule] += 1
                return new[0]
        return None

    def _allowed(self) -> list[str]:
        return [rule.id for rule in self._rules if rule.family != "suppression"]

    def _told(self, content: Content, files: Iterable[File]) -> Iterator[list[Issue]]:
        for file in files:
            yield self._shapes.find_issues(file)
        # What the rules derive from a part of the content they share.
        batches = list(content.iter_batches())
        for rule in self._rules:
            yield [issue for part in ([content] if rule.across_articles else batches) for issue in rule(part)]


def list_values(slip: Slip) -> list[tuple[Record, dict[str, Any]]]:
    """Give the records that a slip changes, each with its value after it."""
    return [(slip.record, slip.value), *([slip.also] if slip.also is not None else ())]


def change_content(
    content: Content, changes: Iterable[tuple[Record, dict[str, Any]]]
) -> tuple[Content, list[File]]:
    """Give content in which some records have other values, and its files with those; all else is shared."""
    values = {id(record): value for record, value in changes}
    folders, changed = {}, []
    for name, folder in content.folders.items():
        folders[name] = Folder(name)
        folders[name].unread_kinds = folder.unread_kinds
        for file in folder.files:
            if any(id(record) in values for record in file.records):
                changed.append(_with(file, values))
                folders[name].add_file(changed[-1])
            else:
                folders[name].add_file(file)
    # What rules find without a seal is the question: with one every change is found.
    settings = content.settings._replace(requires_seal=False)
    made = Content(content.root, content.schemas, folders, code_lock=content.code_lock, settings=settings)
    return made, changed


def _with(file: File, values: dict[int, dict[str, Any]]) -> File:
    """Give a file with other values of some records."""
    made = File(file.path, file.folder, file.kind, None)
    made.records = [
        Record(old.kind, old.folder, old.file, old.index, values[id(old)]) if id(old) in values else old
        for old in file.records
    ]
    made.value = {**file.value, "records": [record.value for record in made.records]}
    return made


class Tally:
    """How many slips of each sort were made and caught, and those that were not."""

    def __init__(self) -> None:
        self.made: Counter[tuple[str, str]] = Counter()
        self.errors: Counter[tuple[str, str]] = Counter()
        self.warnings: Counter[tuple[str, str]] = Counter()
        self.missed: list[Slip] = []

    def add(self, slip: Slip, issue: Issue | None) -> None:
        """Count a slip, with the issue that caught it."""
        key = (slip.sort, slip.among)
        self.made[key] += 1
        if issue is None:
            self.missed.append(slip)
        else:
            (self.errors if issue.severity.value == "error" else self.warnings)[key] += 1

    def lines(self) -> Iterator[str]:
        """Give the table."""
        yield f"{'mistake':18} {'in':28} {'made':>6} {'error':>6} {'warning':>8} {'silent':>7} {'caught':>8}"
        for key in sorted(self.made):
            yield self._line(*key, self.made[key], self.errors[key], self.warnings[key])
        yield self._line("all", "", self.made.total(), self.errors.total(), self.warnings.total())

    @staticmethod
    def _line(sort: str, among: str, made: int, errors: int, warnings: int) -> str:
        caught = errors + warnings
        counts = f"{made:6} {errors:6} {warnings:8} {made - caught:7} {caught / made:8.1%}"
        return f"{sort:18} {among:28} {counts}"


# What stands to reason, or what nobody can know who has not the text: by record, field and mistake.
EXPLAINED = {
    ("dexamethasone-step-1", "dose", "÷ 10"): "1.6 mg is usual, too",
    ("dexamethasone-step-2", "dose", "÷ 10"): "0.8 mg is usual, too",
    ("prednisolone-taper", "change_dose", "÷ 10"): "of steps nothing is usual",
    ("insulin-glargine-titration", "change_dose", "÷ 10"): "of steps nothing is usual",
    (
        "paracetamol-oral-day",
        "maximum",
        "unit swapped",
    ): "a limit of a mixture or a patch is one of another form",
}


def must_be_caught(slip: Slip) -> bool:
    """Say whether a slip is one that no check may miss: of shape, ranges, references, codes and doses."""
    if (slip.record.id, slip.place.split("/")[1], slip.sort) in EXPLAINED:
        return False
    return slip.sort in {"removed", "misspelt", "one digit off", "swapped", "inverted", "+ 100"} or (
        slip.among in {"dose", "limit", "strength", "usual dose", "usual strength"}
    )


def main(arguments: list[str]) -> int:
    """Print the tables for the content in each folder that is named, else for both of the repository."""
    parser = argparse.ArgumentParser()
    parser.add_argument("roots", nargs="*", default=ROOTS, metavar="ROOT")
    parser.add_argument("--missed", action="store_true")
    parser.add_argument("--sample", type=int, default=0)
    options = parser.parse_args(arguments)
    bad = sum(measure(root, options.sample, list_missed=options.missed) for root in options.roots)
    print(f"of the slips that must be caught {bad} were missed")
    return 1 if bad else 0


def measure(root: str, count: int, *, list_missed: bool) -> int:
    """Print the tables for one content, and give how many slips were missed that must be caught."""
    content = read_content(root)
    watch, bad = Watch(content), 0
    for title, mistakes in (("Slips of the keyboard", slips), ("Changes of meaning", changes)):
        tally, start = Tally(), time.process_time()
        for slip in sample(mistakes(content), count):
            tally.add(slip, watch.caught(slip))
        print(f"{title} in {root}\n")
        print("\n".join(tally.lines()))
        print(f"{time.process_time() - start:.0f} s of CPU\n")
        for slip in tally.missed if list_missed else ():
            place = f"{slip.record.file} {slip.record.id}{slip.place}"
            print(f"missed: {slip.sort}, {slip.among}: {place}: {slip.to}")
        if mistakes is slips:
            bad = sum(map(must_be_caught, tally.missed))
    return bad


def sample(mistakes: Iterable[Slip], count: int) -> list[Slip]:
    """Return so many mistakes of each sort, chosen by chance; all of them if the count is 0."""
    sorts: dict[tuple[str, str], list[Slip]] = {}
    for slip in mistakes:
        sorts.setdefault((slip.sort, slip.among), []).append(slip)
    if not count:
        return [slip for slips_of_sort in sorts.values() for slip in slips_of_sort]
    chance = random.Random(1)  # noqa: S311  chooses mistakes, guards nothing
    return [
        slip
        for slips_of_sort in sorts.values()
        for slip in chance.sample(slips_of_sort, min(count, len(slips_of_sort)))
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
