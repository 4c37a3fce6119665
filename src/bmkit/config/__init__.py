"""The settings of a project: what bmkit.toml, or [tool.bmkit] of pyproject.toml, says of it."""

from __future__ import annotations

from bmkit.config.read import PYPROJECT_FILE, SETTINGS_FILE, make_settings_error, read_settings
from bmkit.config.settings import Publisher, Settings, SettingsError, SeverityChange, Sheet, to_settings

__all__ = [
    "PYPROJECT_FILE",
    "SETTINGS_FILE",
    "Publisher",
    "Settings",
    "SettingsError",
    "SeverityChange",
    "Sheet",
    "make_settings_error",
    "read_settings",
    "to_settings",
]
