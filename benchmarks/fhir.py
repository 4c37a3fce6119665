"""Times `bmkit export fhir` as it is run: the repository's content, and many articles in constant memory.

    python benchmarks/fhir.py [ARTICLES...]

ARTICLES are numbers of articles (100 and 1000 unless said), each of some 32 kB of facts with what they refer
to; all share the repository's terms.  Each number is exported as bulk files, and the first also with Bundles.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time

from articles import TOP, make_articles
from pairs import beside_python

SIZE = 32 << 10
DIFFERENT = 200


def main() -> None:
    counts = [int(word) for word in sys.argv[1:]] or [100, 1000]
    with tempfile.TemporaryDirectory() as folder:
        for release in ("R5", "R4B"):
            print(f"repository's content, {release}: {export(TOP, folder, '--release', release)}")
        print(f"repository's content, R5, --check: {export(TOP, folder, '--check')}")
    for number, count in enumerate(counts):
        with tempfile.TemporaryDirectory() as folder:
            project = os.path.join(folder, "project")
            make(project, count)
            print(f"{count} articles of {facts(project, count)} records, bulk alone: ", end="", flush=True)
            print(export(project, folder, "--only", "bulk", articles=count), flush=True)
            if number == 0:
                print(f"{count} articles, with all Bundles: {export(project, folder, articles=count)}")


def make(project: str, count: int) -> None:
    """Write a project of that many articles; after some the first ones come again, under another name."""
    make_articles(project, min(count, DIFFERENT), SIZE)
    for number in range(DIFFERENT, count):
        old, new = f"article-{number % DIFFERENT:03}", f"article-{number:03}"
        folder = os.path.join(project, "content", new)
        shutil.copytree(os.path.join(project, "content", old), folder)
        with open(os.path.join(folder, "article.json"), "r+", encoding="utf-8") as file:
            text = file.read().replace(f'"id": "{old}"', f'"id": "{new}"')
            file.seek(0)
            file.write(text)


def export(project: str, folder: str, *words: str, articles: int = 1) -> str:
    """How long the command takes, how much memory it needs, and how much it writes."""
    out = os.path.join(folder, "out")
    command = [beside_python("bmkit"), "export", "fhir", "--root", project, "--out", out, *words]
    start = time.perf_counter()
    # The process is waited for by hand, because only so its own peak is told, and not that of all before it.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter() - start
    sizes = [os.path.getsize(os.path.join(base, name)) for base, _, names in os.walk(out) for name in names]
    shutil.rmtree(out, ignore_errors=True)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    each = f", {1000 * taken / articles:.0f} ms an article" if articles > 1 else ""
    return (
        f"{taken:.1f} s{each}, peak {usage.ru_maxrss >> 10} MiB, "
        f"{sum(sizes) / 2**20:.0f} MiB in {len(sizes)} files"
    )


def facts(project: str, count: int) -> int:
    """How many records an article has, on average."""
    from bmkit.content import TERMS_FOLDER
    from bmkit.content.load import read_articles

    _, parts = read_articles(project)
    every = sum(
        sum(len(file.records) for file in part.files if file.folder != TERMS_FOLDER) for part in parts
    )
    return every // count


if __name__ == "__main__":
    main()
