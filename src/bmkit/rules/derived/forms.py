"""Forms: what a medicine is given as, and by which routes that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.rules.derived.hierarchy import find_lineage
from bmkit.rules.derived.value import find_text

if TYPE_CHECKING:
    from bmkit.content import Content, Record

SOLID_FORMS = ("tablet", "capsule")
"""The forms of which whole pieces are swallowed."""
CONCENTRATE_FORM = "concentrate-for-infusion"
_INFUSED_FORMS = (CONCENTRATE_FORM, "infusion-solution")
_PARENTERAL_ROUTES = ("intravenous", "intra-arterial", "intramuscular", "intrathecal", "epidural")
# Nothing is said of what is put under the skin: tablets for implantation are.  Nor is anything
# said of ampoules and vials: of some products they are drunk, too.
_IMPOSSIBLE_USES = (
    (SOLID_FORMS, _PARENTERAL_ROUTES, "injected or infused"),
    (_INFUSED_FORMS, ("oral",), "swallowed"),
)


def has_form(record: Record, content: Content, *form_ids: str) -> bool:
    """Say whether the form of a record is one of these, belongs to one, or is called after one.

    A film-coated-tablet is a tablet, whether or not the list of forms says so.
    """
    form = find_text(record, "form")
    lineage = find_lineage(content, "form", form, record) if form else ()
    return any(
        ancestor_id == form_id or ancestor_id.endswith(f"-{form_id}")
        for ancestor_id in lineage
        for form_id in form_ids
    )


def find_impossible_use(record: Record, content: Content, route: str = "") -> str:
    """Say what by its route, or another, would be done with the form of a record that cannot be, or ""."""
    route = route or find_text(record, "route")
    lineage = find_lineage(content, "route", route, record) if route else ()
    for forms, routes, use in _IMPOSSIBLE_USES if lineage else ():
        if not set(routes).isdisjoint(lineage) and has_form(record, content, *forms):
            return use
    return ""
