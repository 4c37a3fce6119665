"""bmkit rename: an id that is another one everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bmkit.cli.options import PathName, add_max_size_option, add_root_option
from bmkit.cli.process import EXIT_CLEAN, EXIT_MISUSE, WrongUseError
from bmkit.cli.project import format_root_prefix, read_project, refuse_unread
from bmkit.cli.record_names import (
    refuse_several_folders,
    refuse_unknown_record,
    split_record_name,
)
from bmkit.cli.terminal import print_diff, print_lines
from bmkit.cli.write_back import remove_killed_runs_files, write_all_back
from bmkit.content import CONTENT_FOLDER
from bmkit.project_files import DiskFiles

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.rename import Renaming


@click.command("rename")
@click.argument("record_name", metavar="KIND/OLD")
@click.argument("new_id", metavar="NEW")
@click.option("--article", metavar="ID", help="The folder of the record, where several have one of that id.")
@click.option(
    "--baseline",
    "baselines",
    metavar="FILE",
    multiple=True,
    type=PathName(),
    help="A file of known issues that is to follow; may be given more than once.",
)
@click.option("--diff", is_flag=True, help="Write nothing; show the changes as a diff.")
@add_max_size_option
@add_root_option
def command(
    record_name: str,
    new_id: str,
    article: str | None,
    baselines: tuple[str, ...],
    diff: bool,
    limit: int,
    root: str | None,
) -> int:
    """Give the record OLD of a KIND the id NEW, there and in all that refers to it.

    That are other records, the lock of codes, suppressions and, if named, baselines. With the id of an
    article its folder is renamed.
    """
    from bmkit.rename import find_renaming

    content = read_project(root, limit=limit)
    refuse_unread(content)
    record = _find_record(record_name, article, content)
    renaming = find_renaming(record, new_id, content)
    root_prefix = format_root_prefix(content.root)
    if diff:
        from bmkit.cli.fix import iter_diff_lines

        for path, text in sorted(renaming.new_texts.items()):
            print_diff(iter_diff_lines(root_prefix + path, content.read_text(path), text))
        return EXIT_CLEAN
    return _write(renaming, content, baselines, root_prefix)


def _write(renaming: Renaming, content: Content, baselines: tuple[str, ...], root_prefix: str) -> int:
    from bmkit.baseline import rename_baseline

    remove_killed_runs_files(content)
    # First, because then nothing is written if it cannot be.
    files = DiskFiles(content.root)
    old_folder, new_folder = renaming.folder_move or ("", "")
    if new_folder:
        files.rename_folder(f"{CONTENT_FOLDER}/{old_folder}", new_folder)
    texts = {
        renaming.move_path(path): (content.read_text(path), text) for path, text in renaming.new_texts.items()
    }
    if not write_all_back(content.root, texts):
        if new_folder:
            files.rename_folder(f"{CONTENT_FOLDER}/{new_folder}", old_folder)
        print_lines("nothing was written", to_stderr=True)
        return EXIT_MISUSE
    print_lines(*(f"{root_prefix}{path}" for path in sorted(texts)))
    for baseline in baselines:
        if rename_baseline(baseline, renaming.new_keys):
            print_lines(baseline)
    print_lines(f"{len(texts)} file{'' if len(texts) == 1 else 's'} rewritten", to_stderr=True)
    return EXIT_CLEAN


def _find_record(record_name: str, article: str | None, content: Content) -> Record:
    kind_name, record_id = split_record_name(record_name)
    records = [
        record
        for folder in content.folders.values()
        if article in {None, folder.name}
        for record in folder.records_by_kind.get(kind_name, ())
        if record.id == record_id
    ]
    if not records:
        refuse_unknown_record(record_name, article, content)
    refuse_several_folders(record_name, (record.folder for record in records))
    if len(records) > 1:
        raise WrongUseError(f"{record_name}: {records[0].file} has {len(records)} records of that id")
    return records[0]
