"""The option that says how large a file may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from bmkit.cli.status import WrongUseError
from bmkit.jsontext import LARGEST, amount

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_OPTION = "--max-size"
_UNITS = {
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
_DIGITS = 15


def max_size(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --max-size; it gets the size as `limit`, in bytes."""
    return click.option(
        _OPTION,
        "limit",
        metavar="SIZE",
        default=amount(LARGEST),
        show_default=True,
        callback=_size,
        help="The most that one file may have: bytes, or with KB, MB, GB, KiB, MiB or GiB.",
    )(command)


def _size(ctx: click.Context, param: click.Parameter, value: str) -> int:  # noqa: ARG001  click's signature
    found = re.fullmatch(r"([0-9]+) *([A-Za-z]*)", value.strip())
    digits, unit = found.groups() if found else ("", "")
    if not digits or unit.lower() not in _UNITS or len(digits) > _DIGITS:
        raise WrongUseError(
            f'{_OPTION}: "{value}" is no size',
            "write bytes, or a whole number with KB, MB, GB, KiB, MiB or GiB",
        )
    size = int(digits) * _UNITS[unit.lower()]
    if not size:
        raise WrongUseError(f'{_OPTION}: with "{value}" no file could be read', "write 1 or more")
    return size
