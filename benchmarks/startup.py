"""How fast and how small is bmkit on one file: against Python itself, click, and other validators.

    python benchmarks/startup.py [ROUNDS]

Prints ratios, for a project of one file and for the project around this file. check-jsonschema takes part
if it is installed beside this Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile

from pairs import bar, beside_python, interleaved, peak, process

REPOSITORY = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
EXAMPLE_PROJECT = os.path.join(REPOSITORY, "examples", "inverted-range", "project")
RECORD_FILE = "content/trial-results/trial.json"
ARTICLE_FILE = "content/trial-results/article.json"
SCHEMA_FILE = "schema/trial.schema.json"
OWN_RECORD_FILE = "content/bone-metastasis/radiotherapy.json"

IDLE_CLICK_PROGRAM = "import click\n@click.command()\ndef main(): pass\nmain()\n"
JSONSCHEMA_PROGRAM = """\
import json, sys, click, jsonschema
@click.command()
@click.argument("schema")
@click.argument("file")
def main(schema, file):
    with open(schema) as schema_stream, open(file) as stream:
        validator = jsonschema.Draft202012Validator(json.load(schema_stream))
        errors = list(validator.iter_errors(json.load(stream)))
    for error in errors:
        click.echo(f"{error.json_path}: {error.message}")
    sys.exit(bool(errors))
main()
"""


def write_projects(folder: str) -> None:
    """Write a project of one valid file of facts of 33 KB, and a copy of it whose last range is inverted."""
    with open(os.path.join(EXAMPLE_PROJECT, SCHEMA_FILE), encoding="utf-8") as stream:
        # No second file to refer to.
        schema_text = stream.read().replace(', "x-ref": "site"', "")
    with open(os.path.join(EXAMPLE_PROJECT, ARTICLE_FILE), encoding="utf-8") as stream:
        article_text = stream.read()
    record = (
        '{"id": "trial-%d", "published": "2021-03-01", "patients": 60, "sites": ["spine", "femur"],'
        ' "share": {"low": 20, "high": %d, "unit": "%%"}, "dose": {"value": 4, "unit": "mg"}}'
    )
    for name, last_high in (("valid", 30), ("faulty", 10)):
        records = ",\n    ".join(record % pair for pair in enumerate([30] * 180 + [last_high]))
        content_text = f'{{\n  "$schema": "../../{SCHEMA_FILE}",\n  "records": [\n    {records}\n  ]\n}}\n'
        texts = {SCHEMA_FILE: schema_text, ARTICLE_FILE: article_text, RECORD_FILE: content_text}
        for relative_path, text in texts.items():
            path = os.path.join(folder, name, relative_path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    bmkit = beside_python("bmkit")
    checker = shutil.which(beside_python("check-jsonschema"))
    with tempfile.TemporaryDirectory() as folder:
        write_projects(folder)
        valid, faulty = os.path.join(folder, "valid"), os.path.join(folder, "faulty")
        for project, count in ((valid, "0 errors"), (faulty, "2 errors")):
            command = [bmkit, "validate", RECORD_FILE]
            done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
            if count not in done.stdout + done.stderr:
                sys.exit(f"{project} was to have {count}:\n{done.stdout}{done.stderr}")
        runs = {
            "pass": process(sys.executable, "-c", "pass"),
            "email.utils": process(sys.executable, "-c", "import click, datetime, email.utils"),
            "datetime": process(sys.executable, "-c", "import click, datetime"),
            "click": process(sys.executable, "-c", IDLE_CLICK_PROGRAM),
            "version": process(bmkit, "--version"),
            "help": process(bmkit, "--help"),
            "valid": process(bmkit, "validate", RECORD_FILE, folder=valid),
            "faulty": process(bmkit, "validate", RECORD_FILE, folder=faulty),
            "jsonschema": process(
                sys.executable, "-c", JSONSCHEMA_PROGRAM, SCHEMA_FILE, RECORD_FILE, folder=valid
            ),
            "own": process(bmkit, "validate", OWN_RECORD_FILE, folder=REPOSITORY),
        }
        if checker:
            runs["check-jsonschema"] = process(
                checker, "--schemafile", SCHEMA_FILE, RECORD_FILE, folder=valid
            )
        times = interleaved(runs, rounds)
        peak_size = peak([bmkit, "validate", RECORD_FILE], valid)
        own_peak_size = peak([bmkit, "validate", OWN_RECORD_FILE], REPOSITORY)
    print(f"{rounds} rounds, Python {sys.version.split()[0]}; medians of the ratios within a round\n")
    bars_held = [
        bar("S1 validate a valid file : python -c pass", times.ratio("valid", "pass"), 8.0),
        bar("S1 validate a faulty file : python -c pass", times.ratio("faulty", "pass"), 8.0),
        bar("S2 validate : click with jsonschema", times.ratio("valid", "jsonschema"), 0.5),
        bar("S3 validate a file of this repository : python -c pass", times.ratio("own", "pass"), 18.0),
        bar("S4 --version : click that does nothing", times.ratio("version", "click"), 1.3),
        bar("S4 --help : click that does nothing", times.ratio("help", "click"), 1.3),
        bar("S5 peak memory of validate", peak_size, 32, " MiB"),
    ]
    if checker:
        ratio = times.ratio("valid", "check-jsonschema")
        bars_held.append(bar("S2 validate : check-jsonschema", ratio, 0.25))
    else:
        print("        S2 validate : check-jsonschema (not installed here, not measured)")
    mail_milliseconds = times.milliseconds("email.utils") - times.milliseconds("datetime")
    print(
        f"\none file of this repository: {own_peak_size:.0f} MiB; {mail_milliseconds:.0f} ms of each"
        " validate are email.utils, which jsonschema-rs imports"
    )
    print("medians: " + ", ".join(f"{name} {times.milliseconds(name):.0f} ms" for name in runs))
    return 0 if all(bars_held) else 1


if __name__ == "__main__":
    sys.exit(main())
