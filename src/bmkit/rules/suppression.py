"""Suppressions: issues that editors allow, with a reason and an expiry date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule, run_rules
from bmkit.suppression import SUPPRESSION_KIND, list_suppressions

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.rule import Rule


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

    It is left over from a fault that was corrected, and would hide the next one of its kind.
    """
    suppressible_rules = _load_suppressible_rules()
    for suppression in list_suppressions(content):
        suppressed_records = suppression.find_target_records(content)
        # A record that does not fit its schema is checked by no rule, so its issue may be missing.
        if (
            suppression.rule_id in suppressible_rules
            and not suppression.is_expired
            and suppressed_records
            and content.is_complete(suppression.record)
        ):
            issues = list(run_rules([suppressible_rules[suppression.rule_id]], content))
            if not any(
                suppression.covers_place(issue.place, record)
                for issue in issues
                for record in suppressed_records
            ):
                field_phrase = f" at {suppression.field_path}" if suppression.field_path else ""
                message = (
                    f"{suppression.rule_id} finds nothing in the "
                    f'{suppression.kind} "{suppression.record_id}"{field_phrase}'
                )
                yield suppression.record.locate_field("id"), message, "remove the suppression"


@rule(Severity.ERROR, fix="name a rule that bmkit rules lists, or remove the suppression")
def unknown_rule(content: Content) -> Faults:
    """A suppression names a rule that does not exist or cannot be suppressed.

    It does nothing, and its author believes that it does. Only what rules say of the meaning of records can
    be allowed: a file that cannot be read, or a record without its shape, is of no use to anyone.
    """
    for suppression in list_suppressions(content):
        if suppression.rule_id not in _load_suppressible_rules():
            # Only a faulty suppression pays for this import.
            from bmkit.suggest import suggest_hint

            yield (
                suppression.record.locate_field("rule"),
                f'no rule "{suppression.rule_id}" can be suppressed',
                suggest_hint(suppression.rule_id, _load_suppressible_rules(), "bmkit rules lists them"),
            )


@rule(Severity.ERROR, across_articles=True, fix="correct the kind or the id, or remove the suppression")
def unknown_record(content: Content) -> Faults:
    """A suppression names a record that does not exist.

    The record may have a new id, and its issue counts again.
    """
    for suppression in list_suppressions(content):
        is_known_kind = suppression.kind in content.schemas
        if suppression.find_target_records(content) or (
            is_known_kind and not content.is_fully_read(suppression.kind, suppression.record.folder)
        ):
            continue
        # Only a faulty suppression pays for this import.
        from bmkit.suggest import suggest_hint

        if suppression.kind not in content.schemas:
            hint = suggest_hint(suppression.kind, content.schemas.kind_names)
            place, message = suppression.record.locate_field("kind"), f'unknown kind "{suppression.kind}"'
        else:
            hint = suggest_hint(
                suppression.record_id,
                [record.id for record in content.iter_reachable_records(suppression.kind)],
            )
            place, message = (
                suppression.record.locate_field("record"),
                f'there is no {suppression.kind} "{suppression.record_id}" here',
            )
        yield place, message, hint


def _load_suppressible_rules() -> dict[str, Rule]:
    from bmkit.rules import load_all_rules

    return {
        content_rule.id: content_rule
        for content_rule in load_all_rules()
        if content_rule.family != SUPPRESSION_KIND
    }
