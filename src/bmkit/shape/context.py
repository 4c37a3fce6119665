"""What the message for a mistake is made from, and the message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.issue import Proposal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.issue import Hint, PathPart
    from bmkit.shape.faults import BundledSchema
    from bmkit.shape.mistakes import Mistake

PLACEHOLDER_NAMES = ("the record", "the file")
# A field is in a record, which is in the list of a file.
_MIN_FIELD_DEPTH = 3


class Message(NamedTuple):
    """The message for a mistake: its fault's name in the family "shape", the text, and where to point.

    `subpath` leads on from the faulty value, `key` says that the member's key is meant.
    """

    fault_name: str
    text: str
    hint: Hint = ""
    subpath: tuple[PathPart, ...] = ()
    key: bool = False


def suggest_no_id(_kind: str, _target: str) -> str:
    """Return "": a document that is not part of a content has no records to suggest."""
    return ""


class MistakeContext(NamedTuple):
    """A mistake with all that its message is made from.

    `name` is what the faulty value is called, `keyword_value` the value of the failed keyword, `subschema`
    the schema in which it stands, `value` the faulty value and `owner` the name of the object that holds it.
    `kind_name` is the kind of the file.  `suggest_id` finds for a kind and what should be an id the id of the
    record that is most likely meant, "" if there is none.
    """

    mistake: Mistake
    schema: BundledSchema
    value: Any
    keyword_value: Any
    subschema: dict[str, Any]
    name: str
    owner: str
    kind_name: str
    suggest_id: Callable[[str, str], str] = suggest_no_id

    @property
    def target_kind(self) -> str:
        """The kind that the value refers to, "" if it is no reference; a list may say it for its items."""
        schema_path = self.mistake.fault.schema_path
        for step, subschema in reversed(
            list(zip(schema_path, self.schema.list_subschemas(schema_path), strict=True))
        ):
            if step == "properties":
                break
            if isinstance(subschema, dict) and isinstance(subschema.get("x-ref"), str):
                return str(subschema["x-ref"])
        return ""

    @property
    def quantity_schema(self) -> dict[str, Any]:
        """The schema of the quantity of which the value is a part, {} if it is part of none."""
        schema_path = self.mistake.fault.schema_path
        subschemas = self.schema.list_subschemas(schema_path)
        index = max((index for index, step in enumerate(schema_path) if step == "properties"), default=-1)
        subschema = subschemas[index] if index >= 0 else {}
        return subschema if isinstance(subschema, dict) and "x-unit" in subschema else {}

    @property
    def is_item(self) -> bool:
        """Whether the value stands in a list."""
        instance_path = self.mistake.fault.instance_path
        return bool(instance_path) and isinstance(instance_path[-1], int)


def advise_omission(context: MistakeContext, otherwise: str = "") -> Hint:
    """Return the advice to leave a field or an item out, and another for where it is needed."""
    if len(context.mistake.fault.instance_path) < _MIN_FIELD_DEPTH:
        return otherwise
    return Proposal("remove it" if context.is_item else f"leave {context.name} out", "", otherwise)
