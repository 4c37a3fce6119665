"""bmkit fields: the fields of a kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bmkit.cli.options import add_root_option, complete_kinds
from bmkit.cli.process import EXIT_CLEAN, WrongUseError
from bmkit.cli.project import read_nearest_schemas
from bmkit.cli.terminal import detect_terminal, print_for_people, print_for_programs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.report import Terminal
    from bmkit.schema import Field, Kind, Schemas


@click.command("fields")
@click.argument("name", required=False, metavar="[KIND]", shell_complete=complete_kinds)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@add_root_option
def command(name: str | None, form: str, root: str | None) -> int:
    """List the fields of a KIND of record, from the schemas of the project; without KIND, list the kinds."""
    terminal = detect_terminal()
    schemas = read_nearest_schemas(root)
    kinds = list(schemas) if name is None else [_find_kind(name, schemas)]
    if form == "json":
        from json import dumps

        listing = [_summarize_kind(kind) for kind in kinds] if name is None else _describe_kind(kinds[0])
        print_for_programs(dumps(listing, indent=2, ensure_ascii=False) + "\n")
    elif name is None:
        name_width = max(len(kind.name) for kind in kinds)
        print_for_people(
            "".join(f"{kind.name:{name_width}}  {kind.description}\n" for kind in kinds), terminal
        )
    else:
        print_for_people("\n".join(_iter_kind_lines(kinds[0], terminal)) + "\n", terminal)
    return EXIT_CLEAN


def _find_kind(name: str, schemas: Schemas) -> Kind:
    if name in schemas:
        return schemas.get_kind(name)
    from bmkit.suggest import suggest_hint

    hint = suggest_hint(name, schemas.kind_names, "bmkit fields lists them")
    raise WrongUseError(f'there is no kind "{name}"', hint)


def _iter_kind_lines(kind: Kind, terminal: Terminal) -> Iterator[str]:
    from textwrap import wrap

    from bmkit.handbook import describe_field_type, iter_table_fields

    width = max(40, min(terminal.width, 100))
    yield from wrap(f"{kind.name}: {kind.description}", width)
    if kind.sentence_template:
        yield ""
        yield from wrap(kind.sentence_template, width, initial_indent="  ", subsequent_indent="  ")
    for field in iter_table_fields(kind.fields):
        optional_note = "" if field.required else " (optional)"
        yield ""
        yield from wrap(
            f"{'.'.join(field.path)}: {describe_field_type(field)}{optional_note}",
            width,
            subsequent_indent="    ",
        )
        yield from wrap(field.description, width, initial_indent="    ", subsequent_indent="    ")


def _summarize_kind(kind: Kind) -> dict[str, Any]:
    return {"kind": kind.name, "title": kind.title, "group": kind.group, "description": kind.description}


def _describe_kind(kind: Kind) -> dict[str, Any]:
    return {
        **_summarize_kind(kind),
        "sentence": kind.sentence_template,
        "fields": [_describe_field(field) for field in kind.fields],
    }


def _describe_field(field: Field) -> dict[str, Any]:
    """Return what the schema declares of a field; what it does not declare is left out."""
    from decimal import Decimal

    def to_json_value(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: to_json_value(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [to_json_value(item) for item in value]
        return float(value) if isinstance(value, Decimal) else value

    description = {
        "name": field.name,
        "title": field.title,
        "description": field.description,
        "type": field.type,
        "many": field.is_list,
        "required": field.required,
        "values": field.values,
        "kind": field.target_kind,
        "units": field.units,
        "dimension": field.dimension,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "pattern": field.pattern,
        "format": field.format,
        "examples": field.examples,
        "fields": [_describe_field(subfield) for subfield in field.fields],
    }
    return {
        name: to_json_value(value) for name, value in description.items() if value not in (None, "", (), [])
    }
