"""How much of what goes wrong does a seal notice, without the text: every slip and change of every fact.

    python benchmarks/sealed.py [ROOT]

Each slip of benchmarks/mutations.py is made in a fact by itself; the table says what the seal says of it:
that it contradicts what was read in the text, that the fact has changed since, or nothing.  What does not
fit its schema any more is no matter of the seal.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import mutations
from bmkit.content import read_content
from bmkit.shape import ShapeChecker, find_shape_issues
from bmkit.source_text.seal_issues import find_seal_issues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content

CONTRADICTED, CHANGED, REFUSED, SILENT = "contradicted", "changed since", "no fact any more", "silent"
VERDICTS = (CONTRADICTED, CHANGED, REFUSED, SILENT)


def batch_slips(slips: list[mutations.Slip]) -> Iterator[list[mutations.Slip]]:
    """Yield slips in batches, none with two in one record: a content takes as long for one as for many."""
    while slips:
        batch: dict[int, mutations.Slip] = {}
        slips = [slip for slip in slips if batch.setdefault(id(slip.record), slip) is not slip]
        yield list(batch.values())


def judge_batch(content: Content, batch: list[mutations.Slip]) -> list[str]:
    """Return what the seal says of each slip."""
    changes = [(slip.record, slip.value) for slip in batch]
    unsealed, _ = mutations.change_content(content, changes)
    seals = {}
    for name, folder in content.folders.items():
        unsealed.folders[name].seal_path = folder.seal_path
        if folder.seal_path:
            seals[folder.seal_path] = content.get_bytes(folder.seal_path)
    changed = unsealed.make_view(unsealed.folders, bytes_by_path=seals)
    find_shape_issues(changed, ShapeChecker())
    rules: dict[tuple[str, str], set[str]] = {}
    for issue in find_seal_issues(changed):
        rules.setdefault((issue.place.file, issue.place.record.pointer), set()).add(issue.rule)
    verdicts = []
    for slip in batch:
        place = slip.record.locate_field()
        found = rules.get((place.file, place.pointer), set())
        record = changed.find_record_at(place)
        if record is None or not record.is_valid:
            verdicts.append(REFUSED)
        elif "source.unlike-seal" in found:
            verdicts.append(CONTRADICTED)
        else:
            verdicts.append(CHANGED if found else SILENT)
    return verdicts


def main(arguments: list[str]) -> int:
    """Print the table, and return 1 if a change of a sealed fact is silent."""
    root = arguments[0] if arguments else str(Path(__file__).parents[1])
    content = read_content(root)
    find_shape_issues(content, ShapeChecker())
    if issues := find_seal_issues(content):
        print(f"{len(issues)} issues of the seal before anything is changed")
        return 1
    start = time.process_time()
    all_slips = [
        slip
        for make_slips in (mutations.slips, mutations.changes)
        for slip in make_slips(content)
        # Ids and notes are not held, and of two records that change at once each has its own slip elsewhere.
        if slip.record.kind.group == "fact" and slip.also is None and not is_unheld(slip)
    ]
    counts: Counter[tuple[str, str, str]] = Counter()
    silent = []
    for batch in batch_slips(all_slips):
        for slip, verdict in zip(batch, judge_batch(content, batch), strict=True):
            counts[slip.sort, slip.among, verdict] += 1
            if verdict == SILENT:
                silent.append(slip)
    print(f"{'mistake':20} {'in':28}" + "".join(f"{verdict:>18}" for verdict in VERDICTS))
    for sort, among in sorted({(sort, among) for sort, among, _ in counts}):
        cells = "".join(f"{counts[sort, among, verdict]:18,}" for verdict in VERDICTS)
        print(f"{sort:20} {among:28}{cells}")
    for slip in silent[:20]:
        print(f"silent: {slip.sort}: {slip.record.file} {slip.record.id}{slip.place}: {slip.to}")
    print(f"{time.process_time() - start:.0f} s of CPU")
    return 1 if silent else 0


def is_unheld(slip: mutations.Slip) -> bool:
    """Return whether a slip is in what a seal does not hold: the id, notes, and where a span stands."""
    names = slip.place.split("/")[1:]
    return names[0] in {"id", "notes"} or (names[0] == "source" and names[-1] != "digest")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
