"""Whether two values of a field say the same, whatever their notation."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from bmkit.schema import Field


class ValueReader(NamedTuple):
    """Reads values of the earlier content as if what was renamed since had had its new id.

    `new_ids` has the new id by kind and earlier id.
    """

    new_ids: Mapping[tuple[str, str], str]

    def normalize(self, value: Any, field: Field | None) -> Hashable:
        """Return what is equal for two values that say the same.

        4.0 is 4, keys have no order, and items only in a list that is a sequence.  A field of None stands for
        a value that no schema knows.
        """
        if isinstance(value, bool) or value is None:
            return (str(value),)
        if isinstance(value, int | Decimal):
            return ("number", Decimal(value).normalize())
        if isinstance(value, str):
            is_reference = field is not None and field.type == "reference"
            return self.new_ids.get((field.target_kind, value), value) if is_reference and field else value
        if isinstance(value, list):
            items = [self.normalize(item, field) for item in value]
            is_sequence = field is None or field.is_sequence
            return ("list", *(items if is_sequence else sorted(items, key=repr)))
        members = {member.name: member for member in field.fields} if field is not None else {}
        return (
            "object",
            *((name, self.normalize(value[name], members.get(name))) for name in sorted(value)),
        )
