"""Reads the settings of a project; a project without a file of settings has the defaults."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.config.settings import Settings, SettingsError, to_settings
from bmkit.jsontext import JsonError, Lines, decode_for_display, decode_utf8
from bmkit.project_files import DiskFiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.config.faults import SettingFault
    from bmkit.project_files import ProjectFiles

SETTINGS_FILE = "bmkit.toml"
PYPROJECT_FILE = "pyproject.toml"
_RULES_FOLDER = "rules"
_PYPROJECT_KEYS = ("tool", "bmkit")
_MAX_BYTES = 1 << 20
# Tables in tables: settings have four.
_MAX_LEVELS = 50
# Only where one of these stands can a pyproject.toml have a table tool.bmkit: the others need not be parsed.
_MAY_HAVE_SETTINGS = re.compile(rb"tool[^\n]*bmkit|^\s*[\"']?bmkit", re.MULTILINE)
_TOML_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_settings(root: str, files: ProjectFiles | None = None) -> Settings:
    """Return the settings of the project in the folder `root`; `files` are those of the project if given.

    SettingsError, a line for each fault, if there are two files of settings, if one cannot be read, or if it
    states what its schema does not know.  Whether rules and kinds exist that it names is not looked at here.
    The rules of the project's own are among them; RuleFileError for one that cannot be read.
    """
    project_files = DiskFiles(root) if files is None else files
    settings = _read_settings_file(root, project_files)
    if not project_files.is_folder(_RULES_FOLDER):
        return settings
    # Only a project that has rules pays for this import.
    from bmkit.config.own_rules import read_own_rules

    return settings._replace(own_rules=read_own_rules(project_files, _join_root(root, "")))


def _read_settings_file(root: str, project_files: ProjectFiles) -> Settings:
    values = _read_toml(project_files, root, SETTINGS_FILE)
    pyproject = _read_toml(project_files, root, PYPROJECT_FILE, may_skip=True) or {}
    pyproject_tools = pyproject.get("tool")
    pyproject_values = pyproject_tools.get("bmkit") if isinstance(pyproject_tools, dict) else None
    if values is not None and pyproject_values is not None:
        line = f"{_join_root(root, SETTINGS_FILE)} and [tool.bmkit] of {PYPROJECT_FILE} both have settings"
        raise SettingsError([f"{line}; move them all to one of the two"], SETTINGS_FILE)
    if values is not None:
        return _check_values(root, SETTINGS_FILE, values)
    if pyproject_values is not None:
        return _check_values(root, PYPROJECT_FILE, pyproject_values)
    return Settings()


def make_settings_error(root: str, file: str, faults: Sequence[SettingFault]) -> SettingsError:
    """Return the error that lists the faults of a file of settings."""
    key_prefix = _PYPROJECT_KEYS if file == PYPROJECT_FILE else ()
    path = _join_root(root, file)
    return SettingsError([f"{path}: {fault.format_line(key_prefix)}" for fault in faults], file)


def _check_values(root: str, file: str, values: Any) -> Settings:
    # Only a project that has settings pays for this import.
    from bmkit.config.faults import SettingFault, find_setting_faults

    if not isinstance(values, dict):
        raise make_settings_error(root, file, [SettingFault((), "must be a table")])
    try:
        plain_values = _to_json_values(values)
    except RecursionError:  # dotted keys, which are read without any
        faults = [SettingFault((), "lists and tables are nested too deeply")]
        raise make_settings_error(root, file, faults) from None
    if faults := find_setting_faults(plain_values):
        raise make_settings_error(root, file, faults)
    return to_settings(file, plain_values)


def _read_toml(files: ProjectFiles, root: str, file: str, *, may_skip: bool = False) -> dict[str, Any] | None:
    """Return what a TOML file states, None if there is none; one that `may_skip` may be of no concern."""
    path = _join_root(root, file)
    try:
        data = files.read_file(file, _MAX_BYTES)
    except JsonError as error:
        if error.rule == "json.missing":
            return None
        raise SettingsError([f"{path}: {error.message}"], file) from None
    if may_skip and not _MAY_HAVE_SETTINGS.search(data):
        return None
    try:
        text = decode_utf8(data).removeprefix("\ufeff")
    except JsonError as error:
        line, column = Lines(decode_for_display(data)).to_line_column(error.start)
        raise SettingsError([f"{path}:{line}:{column}: {error.message}"], file) from None
    import tomllib

    try:
        # As they are written: the hint to a version 2.10 is "2.10", never "2.1".
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise SettingsError([f"{path}: lists and tables are nested too deeply"], file) from None
    except ValueError as error:  # also for an integer of thousands of digits, which is no TOMLDecodeError
        raise SettingsError([_format_syntax_error(path, text, str(error))], file) from None


def _format_syntax_error(path: str, text: str, message: str) -> str:
    position = _TOML_POSITION.search(message)
    if position is None:  # Python's refusal to read an integer, which knows no place
        return f"{path}: is not TOML: a number has thousands of digits"
    line, column = position.groups()
    if line is None:
        line, column = Lines(text).to_line_column(len(text))
    reason = message[: position.start()]
    return f"{path}:{line}:{column}: is not TOML: {reason[:1].lower()}{reason[1:]}"


def _to_json_values(value: Any, levels: int = _MAX_LEVELS) -> Any:
    """Return values of TOML as JSON has them: a date or time is a text; RecursionError beyond `levels`."""
    if not levels:
        raise RecursionError
    if isinstance(value, dict):
        return {key: _to_json_values(item, levels - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_json_values(item, levels - 1) for item in value]
    return value if isinstance(value, str | int | Decimal) else value.isoformat()


def _join_root(root: str, file: str) -> str:
    return file if root in {"", os.curdir} else os.path.join(root, file)
