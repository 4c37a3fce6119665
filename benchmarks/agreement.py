"""What contradictions the rules of agreement find: facts are stated again with another value, one by one.

    python benchmarks/agreement.py [ROOT …] [--beside CHECKOUT] [--missed]

Each contradiction is planted in memory, as a second fact beside the one that stands; it is found if a rule of
agreement says something that it does not say of the content as it stands, and elsewhere if only other rules
do.  Some are none: a wider limit above a narrower one, another dose of a group of patients.  Without ROOT
both contents of the repository are measured.  With --beside the same is done in another checkout of bmkit,
such as an earlier revision in a git worktree, by its rules on its own content.  With --missed those are
listed that no rule of agreement finds.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import Record, read_content
from bmkit.rules import load_all_rules
from bmkit.schema.roles import load_roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content
    from bmkit.rules import Rule
    from bmkit.schema import Field

ROOTS = (".", "examples/second/project")
FACTORS = {"tripled": Decimal(3), "divided by ten": Decimal("0.1")}
TENFOLD = Decimal(10)
NUMBERS = ("value", "low", "high")
# What makes a fact one on fewer patients or circumstances, where the kind has the field.
NARROWING_FIELDS = ("population", "condition", "route", "form")
# Fields that tell what a fact is about at all.
MAIN_ROLES = ("product", "drug-class", "treatment", "procedure", "outcome", "site", "activity", "condition")


class Plant(NamedTuple):
    """A contradiction: its `sort`, the fact that stands, what is stated beside it, and the field."""

    sort: str
    record: Record
    value: dict[str, Any]
    field: str


def make_plants(content: Content) -> Iterator[Plant]:
    """Yield every contradiction that can be planted beside a fact."""
    for record in list(content.iter_records()):
        if record.kind.group == "fact":
            for field in record.kind.fields:
                if field.part == "value" and record.value.get(field.name) is not None:
                    yield from _make_field_plants(content, record, field)


def _make_field_plants(content: Content, record: Record, field: Field) -> Iterator[Plant]:
    if field.type == "quantity" and not field.is_list:
        for name, factor in FACTORS.items():
            changed = {field.name: _multiply(record.value[field.name], factor)}
            yield _make_plant(f"same subject, {name}", record, field, changed)
        if "group" not in _find_marks(field):
            tenfold = {field.name: _multiply(record.value[field.name], TENFOLD)}
            for name in _list_optional_fields(record):
                yield _make_plant("a part left out, tenfold", record, field, {**tenfold, name: None})
            for name, term_id in _iter_narrower_parts(content, record):
                yield _make_plant("a part more, tenfold", record, field, {**tenfold, name: term_id})
    elif field.poles and not field.is_list:
        pole = field.poles.get(record.value[field.name])
        opposite = next((word for word, other in field.poles.items() if other != pole), None)
        if pole and opposite:
            yield _make_plant("opposite words", record, field, {field.name: opposite})


def _make_plant(sort: str, record: Record, field: Field, changes: dict[str, Any]) -> Plant:
    value = {**copy.deepcopy(record.value), **changes, "id": f"{record.id}-again"}
    value.pop("notes", None)
    return Plant(sort, record, {name: item for name, item in value.items() if item is not None}, field.name)


def _multiply(quantity: dict[str, Any], factor: Decimal) -> dict[str, Any]:
    return {**quantity, **{name: quantity[name] * factor for name in NUMBERS if name in quantity}}


def _find_marks(field: Field) -> frozenset[str]:
    role = load_roles().of_fields.get(field.role)
    return role.marks if role is not None else frozenset()


def _list_optional_fields(record: Record) -> list[str]:
    """Return the fields of the subject that a fact may do without and still be on something."""
    names = [
        field.name
        for field in record.kind.fields
        if field.part in {"population", "exposure"}
        and not field.required
        and field.role not in MAIN_ROLES[:4]
        and record.value.get(field.name) is not None
    ]
    return names if any(record.find_value(role) is not None for role in MAIN_ROLES) else []


def _iter_narrower_parts(content: Content, record: Record) -> Iterator[tuple[str, str]]:
    """Yield a term for each part that would make the fact one on less, but for exceptions."""
    for name in NARROWING_FIELDS:
        if name in record.kind and record.value.get(name) is None:
            field = record.kind.get_field(name)
            for term in content.list_records(field.target_kind):
                is_exception = "renal" in term.id or "hepatic" in term.id
                if not is_exception and not field.required:
                    yield name, term.id
                    break


def find_issues(content: Content, rules: list[Rule]) -> set[tuple[str, str, str]]:
    """Return what the rules say of the content: rule, place and message."""
    content.clear_caches()
    return {
        (issue.rule, f"{issue.place.file}{issue.place.pointer}", issue.message)
        for rule in rules
        for issue in rule(content)
    }


def measure(root: str) -> dict[str, Any]:
    """Return the false words on the content as it stands, and for each sort the plants, found and missed."""
    content = read_content(root)
    rules = [rule for rule in load_all_rules() if rule.family == "agreement" and "repeated" not in rule.id]
    other_rules = [rule for rule in load_all_rules() if rule.family != "agreement"]
    standing, standing_elsewhere = find_issues(content, rules), find_issues(content, other_rules)
    counts: dict[str, list[int]] = {}
    missed = []
    files = {file.path: file for file in content.files}
    for plant in make_plants(content):
        records = files[plant.record.file].records
        record = plant.record
        records.append(Record(record.kind, record.folder, record.file, len(records), plant.value))
        is_found = bool(find_issues(content, rules) - standing)
        is_found_elsewhere = not is_found and bool(find_issues(content, other_rules) - standing_elsewhere)
        records.pop()
        found_and_all = counts.setdefault(plant.sort, [0, 0, 0])
        found_and_all[0] += is_found
        found_and_all[1] += is_found_elsewhere
        found_and_all[2] += 1
        if not is_found:
            where = " (other rules say something)" if is_found_elsewhere else ""
            missed.append(f"{plant.sort}: {record.kind.name} {record.id} {plant.field}{where}")
    return {"standing": sorted(" ".join(issue) for issue in standing), "counts": counts, "missed": missed}


def _measure_beside(checkout: str) -> dict[str, Any]:
    """Return what another checkout measures, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.path.join(checkout, "src")}
    command = [sys.executable, os.path.abspath(__file__), checkout, "--json"]
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    measured: dict[str, Any] = json.loads(answer.stdout)
    return measured


def main() -> None:
    """Print the table."""
    arguments = sys.argv[1:]
    checkout = arguments.pop(arguments.index("--beside") + 1) if "--beside" in arguments else ""
    roots = [argument for argument in arguments if not argument.startswith("--")]
    if "--json" in arguments:
        print(json.dumps(measure(os.path.abspath(roots[0]))))
        return
    for number, root in enumerate(roots or ROOTS):
        # The other checkout has its own content, which is compared with the first.
        print_table(root, "" if number else checkout, list_missed="--missed" in arguments)


def print_table(root: str, checkout: str, *, list_missed: bool) -> None:
    """Print the table of one content, beside that of another checkout if one is named."""
    measured = measure(os.path.abspath(root))
    columns = [measured, *([_measure_beside(os.path.abspath(checkout))] if checkout else [])]
    heads = ["these rules", *(["beside"] if checkout else [])]
    print(f"{root}\n{'planted':34}" + "".join(f"{head + ' (elsewhere)':>26}" for head in heads))
    for sort in sorted({sort for column in columns for sort in column["counts"]}):
        counts = (column["counts"].get(sort, (0, 0, 0)) for column in columns)
        cells = (f"{found} ({elsewhere}) of {planted}" for found, elsewhere, planted in counts)
        print(f"{sort:34}" + "".join(f"{cell:>26}" for cell in cells))
    print(f"{'said of the content as it stands':34}" + "".join(f"{len(c['standing']):>26}" for c in columns))
    for line in (*measured["standing"], *(measured["missed"] if list_missed else ())):
        print(f"  {line}")
    print()


if __name__ == "__main__":
    main()
