"""Issues that are known already: a file of them that may only shrink, and what is new beyond them."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.atomic import RewriteError, rewrite
from bmkit.issue import Issue, Place, Severity
from bmkit.jsontext import JsonError, Lines, decode_for_display, parse_json, read_bytes
from bmkit.report import located
from bmkit.report.fingerprint import Name, name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

VERSION = 1
GONE = "baseline.gone"

Known = Counter[Name]
"""How many issues of each name are known."""


class BaselineError(Exception):
    """A baseline that cannot be read or written; the message is one line."""


def known(issues: Iterable[Issue], text_of: Callable[[str], str]) -> Known:
    """Count issues by name; `text_of` gives the text of a file of theirs."""
    return Counter(map(name, located(issues, text_of)))


def beyond(
    issues: Sequence[Issue], text_of: Callable[[str], str], before: Known
) -> tuple[list[Issue], Known]:
    """Give the issues that go beyond those known before, and what of these was not met.

    Of more issues with one name than were known the last ones count as new.
    """
    left = before.copy()
    new = []
    for issue, own in zip(issues, map(name, located(issues, text_of)), strict=True):
        if left[own] > 0:
            left[own] -= 1
        else:
            new.append(issue)
    return new, +left


def gone(left: Known, baseline: Known, file: str) -> list[Issue]:
    """Give an issue for each entry of the baseline in `file` of which some were not met."""
    places = {own: number for number, own in enumerate(_entries(baseline))}
    return [
        Issue(
            Place(file, f"/issues/{places[own]}"),
            GONE,
            Severity.WARNING,
            f"{_said(own)} is known {baseline[own]} times, but found {baseline[own] - missing} times"
            if baseline[own] > 1
            else f"{_said(own)} is not found any more",
            "take it out, or let --write-baseline do it",
        )
        for own, missing in left.items()
    ]


def read_baseline(path: str) -> Known:
    """Read a baseline; BaselineError if it cannot be read or is none."""
    data = b""
    try:
        data = read_bytes(path)
        value = parse_json(data)
    except JsonError as refused:
        fault = refused.faults[0]
        where = ""
        if fault.rule not in {"json.missing", "json.not-a-file", "json.unreadable"}:
            where = ":{}:{}".format(*Lines(decode_for_display(data)).to_line_column(fault.start))
        raise BaselineError(f"{path}{where}: {fault.message}") from None
    if not isinstance(value, dict) or value.get("version") != VERSION:
        raise BaselineError(f'{path}: this is no baseline, which starts with "version": {VERSION}')
    entries = value.get("issues")
    if not isinstance(entries, list):
        raise BaselineError(f'{path}: the list "issues" is missing')
    found: Known = Counter()
    for number, entry in enumerate(entries, 1):
        own, count = _entry(entry)
        if not own.rule or count < 1:
            raise BaselineError(f"{path}: entry {number} is no rule, file, record, field and count")
        if own in found:
            raise BaselineError(f"{path}: entry {number} is there already: {_said(own)}")
        found[own] = count
    return found


class Written(NamedTuple):
    """How many issues a baseline held `before` (0 if there was none) and holds `now`, and what it refused."""

    before: int
    now: int
    refused: Known

    @property
    def first(self) -> str:
        """The first of the refused issues, for people."""
        return _said(_entries(self.refused)[0])


def write_baseline(path: str, now: Known, *, whole: bool = True) -> Written:
    """Write a baseline; of one that is there take out what is not met any more, and add nothing.

    Unless `now` is the `whole` of what there is to know, nothing is taken out either.  BaselineError if the
    file cannot be read or written.
    """
    try:
        if not os.path.lexists(path):
            _create(path, _text(now))
            return Written(0, now.total(), Counter())
        before = read_baseline(path)
        kept = before & now if whole else before
        if kept != before:
            rewrite(path, read_bytes(path), _text(kept))
        return Written(before.total(), kept.total(), now - before)
    except (OSError, RewriteError, JsonError) as wrong:
        why = getattr(wrong, "strerror", None) or str(wrong)
        raise BaselineError(why if isinstance(wrong, RewriteError) else f"{path}: {why}") from None


def _create(path: str, text: bytes) -> None:
    with open(path, "xb") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:  # half a baseline is none
            os.unlink(path)
            raise


def _text(now: Known) -> bytes:
    from bmkit.canonical import string

    lines = []
    for own in _entries(now):
        members = [f'"{key}": {string(part)}' for key, part in own._asdict().items() if part]
        members += [f'"count": {now[own]}'] if now[own] > 1 else []
        lines.append(f"    {{{', '.join(members)}}}")
    listed = "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "issues": {listed}\n}}\n'.encode()


def _entries(some: Known) -> list[Name]:
    return sorted(some, key=lambda own: (own.file, own.record, own.field, own.rule))


def _entry(entry: Any) -> tuple[Name, int]:
    if not isinstance(entry, dict) or not entry.keys() <= {*Name._fields, "count"}:
        return Name("", "", "", ""), 0
    parts = [entry.get(key, "") for key in Name._fields]
    count = entry.get("count", 1)
    if not all(isinstance(part, str) for part in parts) or not isinstance(count, int):
        return Name("", "", "", ""), 0
    return Name(*parts), count


def _said(own: Name) -> str:
    where = f'"{own.record}"' if own.record else own.file
    return f"{own.rule} of {where}{f' at {own.field}' if own.field else ''}"
