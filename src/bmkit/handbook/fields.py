"""The fields of every kind in words, and what else a record of a kind needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bmkit.schema import Field, Kind, Schemas

# What every fact belongs to, whether a field of it leads there or not.
_KINDS_OF_EVERY_FACT = ("article", "section")
# A fact without it is an error, whatever its schema requires.
_SOURCE_FIELD = "source"
GROUP_DESCRIPTIONS = {
    "fact": "What an article states.",
    "term": "Reference lists, which facts refer to.",
    "article": "The article itself.",
}

# A longer one tells its reader nothing.
_MAX_TEMPLATE_CHARACTERS = 200
# A field that takes nearly any unit is not worth a page.
_MAX_LISTED_UNITS, _MAX_SAMPLE_UNITS, _MAX_LISTED_RANGES = 200, 10, 3


def get_short_template(kind: Kind) -> str:
    """Return the template of a kind's sentences, "" if there is none that people can read."""
    template = kind.sentence_template
    return template if len(template) <= _MAX_TEMPLATE_CHARACTERS else ""


class NeededKind(NamedTuple):
    """A kind of which a record must be there, and the kinds that need it for themselves."""

    kind: Kind
    needed_by: tuple[str, ...]


def list_needed_kinds(kind: Kind, schemas: Schemas) -> list[NeededKind]:
    """List the kinds that a record of `kind` needs: what its required references lead to, and so on.

    A fact needs its article and a section of it in any case.
    """
    needed_by: dict[str, list[str]] = {}
    pending_names = [kind.name]
    if kind.group == "fact":
        for name in _KINDS_OF_EVERY_FACT:
            if name in schemas:
                needed_by[name] = [kind.name]
                pending_names.append(name)
    for name in pending_names:  # which grows meanwhile
        for target_name in _iter_required_targets(schemas.get_kind(name).fields):
            if target_name in (kind.name, name) or target_name not in schemas:
                continue
            if target_name not in needed_by:
                pending_names.append(target_name)
            needing_names = needed_by.setdefault(target_name, [])
            if name not in needing_names:
                needing_names.append(name)
    return [NeededKind(schemas.get_kind(name), tuple(names)) for name, names in needed_by.items()]


def _iter_required_targets(fields: Iterable[Field]) -> Iterator[str]:
    """Yield the kinds that fields refer to which must be there."""
    for field in fields:
        if field.required or field.path == (_SOURCE_FIELD,):
            if field.type == "reference":
                yield field.target_kind
            yield from _iter_required_targets(field.fields)


def iter_table_fields(fields: Iterable[Field]) -> Iterator[Field]:
    """Yield the fields of a table; the parts of a quantity are the same everywhere and described once."""
    for field in fields:
        yield field
        if field.type == "object":
            yield from iter_table_fields(field.fields)


def describe_field_type(
    field: Field, format_kind_name: Callable[[str], str] = str, format_unit_code: Callable[[str], str] = str
) -> str:
    """Describe a value of the field, such as "list of references to site".

    `format_kind_name` and `format_unit_code` mark up names as the page needs it.
    """
    if field.type == "reference":
        singular, plural = (
            f"reference to {format_kind_name(field.target_kind)}",
            f"references to {format_kind_name(field.target_kind)}",
        )
    elif field.type == "quantity":
        singular = plural = f"quantity in {_list_units(field, format_unit_code)}"
    elif field.values:
        values = ", ".join(str(value) for value in field.values)
        singular, plural = (values, values) if len(field.values) == 1 else (f"one of: {values}", values)
    elif field.format:
        singular, plural = field.format, f"{field.format}s"
    else:
        singular, plural = field.type, "text" if field.type == "text" else f"{field.type}s"
    type_text = f"list of {plural}" if field.is_list else singular
    type_text += f" of {', '.join(field.systems)}" if field.systems else ""
    plausible_texts = [
        f"{plausible_range.low} to {plausible_range.high} {format_unit_code(plausible_range.unit)}"
        + "".join(
            f" where {name} is {' or '.join(map(str, values))}" for name, values in plausible_range.conditions
        )
        for plausible_range in field.plausible_ranges[:_MAX_LISTED_RANGES]
    ]
    if len(field.plausible_ranges) > _MAX_LISTED_RANGES:
        plausible_texts.append("and so on")
    if plausible_texts:
        plausible_texts = [f"plausibly {', '.join(plausible_texts)}"]
    return ", ".join([type_text + _format_limits(field), *map(str, field.relations), *plausible_texts])


def _list_units(field: Field, format_unit_code: Callable[[str], str]) -> str:
    if len(field.units) <= _MAX_LISTED_UNITS:
        return ", ".join(map(format_unit_code, field.units))
    first_units = ", ".join(map(format_unit_code, field.units[:_MAX_SAMPLE_UNITS]))
    return (
        f"{first_units} and {len(field.units) - _MAX_SAMPLE_UNITS} other units of "
        f"{field.dimension.replace('-', ' ')}"
    )


def _format_limits(field: Field) -> str:
    if field.minimum is not None and field.maximum is not None:
        return f", {field.minimum} to {field.maximum}"
    if field.minimum is not None:
        return f", from {field.minimum}"
    if field.maximum is not None:
        return f", to {field.maximum}"
    return ""
