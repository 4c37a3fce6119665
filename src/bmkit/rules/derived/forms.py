"""Forms: what a medicine is given as, and by which routes that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.rules.derived.hierarchy import lineage
from bmkit.rules.derived.value import text

if TYPE_CHECKING:
    from bmkit.content import Content, Record

SOLID = ("tablet", "capsule")
"""The forms of which whole pieces are swallowed."""
CONCENTRATE = "concentrate-for-infusion"
_INFUSED = (CONCENTRATE, "infusion-solution")
_BY_NEEDLE = ("intravenous", "intra-arterial", "intramuscular", "intrathecal", "epidural")
# Nothing is said of what is put under the skin: tablets for implantation are.  Nor is anything
# said of ampoules and vials: of some products they are drunk, too.
_NEVER = ((SOLID, _BY_NEEDLE, "injected or infused"), (_INFUSED, ("oral",), "swallowed"))


def is_form(record: Record, content: Content, *names: str) -> bool:
    """Say whether the form of a record is one of these, belongs to one, or is called after one.

    A film-coated-tablet is a tablet, whether or not the list of forms says so.
    """
    form = text(record, "form")
    above = lineage(content, "form", form, record) if form else ()
    return any(one == name or one.endswith(f"-{name}") for one in above for name in names)


def misused(record: Record, content: Content, route: str = "") -> str:
    """Say what by its route, or another, would be done with the form of a record that cannot be, or ""."""
    route = route or text(record, "route")
    above = lineage(content, "route", route, record) if route else ()
    for forms, routes, done in _NEVER if above else ():
        if not set(routes).isdisjoint(above) and is_form(record, content, *forms):
            return done
    return ""
