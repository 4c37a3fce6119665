"""How much time and memory does hostile content take: content with more to say of it than anybody reads.

    python benchmarks/flood.py [CASE...] [--program BMKIT]

Each case is a small project that is made twice and four times as large; time and peak memory of one
`bmkit validate --format json` must grow no faster than that, and what it prints must not grow at all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    Tables = dict[str, list[Any]]

SCALES = (1, 2, 4)
# Twice the content may take so many times as long, beyond what the smallest run takes.
MAX_GROWTH = 1.35
LIMIT_SECONDS = 60
OF_AN_ARTICLE = ("article", "section", "suppression")
SPAN = {"start": 1, "end": 2, "digest": "5f36b2ea290645ee"}
SOURCE = {"section": "one", "spans": [SPAN]}


def make_quantity(value: Any, unit: str = "mg") -> dict[str, Any]:
    return {"value": value, "unit": unit}


def make_results(count: int, **fields: Any) -> list[Any]:
    """Return facts of one subject, each with a value of its own."""
    fact = {"tumour": "lung", "statistic": "median", "outcome": "survival", "source": SOURCE, **fields}
    return [{"id": f"fact-{n}", **fact, "estimate": make_quantity(n + 1, "mo")} for n in range(count)]


def make_regimens(count: int, **fields: Any) -> list[Any]:
    fact = {"product": "zometa", "route": "vein", "source": SOURCE, **fields}
    return [{"id": f"regimen-{n}", **fact, "dose": make_quantity(n + 1)} for n in range(count)]


def make_tablets(count: int, **fields: Any) -> list[Any]:
    fact = {"product": "zometa", "form": "tablet", "source": SOURCE, **fields}
    return [{"id": f"tablet-{n}", **fact, "strength": make_quantity(n + 1)} for n in range(count)]


def make_terms(count: int, **fields: Any) -> list[Any]:
    return [{"id": f"term-{n}", "label": f"term {n}", **fields} for n in range(count)]


ROUTES = [
    {"id": "vein", "label": "vein", "way": "into a vein"},
    {"id": "mouth", "label": "mouth", "way": "by mouth"},
]
PRODUCTS = [{"id": "zometa", "label": "Zometa", "category": "medicine"}]
THEMES = {"theme": [{"id": "course", "label": "course"}]}
STATEMENT = {"id": "one", "theme": "course", "tumour": "lung", "text": "It is so."}
INFUSION = {"product": "zometa", "route": "vein", "manner": "infusion", "source": SOURCE}
DOSED = {"route": ROUTES, "product": PRODUCTS}
TABLET = [{"id": "tablet", "label": "tablet", "state": "tablet"}]

# What each case consists of, by the number of its records; and that number at scale 1.
CASES: dict[str, tuple[int, Callable[[int], Tables]]] = {
    "facts that contradict each other": (1_000, lambda n: {"result": make_results(n)}),
    "facts that contradict a general one": (
        1_000,
        lambda n: {
            **DOSED,
            "condition": make_terms(n, category="disease"),
            "regimen": [
                {"id": "all", **INFUSION, "administration_time": make_quantity(15, "min")},
                *(
                    {
                        "id": f"some-{k}", **INFUSION, "condition": f"term-{k}",
                        "administration_time": make_quantity(20 + k, "min"),
                    }
                    for k in range(n)
                ),
            ],
        },
    ),
    "wrong records": (25_000, lambda n: {"tumour": [{"id": f"t{k}", "lable": "x"} for k in range(n)]}),
    "records that are null": (250_000, lambda n: {"tumour": [None] * n}),
    "records that are numbers in fields": (
        25_000,
        lambda n: {"tumour": [{"id": f"t{k}", "label": k, "synonyms": [1, 2]} for k in range(n)]},
    ),
    "references that lead nowhere": (
        2_500,
        lambda n: {
            "tumour": make_terms(n),
            "result": [
                {**fact, "tumour": f"tern-{n}"} for n, fact in enumerate(make_results(n))
            ],
        },
    ),
    "references that lead nowhere from one list": (
        1_000,
        lambda n: {
            **DOSED,
            "regimen": [
                {**make_regimens(1)[0], "solutions": [f"{'a' * 200}-{k}" for k in range(n)]},
            ],
        },
    ),
    "labels that are alike": (
        25_000,
        lambda n: {"tumour": [{"id": f"t{k}", "label": "lung cancer"} for k in range(n)]},
    ),
    "labels that are alike in two kinds": (
        2_500,
        lambda n: {
            kind: [
                {
                    "id": f"t{k}", "label": "lung", **({"category": "organ"} if kind == "site" else {}),
                    "codes": [{"system": "UBERON", "code": f"UBERON:{number}{k:06}", "display": "lung"}],
                }
                for k in range(n)
            ]
            for number, kind in enumerate(("tumour", "site"), 1)
        },
    ),
    "doses of one product": (1_000, lambda n: {**DOSED, "regimen": make_regimens(n)}),
    "usual doses of one product": (
        1_000,
        lambda n: {
            **DOSED,
            "regimen": make_regimens(n),
            "usual-dose": [{**fact, "label": fact["id"]} for fact in make_regimens(n, source=None)],
        },
    ),
    "maxima of one product": (
        1_000,
        lambda n: {
            **DOSED,
            "regimen": make_regimens(n),
            "dose-limit": [
                {
                    "id": f"limit-{k}", "product": "zometa", "per": "administration", "source": SOURCE,
                    "maximum": {**make_quantity(k + 1), "comparator": "<="},
                }
                for k in range(n)
            ],
        },
    ),
    "bands of patients": (
        500,
        lambda n: {
            **DOSED,
            "characteristic": [{"id": "age", "label": "age", "sort": "age"}],
            "population": [
                {
                    "id": f"p{k}", "label": f"p {k}",
                    "bands": [{"characteristic": "age", "range": {"low": k, "high": k + 50, "unit": "a"}}],
                }
                for k in range(n)
            ],
            "regimen": [{**fact, "population": f"p{k}"} for k, fact in enumerate(make_regimens(n))],
            "usual-dose": [
                {**fact, "label": fact["id"], "population": f"p{k}"}
                for k, fact in enumerate(make_regimens(n, source=None))
            ],
        },
    ),
    "tablets and instructions": (
        1_000,
        lambda n: {
            **DOSED,
            "form": TABLET,
            "activity": [{"id": "divide", "label": "divide", "does": "divide"}],
            "presentation": make_tablets(n),
            "instruction": make_tablets(n, activity="divide", stance="allowed"),
            "regimen": make_regimens(n, form="tablet", route="mouth"),
        },
    ),
    "cautions and doses": (
        1_000,
        lambda n: {
            **DOSED,
            "caution": [
                {
                    "id": f"caution-{k}", "product": "zometa", "stance": "contraindicated",
                    "condition": "lung", "source": SOURCE,
                }
                for k in range(n)
            ],
            "condition": [{"id": "lung", "label": "lung", "category": "disease"}],
            "regimen": make_regimens(n, condition="lung"),
        },
    ),
    "a hierarchy that goes down and down": (
        1_000,
        lambda n: {
            "tumour": [
                {**term, **({"parent": f"term-{k - 1}"} if k else {})} for k, term in enumerate(make_terms(n))
            ],
            "result": [{**fact, "tumour": f"term-{k}"} for k, fact in enumerate(make_results(n))],
        },
    ),
    "suppressions": (
        5_000,
        lambda n: {
            "tumour": [{"id": f"t{k}", "label": "lung cancer"} for k in range(n)],
            "suppression": [
                {
                    "id": f"s{k}", "rule": "terms.ambiguous-name", "kind": "tumour", "record": f"t{k}",
                    "value": "lung cancer", "reason": "it is so on purpose", "author": "A",
                    "expires": "9999-12-31",
                }
                for k in range(n)
            ],
        },
    ),
    "abbreviations": (
        2_500,
        lambda n: {
            **THEMES,
            "statement": [
                {**STATEMENT, "id": f"text-{k}", "text": f"10 U, then {k} µg SC", "source": SOURCE}
                for k in range(n)
            ],
        },
    ),
    "spans that overlap": (
        5_000,
        lambda n: {
            **THEMES,
            "statement": [
                {
                    **STATEMENT,
                    "source": {"section": "one", "spans": [{**SPAN, "end": k + 2} for k in range(n)]},
                }
            ],
        },
    ),
    "sections that overlap": (
        2_500,
        lambda n: {
            "section": [{**term, "order": 1, "start": 0, "end": 90} for term in make_terms(n)]
        },
    ),
}  # fmt: skip


class Run(NamedTuple):
    """What one run took: seconds of the processor, bytes printed, MiB of memory at most; and its status."""

    seconds: float
    printed: int
    peak: float
    status: int


def write_project(root: str, tables: Tables) -> int:
    """Write a project, and return its size in bytes."""
    article = {
        "id": "one",
        "label": "One",
        "language": "en",
        "length": 100,
        "digest": "0123456789abcdef",
        "reviewed": "2025-07-07",
    }
    section = {"id": "one", "label": "one", "order": 1, "start": 0, "end": 100}
    lung = {"id": "lung", "label": "lung"}
    tables = {
        "article": [article],
        "section": [section],
        "outcome": [{"id": "survival", "label": "survival"}],
        **tables,
        "tumour": [lung, *tables.get("tumour", [])],
    }
    size = 0
    for kind, table in tables.items():
        records = [
            {name: value for name, value in record.items() if value is not None}
            if isinstance(record, dict)
            else record
            for record in table
        ]
        is_fact = kind in OF_AN_ARTICLE or any("source" in record for record in records[-1:] if record)
        folder = os.path.join(root, "content", "one" if is_fact else "terms")
        os.makedirs(folder, exist_ok=True)
        text = json.dumps({"$schema": f"../../schema/{kind}.schema.json", "records": records})
        size += len(text)
        with open(os.path.join(folder, f"{kind}.json"), "w", encoding="utf-8") as stream:
            stream.write(text)
    return size


def run_validate(program: str, root: str) -> Run:
    """Validate a project, and return what that took."""
    code = (
        "import resource, subprocess, sys\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]),) * 2)\n"
        "process = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)\n"
        "printed = sum(map(len, iter(lambda: process.stdout.read(1 << 20), b'')))\n"
        "status = process.wait()\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, printed, used.ru_maxrss / 1024, status)\n"
    )
    command = [program, "validate", "--format", "json", "--root", root]
    done = subprocess.run(
        [sys.executable, "-c", code, str(LIMIT_SECONDS), *command], capture_output=True, text=True, check=True
    )
    seconds, printed, peak, status = done.stdout.split()
    return Run(float(seconds), int(printed), float(peak), int(status))


def main() -> int:
    args = sys.argv[1:]
    program = os.path.join(os.path.dirname(sys.executable), "bmkit")
    if "--program" in args:
        index = args.index("--program")
        program = args[index + 1]
        del args[index : index + 2]
    print(f"{'case':<42} {'records':>9} {'MB':>6} {'s':>7} {'printed KB':>11} {'peak MiB':>9} {'status':>6}")
    misses = []
    for name, (count, make_tables) in CASES.items():
        if args and name not in args:
            continue
        runs = []
        for scale in SCALES:
            with tempfile.TemporaryDirectory() as root:
                size = write_project(root, make_tables(count * scale))
                run = run_validate(program, root)
            runs.append(run)
            print(
                f"{name if scale == 1 else '':<42} {count * scale:>9,} {size / 1e6:>6.1f} {run.seconds:>7.2f}"
                f" {run.printed / 1e3:>11,.1f} {run.peak:>9.0f} {run.status:>6}",
                flush=True,
            )
            if run.status < 0:
                misses.append(f"{name}: ended after {LIMIT_SECONDS} seconds")
                break
        else:
            for what, figures in (
                ("time", [run.seconds for run in runs]),
                ("memory", [run.peak for run in runs]),
            ):
                # From twice to four times the content: what a run takes in any case is in both.
                growth = (figures[2] - figures[1]) / max(2 * (figures[1] - figures[0]), figures[0])
                if growth > MAX_GROWTH:
                    misses.append(f"{name}: {what} grows {growth:.2f} times as fast as the content")
    print("\n".join(["", *misses]) if misses else "\nall grow no faster than the content")
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
