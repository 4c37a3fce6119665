"""Options that several commands share, and what the shell is offered to complete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from bmkit.cli.process import WrongUseError
from bmkit.jsontext import MAX_FILE_BYTES, format_byte_size

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from click import Context, Parameter

_MAX_SIZE_OPTION = "--max-size"
_BYTES_BY_UNIT = {
    "": 1,
    "b": 1,
    "kb": 10**3,
    "mb": 10**6,
    "gb": 10**9,
    "kib": 1 << 10,
    "mib": 1 << 20,
    "gib": 1 << 30,
}
# More than that is a slip of the hand, and more than any memory has.
_MAX_DIGITS = 15


class PathName(click.Path):
    """A path that the shell completes and the command checks, whose messages say more than click's."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Return the path as it was written."""
        return value


def add_root_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option --root to a command."""
    return click.option(
        "--root",
        metavar="DIR",
        type=PathName(file_okay=False),
        help="Project folder, which holds content/; by default the nearest one upward.",
    )(command)


def add_max_size_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option --max-size to a command, which gets the size as `limit`, in bytes."""
    return click.option(
        _MAX_SIZE_OPTION,
        "limit",
        metavar="SIZE",
        default=format_byte_size(MAX_FILE_BYTES),
        show_default=True,
        callback=_parse_size,
        help="Maximum size of a file: bytes, or a number with KB, MB, GB, KiB, MiB or GiB.",
    )(command)


def complete_rules(ctx: Context, param: Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  click's signature
    """Return the rules and families whose names start with what was typed after the last comma."""
    from bmkit.cli.rule_names import read_settings_for_handbook
    from bmkit.handbook import list_rule_names

    before, comma, last = incomplete.rpartition(",")
    names = list_rule_names(read_settings_for_handbook(is_quiet=True))
    return [f"{before}{comma}{name}" for name in names if name.startswith(last)]


def complete_formats(ctx: Context, param: Parameter, incomplete: str) -> list[str]:
    """Return the formats that are not named yet."""
    from bmkit.export import ALL_FORMATS, DESCRIPTION_BY_FORMAT

    named_formats = ctx.params.get(param.name or "") or ()
    return [
        format_name
        for format_name in (*DESCRIPTION_BY_FORMAT, ALL_FORMATS)
        if format_name.startswith(incomplete) and format_name not in named_formats
    ]


def complete_kinds(ctx: Context, param: Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  click's signature
    """Return the kinds of the project; none where its schemas cannot be found."""
    from bmkit.cli.project import read_nearest_schemas
    from bmkit.schema import SchemaError

    try:
        return [
            name
            for name in read_nearest_schemas(ctx.params.get("root")).kind_names
            # The shell takes a word as it is: a name with a blank, a quote or a `$(…)` is no kind to offer.
            if name.startswith(incomplete) and re.fullmatch(r"[\w-]+", name)
        ]
    except SchemaError:
        return []


def _parse_size(ctx: click.Context, param: click.Parameter, value: str) -> int:  # noqa: ARG001  click's signature
    match = re.fullmatch(r"([0-9]+) *([A-Za-z]*)", value.strip())
    digits, unit = match.groups() if match else ("", "")
    if not digits or unit.lower() not in _BYTES_BY_UNIT or len(digits) > _MAX_DIGITS:
        raise WrongUseError(
            f'{_MAX_SIZE_OPTION}: "{value}" is not a size',
            "write bytes, or a whole number with KB, MB, GB, KiB, MiB or GiB",
        )
    size = int(digits) * _BYTES_BY_UNIT[unit.lower()]
    if not size:
        raise WrongUseError(f'{_MAX_SIZE_OPTION}: with "{value}" no file could be read', "write 1 or more")
    return size
