"""bmkit init: start a project, which validates and exports at once."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmkit.cli.options import PathName
from bmkit.cli.process import EXIT_CLEAN, WrongUseError
from bmkit.cli.terminal import print_lines
from bmkit.config import PYPROJECT_FILE, SETTINGS_FILE, read_settings
from bmkit.content import CONTENT_FOLDER, TERMS_FOLDER
from bmkit.disk import refuse_way_out
from bmkit.project_template import LOCK_FILE, WORKFLOW_FILE, build_project_files

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEFAULT_ARTICLE_ID = "example"
_ARTICLE_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_NAMED_FILES = 3


@click.command("init")
@click.argument("folder", metavar="DIR", type=PathName(file_okay=False))
@click.option(
    "--article",
    "article_id",
    metavar="ID",
    default=_DEFAULT_ARTICLE_ID,
    show_default=True,
    help="Name of the article: its id, and that of its folder.",
)
@click.option(
    "--from",
    "requirement",
    metavar="WHERE",
    help="Add a workflow for GitHub Actions that installs bmkit from there: whatever pip install takes.",
)
def command(folder: str, article_id: str, requirement: str | None) -> int:
    """Start a project in the folder DIR: a small one, which validates and exports at once.

    It has an article about an invented medicine, to be replaced: its text, its facts and the terms they need,
    with settings, a read-me and a .gitignore. DIR may exist, but must have none of these files.
    """
    from bmkit.atomic import add_files

    _refuse_article_id(article_id)
    if requirement is not None:
        _refuse_requirement(requirement)
    files = build_project_files(article_id, requirement or "")
    _refuse_occupied_folder(folder, files)
    try:
        add_files(Path(os.path.abspath(folder)), files)
    except FileExistsError as error:  # somebody else was at work meanwhile
        raise WrongUseError(f"{error.filename}: is there already; nothing was written") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise WrongUseError(f"{folder}: cannot be written: {reason[:1].lower()}{reason[1:]}") from None
    _print_next_steps(folder, article_id, len(files))
    return EXIT_CLEAN


def _refuse_article_id(article_id: str) -> None:
    if not _ARTICLE_ID.fullmatch(article_id):
        hint = "write lower-case letters and digits, with hyphens between words, such as heart-failure"
        raise WrongUseError(f'--article: "{article_id}" is not an id', hint)
    if article_id == TERMS_FOLDER:
        raise WrongUseError(f'--article: "{article_id}" is the folder of the shared terms', "take another")


def _refuse_requirement(requirement: str) -> None:
    """Raise WrongUseError for what pip would not take, or take for something else."""
    if not requirement.strip() or not requirement.isprintable():
        raise WrongUseError("--from: nothing can be installed from there", "name what pip install takes")
    if requirement.startswith("-"):
        raise WrongUseError(f'--from: "{requirement}" is an option of pip', "name what pip install takes")
    if "${{" in requirement:
        raise WrongUseError(f'--from: "{requirement}" is an expression to GitHub', "write it without ${{")


def _refuse_occupied_folder(folder: str, files: Iterable[str]) -> None:
    """Raise WrongUseError if the folder is none, or has what a new project has.

    LinkError if a link leads out of it.
    """
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise WrongUseError(f"{folder}: is not a folder")
    refuse_way_out(folder, [os.curdir])
    for path in files:
        refuse_way_out(os.path.join(folder, path), [folder])
    # No other file may stand in a folder like content/ either: it would become part of the project.
    names = dict.fromkeys(
        f"{path.split('/')[0]}/" if path.count("/") and path not in {WORKFLOW_FILE, LOCK_FILE} else path
        for path in sorted(files, key=lambda path: "/" not in path)
    )
    taken_names = [name for name in names if os.path.lexists(os.path.join(folder, name.rstrip("/")))]
    if taken_names:
        other_count = len(taken_names) - _MAX_NAMED_FILES
        more = f" and {other_count} more" if other_count > 0 else ""
        named = ", ".join(taken_names[:_MAX_NAMED_FILES]) + more
        raise WrongUseError(f"{folder}: has {named} already", "name another folder")
    if read_settings(folder).file == PYPROJECT_FILE:
        message = f"{folder}: {PYPROJECT_FILE} has [tool.bmkit], and a new project its {SETTINGS_FILE}"
        raise WrongUseError(message, "name another folder")


def _print_next_steps(folder: str, article_id: str, file_count: int) -> None:
    is_here = os.path.abspath(folder) == os.path.abspath(os.curdir)
    steps = [
        *([] if is_here else [(f"cd {shlex.quote(folder)}", "")]),
        ("bmkit validate", "check the content"),
        ("bmkit export xlsx", f"write build/xlsx/{article_id}.xlsx, the workbook for reviewers"),
        ("bmkit fields", "list the kinds of facts and terms"),
    ]
    width = max(len(step) for step, purpose in steps if purpose)
    lines = [f"wrote {file_count} files into {folder}; next:", ""]
    lines += [f"  {step:{width}}  {purpose}".rstrip() for step, purpose in steps]
    lines += [
        "",
        f"then put your own article into source/, and its facts into {CONTENT_FOLDER}/{article_id}/",
    ]
    print_lines(*lines)
