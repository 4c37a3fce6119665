"""What the settings of a project are, once they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.errors import BmkitError, StopReason
from bmkit.issue import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bmkit.config.own_rules import OwnRule


class SettingsError(BmkitError):
    """Settings that cannot be read or used; `lines` has a line for each fault in `file`."""

    def __init__(self, lines: Sequence[str], file: str) -> None:
        super().__init__("; ".join(lines))
        self._lines = tuple(lines)
        self._file = file

    @property
    def lines(self) -> list[str]:
        """What is wrong, a line for each fault."""
        return list(self._lines)

    @property
    def reasons(self) -> list[StopReason]:
        """What is wrong, fault by fault."""
        return [StopReason(line, self._file) for line in self._lines]


class SeverityChange(NamedTuple):
    """What the issues of a rule are in the project, and why."""

    severity: Severity
    reason: str


class Publisher(NamedTuple):
    """Who publishes the facts; `url` is "" where none is stated."""

    name: str = ""
    url: str = ""


class Sheet(NamedTuple):
    """What a sheet of another workbook holds: the kind of its rows, and the field of each heading.

    `constants` has what stands in a field of every row, by the field, `units` the unit of the numbers under
    a heading.
    """

    kind: str
    fields_by_heading: Mapping[str, str]
    constants: Mapping[str, str] = {}
    units: Mapping[str, str] = {}


class Settings(NamedTuple):
    """The settings of a project; the defaults are those of a project without any.

    `file` is where they stand, "bmkit.toml" or "pyproject.toml", "" where there are none.  `schemas` is the
    version of the schemas that the content is written for, 0 where it is not stated.  Rules are named by
    their id or their family.  `terminologies` has the URI of each terminology of the project's own,
    `export_options` the options of formats, by format and by the name that the command line gives them,
    `max_review_age_days` is None where a review is never too old; `ignored_numbers` has reasons by the phrase
    whose number is no fact.  `own_rules` are those in rules/.
    """

    file: str = ""
    schemas: int = 0
    ignored_rules: Mapping[str, str] = {}
    severity_changes: Mapping[str, SeverityChange] = {}
    publisher: Publisher = Publisher()
    content_version: str = ""
    licence: str = ""
    terminologies: Mapping[str, str] = {}
    base_url: str = ""
    export_options: Mapping[str, Mapping[str, Any]] = {}
    sheets: Mapping[str, Sheet] = {}
    max_review_age_days: int | None = None
    requires_signatures: bool = False
    requires_seal: bool = False
    ignored_numbers: Mapping[str, str] = {}
    own_rules: tuple[OwnRule, ...] = ()

    @property
    def raises_severity(self) -> bool:
        """Whether what is a warning elsewhere may be an error here."""
        return any(change.severity is Severity.ERROR for change in self.severity_changes.values())


def to_settings(file: str, values: Mapping[str, Any]) -> Settings:
    """Return the settings that a document states; it must fit the schema of settings."""
    rules, export, review = values.get("rules", {}), values.get("export", {}), values.get("review", {})
    content = values.get("content", {})
    max_age = review.get("max-age-days")
    return Settings(
        file,
        int(values.get("schemas", 0)),
        rules.get("ignore", {}),
        {
            name: SeverityChange(Severity(change["severity"]), change["reason"])
            for name, change in rules.get("severity", {}).items()
        },
        Publisher(**values.get("publisher", {})),
        content.get("version", ""),
        content.get("licence", ""),
        values.get("terminologies", {}),
        export.get("base-url", "").rstrip("/"),
        {name: options for name, options in export.items() if isinstance(options, dict)},
        {
            name: Sheet(
                sheet["kind"], sheet.get("headings", {}), sheet.get("constants", {}), sheet.get("units", {})
            )
            for name, sheet in values.get("import", {}).get("sheets", {}).items()
        },
        # To JSON Schema 730.0 is a whole number.
        None if max_age is None else int(max_age),
        review.get("require-signatures", False),
        review.get("require-seal", False),
        values.get("source", {}).get("ignore", {}),
    )
