"""The fields of every kind, as Markdown and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.handbook.marks import anchor, cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bmkit.schema import Field, Kind, Schemas

GROUPS = {
    "fact": "What an article states.",
    "term": "Reference lists, which facts refer to.",
    "article": "The article itself.",
}

_FIELDS = """\
# Kinds and their fields

<!-- Made by `make docs`; do not edit. -->

A file of content is `{"$schema": …, "records": [ … ]}`, and its name is the kind of its records. In the
tables **bold** fields must be there.

A *quantity* is `{"value": 4, "unit": "mg"}` or a range, `{"low": 65, "high": 75, "unit": "%"}`; either may
have a `"comparator"` where the article says more than the number (about, at most, above …). Units are UCUM
codes.
"""


def fields_page(schemas: Schemas) -> str:
    """Give docs/fields.md."""
    kinds = list(schemas)
    parts = [_FIELDS]
    for group, text in GROUPS.items():
        own = [kind for kind in kinds if kind.group == group]
        links = ", ".join(f"[{kind.name}](#{anchor(kind.name)})" for kind in own)
        parts.append(f"## {group}\n\n{text} {len(own)} kinds: {links}\n")
        parts += [_kind(kind) for kind in own]
    return "\n".join(parts)


def _kind(kind: Kind) -> str:
    sentence = f"\n> {kind.sentence_template}\n" if kind.sentence_template else ""
    rows = "".join(_row(field) for field in shown(kind.fields))
    table = f"| field | is | what it says |\n|---|---|---|\n{rows}"
    return f"### {kind.name}\n\n{kind.title}: {kind.description}\n{sentence}\n{table}"


def shown(fields: Iterable[Field]) -> Iterator[Field]:
    """Give the fields of a table; the parts of a quantity are the same everywhere and told once."""
    for field in fields:
        yield field
        if field.type == "object":
            yield from shown(field.fields)


def _row(field: Field) -> str:
    name = f"`{'.'.join(field.path)}`"
    shown = f"**{name}**" if field.required else name
    return f"| {shown} | {cell(what(field, _link, _mono))} | {cell(field.description)} |\n"


def what(field: Field, kind: Callable[[str], str] = str, unit: Callable[[str], str] = str) -> str:
    """Say what a value of the field is, such as "list of references to site".

    `kind` and `unit` make of the names of kinds and of units what the page needs.
    """
    if field.type == "reference":
        one, many = f"reference to {kind(field.target_kind)}", f"references to {kind(field.target_kind)}"
    elif field.type == "quantity":
        one = many = "quantity in " + ", ".join(map(unit, field.units))
    elif field.values:
        values = ", ".join(str(value) for value in field.values)
        one, many = (values, values) if len(field.values) == 1 else (f"one of: {values}", values)
    elif field.format:
        one, many = field.format, f"{field.format}s"
    else:
        one, many = field.type, "text" if field.type == "text" else f"{field.type}s"
    said = f"list of {many}" if field.is_list else one
    said += f" of {', '.join(field.systems)}" if field.systems else ""
    usual = field.plausible_range
    plausible = [f"plausibly {usual.low} to {usual.high} {unit(usual.unit)}"] if usual is not None else []
    return ", ".join([said + _limits(field), *map(str, field.relations), *plausible])


def _limits(field: Field) -> str:
    if field.minimum is not None and field.maximum is not None:
        return f", {field.minimum} to {field.maximum}"
    if field.minimum is not None:
        return f", from {field.minimum}"
    if field.maximum is not None:
        return f", to {field.maximum}"
    return ""


def _link(kind: str) -> str:
    return f"[{kind}](#{anchor(kind)})"


def _mono(unit: str) -> str:
    return f"`{unit}`"
