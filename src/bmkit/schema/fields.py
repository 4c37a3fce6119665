"""Kinds and their fields: the one view of a JSON Schema that the rest of bmkit has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.errors import BmkitError, StopReason
from bmkit.schema.patterns import matches_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from bmkit.schema.annotations import PlausibleRange
    from bmkit.schema.relations import Relation


# What an id cannot hold, and words can.
_FREE_TEXT_SAMPLE = "Some words"
_QUOTING_ROLES = ("allowed-value", "allowed-against", "signed-value")


class SchemaError(BmkitError):
    """A schema file that cannot be used, and all `other_errors` of files that cannot either.

    `file` is its name for people, `pointer` the place in it, `bundled_pointer` that in the bundle of its
    kind. `line` and `column` count from 1 and in characters; they are 0 until the place is looked up, and
    where there is none.
    """

    def __init__(
        self,
        file: str,
        message: str,
        pointer: str = "",
        *,
        bundled_pointer: str = "",
        position: tuple[int, int] = (0, 0),
    ) -> None:
        super().__init__(file, message, pointer, bundled_pointer, position)
        self.file = file
        self.message = message
        self.pointer = pointer
        self.bundled_pointer = bundled_pointer
        self.line, self.column = position
        self.other_errors: tuple[SchemaError, ...] = ()

    def __str__(self) -> str:
        return "; ".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """What is wrong, a line for each file."""
        location = f"{self.file}#{self.pointer}" if self.pointer else self.file
        if self.line:
            location = f"{self.file}:{self.line}:{self.column}"
        return [
            f"{location}: {self.message}",
            *(line for error in self.other_errors for line in error.lines),
        ]

    @property
    def reasons(self) -> list[StopReason]:
        """What is wrong, and where, file by file."""
        return [
            StopReason(error.message, error.file, max(1, error.line), max(1, error.column))
            for error in (self, *self.other_errors)
        ]


def combine_schema_errors(errors: Iterable[SchemaError]) -> SchemaError:
    """Return one error for all, each listed once, by file and place; there must be one."""
    first, *other_errors = sorted(
        {error.lines[0]: error for error in errors}.values(),
        key=lambda error: (error.file, error.line, error.column, error.message),
    )
    first.other_errors = tuple(other_errors)
    return first


class Field(NamedTuple):
    """One property of a record, with what its schema says of it.

    `type` is "text", "integer", "number", "boolean", "reference" (the id of a record of `target_kind`),
    "quantity" (a value or a range with a unit out of `units`, UCUM codes of `dimension`) or "object" (with
    `fields`).  A reference with `fields` may also be an object of them, the first of which is the id.
    With `is_list` the value is a list of that.  `path` are the names from the record down,
    without list positions.  `values` is the closed list of values, empty where any value will do; limits are
    None where there is none.  `relations` are what the schema declares of the field and others,
    `plausible_ranges` those in which its quantities are to be expected, `systems` the terminologies of
    its codes, empty where any will do.  `role` is what the field is (see roles.py), "" for none;
    `declared_role` what the schema says of that, None for nothing.  `part` is the part of the statement that
    it is, "" for the frame; `joined_by` how the values of a list belong together, "all", "any" or "each";
    with `is_sequence` their order means something, and else the list is a set;
    `poles` the pole of each word of a closed list that has one, None where the schema does not say; `default`
    what holds where the field is absent; `gravity` what the schema says of how grave a change is, "" for
    nothing; `is_named` whether a text can name the value.
    """

    name: str
    path: tuple[str, ...]
    title: str
    description: str
    type: str
    is_list: bool = False
    required: bool = False
    values: tuple[str | int | Decimal | bool, ...] = ()
    target_kind: str = ""
    units: tuple[str, ...] = ()
    dimension: str = ""
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    pattern: str = ""
    format: str = ""
    examples: tuple[Any, ...] = ()
    fields: tuple[Field, ...] = ()
    relations: tuple[Relation, ...] = ()
    plausible_ranges: tuple[PlausibleRange, ...] = ()
    systems: tuple[str, ...] = ()
    role: str = ""
    declared_role: str | None = None
    part: str = ""
    joined_by: str = ""
    is_sequence: bool = False
    poles: Mapping[str, str] | None = None
    default: Any = None
    gravity: str = ""
    is_named: bool = True

    @property
    def amount_type(self) -> str:
        """What sort of amount it holds, "number", "quantity" or "date"; "" for what has no more and less."""
        if self.type in {"integer", "number"}:
            return "number"
        if self.type == "text" and self.format == "date":
            return "date"
        return "quantity" if self.type == "quantity" else ""

    @property
    def is_free_text(self) -> bool:
        """Whether people write it in words of their own: no list of values, no format, no id, no quote."""
        if self.type != "text" or self.values or self.format or self.role in _QUOTING_ROLES:
            return False
        return not self.pattern or matches_pattern(self.pattern, _FREE_TEXT_SAMPLE)

    def get_field(self, name: str) -> Field:
        """Return the sub-field of that name; KeyError if there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{'.'.join(self.path)} has no field {name!r}")

    def walk_fields(self) -> Iterator[Field]:
        """Yield this field and, first to last, every field below it."""
        yield self
        for field in self.fields:
            yield from field.walk_fields()


class Kind:
    """The type of a record: its fields in the order of the schema, and the schema to check a file with.

    `group` is "term", "fact" or "article"; `sentence_template` says a record in English, or is "".
    `role` is what the kind is (see roles.py), "" for none; `gravity` what its schema says of how grave it is
    that a fact of it comes or goes, "" for
    nothing; `is_named` whether a text can name its terms.
    `bundled_schema` is the schema of a whole file as one self-contained JSON Schema (all references are
    local).
    """

    __slots__ = (
        "_fields_by_name",
        "_fields_by_role",
        "bundled_schema",
        "description",
        "fields",
        "file",
        "free_text_fields",
        "gravity",
        "group",
        "is_named",
        "name",
        "quantity_fields",
        "reference_fields",
        "related_fields",
        "role",
        "sentence_template",
        "title",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913  a kind is what its schema says, all of it
        self,
        name: str,
        *,
        title: str,
        description: str,
        group: str,
        sentence_template: str,
        fields: tuple[Field, ...],
        bundled_schema: dict[str, Any],
        file: str,
        role: str = "",
        gravity: str = "",
        is_named: bool = True,
    ) -> None:
        self.name = name
        self.role = role
        self.gravity = gravity
        self.is_named = is_named
        self.title = title
        self.description = description
        self.group = group
        self.sentence_template = sentence_template
        self.fields = fields
        self.bundled_schema = bundled_schema
        self.file = file
        self._fields_by_name = {field.name: field for field in fields}
        self._fields_by_role = {field.role: field for field in reversed(fields) if field.role}
        all_fields = list(self.walk_fields())
        self.reference_fields = tuple(field for field in all_fields if field.type == "reference")
        self.quantity_fields = tuple(field for field in all_fields if field.type == "quantity")
        # The unit of a quantity is a code, also where any will do.
        quantity_paths = {field.path for field in self.quantity_fields}
        self.free_text_fields = tuple(
            field for field in all_fields if field.is_free_text and field.path[:-1] not in quantity_paths
        )
        self.related_fields = tuple(field for field in all_fields if field.relations)

    def __repr__(self) -> str:
        return f"Kind({self.name!r})"

    def __contains__(self, name: str) -> bool:
        return name in self._fields_by_name

    def get_field(self, name: str) -> Field:
        """Return the field of that name ("source.section" for a nested one); KeyError if there is none."""
        top_name, *nested_names = name.split(".")
        if top_name not in self._fields_by_name:
            raise KeyError(f"{self.name} has no field {top_name!r}")
        field = self._fields_by_name[top_name]
        for nested_name in nested_names:
            field = field.get_field(nested_name)
        return field

    def find_role_field(self, role: str) -> Field | None:
        """Return the field of the record itself that has the role, None if there is none."""
        return self._fields_by_role.get(role)

    def walk_fields(self) -> Iterator[Field]:
        """Yield every field at every depth, in the order of the schema."""
        for field in self.fields:
            yield from field.walk_fields()
