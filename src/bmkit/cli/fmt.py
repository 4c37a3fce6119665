"""bmkit fmt: write the files of content canonically."""

from __future__ import annotations

import click

from bmkit.cli import offered
from bmkit.cli.project import asked_for, folder, read_project, root_option
from bmkit.cli.size import max_size
from bmkit.cli.status import CLEAN, ERRORS
from bmkit.cli.write_back import say_refused, write


@click.command("fmt")
@click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=offered.files)
@click.option(
    "--check", is_flag=True, help="Write nothing; list the files that would change, and fail if any."
)
@max_size
@root_option
def command(paths: tuple[str, ...], check: bool, limit: int, root: str | None) -> int:
    """Write the files of content canonically: order of members, layout, encoding. No value changes.

    With PATHs only those files, or what is below those folders.
    """
    from bmkit.canonical import canonical

    content = read_project(root, paths, limit=limit)
    wanted = asked_for(paths, content) if paths else None
    files = [file for file in content.files if wanted is None or file.path in wanted]
    before = folder(content.root)
    changed = 0
    for file in files:
        text = content.text(file.path)
        made = canonical(text, file.kind)
        if made == text:
            continue
        changed += 1
        if not check:
            write(content.root, file.path, text, made)
        click.echo(f"{before}{file.path}")
    done = "would be rewritten" if check else "rewritten"
    click.echo(f"{changed} of {len(files)} file{'' if len(files) == 1 else 's'} {done}", err=True)
    refused = say_refused(content, wanted)
    return ERRORS if refused or (check and changed) else CLEAN
