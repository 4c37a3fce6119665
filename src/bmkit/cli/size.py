"""The option that says how large a file may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from bmkit.cli.status import WrongUseError
from bmkit.jsontext import MAX_FILE_BYTES, format_byte_size

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

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


def add_max_size_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --max-size; it gets the size as `limit`, in bytes."""
    return click.option(
        _MAX_SIZE_OPTION,
        "limit",
        metavar="SIZE",
        default=format_byte_size(MAX_FILE_BYTES),
        show_default=True,
        callback=_parse_size,
        help="The most that one file may have: bytes, or with KB, MB, GB, KiB, MiB or GiB.",
    )(command)


def _parse_size(ctx: click.Context, param: click.Parameter, value: str) -> int:  # noqa: ARG001  click's signature
    match = re.fullmatch(r"([0-9]+) *([A-Za-z]*)", value.strip())
    digits, unit = match.groups() if match else ("", "")
    if not digits or unit.lower() not in _BYTES_BY_UNIT or len(digits) > _MAX_DIGITS:
        raise WrongUseError(
            f'{_MAX_SIZE_OPTION}: "{value}" is no size',
            "write bytes, or a whole number with KB, MB, GB, KiB, MiB or GiB",
        )
    size = int(digits) * _BYTES_BY_UNIT[unit.lower()]
    if not size:
        raise WrongUseError(f'{_MAX_SIZE_OPTION}: with "{value}" no file could be read', "write 1 or more")
    return size
