"""bmkit fmt: write the files of content canonically."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from bmkit.cli.project import ROOT_HELP, asked_for, folder, read_project
from bmkit.cli.screen import say, screen
from bmkit.cli.status import CLEAN, ERRORS, WrongUseError

if TYPE_CHECKING:
    from bmkit.content import Content


@click.command("fmt")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--check", is_flag=True, help="Write nothing; list the files that would change, and fail if any."
)
@click.option("--root", metavar="DIR", help=ROOT_HELP)
def command(paths: tuple[str, ...], check: bool, root: str | None) -> int:
    """Write the files of content canonically: order of members, layout, encoding. No value changes.

    With PATHs only those files, or what is below those folders.
    """
    from bmkit.canonical import canonical
    from bmkit.rewrite import RewriteError, rewrite

    content = read_project(root, paths)
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
            try:
                rewrite(os.path.join(content.root, file.path), text.encode(), made.encode())
            except RewriteError as wrong:
                raise WrongUseError(str(wrong)) from None
        click.echo(f"{before}{file.path}")
    done = "would be rewritten" if check else "rewritten"
    click.echo(f"{changed} of {len(files)} file{'' if len(files) == 1 else 's'} {done}", err=True)
    refused = _refused(content, wanted)
    return ERRORS if refused or (check and changed) else CLEAN


def _refused(content: Content, wanted: set[str] | None) -> int:
    """Say what is wrong with the files that could not be read, and give the number of those issues."""
    from bmkit.cli.check_all import report_of
    from bmkit.issue import in_order
    from bmkit.report import render

    read = {file.path for file in content.files}
    issues = [
        issue
        for issue in in_order(content.issues)
        if issue.place.file.endswith(".json")
        and issue.place.file not in read
        and (wanted is None or issue.place.file in wanted)
    ]
    if issues:
        shown = screen()
        say(render("text", report_of(issues, content, {issue.place.file for issue in issues}), shown), shown)
    return len(issues)
