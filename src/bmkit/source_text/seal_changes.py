"""What changed between the seals of two contents, said as what it is: readings and locks, not facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.source_text.reading import Reading, format_read_quantity
from bmkit.source_text.seal import Seal, locate_seal, read_seal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.content import Content


class SealChange(NamedTuple):
    """A seal that is another now: its path, and a line for each sort of what is."""

    file: str
    lines: tuple[str, ...]


def find_seal_changes(old: Content, new: Content) -> list[SealChange]:
    """Return the seals that changed from one content to another, by path."""
    changes = []
    for name in sorted({*old.folders, *new.folders}):
        before, after = (
            (content.get_bytes(content.folders[name].seal_path), read_seal(content, name))
            if name in content.folders and content.folders[name].seal_path
            else (b"", None)
            for content in (old, new)
        )
        if before[0] != after[0]:
            changes.append(SealChange(locate_seal(name), tuple(_list_lines(before[1], after[1]))))
    return changes


def _list_lines(before: Any, after: Any) -> list[str]:
    if before is None or after is None:
        return ["the article is sealed now" if before is None else "the article is sealed no more"]
    if not isinstance(before, Seal) or not isinstance(after, Seal):
        return ["a seal that cannot be read is another now"]
    lines = [
        f"{label}: {old_value} → {new_value}"
        for label, old_value, new_value in (
            ("reader", before.reader, after.reader),
            ("names of terms", before.names, after.names),
            ("text", before.text_digest, after.text_digest),
        )
        if old_value != new_value
    ]
    lines += _count_changes("span", before.readings, after.readings, "read otherwise")
    lines += [
        f"the same words were read otherwise: {_format_reading(reading)} → {_format_reading(new_reading)}"
        for digest, reading in sorted(before.readings.items())
        if reading != (new_reading := after.readings.get(digest, reading))
    ]
    lines += _count_changes("fact", before.facts, after.facts, "sealed anew")
    return lines or ["its layout alone"]


def _count_changes(name: str, before: Mapping[str, Any], after: Mapping[str, Any], changed: str) -> list[str]:
    counts = {
        "new": len(after.keys() - before.keys()),
        "gone": len(before.keys() - after.keys()),
        changed: sum(before[key] != after[key] for key in before.keys() & after.keys()),
    }
    words = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    return [f"{name}s: {words}"] if words else []


def _format_reading(reading: Reading) -> str:
    words = [
        *sorted(map(format_read_quantity, reading.quantities)),
        *sorted(reading.terms),
        *sorted(reading.words),
    ]
    return ", ".join([*words, *(["not"] * bool(reading.negations))]) or "nothing"
