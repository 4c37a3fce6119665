"""How a code is written, and whether its terminology has codes for such terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content.terminologies import TERMINOLOGY_URLS, list_terminology_urls
from bmkit.issue import Severity
from bmkit.rules.derived.codings import (
    CODE_FORMATS,
    compute_check_character,
    find_codings,
    is_well_formed_code,
)
from bmkit.rules.rule import Faults, rule
from bmkit.wording import join_phrases

if TYPE_CHECKING:
    from bmkit.content import Content


@rule(Severity.ERROR, fix="copy the code again from its terminology")
def malformed(content: Content) -> Faults:
    """A code does not have the format of its terminology.

    It is a code of another terminology, or lost a character: no program will find it.
    """
    for coding in find_codings(content):
        if not is_well_formed_code(coding.system, coding.code):
            hint = (
                f"its codes look like {CODE_FORMATS[coding.system][0]}"
                if coding.system in CODE_FORMATS
                else ""
            )
            yield (
                coding.locate_member("code"),
                f"{coding.code} does not have the format of a code of {coding.system}",
                hint,
            )


@rule(Severity.ERROR, source="Regenstrief Institute, LOINC Users' Guide, Calculating Mod 10 Check Digits")
def check_digit(content: Content) -> Faults:
    """A code does not end in its check digit.

    One of its characters is wrong, or two have changed places: the terminology adds the check digit to detect
    such slips.
    """
    for coding in find_codings(content):
        if is_well_formed_code(coding.system, coding.code):
            expected_character = compute_check_character(coding.system, coding.code)
            if expected_character and coding.code[-1] != expected_character:
                right_end = f"should end in {expected_character} if its other characters are right"
                message = f"{coding.system} {coding.code} {right_end}"
                yield coding.locate_member("code"), message, "copy the code again from its terminology"


@rule(
    Severity.ERROR,
    fix="correct the name of the terminology, or add its URI under [terminologies] of bmkit.toml",
)
def no_uri(content: Content) -> Faults:
    """A code is of a terminology that has no URI.

    Programs know a terminology by its URI alone: without one, the code of an export says nothing to anybody.
    Those of published terminologies are known; that of a terminology of one's own is set in bmkit.toml.
    """
    terminology_urls = list_terminology_urls(content.settings)
    for coding in find_codings(content):
        if coding.system not in terminology_urls:
            # Only a faulty code pays for this import.
            from bmkit.suggest import propose_candidate

            yield (
                coding.locate_member("system"),
                f'there is no URI of the terminology "{coding.system}"',
                propose_candidate(
                    coding.system,
                    terminology_urls,
                    "add it under [terminologies] of bmkit.toml",
                ),
            )


@rule(
    Severity.ERROR,
    fix="use a code of one of the terminologies in x-systems of the kind, or of one in bmkit.toml",
)
def wrong_system(content: Content) -> Faults:
    """A code is from a terminology that does not cover its kind.

    A program that trusts the code takes a part of the body for a class of medicines.  The schema of a kind
    lists its terminologies in x-systems.  A terminology of one's own, which stands in bmkit.toml, may cover
    any kind.
    """
    for coding in find_codings(content):
        allowed_systems = coding.field.systems
        if (
            allowed_systems
            and coding.system not in allowed_systems
            # What has no URI is another fault.
            and coding.system in TERMINOLOGY_URLS
            and coding.system not in content.settings.terminologies
        ):
            message = f"{coding.system} has no codes for a {coding.record.kind.name}"
            yield (
                coding.locate_member("system"),
                message,
                f"use a code of {join_phrases([*allowed_systems], 'or')}",
            )
