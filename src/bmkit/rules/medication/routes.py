"""Routes: whether a form can be given by the stated route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.dose_text import WHO_MEDICATION_WITHOUT_HARM
from bmkit.rules.derived.facts import find_facts
from bmkit.rules.derived.roles import find_role_text, locate_role
from bmkit.rules.medication.forms import find_state, find_way
from bmkit.rules.medication.regimens import find_misuse
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content


@rule(Severity.ERROR, source=WHO_MEDICATION_WITHOUT_HARM)
def impossible(content: Content) -> Faults:
    """A form is given by a route that it cannot be given by: a tablet into a vein, a patch by mouth.

    The dose by mouth of many medicines is a hundred times the dose by vein, and the insoluble parts of a
    tablet block the vessels of the lung.  Of a fact without a form all forms of the product are looked at.
    """
    for record in find_facts(content):
        misuse = find_misuse(record, content)
        if misuse:
            form, product = find_role_text(record, "form"), find_role_text(record, "product")
            form_phrase = f'the form "{form}" cannot' if form else f'no form of "{product}" can'
            message = f'{form_phrase} be {misuse}, by the route "{find_role_text(record, "route")}"'
            against = (misuse, find_state(record, content), find_way(record, content))
            yield locate_role(record, "route"), message, "correct the form or the route", against
