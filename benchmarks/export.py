"""How fast and how small are the exports: against plain XlsxWriter and csv writing the same cells.

    python benchmarks/export.py [ROWS] [ROUNDS]

A fact has fifteen columns here, its sentence among them; the others write ready rows, while bmkit makes its
own from records. Prints ratios; for memory, of processes that write 10,000 and 100,000 rows.
"""

from __future__ import annotations

import csv
import gc
import hashlib
import json
import sys
import tempfile
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pairs import bar, interleaved, peak

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.schema import Kind

ROWS, ROUNDS = 100_000, 3
SITES = 40
# Excel follows 65,530 links on a sheet, and a row has two.
LINKED_ROWS = 32_765
TEXT = {"type": "string", "description": "What it says."}
ID = {**TEXT, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
NUMBER = {"type": "number", "minimum": 0, "description": "How much."}
WORDS = ("often", "rarely", "always", "in some cases")


def field(title: str, **more: Any) -> dict[str, Any]:
    return {**TEXT, "title": title, **more}


def number(title: str, **more: Any) -> dict[str, Any]:
    return {**NUMBER, "title": title, **more}


def record(properties: dict[str, Any], group: str, sentence: str = "") -> dict[str, Any]:
    """The schema of a kind with these fields."""
    return {
        "title": "Kind",
        "description": "A kind.",
        "x-group": group,
        "x-sentence": sentence,
        "$defs": {
            "record": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id"],
                "properties": properties,
            }
        },
    }


DOSE = {
    "type": "object",
    "title": "Dose",
    "description": "How much.",
    "x-unit": "mass",
    "additionalProperties": False,
    "required": ["unit"],
    "properties": {
        "value": number("Value"),
        "low": number("From"),
        "high": number("To"),
        "comparator": field("Comparator", enum=["about"]),
        "unit": field("Unit", enum=["mg", "g"]),
    },
}
FACT = record(
    {
        "id": {**ID, "title": "Id"},
        "site": {**ID, "title": "Site", "x-ref": "site"},
        "from": {**ID, "title": "From", "x-ref": "site"},
        "frequency": field("Frequency", enum=list(WORDS)),
        "note": field("Note"),
        "reason": field("Reason"),
        "day": field("Day", format="date"),
        "share": number("Share"),
        "count": {**number("Count"), "type": "integer"},
        "dose": DOSE,
    },
    "fact",
    "Metastases spread from {from} to {site} ({frequency})[, treated with {dose}]",
)
SITE = record({"id": {**ID, "title": "Id"}, "label": field("Label")}, "term")


def value(row: int) -> dict[str, Any]:
    """The fact of that number."""
    return {
        "id": f"fact-{row}",
        "site": f"site-{row % SITES}",
        "from": f"site-{row * 7 % SITES}",
        "frequency": WORDS[row % 4],
        "note": f"the {row % 977}th of many remarks that were made",
        "reason": f"because & for the sake of number {row % 89}",
        "day": f"20{row % 25:02}-0{1 + row % 9}-1{row % 10}",
        "share": Decimal(row % 1000).scaleb(-1),
        "count": row % 50,
        "dose": {"value": Decimal(row % 400).scaleb(-2), "unit": "mg"},
    }


class Facts:
    """A sequence of so many facts that are made when they are looked at."""

    def __init__(self, kind: Kind, count: int) -> None:
        self.kind, self.count = kind, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, place: slice) -> list[Any]:
        return [self._fact(row) for row in range(*place.indices(self.count))]

    def __iter__(self) -> Iterator[Any]:
        return map(self._fact, range(self.count))

    def _fact(self, row: int) -> Any:
        from bmkit.content import Record

        return Record(self.kind, "", "", row, value(row))


def tables(count: int, *, ready: bool) -> tuple[Any, Any]:
    """Tables of so many facts, made now or when they are looked at, and of terms; a content of the terms."""
    from bmkit.content import Content, Folder, Record
    from bmkit.schema import read_schemas
    from bmkit.tables import make_table

    with tempfile.TemporaryDirectory() as folder:
        for name, schema in (("fact", FACT), ("site", SITE)):
            Path(folder, f"{name}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
        schemas = read_schemas(folder)
        kinds = {name: schemas.get_kind(name) for name in ("fact", "site")}
    sites = [
        Record(kinds["site"], "terms", "", one, {"id": f"site-{one}", "label": f"bone number {one}"})
        for one in range(SITES)
    ]
    terms = Folder("terms")
    terms.records_by_kind["site"] = sites
    terms.ids_by_kind["site"] = {site.id: site for site in sites}
    facts: Any = Facts(kinds["fact"], count)
    made = (make_table(kinds["fact"], list(facts) if ready else facts), make_table(kinds["site"], sites))
    return made, Content("", schemas, {"terms": terms})


def workbook(made: Any, content: Any, path: str) -> None:
    from bmkit.export.xlsx.workbook import write_workbook
    from bmkit.sentence import format_sentence

    write_workbook(made, partial(format_sentence, content=content), Path(path))


def list_rows(table: Any) -> list[tuple[Any, ...]]:
    return [row for block in table.iter_blocks() for row in zip(*block.column_values, strict=True)]


def shown(made: Any, content: Any) -> Iterator[list[Any]]:
    """The rows of the facts as a script would have them: fifteen ready cells."""
    from bmkit.sentence import format_sentence

    for fact, row in zip(made[0].records, list_rows(made[0]), strict=True):
        cells = [float(one) if isinstance(one, Decimal) else one for one in row]
        yield [cells[0], format_sentence(fact, content), *cells[1:]]


def by_xlsxwriter(rows: list[list[Any]], path: str) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(path, options)
    page = book.add_worksheet("fact")
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True})
    places = book.add_format({"num_format": "0.00"})
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, len(rows), 14)
    page.data_validation(1, 5, len(rows), 5, {"validate": "list", "source": list(WORDS)})
    page.data_validation(1, 9, len(rows), 9, {"validate": "decimal", "criteria": ">=", "value": 0})
    page.write_row(0, 0, [f"column {one}" for one in range(15)], bold)
    for number_of_row, row in enumerate(rows, 1):
        page.set_row(number_of_row, 30)
        for place, one in enumerate(row):
            if isinstance(one, float):
                page.write_number(number_of_row, place, one, places)
            elif one is None:
                page.write_blank(number_of_row, place, None, wrap)
            elif place in (2, 3) and number_of_row <= LINKED_ROWS:
                page.write_url(number_of_row, place, f"internal:'site'!A{2 + place}", wrap, one)
            else:
                page.write(number_of_row, place, one, wrap)
    sites = book.add_worksheet("site")
    for site in range(SITES):
        sites.write_row(site, 0, (f"site-{site}", f"bone number {site}"), wrap)
    book.close()


def by_csv(rows: Iterable[Any], path: str) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        for row in rows:
            writer.writerow(row)


def as_csv(made: Any, path: str) -> None:
    from bmkit.export.csv import iter_cell_blocks

    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        for block in iter_cell_blocks(made[0]):
            writer.writerows(zip(*block, strict=True))


def digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(count: int, rounds: int) -> bool:
    made, content = tables(count, ready=True)
    rows = list(shown(made, content))
    plain = list_rows(made[0])
    # What both sides are given is no garbage to be searched again while one of them writes.
    gc.collect()
    gc.freeze()
    print(f"{count} facts of {len(rows[0])} columns, {rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        times = interleaved(
            {
                "bmkit": lambda: workbook(made, content, f"{folder}/a.xlsx"),
                "xlsxwriter": lambda: by_xlsxwriter(rows, f"{folder}/b.xlsx"),
                "bmkit csv": lambda: as_csv(made, f"{folder}/d.csv"),
                "csv": lambda: by_csv(plain, f"{folder}/e.csv"),
            },
            rounds,
        )
        same = digest(f"{folder}/a.xlsx")
        workbook(made, content, f"{folder}/a.xlsx")
        held = [
            bar("X1 workbook : XlsxWriter in constant memory", times.ratio("bmkit", "xlsxwriter"), 1.15),
            bar("E1 CSV : a loop of csv.writer over ready rows", times.ratio("bmkit csv", "csv"), 1.5),
            bar("X2 second run that differs", float(digest(f"{folder}/a.xlsx") != same), 0, " "),
        ]
        few, many = (
            peak([sys.executable, __file__, "--write", str(size), f"{folder}/f.xlsx"])
            for size in (10_000, 100_000)
        )
    held.append(bar("X2 peak at 100,000 rows : at 10,000", many / few, 1.25))
    held.append(bar("X2 peak at 100,000 rows", many, 64, " MiB"))
    for name in times.rounds:
        print(f"        {name}: {times.milliseconds(name) / 1000:.2f} s")
    return all(held)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        workbook(*tables(int(sys.argv[2]), ready=False), sys.argv[3])
    else:
        given = [int(one) for one in sys.argv[1:3]]
        sys.exit(not main(*[*given, *(ROWS, ROUNDS)[len(given) :]]))
