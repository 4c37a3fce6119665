"""bmkit fields: what a kind of record is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bmkit.cli import offered
from bmkit.cli.project import root_of, root_option, unusable
from bmkit.cli.status import CLEAN, WrongUseError
from bmkit.cli.terminal import say, screen, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.report import Screen
    from bmkit.schema import Field, Kind, Schemas


@click.command("fields")
@click.argument("name", required=False, metavar="[KIND]", shell_complete=offered.kinds)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to say it.",
)
@root_option
def command(name: str | None, form: str, root: str | None) -> int:
    """Say what fields a KIND of record has, by the schemas of the project; without KIND, list the kinds."""
    from bmkit.schema import SchemaError

    shown = screen()
    try:
        schemas = schemas_around(root)
        kinds = list(schemas) if name is None else [_kind(name, schemas)]
    except SchemaError as wrong:
        raise unusable(wrong) from None
    if form == "json":
        from json import dumps

        made = [_brief(kind) for kind in kinds] if name is None else _whole(kinds[0])
        write(dumps(made, indent=2, ensure_ascii=False) + "\n")
    elif name is None:
        widest = max(len(kind.name) for kind in kinds)
        say("".join(f"{kind.name:{widest}}  {kind.description}\n" for kind in kinds), shown)
    else:
        say("\n".join(_said(kinds[0], shown)) + "\n", shown)
    return CLEAN


def schemas_around(root: str | None) -> Schemas:
    """Give the schemas of the project, or the shipped ones where there is none around."""
    from bmkit.schema import read_schemas, schemas_of, shipped

    if root is not None:
        return schemas_of(root)
    try:
        return schemas_of(root_of(root))
    except WrongUseError:
        return read_schemas(shipped(), own=False)


def _kind(name: str, schemas: Schemas) -> Kind:
    if name in schemas:
        return schemas.kind(name)
    from bmkit.suggest import suggest

    meant = suggest(name, schemas.names)
    hint = f'did you mean "{meant}"?' if meant else "bmkit fields lists them"
    raise WrongUseError(f'there is no kind "{name}"', hint)


def _said(kind: Kind, shown: Screen) -> Iterator[str]:
    from textwrap import wrap

    from bmkit.handbook import shown as told
    from bmkit.handbook import what

    width = max(40, min(shown.width, 100))
    yield from wrap(f"{kind.name}: {kind.description}", width)
    if kind.sentence:
        yield ""
        yield from wrap(kind.sentence, width, initial_indent="  ", subsequent_indent="  ")
    for field in told(kind.fields):
        must = "" if field.required else " (may be left out)"
        yield ""
        yield from wrap(f"{'.'.join(field.path)}: {what(field)}{must}", width, subsequent_indent="    ")
        yield from wrap(field.description, width, initial_indent="    ", subsequent_indent="    ")


def _brief(kind: Kind) -> dict[str, Any]:
    return {"kind": kind.name, "title": kind.title, "group": kind.group, "description": kind.description}


def _whole(kind: Kind) -> dict[str, Any]:
    return {**_brief(kind), "sentence": kind.sentence, "fields": [_field(field) for field in kind.fields]}


def _field(field: Field) -> dict[str, Any]:
    """Give all that the schema says of a field; what it does not say is left out."""
    from decimal import Decimal

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        return float(value) if isinstance(value, Decimal) else value

    made = {
        "name": field.name,
        "title": field.title,
        "description": field.description,
        "type": field.type,
        "many": field.many,
        "required": field.required,
        "values": field.values,
        "kind": field.ref,
        "units": field.units,
        "dimension": field.dimension,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "pattern": field.pattern,
        "format": field.format,
        "examples": field.examples,
        "fields": [_field(part) for part in field.fields],
    }
    return {name: plain(value) for name, value in made.items() if value not in (None, "", (), [])}
