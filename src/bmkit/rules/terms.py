"""Terms: one word, one meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.content.record import Part


def _term(name: str, label: str, *synonyms: str, code: str = "") -> dict[str, Any]:
    codes = [{"system": "NCIT", "code": code, "display": label}] if code else []
    return {"id": name, "label": label, "synonyms": list(synonyms), "codes": codes}


@rule(
    Severity.ERROR,
    good={"site": [_term("humerus", "humerus"), _term("upper-arm", "upper arm", "arm")]},
    bad=[
        {"site": [_term("humerus", "humerus", "arm"), _term("upper-arm", "upper arm", "Arm")]},
        {"site": [_term("pelvis", "pelvis"), _term("pelvic-bone", "pelvis")]},
    ],
)
def two_meanings(content: Content) -> Faults:
    """A name is that of two terms of one kind.

    In drop-downs, sheets and sentences nobody can tell which of them is meant.
    """
    seen: dict[tuple[str, str, str], Record] = {}
    for record in _terms(content):
        for parts, name in _names(record):
            first = seen.setdefault((record.folder, record.kind.name, _plain(name)), record)
            if first is not record:
                message = f'"{name}" is a name of "{first.id}" too'
                yield record.at(*parts), message, "give each its own name, or make them one term"


@rule(
    Severity.WARNING,
    good={"site": [_term("humerus", "humerus", "upper arm bone")]},
    bad=[
        {"site": [_term("humerus", "humerus", "Humerus")]},
        {"site": [_term("humerus", "humerus", "upper arm bone", "upper  arm bone")]},
    ],
)
def repeated(content: Content) -> Faults:
    """A term has one name twice.

    The other one that was meant is missing, and a list of names shows this one two times.
    """
    for record in _terms(content):
        seen: set[str] = set()
        for parts, name in _names(record):
            if _plain(name) in seen:
                yield (
                    record.at(*parts),
                    f'"{name}" is a name of the term already',
                    "take it out, or correct it",
                )
            seen.add(_plain(name))


@rule(
    Severity.ERROR,
    good={
        "condition": [_term("pain", "pain", code="C3303")],
        "outcome": [_term("pain", "pain", code="C3303")],
    },
    bad={
        "condition": [_term("pain", "pain", code="C3303")],
        "outcome": [_term("pain", "pain", code="C26833")],
    },
)
def two_codes(content: Content) -> Faults:
    """Two terms of different kinds have one name and different codes in one system.

    The standard terminology says that they are two things; then one name is not enough for both.
    """
    seen: dict[tuple[str, str], list[Record]] = {}
    for record in _terms(content):
        label = record.value.get("label")
        if not isinstance(label, str):
            continue
        named = seen.setdefault((record.folder, _plain(label)), [])
        for other in named:
            mine, its = _codes(record), _codes(other)
            systems = [system for system in mine if system in its and not mine[system] & its[system]]
            if other.kind.name != record.kind.name and systems:
                message = f'"{label}" has other codes of {systems[0]} as a {other.kind.name} ("{other.id}")'
                yield record.at("label"), message, "correct a code, or give each its own label"
                break
        named.append(record)


def _terms(content: Content) -> Iterator[Record]:
    kinds = [kind for kind in content.kinds() if kind.group == "term"]
    return (record for kind in kinds for record in content.of(kind.name))


def _names(record: Record) -> Iterator[tuple[tuple[Part, ...], str]]:
    """Give the names that a term has of itself; the article's own words for it may be ambiguous."""
    for name in ("label", "synonyms"):
        if name in record.kind:
            yield from record.values(record.kind.field(name))


def _codes(record: Record) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for code in record.value.get("codes", ()):
        codes.setdefault(code["system"], set()).add(code["code"])
    return codes


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
