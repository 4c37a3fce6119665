"""Forms and routes: what a form is, where a route leads, and which of them do not go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.rules.derived.roles import find_meaning, has_role_value

if TYPE_CHECKING:
    from bmkit.content import Content, Record

SWALLOWED_STATES = frozenset(("tablet", "capsule"))
"""The states of forms of which whole pieces are swallowed."""
PIECE_STATES = SWALLOWED_STATES | {"melting or chewable tablet", "lozenge"}
"""The states of forms that are taken piece by piece."""
INJECTED_STATES = frozenset(("solution for injection", "suspension for injection", "powder for injection"))
INFUSED_STATE = "solution for infusion"
BY_MOUTH = "by mouth"
_INTO_VEIN = frozenset(("into a vein", "into an artery"))
_NERVE_WAYS = frozenset(("around a nerve", "outside the dura", "into the spinal canal"))
_SWALLOWING_WAYS = frozenset((BY_MOUTH, "by feeding tube"))
_INJECTING_WAYS = (
    _INTO_VEIN
    | _NERVE_WAYS
    | {
        "into a muscle",
        "into the skin",
        "into a bone",
        "into a joint",
        "into a body cavity",
        "into the eyeball",
    }
)
# Some ampoules and vials are drunk, so that what is for injection may be swallowed.
_IMPOSSIBLE_USES = (
    # Tablets for implantation exist.
    (PIECE_STATES | {"granules", "implant"}, _INJECTING_WAYS, "injected or infused"),
    (
        {
            *("oral liquid", "eye drops", "eye ointment", "ear drops", "nasal drops or spray", "inhaler"),
            *("liquid for a nebuliser", "gas", "patch", "skin preparation", "suppository"),
            "vaginal preparation",
        },
        _INJECTING_WAYS | {"under the skin"},
        "injected or infused",
    ),
    (
        {
            *(INFUSED_STATE, "patch", "skin preparation", "suppository", "vaginal preparation", "implant"),
            *("eye drops", "eye ointment", "ear drops", "nasal drops or spray", "inhaler", "gas"),
        },
        _SWALLOWING_WAYS,
        "swallowed",
    ),
    ({"ear drops"}, {"onto the eye", "into the eyeball"}, "put into an eye"),
)


def find_way(record: Record, content: Content) -> str:
    """Return where the route of a record leads, such as "into a vein"; "" if that is not known."""
    return _find_word(record, "route", "way", content)


def find_state(record: Record, content: Content) -> str:
    """Return what the form of a record is, such as "tablet"; "" if that is not known."""
    return _find_word(record, "form", "state", content)


def is_into_vein(record: Record, content: Content) -> bool:
    """Return whether a regimen is given into a vein, or an artery."""
    return find_way(record, content) in _INTO_VEIN


def is_near_nerve(record: Record, content: Content) -> bool:
    """Return whether a regimen is a block: given around a nerve or near the spinal cord."""
    return find_way(record, content) in _NERVE_WAYS


def is_swallowed(record: Record, content: Content) -> bool:
    """Return whether a regimen is given by mouth, or by a feeding tube."""
    return find_way(record, content) in _SWALLOWING_WAYS


def needs_dilution(record: Record, content: Content) -> bool:
    """Return whether the form of a record must be diluted before it is given."""
    return find_meaning(record, "form", "needs-dilution", content) is True


def is_ready_to_use(record: Record, content: Content) -> bool:
    """Return whether the form of a record is given as it is."""
    return find_meaning(record, "form", "ready-to-use", content) is True


def find_impossible_use(form_holder: Record, route_holder: Record, content: Content) -> str:
    """Return what the route of one record would do to the form of another that does not allow it.

    That is "swallowed", for example; "" if nothing is known against it.
    """
    if not has_role_value(form_holder, "form"):
        return ""
    state, way = find_state(form_holder, content), find_way(route_holder, content)
    return next((use for states, ways, use in _IMPOSSIBLE_USES if state in states and way in ways), "")


def _find_word(record: Record, role: str, meaning_role: str, content: Content) -> str:
    meaning = find_meaning(record, role, meaning_role, content)
    return meaning if isinstance(meaning, str) else ""
