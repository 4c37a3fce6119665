"""Codes compared with the lock, the list of codes that were checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.proposals import propose_value
from bmkit.rules.derived.codings import find_codings
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content


@rule(
    Severity.ERROR, fix="copy the code from content/codes.lock.tsv, or add it there if its terminology has it"
)
def unknown(content: Content) -> Faults:
    """A code is not in the lock of codes.

    A code typed from memory or with a wrong digit means something else to every program.
    """
    code_lock = content.code_lock
    if not code_lock:
        return
    for coding in find_codings(content):
        if code_lock.find_code(coding.system, coding.code) is None:
            other_systems = [
                system
                for system in code_lock.list_systems()
                if code_lock.find_code(system, coding.code) is not None
            ]
            if other_systems:
                yield (
                    coding.locate_member("system"),
                    f"{coding.code} is not a code of {coding.system}",
                    propose_value(
                        other_systems[0], f'it is a code of {other_systems[0]}: write "{other_systems[0]}"'
                    ),
                )
                continue
            known_code = code_lock.find_by_display(coding.system, coding.display)
            otherwise = "take codes from the lock, not from memory"
            is_known = f'"{coding.display}" is {known_code}'
            hint = propose_value(known_code, is_known, otherwise=otherwise) if known_code else otherwise
            yield (
                coding.locate_member("code"),
                f"{coding.system} {coding.code} is not in the lock of codes",
                hint,
            )


@rule(Severity.ERROR, fix="write the name that the terminology gives the code, or correct the code")
def display(content: Content) -> Faults:
    """A code has a display name that is not its own.

    Either the code or the name is wrong, and a reader cannot tell which.
    """
    for coding in find_codings(content):
        locked_code = content.code_lock.find_code(coding.system, coding.code)
        if locked_code is not None and coding.display != locked_code.display:
            message = (
                f'{coding.system} {coding.code} is called "{locked_code.display}", not "{coding.display}"'
            )
            yield (
                coding.locate_member("display"),
                message,
                propose_value(
                    locked_code.display,
                    f'write "{locked_code.display}", or correct the code',
                    otherwise="correct the code",
                ),
                (locked_code.display,),
            )


@rule(Severity.ERROR)
def unlocked(content: Content) -> Faults:
    """Content has codes, but no lock to check them against.

    Without the lock nobody notices a wrong digit.
    """
    reported_folders: set[str] = set()
    is_lock_missing = not content.code_lock.is_present and not content.code_lock.is_unreadable
    for coding in find_codings(content) if is_lock_missing else ():
        if coding.record.folder not in reported_folders:
            reported_folders.add(coding.record.folder)
            message = "there is no content/codes.lock.tsv to check codes against"
            yield (
                coding.locate_member("code"),
                message,
                "create it: a header, then system, code, display and terms in columns divided by tabs",
            )


@rule(Severity.ERROR)
def repeated(content: Content) -> Faults:
    """A record lists the same code twice.

    One of the two was probably meant to be another code.
    """
    seen_codes: set[tuple[int, str, str]] = set()
    for coding in find_codings(content):
        key = (id(coding.record), coding.system, coding.code)
        if key in seen_codes:
            yield coding.locate_member("code"), f"{coding.system} {coding.code} is listed twice", "remove one"
        seen_codes.add(key)
