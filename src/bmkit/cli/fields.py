"""bmkit fields: the fields of a kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bmkit.cli.options import add_root_option, complete_kinds
from bmkit.cli.process import EXIT_CLEAN, WrongUseError
from bmkit.cli.project import read_nearest_schemas
from bmkit.cli.terminal import detect_terminal, print_for_programs, print_lines
from bmkit.content import CONTENT_FOLDER, TERMS_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.report import Terminal
    from bmkit.schema import Field, Kind, Schemas

_GROUP_HEADINGS = {"fact": "facts", "term": "terms", "article": "article"}


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
    """List the fields of a KIND of record, and what else such a record needs; without KIND, list the kinds.

    The schemas are those of the project.
    """
    terminal = detect_terminal()
    schemas = read_nearest_schemas(root)
    kinds = list(schemas) if name is None else [_find_kind(name, schemas)]
    if form == "json":
        from json import dumps

        listing = (
            [_summarize_kind(kind) for kind in kinds] if name is None else _describe_kind(kinds[0], schemas)
        )
        print_for_programs(dumps(listing, indent=2, ensure_ascii=False) + "\n")
    elif name is None:
        print_lines(*list(_iter_group_lines(kinds))[:-1])
    else:
        print_lines(*_iter_kind_lines(kinds[0], schemas, terminal))
    return EXIT_CLEAN


def _find_kind(name: str, schemas: Schemas) -> Kind:
    if name in schemas:
        return schemas.get_kind(name)
    from bmkit.suggest import suggest_hint

    hint = suggest_hint(name, schemas.kind_names, "bmkit fields lists them")
    raise WrongUseError(f'there is no kind "{name}"', hint)


def _iter_group_lines(kinds: list[Kind]) -> Iterator[str]:
    from bmkit.handbook import GROUP_DESCRIPTIONS

    name_width = max(len(kind.name) for kind in kinds)
    # A group that bmkit does not know is a fault of the schema, and its kinds are there all the same.
    other_groups = sorted({kind.group for kind in kinds}.difference(_GROUP_HEADINGS))
    headings = {**_GROUP_HEADINGS, **dict.fromkeys(other_groups, "other kinds")}
    for group, heading in headings.items():
        group_kinds = [kind for kind in kinds if kind.group == group]
        if group_kinds:
            yield f"{heading}: {GROUP_DESCRIPTIONS.get(group, 'Their group is unknown.')}"
            for kind in group_kinds:
                yield f"  {kind.name:{name_width}}  {' '.join(kind.description.split())}"
            yield ""


def _iter_kind_lines(kind: Kind, schemas: Schemas, terminal: Terminal) -> Iterator[str]:
    from textwrap import wrap

    from bmkit.handbook import describe_field_type, get_short_template, iter_table_fields, list_needed_kinds

    width = max(40, min(terminal.width, 100))
    yield from wrap(f"{kind.name}: {kind.description}", width)
    if template := get_short_template(kind):
        yield ""
        yield from wrap(template, width, initial_indent="  ", subsequent_indent="  ")
    for field in iter_table_fields(kind.fields):
        optional_note = "" if field.required else " (optional)"
        yield ""
        yield from wrap(
            f"{'.'.join(field.path)}: {describe_field_type(field)}{optional_note}",
            width,
            subsequent_indent="    ",
        )
        yield from wrap(field.description, width, initial_indent="    ", subsequent_indent="    ")
    needed_kinds = list_needed_kinds(kind, schemas)
    if needed_kinds:
        yield ""
        yield "a record of this kind also needs records of:"
        name_width = max(len(needed.kind.name) for needed in needed_kinds)
        for needed in needed_kinds:
            others = [name for name in needed.needed_by if name != kind.name]
            reason = f", for {', '.join(others)}" if kind.name not in needed.needed_by else ""
            yield f"  {needed.kind.name:{name_width}}  in {_locate_kind(needed.kind)}{reason}"


def _locate_kind(kind: Kind) -> str:
    """Return the file of the records of a kind, as people name it."""
    return f"{CONTENT_FOLDER}/{TERMS_FOLDER if kind.group == 'term' else 'ARTICLE'}/{kind.name}.json"


def _summarize_kind(kind: Kind) -> dict[str, Any]:
    return {"kind": kind.name, "title": kind.title, "group": kind.group, "description": kind.description}


def _describe_kind(kind: Kind, schemas: Schemas) -> dict[str, Any]:
    from bmkit.handbook import list_needed_kinds

    return {
        **_summarize_kind(kind),
        "sentence": kind.sentence_template,
        "fields": [_describe_field(field) for field in kind.fields],
        "needs": [
            {"kind": needed.kind.name, "file": _locate_kind(needed.kind), "for": list(needed.needed_by)}
            for needed in list_needed_kinds(kind, schemas)
        ],
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
