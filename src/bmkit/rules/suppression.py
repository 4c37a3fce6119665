"""Suppressions: issues that editors allow, for a reason and for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, issues_of, rule
from bmkit.suppression import KIND, suppressions

if TYPE_CHECKING:
    from typing import Any

    from bmkit.content import Content
    from bmkit.rules.rule import Rule


def _allowed(**fields: str) -> list[dict[str, Any]]:
    return [
        {
            "id": "one",
            "rule": "limits.inverted",
            "kind": "incidence",
            "record": "breast",
            "reason": "the article gives the ends in this order",
            "author": "A. Editor",
            "expires": "9999-12-31",
            **fields,
        }
    ]


_INVERTED = [{"id": "breast", "share": {"low": 85, "high": 65, "unit": "%"}}]
_SOUND = [{"id": "breast", "share": {"low": 65, "high": 85, "unit": "%"}}]


@rule(
    Severity.ERROR,
    good={"incidence": _INVERTED, "suppression": _allowed()},
    bad={"incidence": _INVERTED, "suppression": _allowed(expires="2025-07-07")},
)
def expired(content: Content) -> Faults:
    """A suppression is past its day.

    What was allowed for a time was meant to be looked at again; until then it counts as an issue.
    """
    for one in suppressions(content):
        if one.expired:
            message = f"this suppression of {one.rule} expired on {one.expires}"
            yield one.record.at("expires"), message, "mend what it allows and take it out, or set a later day"


@rule(
    Severity.WARNING,
    good={"incidence": _INVERTED, "suppression": _allowed(field="share")},
    bad=[
        {"incidence": _SOUND, "suppression": _allowed()},
        {"incidence": _INVERTED, "suppression": _allowed(field="source")},
    ],
    across=True,
)
def unused(content: Content) -> Faults:
    """A suppression allows what is not there.

    It is left over from a fault that was mended, and would hide the next one of its sort.
    """
    known = _suppressible()
    for one in suppressions(content):
        records = one.meant(content)
        # What does not fit its schema is seen by no rule, and may be what is allowed.
        if one.rule in known and not one.expired and records and content.whole(one.record):
            found = list(issues_of([known[one.rule]], content))
            if not any(one.covers(issue.place, record) for issue in found for record in records):
                where = f" at {one.field}" if one.field else ""
                message = f'{one.rule} finds nothing in the {one.kind} "{one.name}"{where}'
                yield one.record.at("id"), message, "take the suppression out"


@rule(
    Severity.ERROR,
    good={"incidence": _INVERTED, "suppression": _allowed()},
    bad=[
        {"incidence": _INVERTED, "suppression": _allowed(rule="limits.invertd")},
        {"incidence": _INVERTED, "suppression": _allowed(rule="suppression.expired")},
        {"incidence": _INVERTED, "suppression": _allowed(rule="shape.type")},
    ],
    fix="name a rule that bmkit rules lists, or take the suppression out",
)
def unknown_rule(content: Content) -> Faults:
    """A suppression names no rule that can be suppressed.

    It does nothing, and its author believes that it does. Only what rules say of the meaning of records can
    be allowed: a file that cannot be read, or a record without its shape, is of no use to anyone.
    """
    for one in suppressions(content):
        if one.rule not in _suppressible():
            # Only a faulty suppression pays for this import.
            from bmkit.suggest import suggest

            meant = suggest(one.rule, list(_suppressible()))
            hint = f'did you mean "{meant}"?' if meant else "bmkit rules lists them"
            yield one.record.at("rule"), f'no rule "{one.rule}" can be suppressed', hint


@rule(
    Severity.ERROR,
    good={"incidence": _INVERTED, "suppression": _allowed()},
    bad=[
        {"incidence": _INVERTED, "suppression": _allowed(record="brest")},
        {"incidence": _INVERTED, "suppression": _allowed(kind="survival")},
    ],
    across=True,
    fix="correct the kind or the id, or take the suppression out",
)
def unknown_record(content: Content) -> Faults:
    """A suppression is about a record that is not there.

    The record may have got another id, and what was allowed counts as an issue again.
    """
    for one in suppressions(content):
        known = one.kind in content.schemas
        if one.meant(content) or (known and not content.complete(one.kind, one.record.folder)):
            continue
        # Only a faulty suppression pays for this import.
        from bmkit.suggest import suggest

        if one.kind not in content.schemas:
            meant = suggest(one.kind, content.schemas.names)
            place, message = one.record.at("kind"), f'there is no kind "{one.kind}"'
        else:
            meant = suggest(one.name, [record.id for record in content.every(one.kind)])
            place, message = one.record.at("record"), f'there is no {one.kind} "{one.name}" here'
        yield place, message, f'did you mean "{meant}"?' if meant else ""


def _suppressible() -> dict[str, Rule]:
    from bmkit.rules import all_rules

    return {one.id: one for one in all_rules() if one.family != KIND}
