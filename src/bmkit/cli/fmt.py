"""bmkit fmt: format the content files."""

from __future__ import annotations

import click

from bmkit.cli.options import PathName, add_max_size_option, add_root_option
from bmkit.cli.process import EXIT_CLEAN, EXIT_ERRORS, EXIT_MISUSE
from bmkit.cli.project import format_root_prefix, read_project, select_files
from bmkit.cli.terminal import print_lines
from bmkit.cli.write_back import print_unreadable_files, remove_killed_runs_files, write_back


@click.command("fmt")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=PathName())
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; list the files that would change, and exit with status 1 if there are any.",
)
@add_max_size_option
@add_root_option
def command(paths: tuple[str, ...], check: bool, limit: int, root: str | None) -> int:
    """Format the content files: order of members, layout, encoding. No value changes.

    With PATHs, only those files and folders are formatted.
    """
    from bmkit.canonical import format_canonical_json

    content = read_project(root, paths, limit=limit)
    selected_files = select_files(paths, content) if paths else None
    files = [file for file in content.files if selected_files is None or file.path in selected_files]
    root_prefix = format_root_prefix(content.root)
    changed_count = failed_count = 0
    if not check:
        remove_killed_runs_files(content)
    for file in files:
        text = content.read_text(file.path)
        canonical_text = format_canonical_json(text, file.kind)
        if canonical_text == text:
            continue
        if not check and not write_back(content.root, file.path, text, canonical_text):
            failed_count += 1
            continue
        changed_count += 1
        print_lines(f"{root_prefix}{file.path}")
    verb = "would be rewritten" if check else "rewritten"
    print_lines(
        f"{changed_count} of {len(files)} file{'' if len(files) == 1 else 's'} {verb}", to_stderr=True
    )
    error_count = print_unreadable_files(content, selected_files)
    if failed_count:
        return EXIT_MISUSE
    return EXIT_ERRORS if error_count or (check and changed_count) else EXIT_CLEAN
