"""What a hint proposes, as a value that is tried before the hint is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Proposal

if TYPE_CHECKING:
    from typing import Any

    from bmkit.issue import Place


def propose_value(value: Any, hint: str = "", *, otherwise: str = "", place: Place | None = None) -> Proposal:
    """Return the proposal to put `value` at the place of an issue, or at another; see Proposal.

    Unless a hint is given, it is to write the value.
    """
    # Only a faulty value pays for this import.
    from bmkit.write_json import format_json

    text = format_json(value)
    return Proposal(hint or f"write {text}", text, otherwise, place)
