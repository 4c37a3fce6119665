"""Kinds and their fields: the one view of a JSON Schema that the rest of bmkit has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from bmkit.schema.annotations import Plausible, Relation


# What an id cannot hold, and words can.
_WORDS = "Some words"


class SchemaError(Exception):
    """A schema file that cannot be used, and all `others` that cannot either.

    `file` is its name for people, `pointer` the place in it, `way` the place in the bundle of its kind.
    `line` and `column` count from 1 and in characters; they are 0 until the place is looked up, and where
    there is none.
    """

    def __init__(
        self, file: str, message: str, pointer: str = "", *, way: str = "", place: tuple[int, int] = (0, 0)
    ) -> None:
        super().__init__(file, message, pointer, way, place)
        self.file = file
        self.message = message
        self.pointer = pointer
        self.way = way
        self.line, self.column = place
        self.others: tuple[SchemaError, ...] = ()

    def __str__(self) -> str:
        return "; ".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """What is wrong, a line for each file."""
        where = f"{self.file}#{self.pointer}" if self.pointer else self.file
        if self.line:
            where = f"{self.file}:{self.line}:{self.column}"
        return [f"{where}: {self.message}", *(line for other in self.others for line in other.lines)]


def together(errors: Iterable[SchemaError]) -> SchemaError:
    """Give one error that tells of all, each once, by file and place; there must be one."""
    first, *others = sorted(
        {error.lines[0]: error for error in errors}.values(),
        key=lambda error: (error.file, error.line, error.column, error.message),
    )
    first.others = tuple(others)
    return first


class Field(NamedTuple):
    """One property of a record, with what its schema says of it.

    `type` is "text", "integer", "number", "boolean", "reference" (the id of a record of kind `ref`),
    "quantity" (a value or a range with a unit out of `units`, UCUM codes of `dimension`) or "object" (with
    `fields`).  With `many` the value is a list of that.  `path` are the names from the record down, without
    list positions.  `values` is the closed list of values, empty where any value will do; limits are None
    where there is none.  `relations` are what the schema declares of the field and others, `plausible`
    the range in which its quantities are to be expected, `systems` the terminologies of its codes, empty
    where any will do.
    """

    name: str
    path: tuple[str, ...]
    title: str
    description: str
    type: str
    many: bool = False
    required: bool = False
    values: tuple[str | int | Decimal | bool, ...] = ()
    ref: str = ""
    units: tuple[str, ...] = ()
    dimension: str = ""
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    pattern: str = ""
    format: str = ""
    examples: tuple[Any, ...] = ()
    fields: tuple[Field, ...] = ()
    relations: tuple[Relation, ...] = ()
    plausible: Plausible | None = None
    systems: tuple[str, ...] = ()

    @property
    def sort(self) -> str:
        """What sort of amount it holds, "number", "quantity" or "date"; "" for what has no more and less."""
        if self.type in {"integer", "number"}:
            return "number"
        if self.type == "text" and self.format == "date":
            return "date"
        return "quantity" if self.type == "quantity" else ""

    @property
    def free(self) -> bool:
        """Whether people write it in words of their own: no closed list, no format, not the form of an id."""
        if self.type != "text" or self.values or self.format:
            return False
        try:
            return not self.pattern or re.search(self.pattern, _WORDS) is not None
        except re.error:  # patterns are ECMAScript's, which knows some that Python does not
            return True

    def field(self, name: str) -> Field:
        """Give the sub-field of that name; KeyError if there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{'.'.join(self.path)} has no field {name!r}")

    def deep(self) -> Iterator[Field]:
        """Give this field and, first to last, every field below it."""
        yield self
        for field in self.fields:
            yield from field.deep()


class Kind:
    """The type of a record: its fields in the order of the schema, and the schema to check a file with.

    `group` is "term", "fact" or "article"; `sentence` the template that says a record in English, or "".
    `bundle` is the schema of a whole file as one self-contained JSON Schema (all references are local).
    """

    __slots__ = (
        "_names", "bundle", "description", "fields", "file", "group", "name", "quantities", "references",
        "related", "sentence", "texts", "title",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913  a kind is what its schema says, all of it
        self,
        name: str,
        *,
        title: str,
        description: str,
        group: str,
        sentence: str,
        fields: tuple[Field, ...],
        bundle: dict[str, Any],
        file: str,
    ) -> None:
        self.name = name
        self.title = title
        self.description = description
        self.group = group
        self.sentence = sentence
        self.fields = fields
        self.bundle = bundle
        self.file = file
        self._names = {field.name: field for field in fields}
        every = list(self.deep())
        self.references = tuple(field for field in every if field.type == "reference")
        self.quantities = tuple(field for field in every if field.type == "quantity")
        self.texts = tuple(field for field in every if field.free)
        self.related = tuple(field for field in every if field.relations)

    def __repr__(self) -> str:
        return f"Kind({self.name!r})"

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def field(self, name: str) -> Field:
        """Give the field of that name ("source.section" for one below another); KeyError if there is none."""
        first, *rest = name.split(".")
        if first not in self._names:
            raise KeyError(f"{self.name} has no field {first!r}")
        field = self._names[first]
        for part in rest:
            field = field.field(part)
        return field

    def deep(self) -> Iterator[Field]:
        """Give every field at every depth, in the order of the schema."""
        for field in self.fields:
            yield from field.deep()
