"""How fast is bmkit on 300 articles: against reading, parsing and validating them and nothing more.

    python benchmarks/corpus.py [ROUNDS] [ARTICLES]

Prints ratios of whole processes.  The other side reads the same files, parses them with orjson and asks
jsonschema-rs, with the same schemas, only whether each is valid; it needs the extra "bench".

The bar V2 was set by a prototype that read strictly, checked shapes, unique ids, references and the order of
ranges.  That is measured as such, and then all that `bmkit validate` does when nothing is selected.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile

from articles import make_articles
from bmkit.content import CONTENT_FOLDER, read_content
from pairs import bar, beside_python, interleaved, peak, process

SIZE = 32 << 10

# What the prototype checked; dangling references stand for all that is said of references.
PROTOTYPE = ("json", "content", "shape", "ids", "references.dangling", "limits")

RAW = """\
import os, sys
import jsonschema_rs, orjson
with open(sys.argv[1], "rb") as file:
    schemas = orjson.loads(file.read())
valid, bad = {}, 0
for folder in sorted(os.scandir("content"), key=lambda entry: entry.name):
    if folder.is_dir():
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            kind = entry.name.removesuffix(".json")
            if kind not in valid:
                made = jsonschema_rs.Draft202012Validator(schemas[kind], offline=True, validate_formats=True)
                valid[kind] = made.is_valid
            with open(entry.path, "rb") as file:
                bad += not valid[kind](orjson.loads(file.read()))
print(bad)
"""


def size_of(folder: str) -> tuple[int, int]:
    """Give the number and the bytes of the files below content/."""
    sizes = [
        os.path.getsize(os.path.join(base, file))
        for base, _, files in os.walk(os.path.join(folder, CONTENT_FOLDER))
        for file in files
    ]
    return len(sizes), sum(sizes)


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    articles = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    validate = [beside_python("bmkit"), "validate", "--format", "concise"]
    selected = [part for rule in PROTOTYPE for part in ("--select", rule)]
    with tempfile.TemporaryDirectory() as folder:
        sound, faulty = os.path.join(folder, "sound"), os.path.join(folder, "faulty")
        make_articles(sound, articles, SIZE)
        make_articles(faulty, articles, SIZE, faulty=True)
        schemas = os.path.join(folder, "schemas.json")
        with open(schemas, "w", encoding="utf-8") as file:
            json.dump(
                {kind.name: kind.bundled_schema for kind in read_content(sound).schemas}, file, default=float
            )
        runs = {
            "raw": process(sys.executable, "-c", RAW, schemas, folder=sound),
            "core": process(*validate, *selected, folder=sound),
            "bmkit": process(*validate, folder=sound),
            "faulty": process(*validate, folder=faulty),
        }
        times = interleaved(runs, rounds)
        files, size = size_of(sound)
        memory = peak(validate, sound)
    print(f"{articles} articles, {files} files, {size / 1e6:.1f} MB; {rounds} rounds, medians of ratios\n")
    held = [
        bar("V2 as the prototype was : read, parse, is_valid", times.ratio("core", "raw"), 1.5),
        bar("V2 with every rule : read, parse, is_valid", times.ratio("bmkit", "raw"), 1.5),
        bar("V6 every file faulty : all valid", times.ratio("faulty", "bmkit"), 2.5),
    ]
    print("\nmedians: " + ", ".join(f"{name} {times.milliseconds(name):.0f} ms" for name in runs))
    print(f"peak memory {memory:.0f} MiB")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
