"""What is advised does what is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import find_text
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record

_YES = "yes"
_OPPOSITE_DIRECTIONS = {"more": "less", "less": "more"}


@rule(Severity.WARNING, fix="correct the stance or the effect")
def stance_against_effect(content: Content) -> Faults:
    """Something is advised although its effect is not the one that is wanted.

    Whether more or less of an outcome or process is wanted stands in its term.  The stated effect is a reason
    against what is advised; one of the two statements is wrong.
    """
    for kind in content.list_kinds():
        stance_field, effect_field = kind.find_role_field("stance"), kind.find_role_field("effect")
        if stance_field is not None and effect_field is not None:
            for record in content.list_records(kind.name):
                stance, effect = find_text(record, stance_field.name), find_text(record, effect_field.name)
                direction = (effect_field.poles or {}).get(effect)
                is_advised = (stance_field.poles or {}).get(stance) == _YES
                if not is_advised or direction not in _OPPOSITE_DIRECTIONS:
                    continue
                unwanted = _find_affected_term(record, content, _OPPOSITE_DIRECTIONS[direction])
                if unwanted is not None:
                    label = unwanted.value.get("label", unwanted.id)
                    message = (
                        f'"{stance}" does not fit "{effect}" {label}, of which {direction} is not wanted'
                    )
                    place = record.locate_field(stance_field.name)
                    yield place, message, "correct the stance or the effect", (unwanted,)


def _find_affected_term(record: Record, content: Content, wanted: str) -> Record | None:
    """Return the outcome of a fact of which a term says that it is wanted so, None if there is none."""
    for field in record.kind.fields:
        if field.part == "outcome" and field.target_kind and not field.is_list:
            term_id = record.value.get(field.name)
            term = content.find_record(field.target_kind, term_id, record) if term_id else None
            if term is not None and term.find_value("wanted") == wanted:
                return term
    return None
