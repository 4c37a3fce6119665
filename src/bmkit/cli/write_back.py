"""Files of content that a command rewrites, and those that it has to leave alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bmkit.atomic import RewriteError, rewrite
from bmkit.cli.run_check import report_of
from bmkit.cli.status import WrongUseError
from bmkit.cli.terminal import say, screen
from bmkit.content import CODES, CONTENT
from bmkit.issue import Severity, in_order
from bmkit.report import render

if TYPE_CHECKING:
    from bmkit.content import Content


def write(root: str, file: str, before: str, after: str) -> None:
    """Replace the text of a file (relative to the root); WrongUseError if that cannot be."""
    try:
        rewrite(os.path.join(root, file), before.encode(), after.encode())
    except RewriteError as wrong:
        raise WrongUseError(str(wrong)) from None


def say_refused(content: Content, wanted: set[str] | None) -> int:
    """Say what is wrong with the files that could not be read, and give the number of those issues."""
    read = {file.path for file in content.files}
    issues = [
        issue
        for issue in in_order(content.issues)
        if issue.severity is Severity.ERROR
        and issue.place.file not in {*read, f"{CONTENT}/{CODES}"}
        and (wanted is None or issue.place.file in wanted)
    ]
    if issues:
        shown = screen()
        say(render("text", report_of(issues, content, {issue.place.file for issue in issues}), shown), shown)
    return len(issues)
