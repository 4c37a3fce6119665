"""bmkit merge: two edits of a file of records merged by id, as git asks for it."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from bmkit.atomic import WriteError, create_file, rewrite_file
from bmkit.cli.options import PathName, add_root_option
from bmkit.cli.process import EXIT_CLEAN, EXIT_ERRORS, WrongUseError
from bmkit.cli.project import find_project_root, read_nearest_schemas
from bmkit.cli.terminal import print_lines
from bmkit.jsontext import JsonError, decode_utf8, read_bytes

if TYPE_CHECKING:
    from bmkit.changes.merge_files import RecordConflict
    from bmkit.schema import Kind

_DRIVER = "bmkit"
_ATTRIBUTES_FILE = ".gitattributes"
_ATTRIBUTES_LINE = f"content/**/*.json merge={_DRIVER}\n"


@click.command("merge")
@click.argument("base", required=False, type=PathName())
@click.argument("ours", required=False, type=PathName())
@click.argument("theirs", required=False, type=PathName())
@click.option("--path", metavar="FILE", help="The file that is merged, where OURS is a copy of another name.")
@click.option("--install", is_flag=True, help="Let git merge files of content so in this repository.")
@add_root_option
def command(
    base: str | None, ours: str | None, theirs: str | None, path: str | None, install: bool, root: str | None
) -> int:
    """Merge the edits OURS and THEIRS of the file of records BASE by id, and write the result into OURS.

    What both changed, each otherwise, is left between git's marks, with status 1.
    """
    if install:
        return _install(find_project_root(root))
    if base is None or ours is None or theirs is None:
        raise WrongUseError("merge needs BASE, OURS and THEIRS, or --install")
    return _merge_into_ours(base, ours, theirs, path or ours, root)


def _merge_into_ours(base: str, ours: str, theirs: str, path: str, root: str | None) -> int:
    from bmkit.changes.merge_files import MergeError, merge_files
    from bmkit.git_revision import merge_as_text

    our_bytes = _read(ours)
    try:
        kind = _find_kind(path, root)
        base_text, our_text, their_text = (decode_utf8(_read(file)) for file in (base, ours, theirs))
        merged = merge_files(base_text, our_text, their_text, kind)
    except (MergeError, JsonError) as error:
        reason = error.faults[0].message if isinstance(error, JsonError) else error
        print_lines(f"{path}: merged as text, not by id: {reason}", to_stderr=True)
        return EXIT_CLEAN if merge_as_text(base, ours, theirs) else EXIT_ERRORS
    try:
        rewrite_file(ours, our_bytes, merged.text.encode("utf-8", "surrogatepass"))
    except WriteError as error:
        raise WrongUseError(str(error)) from None
    for conflict in merged.conflicts:
        print_lines(f"{path}: {_describe(conflict, kind)}", to_stderr=True)
    return EXIT_ERRORS if merged.conflicts else EXIT_CLEAN


def _find_kind(path: str, root: str | None) -> Kind:
    from bmkit.changes.merge_files import MergeError

    with suppress(WrongUseError):  # a file elsewhere is of a kind that comes with bmkit
        root = find_project_root(root, [path])
    schemas = read_nearest_schemas(root)
    kind_name = os.path.basename(path).removesuffix(".json")
    if kind_name not in schemas:
        raise MergeError(f"{kind_name} is no kind")
    return schemas.get_kind(kind_name)


def _read(file: str) -> bytes:
    try:
        return read_bytes(file)
    except JsonError as error:
        raise WrongUseError(f"{file}: {error.faults[0].message}") from None


def _describe(record_conflict: RecordConflict, kind: Kind) -> str:
    from bmkit.quoting import quote_value

    record_id, conflict = record_conflict
    if not conflict.field_name:
        side = "ours" if conflict.ours is None else "theirs"
        return f'conflict: {kind.name} "{record_id}" was removed in {side} and changed in the other'
    base, ours, theirs = (
        "nothing" if value is None else quote_value(value)
        for value in (conflict.base, conflict.ours, conflict.theirs)
    )
    field_words = f'{kind.name} "{record_id}", {conflict.field_name}'
    return f"conflict: {field_words}: {base} -> {ours} (ours), {theirs} (theirs)"


def _install(root: str) -> int:
    """Make git use this command for files of content, and say what was written."""
    from bmkit.git_revision import set_git_option

    program = f"{shlex.quote(sys.executable)} -m bmkit merge %O %A %B --path %P"
    set_git_option(root, f"merge.{_DRIVER}.name", "bmkit: records merged by id")
    set_git_option(root, f"merge.{_DRIVER}.driver", program)
    print_lines(f"git config merge.{_DRIVER}.driver: {program}")
    attributes = os.path.join(root, _ATTRIBUTES_FILE)
    try:
        if not os.path.lexists(attributes):
            create_file(attributes, _ATTRIBUTES_LINE.encode())
        else:
            old_bytes = read_bytes(attributes)
            if _ATTRIBUTES_LINE.encode().strip() in old_bytes.split(b"\n"):
                return EXIT_CLEAN
            separator = b"" if not old_bytes or old_bytes.endswith(b"\n") else b"\n"
            rewrite_file(attributes, old_bytes, old_bytes + separator + _ATTRIBUTES_LINE.encode())
    except (WriteError, JsonError) as error:
        raise WrongUseError(f"{attributes}: {error}") from None
    print_lines(f"{attributes}: {_ATTRIBUTES_LINE.strip()}")
    return EXIT_CLEAN
