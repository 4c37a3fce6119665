"""Which content a command is about: finds the root, reads it, and selects the files that were asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bmkit.cli.process import WrongUseError
from bmkit.config import SETTINGS_FILE, Settings, read_settings
from bmkit.content import CODE_LOCK_FILE, CONTENT_FOLDER, read_content
from bmkit.jsontext import MAX_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.content import Content
    from bmkit.schema import Schemas


def read_project(
    root: str | None, paths: Sequence[str] = (), *, limit: int = MAX_FILE_BYTES, may_be_empty: bool = False
) -> Content:
    """Read the content below `root`, or of the nearest root upward from the first path or from here.

    No file may have more than `limit` bytes, and there may be none if it `may_be_empty`.  ContentError,
    SchemaError or SettingsError if it, a schema or the settings cannot be read.
    """
    content = read_content(find_project_root(root, paths), max_bytes=limit, may_be_empty=may_be_empty)
    refuse_unusable_settings(content)
    return content


def refuse_unusable_settings(content: Content) -> None:
    """Raise SettingsError if the settings name what there is not, or touch a rule that guards a dose."""
    settings = content.settings
    if settings.ignored_rules or settings.severity_changes or settings.sheets:
        # Only who names rules and kinds pays for this import.
        from bmkit.handbook import refuse_wrong_settings

        refuse_wrong_settings(content.root, settings, content.schemas)


def refuse_unread(content: Content, prefix: str = "") -> None:
    """Raise WrongUseError if a file could not be read: its records, and what they refer to, are not known.

    `prefix` stands before the name of the file.
    """
    if any(folder.unread_kinds for folder in content.folders.values()):
        read_paths = {file.path for file in content.files}
        issue = next(issue for issue in content.issues if issue.place.file not in read_paths)
        raise WrongUseError(f"{prefix}{issue.place.file}: {issue.message}", "bmkit validate shows where")


def read_checked_project(root: str | None, limit: int) -> Content:
    """Read the content as `read_project` does, all of it, and look at the shape of its records.

    WrongUseError if a file could not be read.
    """
    from bmkit.shape import ShapeChecker, find_shape_issues

    content = read_project(root, limit=limit)
    refuse_unread(content)
    find_shape_issues(content, ShapeChecker())
    return content


def format_root_prefix(root: str) -> str:
    """Return the path from the current folder to the root: "" or a path that ends with "/"."""
    try:
        relative_root = os.path.relpath(root)
    except ValueError:  # another drive
        relative_root = os.path.abspath(root)
    return "" if relative_root == os.curdir else relative_root.replace(os.sep, "/") + "/"


def format_repository_prefix(root: str) -> str:
    """Return the path from the top of the git repository to the root, as `format_root_prefix` has it.

    Outside of a repository it is the path from the current folder.
    """
    real_root = os.path.realpath(root)
    top = _find_repository_top(real_root)
    if not top:
        return format_root_prefix(root)
    relative_root = os.path.relpath(real_root, top)
    return "" if relative_root == os.curdir else relative_root.replace(os.sep, "/") + "/"


def _find_repository_top(folder: str) -> str:
    """Return the nearest folder upward that is the top of a git repository, "" if there is none."""
    # Not by asking git: it need not be installed, and may refuse a folder that another user owns.
    while not os.path.lexists(os.path.join(folder, ".git")):
        folder, child = os.path.dirname(folder), folder
        if folder == child:
            return ""
    return folder


def select_files(paths: Sequence[str], content: Content) -> set[str]:
    """Return the files of the content that the paths name, relative to the root; a folder means all below it.

    WrongUseError for a path that is not there or not part of the content.
    """
    known_files = {file.path for file in content.files}
    known_files.update(issue.place.file for issue in content.issues)
    known_files.add(f"{CONTENT_FOLDER}/{CODE_LOCK_FILE}")
    selected_files: set[str] = set()
    for path in paths:
        relative_path = _to_path_below_root(path, content.root)
        if relative_path in known_files:
            selected_files.add(relative_path)
            continue
        files_below = (
            known_files
            if relative_path == ""
            else {file for file in known_files if file.startswith(f"{relative_path}/")}
        )
        if not files_below or not os.path.isdir(path):
            is_missing = not os.path.lexists(path)
            content_folder = f"{format_root_prefix(content.root)}{CONTENT_FOLDER}/"
            reason = (
                "there is no such file" if is_missing else f"is not part of the content in {content_folder}"
            )
            path_text = path or "''"  # nothing before a colon would be overlooked
            raise WrongUseError(f"{path_text}: {reason}")
        selected_files |= files_below
    return selected_files


def _to_path_below_root(path: str, root: str) -> str:
    """Return the path relative to the root with "/", "" for the root itself and for a folder around it."""
    for resolve in (os.path.abspath, os.path.realpath):
        resolved_path, resolved_root = resolve(path), resolve(root)
        try:
            if os.path.commonpath([resolved_path, resolved_root]) == resolved_path:
                return ""
        except ValueError:  # another drive
            continue
        relative_path = os.path.relpath(resolved_path, resolved_root)
        if relative_path != os.pardir and not relative_path.startswith(os.pardir + os.sep):
            return relative_path.replace(os.sep, "/")
    return path.replace(os.sep, "/")


def find_project_root(root: str | None, paths: Sequence[str] = ()) -> str:
    """Return the folder `root`, or the nearest project above the first path, else above here.

    A folder that holds content/ or bmkit.toml is a project.
    """
    if root is not None:
        return root
    starts = [*paths[:1], os.curdir]
    for start in starts:
        candidate = os.path.abspath(start)
        while True:
            if os.path.isdir(os.path.join(candidate, CONTENT_FOLDER)) or os.path.isfile(
                os.path.join(candidate, SETTINGS_FILE)
            ):
                return os.path.relpath(candidate)
            parent = os.path.dirname(candidate)
            if parent == candidate:
                break
            candidate = parent
    raise WrongUseError(
        f"no {CONTENT_FOLDER}/ and no {SETTINGS_FILE} here or in a folder above",
        "name the folder of the project with --root",
    )


def list_home_folders(root: str) -> list[str]:
    """Return the folders that no link may lead out of what is read or written by a name inside them.

    They are the project, the repository around it, and the current folder.
    """
    repository_top = _find_repository_top(os.path.abspath(root))
    return [root, os.curdir, *([repository_top] if repository_top else [])]


def read_nearest_schemas(root: str | None) -> Schemas:
    """Return the schemas of the project, or the shipped ones where there is no project."""
    from bmkit.schema import read_project_schemas, read_shipped_schemas

    if root is not None:
        return read_project_schemas(root)
    try:
        return read_project_schemas(find_project_root(root))
    except WrongUseError:
        return read_shipped_schemas()


def read_nearest_settings() -> Settings:
    """Return the settings of the project around here, the defaults where there is no project."""
    try:
        return read_settings(find_project_root(None))
    except WrongUseError:
        return Settings()
