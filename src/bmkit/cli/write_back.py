"""Files of content that a command rewrites, and those that it has to leave alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bmkit.atomic import WriteError, remove_leftovers
from bmkit.cli.run_check import build_report
from bmkit.cli.terminal import detect_terminal, print_for_people, print_lines
from bmkit.content import CODE_LOCK_FILE, CONTENT_FOLDER
from bmkit.disk import LinkError
from bmkit.issue import Severity, sort_issues
from bmkit.project_files import DiskFiles
from bmkit.report import render_report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.content import Content


def write_back(root: str, file: str, old_text: str, new_text: str) -> bool:
    """Replace the text of a file (relative to the root); return False, and say why, if that cannot be."""
    try:
        DiskFiles(root).rewrite_file(file, old_text.encode(), new_text.encode())
    except (WriteError, LinkError) as error:
        print_lines(f"bmkit: {error}", to_stderr=True)
        return False
    return True


def write_all_back(root: str, texts: Mapping[str, tuple[str, str]]) -> bool:
    """Replace the texts of files, "" for one that is not there yet, or of none; False, and say why, if none.

    `texts` has for each file, relative to the root, the text before and after.
    """
    rewritten_paths = []
    new_files = {path: new_text.encode() for path, (old_text, new_text) in texts.items() if not old_text}
    for path, (old_text, new_text) in sorted(texts.items()):
        if path not in new_files and not write_back(root, path, old_text, new_text):
            break
        rewritten_paths.append(path)
    else:
        try:
            DiskFiles(root).add_files(new_files)
        except (WriteError, LinkError, OSError) as error:
            print_lines(f"bmkit: {error}", to_stderr=True)
        else:
            return True
    for path in rewritten_paths:
        if path not in new_files:
            old_text, new_text = texts[path]
            write_back(root, path, new_text, old_text)
    return False


def remove_killed_runs_files(content: Content) -> None:
    """Remove what runs that were killed while they rewrote files left in the folders of the content."""
    for name in content.folders:
        remove_leftovers(Path(content.root, CONTENT_FOLDER, name))


def print_unreadable_files(content: Content, selected_files: set[str] | None) -> int:
    """Report the files that could not be read, and return the number of these issues."""
    readable_files = {file.path for file in content.files}
    issues = [
        issue
        for issue in sort_issues(content.issues)
        if issue.severity is Severity.ERROR
        and issue.place.file not in {*readable_files, f"{CONTENT_FOLDER}/{CODE_LOCK_FILE}"}
        and (selected_files is None or issue.place.file in selected_files)
    ]
    if issues:
        terminal = detect_terminal()
        print_for_people(
            render_report(
                "text", build_report(issues, content, {issue.place.file for issue in issues}), terminal
            ),
            terminal,
        )
    return len(issues)
