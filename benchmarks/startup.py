"""How fast and how small is bmkit on one file: against Python itself, click, and other validators.

    python benchmarks/startup.py [ROUNDS]

Prints ratios, for a project of one file and for the project around this file. check-jsonschema takes part
if it is installed beside this Python.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

from pairs import bar, beside_python, interleaved, peak, process

TOP = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
ONE = os.path.join(TOP, "examples", "inverted-range", "project")
KIND = "content/trial-results/trial.json"

NOTHING = "import click\n@click.command()\ndef main(): pass\nmain()\n"
PLAIN = """\
import json, sys, click, jsonschema
@click.command()
@click.argument("schema")
@click.argument("file")
def main(schema, file):
    with open(schema) as one, open(file) as two:
        validator = jsonschema.Draft202012Validator(json.load(one))
        errors = list(validator.iter_errors(json.load(two)))
    for error in errors:
        click.echo(f"{error.json_path}: {error.message}")
    sys.exit(bool(errors))
main()
"""


def one_file(folder: str, kind: str = "trial") -> None:
    """Make a project of one valid file of 33 KB, and a copy of it whose last range is inverted."""
    with open(os.path.join(ONE, "schema", f"{kind}.schema.json"), encoding="utf-8") as file:
        # No second file to refer to.
        schema = file.read().replace(', "x-ref": "site"', "")
    record = (
        '{"id": "trial-%d", "published": "2021-03-01", "patients": 60, "sites": ["spine", "femur"],'
        ' "share": {"low": 20, "high": %d, "unit": "%%"}, "dose": {"value": 4, "unit": "mg"}}'
    )
    for name, last in (("valid", 30), ("faulty", 10)):
        highs = [30] * 180 + [last]
        records = ",\n    ".join(record % pair for pair in enumerate(highs))
        text = (
            f'{{\n  "$schema": "../../schema/{kind}.schema.json",\n  "records": [\n    {records}\n  ]\n}}\n'
        )
        for path, content in (
            (f"schema/{kind}.schema.json", schema),
            (f"content/trial-results/{kind}.json", text),
        ):
            where = os.path.join(folder, name, path)
            os.makedirs(os.path.dirname(where), exist_ok=True)
            with open(where, "w", encoding="utf-8") as file:
                file.write(content)


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    bmkit = beside_python("bmkit")
    checker = shutil.which(beside_python("check-jsonschema"))
    with tempfile.TemporaryDirectory() as folder:
        one_file(folder)
        valid, faulty = os.path.join(folder, "valid"), os.path.join(folder, "faulty")
        schema = "schema/trial.schema.json"
        runs = {
            "pass": process(sys.executable, "-c", "pass"),
            "click": process(sys.executable, "-c", NOTHING),
            "version": process(bmkit, "--version"),
            "help": process(bmkit, "--help"),
            "valid": process(bmkit, "validate", KIND, folder=valid),
            "faulty": process(bmkit, "validate", KIND, folder=faulty),
            "jsonschema": process(sys.executable, "-c", PLAIN, schema, KIND, folder=valid),
            "own": process(bmkit, "validate", "content/bone-metastasis/incidence.json", folder=TOP),
        }
        if checker:
            runs["check-jsonschema"] = process(checker, "--schemafile", schema, KIND, folder=valid)
        times = interleaved(runs, rounds)
        size = peak([bmkit, "validate", KIND], valid)
        own_size = peak([bmkit, "validate", "content/bone-metastasis/incidence.json"], TOP)
    print(f"{rounds} rounds, Python {sys.version.split()[0]}; medians of the ratios within a round\n")
    held = [
        bar("S1 validate a valid file : python -c pass", times.ratio("valid", "pass"), 8.0),
        bar("S1 validate a faulty file : python -c pass", times.ratio("faulty", "pass"), 8.0),
        bar("S2 validate : click with jsonschema", times.ratio("valid", "jsonschema"), 0.5),
        bar("S3 validate : click that does nothing", times.ratio("valid", "click"), 1.75),
        bar("S4 --version : click that does nothing", times.ratio("version", "click"), 1.3),
        bar("S4 --help : click that does nothing", times.ratio("help", "click"), 1.3),
        bar("S5 peak memory of validate", size, 32, " MiB"),
    ]
    if checker:
        held.append(bar("S2 validate : check-jsonschema", times.ratio("valid", "check-jsonschema"), 0.25))
    else:
        print("        S2 validate : check-jsonschema (not installed here, not measured)")
    print(
        f"\none file of this repository, with all of its content read: {times.ratio('own', 'pass'):.1f}x"
        f" python -c pass, {own_size:.0f} MiB"
    )
    print("medians: " + ", ".join(f"{name} {times.milliseconds(name):.0f} ms" for name in runs))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
