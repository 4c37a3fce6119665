"""bmkit fix: repair what has only one possible repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bmkit.cli.options import PathName, add_max_size_option, add_root_option
from bmkit.cli.process import EXIT_CLEAN, EXIT_ERRORS, EXIT_MISUSE
from bmkit.cli.project import format_root_prefix, read_project, select_files
from bmkit.cli.terminal import print_diff, print_lines
from bmkit.cli.write_back import print_unreadable_files, remove_killed_runs_files, write_back

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.fix import Repair


@click.command("fix")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=PathName())
@click.option(
    "--diff",
    is_flag=True,
    help="Write nothing; show the changes as a diff, and exit with status 1 if there are any.",
)
@add_max_size_option
@add_root_option
def command(paths: tuple[str, ...], diff: bool, limit: int, root: str | None) -> int:
    """Repair misspelt ids, values and field names that have only one possible correction, and untidy text.

    Quantities, numbers and codes are never changed. With PATHs, only those files and folders are repaired.
    """
    from bmkit.fix import apply_repairs, find_repairs
    from bmkit.jsontext import Lines

    content = read_project(root, paths, limit=limit)
    selected_files = select_files(paths, content) if paths else None
    repairs_by_file: dict[str, list[Repair]] = {}
    for repair in find_repairs(content, selected_files):
        repairs_by_file.setdefault(repair.file, []).append(repair)
    root_prefix = format_root_prefix(content.root)
    failed_files = set()
    if not diff:
        remove_killed_runs_files(content)
    for file, file_repairs in repairs_by_file.items():
        text = content.read_text(file)
        repaired_text = apply_repairs(text, file_repairs)
        if diff:
            print_diff(iter_diff_lines(root_prefix + file, text, repaired_text))
            continue
        if not write_back(content.root, file, text, repaired_text):
            failed_files.add(file)
            continue
        lines = Lines(text)
        for repair in file_repairs:
            line, column = lines.to_line_column(repair.start)
            print_lines(f"{root_prefix}{file}:{line}:{column}: {repair.old} -> {repair.new}")
    for file in failed_files:
        del repairs_by_file[file]
    count = sum(map(len, repairs_by_file.values()))
    verb = "would be repaired" if diff else "repaired"
    places = f"{count} place{'' if count == 1 else 's'}"
    print_lines(f"{places} {verb} in {len(repairs_by_file)} of {len(content.files)} files", to_stderr=True)
    error_count = print_unreadable_files(content, selected_files)
    if failed_files:
        return EXIT_MISUSE
    return EXIT_ERRORS if error_count or (diff and count) else EXIT_CLEAN


def iter_diff_lines(file: str, before: str, after: str) -> Iterable[str]:
    """Return the lines of a unified diff as patch and git take it."""
    from difflib import unified_diff

    from bmkit.jsontext import split_lines

    for line in unified_diff(split_lines(before), split_lines(after), f"a/{file}", f"b/{file}"):
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"
