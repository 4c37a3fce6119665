"""Times the export to FHIR: the repository's content, and many articles as NDJSON in constant memory.

    python benchmarks/fhir.py [ARTICLES] [FACTS]

An article of the second part has FACTS facts (100 unless said), taken from the repository's kinds in turn;
all share the repository's terms.  Each is made when it is written and forgotten then.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bmkit.content import Content, read_content
from bmkit.content.folder import File, Folder
from bmkit.content.record import Record
from bmkit.export.fhir import made, write
from bmkit.export.fhir.bulk import write_bulk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.making import Making
    from bmkit.export.fhir.mapping import Shared

TOP = Path(__file__).parents[1]


def main() -> None:
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    content = read_content(str(TOP))
    with tempfile.TemporaryDirectory() as folder:
        for release in ("R5", "R4B"):
            start = time.perf_counter()
            write(content, Path(folder), release=release)
            print(f"repository's content, {release}: {time.perf_counter() - start:.2f} s, peak {peak()} MiB")
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        names = write_bulk(report(corpus(content, articles, number), articles, start), Path(folder))
        taken = time.perf_counter() - start
        size = sum(os.path.getsize(os.path.join(folder, name)) for name in names)
        print(
            f"{articles} articles of {number} facts: {taken:.0f} s, {1000 * taken / articles:.1f} ms each, "
            f"{size / 2**30:.2f} GiB in {len(names)} files, peak {peak()} MiB"
        )


def corpus(content: Content, articles: int, number: int) -> Iterator[Making]:
    """The articles, each made when it is asked for."""
    shared: Shared = {}
    terms = content.folders["terms"]
    old = next(folder for name, folder in content.folders.items() if name != "terms")
    for count in range(articles):
        name = f"article-{count}"
        folder = Folder(name)
        left = number
        kinds = [file for file in old.files if file.records]
        each = max(1, number // sum(file.kind.group == "fact" for file in kinds))
        for file in kinds:
            take = len(file.records)
            if file.kind.group == "fact":
                take = min(take, each, left)
                left -= take
            elif file.kind.name == "editorial-note":
                take = min(take, number // 10)
            new = File(f"content/{name}/{file.kind.name}.json", name, file.kind, None)
            new.records = [
                Record(one.kind, name, new.path, one.number, one.value) for one in file.records[:take]
            ]
            folder.add(new)
        yield made(Content(content.root, content.schemas, {"terms": terms, name: folder}), shared=shared)


def report(makings: Iterator[Making], articles: int, start: float) -> Iterator[Making]:
    """The same, saying now and then how much memory was needed so far."""
    step = max(1, articles // 5)
    for count, making in enumerate(makings, 1):
        yield making
        if count % step == 0:
            print(f"  {count} articles, {time.perf_counter() - start:.0f} s, peak {peak()} MiB", flush=True)


def peak() -> int:
    """The most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
