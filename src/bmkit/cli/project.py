"""Which content a command is about: finds the root and reads it, and says which files were asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from bmkit.cli import offered
from bmkit.cli.status import WrongUseError
from bmkit.content import CODES, CONTENT, ContentError, read_content
from bmkit.jsontext import LARGEST
from bmkit.schema import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from bmkit.content import Content


def root_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --root."""
    return click.option(
        "--root",
        metavar="DIR",
        shell_complete=offered.folders,
        help="The folder that holds content/; by default the nearest one upward.",
    )(command)


def read_project(root: str | None, paths: Sequence[str] = (), *, limit: int = LARGEST) -> Content:
    """Read the content below `root`, or of the nearest root upward from the first path or from here.

    No file may have more than `limit` bytes.  WrongUseError if there is no content, or if it or a schema
    cannot be read.
    """
    try:
        return read_content(root_of(root, paths), limit=limit)
    except (ContentError, SchemaError) as wrong:
        raise unreadable(wrong) from None


def unreadable(wrong: ContentError | SchemaError) -> WrongUseError:
    """Say that a project cannot be read, or which schemas that it needs."""
    if isinstance(wrong, SchemaError):
        return unusable(wrong)
    said = str(wrong)
    here = f"{os.curdir}: {CONTENT}/"  # who stands in the root need not be told where it is
    return WrongUseError(said[len(os.curdir) + 2 :] if said.startswith(here) else said)


def unusable(wrong: SchemaError) -> WrongUseError:
    """Say what is wrong with schemas, a line for each."""
    first, *more = wrong.lines
    return WrongUseError(first, more=more)


def folder(root: str) -> str:
    """What leads from the current folder to the root: "" or a path that ends with "/"."""
    try:
        way = os.path.relpath(root)
    except ValueError:  # another drive
        way = os.path.abspath(root)
    return "" if way == os.curdir else way.replace(os.sep, "/") + "/"


def asked_for(paths: Sequence[str], content: Content) -> set[str]:
    """The files of the content that the paths name, relative to the root; a folder means all below it.

    WrongUseError for a path that is not there or not part of the content.
    """
    known = {file.path for file in content.files}
    known.update(issue.place.file for issue in content.issues)
    known.add(f"{CONTENT}/{CODES}")
    found: set[str] = set()
    for path in paths:
        inside = _inside(path, content.root)
        if inside in known:
            found.add(inside)
            continue
        below = known if inside == "" else {file for file in known if file.startswith(f"{inside}/")}
        if not below or not os.path.isdir(path):
            missing = not os.path.lexists(path)
            part = f"{folder(content.root)}{CONTENT}/"
            why = "there is no such file" if missing else f"is not part of the content in {part}"
            shown = path or "''"  # nothing before a colon would be overlooked
            raise WrongUseError(f"{shown}: {why}")
        found |= below
    return found


def _inside(path: str, root: str) -> str:
    """The path relative to the root with "/", "" for the root itself and for a folder around it."""
    for resolve in (os.path.abspath, os.path.realpath):
        whole, top = resolve(path), resolve(root)
        try:
            if os.path.commonpath([whole, top]) == whole:
                return ""
        except ValueError:  # another drive
            continue
        way = os.path.relpath(whole, top)
        if way != os.pardir and not way.startswith(os.pardir + os.sep):
            return way.replace(os.sep, "/")
    return path.replace(os.sep, "/")


def root_of(root: str | None, paths: Sequence[str] = ()) -> str:
    """The folder `root`, or the nearest with content/ in it upward from the first path, else from here."""
    if root is not None:
        return root
    starts = [*paths[:1], os.curdir]
    for start in starts:
        place = os.path.abspath(start)
        while True:
            if os.path.isdir(os.path.join(place, CONTENT)):
                return os.path.relpath(place)
            above = os.path.dirname(place)
            if above == place:
                break
            place = above
    raise WrongUseError(f"no folder {CONTENT}/ here or in a folder above", "name its folder with --root")
