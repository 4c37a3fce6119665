"""Codes: what standard terminologies call our terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from bmkit.content import Content, Record
    from bmkit.content.record import Part

_LOCK = {"UBERON": {"UBERON:0001130": "vertebral column"}}


def _site(code: str, display: str, system: str = "UBERON") -> list[dict[str, Any]]:
    return [{"id": "spine", "codes": [{"system": system, "code": code, "display": display}]}]


@rule(
    Severity.ERROR,
    good={"site": _site("UBERON:0001130", "vertebral column"), "lock": _LOCK},
    bad=[
        {"site": _site("UBERON:0001131", "vertebral column"), "lock": _LOCK},
        {"site": _site("UBERON:0001130", "vertebral column", "NCIT"), "lock": _LOCK},
    ],
)
def unknown(content: Content) -> Faults:
    """A code is not in the lock of codes.

    A code typed from memory or with a slipped digit names another thing to every machine that reads it.
    """
    codes = content.codes
    if not codes:
        return
    for record, parts, code in _codes(content):
        if codes.find(code["system"], code["code"]) is None:
            others = [system for system in codes.systems() if codes.find(system, code["code"]) is not None]
            if others:
                yield (
                    record.at(*parts, "system"),
                    f"{code['code']} is no code of {code['system']}",
                    (f'it is one of {others[0]}: write "{others[0]}"'),
                )
                continue
            known = codes.by_display(code["system"], code["display"])
            hint = f'"{code["display"]}" is {known}' if known else "take codes from the lock, not from memory"
            yield (
                record.at(*parts, "code"),
                f"{code['system']} {code['code']} is not in the lock of codes",
                hint,
            )


@rule(
    Severity.ERROR,
    good={"site": _site("UBERON:0001130", "vertebral column"), "lock": _LOCK},
    bad={"site": _site("UBERON:0001130", "spine"), "lock": _LOCK},
)
def display(content: Content) -> Faults:
    """A code stands beside a name that is not its own.

    Either the code or the name is wrong, and a reader cannot tell which.
    """
    for record, parts, code in _codes(content):
        known = content.codes.find(code["system"], code["code"])
        if known is not None and code["display"] != known.display:
            message = f'{code["system"]} {code["code"]} is called "{known.display}", not "{code["display"]}"'
            yield record.at(*parts, "display"), message, f'write "{known.display}", or correct the code'


@rule(
    Severity.ERROR,
    good=[{"site": _site("UBERON:0001130", "vertebral column"), "lock": _LOCK}, {"site": [{"id": "spine"}]}],
    bad={"site": _site("UBERON:0001130", "vertebral column")},
)
def unlocked(content: Content) -> Faults:
    """Content has codes, but no lock to check them against.

    Without the lock nobody notices a slipped digit.
    """
    if not content.codes:
        for record, parts, _ in _codes(content):
            yield record.at(*parts, "code"), "there is no content/codes.lock.tsv to check codes against"
            return


@rule(
    Severity.ERROR,
    good={"site": [{"id": "a", "codes": [{"system": "X", "code": "1", "display": "a"}]}]},
    bad={"site": [{"id": "a", "codes": [{"system": "X", "code": "1", "display": "a"}] * 2}]},
)
def repeated(content: Content) -> Faults:
    """A record has the same code twice.

    One of the two was probably meant to be another code.
    """
    seen: set[tuple[int, str, str]] = set()
    for record, parts, code in _codes(content):
        key = (id(record), code["system"], code["code"])
        if key in seen:
            yield record.at(*parts, "code"), f"{code['system']} {code['code']} is given twice", "remove one"
        seen.add(key)


def _codes(content: Content) -> Iterator[tuple[Record, tuple[Part, ...], dict[str, str]]]:
    """Give every code of every record: objects with a system, a code and a display."""
    for record in content.records():
        if "codes" in record.kind:
            for parts, value in record.values(record.kind.field("codes")):
                if isinstance(value, dict) and {"system", "code", "display"} <= value.keys():
                    yield record, parts, value
