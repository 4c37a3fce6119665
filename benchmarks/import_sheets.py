"""How long does a workbook take that comes back: against openpyxl reading the same file in read-only mode.

    python benchmarks/import_sheets.py [ROWS] [ROUNDS]

Takes the repository's content, and facts of fifteen columns, of which one cell was changed. Prints ratios of
whole processes: to read the edits, to plan what is written, and all that the command does, in time, in time
of the processor and in memory. The other side looks at every value of every sheet.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from corpus import size_of
from export import FACT, ROUNDS, SITE, SITES, value
from pairs import beside_python

ROWS = 100_000
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir)


class Run(NamedTuple):
    """What a process took: seconds, seconds of the processor, and MiB at its largest."""

    seconds: float
    cpu_seconds: float
    memory: float


def run(command: list[str]) -> Run:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    seconds = time.perf_counter() - start
    memory = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return Run(seconds, usage.ru_utime + usage.ru_stime, memory)


def write_project(root: str, count: int) -> None:
    """Write a project of so many facts and their terms."""
    from bmkit.write_json import format_json

    sites = [{"id": f"site-{number}", "label": f"bone number {number}"} for number in range(SITES)]
    facts = [value(row) for row in range(count)]
    for folder, kind, schema, records in (("terms", "site", SITE, sites), ("trial", "fact", FACT, facts)):
        os.makedirs(os.path.join(root, "schema"), exist_ok=True)
        os.makedirs(os.path.join(root, "content", folder))
        with open(os.path.join(root, "schema", f"{kind}.schema.json"), "w", encoding="utf-8") as file:
            json.dump({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, file)
        with open(os.path.join(root, "content", folder, f"{kind}.json"), "w", encoding="utf-8") as file:
            file.write(format_json({"records": records}, indent=2))


def export(root: str, out: str, changed: str) -> None:
    """Write the workbook of a project, with one cell changed."""
    from bmkit.content import read_content
    from bmkit.export import write_export

    path = os.fspath(write_export("xlsx", read_content(root), Path(out))[0])
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            for before, after in (
                (b">the 5th of many", b">the sixth of many"),
                (b"<v>4</v>", b"<v>4.25</v>"),
            ):
                if part.filename == "xl/worksheets/sheet2.xml" and before in data:
                    data = data.replace(before, after, 1)
                    break
            new.writestr(part, data)


def read_with_openpyxl(path: str) -> None:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    worksheets: list[Any] = book.worksheets
    for worksheet in worksheets:
        worksheet.reset_dimensions()
        for _ in worksheet.iter_rows(values_only=True):
            pass


def read_edits(path: str, root: str, *, with_plan: bool) -> None:
    """Read the edits of a workbook; with the plan, what becomes of the files."""
    from bmkit.content import read_content
    from bmkit.schema import read_project_schemas
    from bmkit.sheets import rows
    from bmkit.sheets.archive import open_workbook_file
    from bmkit.sheets.exported import read_exported
    from bmkit.sheets.plan import plan_import
    from bmkit.sheets.read import WorkbookReader

    content = read_content(root) if with_plan else None
    schemas = content.schemas if content is not None else read_project_schemas(root)
    with open_workbook_file(path) as file:
        book = WorkbookReader(file)
        exported = read_exported(book)
        if exported is None:
            raise SystemExit(f"{path} has no hidden sheets")
        edits = rows.read_edits(book, exported, schemas)
    if content is not None:
        print(len(plan_import(content, edits, exported).texts))
    print(len(edits.edits), [fault for fault in edits.faults if fault.is_error][:1])


def compare(name: str, root: str, rounds: int, *, with_command: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # Not in this process: what it takes in memory would count for those that it starts.
        path = os.path.join(folder, "changed.xlsx")
        run([sys.executable, __file__, "--export", root, folder, path])
        commands = {
            "openpyxl": [sys.executable, __file__, "--read", path],
            "edits": [sys.executable, __file__, "--edits", path, root],
            "plan": [sys.executable, __file__, "--plan", path, root],
        }
        if with_command:
            bmkit = beside_python("bmkit")
            commands["command"] = [bmkit, "import", "xlsx", path, "--root", root, "--dry-run"]
        print(f"{name}: {os.path.getsize(path) / 1e6:.1f} MB; content {size_of(root)[1] / 1e6:.1f} MB")
        print(subprocess.run(commands["plan"], capture_output=True, text=True, check=True).stdout.split())
        runs: dict[str, list[Run]] = {key: [] for key in commands}
        for number in range(rounds):
            for key in list(commands)[:: -1 if number % 2 else 1]:
                runs[key].append(run(commands[key]))
        for key, own_runs in runs.items():
            ratios = [
                statistics.median(
                    one[index] / other[index] for one, other in zip(own_runs, runs["openpyxl"], strict=True)
                )
                for index in range(len(Run._fields))
            ]
            middle = [statistics.median(values) for values in zip(*own_runs, strict=True)]
            print(
                f"  {key:9} {middle[0]:7.2f} s {ratios[0]:5.2f}x   processor {middle[1]:7.2f} s "
                f"{ratios[1]:5.2f}x   memory {middle[2]:5.0f} MiB {ratios[2]:5.2f}x"
            )


def main(count: int, rounds: int) -> None:
    compare("the repository's content", HERE, rounds, with_command=True)
    with tempfile.TemporaryDirectory() as root:
        run([sys.executable, __file__, "--project", root, str(count)])
        compare(f"{count} facts", root, rounds, with_command=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--project"]:
        write_project(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1:2] == ["--export"]:
        export(*sys.argv[2:5])
    elif sys.argv[1:2] == ["--read"]:
        read_with_openpyxl(sys.argv[2])
    elif sys.argv[1:2] in (["--edits"], ["--plan"]):
        read_edits(*sys.argv[2:4], with_plan=sys.argv[1] == "--plan")
    else:
        given = [int(word) for word in sys.argv[1:3]]
        main(*[*given, *(ROWS, ROUNDS)[len(given) :]])
