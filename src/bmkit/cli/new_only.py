"""Which issues are known already: those of a baseline, and those of a git revision."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from bmkit.baseline import BaselineError, beyond, gone, known, read_baseline, write_baseline
from bmkit.cli.run_check import issues_of
from bmkit.cli.status import CLEAN, ERRORS, WrongUseError
from bmkit.content import CONTENT, ContentError, read_content
from bmkit.git_revision import RevisionError, revision
from bmkit.jsontext import LARGEST
from bmkit.schema import SchemaError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.baseline import Known
    from bmkit.content import Content
    from bmkit.issue import Issue

_PARTS = (CONTENT, "schema")


def only_new(
    issues: Sequence[Issue],
    content: Content,
    baseline: str | None,
    since: str | None,
    engine: str = "auto",
    *,
    suppress: bool = True,
    limit: int = LARGEST,
) -> tuple[list[Issue], list[Issue]]:
    """Give the issues that are in neither the baseline nor the revision, and those about the baseline itself.

    `issues` must be all that the content has, or what was not asked for would count as gone.
    """
    listed: Known = known((), content.text)
    idle: list[Issue] = []
    if baseline is not None:
        try:
            listed = read_baseline(baseline)
        except BaselineError as wrong:
            raise WrongUseError(str(wrong)) from None
        if not any(folder.unread for folder in content.folders.values()):
            left = beyond(issues, content.text, listed)[1]
            idle = gone(left, listed, _inside(baseline, content.root))
    if since is not None:
        listed |= _known_at(since, content.root, engine, suppress=suppress, limit=limit)
    return beyond(issues, content.text, listed)[0], idle


def write_known(path: str, issues: Sequence[Issue], content: Content) -> int:
    """Write the baseline, and say how it changed and what it refused to take in; give the exit status."""
    whole = not any(folder.unread for folder in content.folders.values())
    try:
        written = write_baseline(path, known(issues, content.text), whole=whole)
    except BaselineError as wrong:
        raise WrongUseError(str(wrong)) from None
    before, now, refused = written
    fewer = f", {before - now} fewer than before" if before > now else ""
    click.echo(f"{path}: {now} known issue{'' if now == 1 else 's'}{fewer}", err=True)
    if before and not whole:
        click.echo(f"{path}: nothing was taken out, as not all content could be read", err=True)
    if not refused:
        return CLEAN
    count = refused.total()
    new = f"{count} issue{' is' if count == 1 else 's are'} not in it, the first is {written.first}"
    click.echo(f"{path}: a baseline may only shrink; {new}", err=True)
    return ERRORS


def _inside(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _known_at(name: str, root: str, engine: str, *, suppress: bool, limit: int) -> Known:
    """Count the issues that the content had in a git revision, by the rules of today."""
    try:
        with revision(root, name, _PARTS) as old:
            if not os.path.isdir(os.path.join(old, CONTENT)):
                return known((), str)
            content = read_content(old, limit=limit)
            return known(issues_of(content, engine, suppress=suppress), content.text)
    except (RevisionError, ContentError) as wrong:
        raise WrongUseError(f"--since {name}: {wrong}") from None
    except SchemaError as wrong:
        raise WrongUseError(f"--since {name}: the schemas of then cannot be used: {wrong}") from None
