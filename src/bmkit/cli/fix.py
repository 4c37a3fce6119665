"""bmkit fix: mend what can be mended without asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bmkit.cli import offered
from bmkit.cli.project import asked_for, folder, read_project, root_option, unusable
from bmkit.cli.size import max_size
from bmkit.cli.status import CLEAN, ERRORS
from bmkit.cli.write_back import say_refused, write
from bmkit.schema import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.fix import Repair


@click.command("fix")
@click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=offered.files)
@click.option("--diff", is_flag=True, help="Write nothing; show the changes as a diff, and fail if any.")
@max_size
@root_option
def command(paths: tuple[str, ...], diff: bool, limit: int, root: str | None) -> int:
    """Mend misspelt ids, words and field names that can only mean one thing, and untidy text.

    Never touches a quantity, a number or a code. With PATHs only those files, or what is below those folders.
    """
    from bmkit.fix import applied, repairs
    from bmkit.jsontext import Lines

    content = read_project(root, paths, limit=limit)
    wanted = asked_for(paths, content) if paths else None
    by_file: dict[str, list[Repair]] = {}
    try:
        found = repairs(content, wanted)
    except SchemaError as wrong:
        raise unusable(wrong) from None
    for repair in found:
        by_file.setdefault(repair.file, []).append(repair)
    before = folder(content.root)
    for file, made in by_file.items():
        text = content.text(file)
        after = applied(text, made)
        if diff:
            click.echo("".join(_diff(before + file, text, after)), nl=False)
            continue
        write(content.root, file, text, after)
        lines = Lines(text)
        for repair in made:
            line, column = lines.position(repair.start)
            click.echo(f"{before}{file}:{line}:{column}: {repair.old} -> {repair.new}")
    count = sum(map(len, by_file.values()))
    verb = "would be mended" if diff else "mended"
    click.echo(
        f"{count} place{'' if count == 1 else 's'} {verb} in {len(by_file)} of {len(content.files)} files",
        err=True,
    )
    refused = say_refused(content, wanted)
    return ERRORS if refused or (diff and count) else CLEAN


def _diff(file: str, before: str, after: str) -> Iterable[str]:
    """Give the lines of a unified diff as patch and git take it."""
    from difflib import unified_diff

    for line in unified_diff(_lines(before), _lines(after), f"a/{file}", f"b/{file}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    # Not splitlines: that also breaks at characters which are no line ends to patch.
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + lines[-1:] * bool(lines[-1])
