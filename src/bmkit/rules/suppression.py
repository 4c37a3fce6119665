"""Suppressions: issues that editors allow, with a reason and an expiry date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule, run_rules
from bmkit.suppression import SUPPRESSION_KIND, iter_targets, list_suppressions

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.issue import Issue
    from bmkit.rules.rule import Rule
    from bmkit.suppression import Suppression, Target


@rule(Severity.ERROR)
def expired(content: Content) -> Faults:
    """A suppression has expired.

    What was allowed for a time was meant to be looked at again; until then it counts as an issue.
    """
    for suppression in list_suppressions(content):
        if suppression.is_expired:
            message = f"this suppression of {suppression.rule_id} expired on {suppression.expires}"
            yield (
                suppression.record.locate_field("expires"),
                message,
                "correct what it allows and remove it, or set a later date",
            )


@rule(Severity.WARNING, across_articles=True)
def unused(content: Content) -> Faults:
    """A suppression covers no issue.

    It is left over from a fault that was corrected.
    """
    for suppression, issues in _find_suppressible_issues(content):
        # A record that does not fit its schema is checked by no rule, so its issue may be missing.
        if not issues and content.is_complete(suppression.record):
            field_phrase = f" at {suppression.field_path}" if suppression.field_path else ""
            message = (
                f"{suppression.rule_id} finds nothing in the "
                f'{suppression.kind} "{suppression.record_id}"{field_phrase}'
            )
            yield suppression.record.locate_field("id"), message, "remove the suppression"


@rule(Severity.ERROR, across_articles=True)
def outdated(content: Content) -> Faults:
    """What a suppression allows has changed.

    It allows one value as it was looked at, held against what it was held against then: 40 mg and not 400.
    Somebody has to look again.
    """
    for suppression, issues in _find_suppressible_issues(content):
        quotes = [(issue.value, issue.against) for issue in issues]
        if not quotes or (suppression.value, suppression.against) in quotes:
            continue
        value, against = quotes[0]
        if suppression.value != value:
            message, field = f"{suppression.value} is allowed, but not {value}", "value"
        else:
            now = f"held against {against}" if against else "wrong by itself"
            message = f"{value} is allowed against {suppression.against or 'nothing'}, but is {now}"
            field = "against" if suppression.against else "value"
        # Only an outdated suppression pays for this import.
        from bmkit.proposals import propose_value
        from bmkit.write_json import format_json

        members = {"value": value} | ({"against": against} if against else {})
        record = suppression.record
        renewed = {name: value for name, value in record.value.items() if name not in {"value", "against"}}
        correct = f"correct the {suppression.kind}"
        hint = propose_value(
            renewed | members,
            f"{correct}, or allow it anew: {format_json(members)[1:-1]}",
            otherwise=correct,
            place=record.locate_field(),
        )
        yield record.locate_field(field), message, hint


@rule(Severity.ERROR, fix="name a rule that bmkit rules lists, or remove the suppression")
def unknown_rule(content: Content) -> Faults:
    """A suppression names a rule that does not exist or cannot be suppressed.

    It does nothing, and its author believes that it does. Only what rules say of the meaning of records can
    be allowed: a file that cannot be read, or a record without its shape, is of no use to anyone.
    """
    for suppression in list_suppressions(content):
        if suppression.rule_id not in _list_suppressible_rules(content):
            # Only a faulty suppression pays for this import.
            from bmkit.suggest import propose_candidate

            yield (
                suppression.record.locate_field("rule"),
                f'no rule "{suppression.rule_id}" can be suppressed',
                propose_candidate(
                    suppression.rule_id, _list_suppressible_rules(content), "bmkit rules lists them"
                ),
            )


@rule(Severity.ERROR, across_articles=True, fix="correct the kind or the id, or remove the suppression")
def unknown_record(content: Content) -> Faults:
    """A suppression names a record that does not exist.

    The record may have a new id, and its issue counts again.
    """
    for suppression in list_suppressions(content):
        is_known_kind = suppression.kind in content.schemas
        if suppression.has_target_record(content) or (
            is_known_kind and not content.is_fully_read(suppression.kind, suppression.record.folder)
        ):
            continue
        # Only a faulty suppression pays for this import.
        from bmkit.suggest import propose_candidate

        if suppression.kind not in content.schemas:
            hint = propose_candidate(suppression.kind, content.schemas.kind_names)
            place, message = suppression.record.locate_field("kind"), f'unknown kind "{suppression.kind}"'
        else:
            hint = propose_candidate(
                suppression.record_id,
                [record.id for record in content.iter_reachable_records(suppression.kind)],
            )
            place, message = (
                suppression.record.locate_field("record"),
                f'there is no {suppression.kind} "{suppression.record_id}" here',
            )
        yield place, message, hint


@per_content
def _find_suppressible_issues(content: Content) -> list[tuple[Suppression, list[Issue]]]:
    """Return each suppression of a record that is there, with the issues that it is about."""
    # Only who allows something pays for this import.
    from bmkit.quoting import quote_issue

    rules = _list_suppressible_rules(content)
    suppressions = [
        suppression
        for suppression in list_suppressions(content)
        if suppression.rule_id in rules
        and not suppression.is_expired
        and suppression.has_target_record(content)
    ]
    issues_by_target: dict[Target, list[Issue]] = {
        target: [] for suppression in suppressions for target in suppression.targets
    }
    rule_ids = dict.fromkeys(suppression.rule_id for suppression in suppressions)
    for issue in run_rules([rules[rule_id] for rule_id in rule_ids], content):
        quoted_issue = quote_issue(issue, content)
        for target in iter_targets(quoted_issue):
            if target in issues_by_target:
                issues_by_target[target].append(quoted_issue)
    return [
        (suppression, [issue for target in suppression.targets for issue in issues_by_target[target]])
        for suppression in suppressions
    ]


@per_content
def _list_suppressible_rules(content: Content) -> dict[str, Rule]:
    from bmkit.rules import list_rules

    return {
        content_rule.id: content_rule
        for content_rule in list_rules(content.settings)
        if content_rule.family != SUPPRESSION_KIND
    }
