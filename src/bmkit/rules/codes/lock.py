"""Codes, and the lock that holds those that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.codings import find_codings
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from typing import Any

    from bmkit.content import Content

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
    fix="copy the code from content/codes.lock.tsv, or add it there if its terminology has it",
)
def unknown(content: Content) -> Faults:
    """A code is not in the lock of codes.

    A code typed from memory or with a slipped digit names another thing to every machine that reads it.
    """
    codes = content.code_lock
    if not codes:
        return
    for one in find_codings(content):
        if codes.find_code(one.system, one.code) is None:
            others = [
                system for system in codes.list_systems() if codes.find_code(system, one.code) is not None
            ]
            if others:
                yield (
                    one.locate_member("system"),
                    f"{one.code} is no code of {one.system}",
                    (f'it is one of {others[0]}: write "{others[0]}"'),
                )
                continue
            known = codes.find_by_display(one.system, one.display)
            hint = f'"{one.display}" is {known}' if known else "take codes from the lock, not from memory"
            yield (
                one.locate_member("code"),
                f"{one.system} {one.code} is not in the lock of codes",
                hint,
            )


@rule(
    Severity.ERROR,
    good={"site": _site("UBERON:0001130", "vertebral column"), "lock": _LOCK},
    bad={"site": _site("UBERON:0001130", "spine"), "lock": _LOCK},
    fix="write the name that the terminology gives the code, or correct the code",
)
def display(content: Content) -> Faults:
    """A code stands beside a name that is not its own.

    Either the code or the name is wrong, and a reader cannot tell which.
    """
    for one in find_codings(content):
        known = content.code_lock.find_code(one.system, one.code)
        if known is not None and one.display != known.display:
            message = f'{one.system} {one.code} is called "{known.display}", not "{one.display}"'
            yield one.locate_member("display"), message, f'write "{known.display}", or correct the code'


@rule(
    Severity.ERROR,
    good=[{"site": _site("UBERON:0001130", "vertebral column"), "lock": _LOCK}, {"site": [{"id": "spine"}]}],
    bad={"site": _site("UBERON:0001130", "vertebral column")},
)
def unlocked(content: Content) -> Faults:
    """Content has codes, but no lock to check them against.

    Without the lock nobody notices a slipped digit.
    """
    told: set[str] = set()
    missing = not content.code_lock.is_present and not content.code_lock.is_unreadable
    for one in find_codings(content) if missing else ():
        if one.record.folder not in told:
            told.add(one.record.folder)
            message = "there is no content/codes.lock.tsv to check codes against"
            yield (
                one.locate_member("code"),
                message,
                "write it: a header, then system, code, display and terms, tabs between",
            )


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
    for one in find_codings(content):
        key = (id(one.record), one.system, one.code)
        if key in seen:
            yield one.locate_member("code"), f"{one.system} {one.code} is given twice", "remove one"
        seen.add(key)
